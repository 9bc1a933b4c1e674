"""Backup: how a whole database is read as of one moment, and an empty one filled, on SQLite and on PostgreSQL."""
from contextlib import contextmanager
from itertools import islice

from models.base import db, on_sqlite
from tasks.backup import lines

HISTORY = "schema_migration"        # which migrations were applied; kept by the migrations themselves
SEARCH = "name_search"              # on SQLite the search keeps tables of its own, which triggers fill
AT_ONCE = 5_000                     # rows of one INSERT series on SQLite


def engine():
    """The one for the connected database."""
    return Sqlite() if on_sqlite() else Postgres()


def tables():
    """Names of the tables that hold rows of the program."""
    return sorted(name for name in db.get_tables() if name != HISTORY and not name.startswith(("sqlite_", SEARCH)))


class Sqlite:
    @contextmanager
    def snapshot(self):
        """A block in which all reads see the same moment, and nobody who writes waits."""
        db.execute_sql("BEGIN DEFERRED")
        try:
            yield
        finally:
            db.execute_sql("ROLLBACK")

    def lines(self, table, columns, forms):
        """The rows of a table as lines of bytes, by id. `forms` says of columns what they hold (tasks.backup.lines)."""
        for row in db.execute_sql(f"SELECT {_quoted(columns)} FROM \"{table}\" ORDER BY id"):
            yield lines.written(row, forms)

    def last_id(self, table):
        """The highest id that was ever given out."""
        row = db.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return row[0] if row else 0

    @contextmanager
    def filling(self):
        """The one transaction that fills an empty database; references are checked at its end."""
        db.execute_sql("PRAGMA foreign_keys = OFF")
        try:
            with db.atomic():
                yield
                broken = db.execute_sql("PRAGMA foreign_key_check").fetchone()
                if broken:
                    raise ValueError(f"表 {broken[0]} 的第 {broken[1]} 行指向 {broken[2]} 中没有的行")
        finally:
            db.execute_sql("PRAGMA foreign_keys = ON")

    def load(self, table, columns, forms, data):
        """Insert lines of bytes."""
        statement = f"INSERT INTO \"{table}\" ({_quoted(columns)}) VALUES ({', '.join('?' * len(columns))})"
        rows = lines.read(data, forms)
        while chunk := list(islice(rows, AT_ONCE)):
            db.connection().executemany(statement, chunk)

    def give_out_after(self, table, last):
        """Ids up to `last` are never given out again."""
        if not db.execute_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table)).rowcount:
            db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))

    def drop(self, tables):
        """Remove tables, whatever refers to them."""
        db.execute_sql("PRAGMA foreign_keys = OFF")
        for table in [*tables, SEARCH]:
            db.execute_sql(f'DROP TABLE IF EXISTS "{table}"')
        db.execute_sql("PRAGMA foreign_keys = ON")


class Postgres:
    @contextmanager
    def snapshot(self):
        """A block in which all reads see the same moment, and nobody who writes waits."""
        db.execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            db.execute_sql("ROLLBACK")

    def lines(self, table, columns, forms):
        """The rows of a table as lines of bytes, by id."""
        with db.connection().cursor() as cursor, cursor.copy(f'COPY (SELECT {_quoted(columns)} FROM "{table}" ORDER BY id) TO STDOUT') as copy:
            for data in copy:
                yield bytes(data)

    def last_id(self, table):
        """The highest id that was ever given out."""
        sequence = db.execute_sql("SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',)).fetchone()[0]
        last, called = db.execute_sql(f"SELECT last_value, is_called FROM {sequence}").fetchone()
        return last if called else 0

    @contextmanager
    def filling(self):
        """The one transaction that fills an empty database; references are checked at its end."""
        with db.atomic():
            found = list(db.execute_sql("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                                       "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"))
            for table, name, _ in found:
                db.execute_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            yield
            for table, name, definition in found:
                db.execute_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        db.execute_sql("ANALYZE")

    def load(self, table, columns, forms, data):
        """Insert lines of bytes."""
        with db.connection().cursor() as cursor, cursor.copy(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN') as copy:
            copy.write(data)

    def give_out_after(self, table, last):
        """Ids up to `last` are never given out again."""
        db.execute_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)", (f'"{table}"', max(last, 1), last > 0))

    def drop(self, tables):
        """Remove tables, whatever refers to them."""
        for table in tables:
            db.execute_sql(f'DROP TABLE "{table}" CASCADE')


def _quoted(columns):
    return ", ".join(f'"{name}"' for name in columns)
