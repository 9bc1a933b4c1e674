"""The demo world as the program of an earlier day left it, one file each: what migrations carry forwards.

`python -m tests.releases NAME` keeps the demo of this folder (`make demo FRESH=1` makes it on SQLite) as one more, which belongs to every release. The
oldest, 0016, is of the last days before the first release, named by its youngest migration: the indexes and the sealed numbers came after it. Stored files are not
in them, and of the log only every tenth entry, without seals.
"""
import json
import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from models.base import db
from models.registry import MIGRATIONS
from tasks.backup.engines import HISTORY, SEARCH, engine

HERE = Path(__file__).parent
END = ".json.xz"
KEPT = {"entry": "id % 10 = 0", "version": "entry_id % 10 = 0", "audit_day": "FALSE"}
NAMES = sorted(path.name.removesuffix(END) for path in HERE.glob(f"*{END}"))


def keep(path, name):
    """Pack the rows of a SQLite database under a name."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [table for table, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                  if table != HISTORY and not table.startswith(("sqlite_", SEARCH))]
        held = {"migrations": [found for found, in database.execute(f"SELECT name FROM {HISTORY} ORDER BY name")], "tables": {}}
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}" WHERE {KEPT.get(table, "TRUE")} ORDER BY id')
            held["tables"][table] = {"columns": [column for column, *_ in rows.description], "rows": [[written(value) for value in row] for row in rows]}
    (HERE / f"{name}{END}").write_bytes(lzma.compress(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode(), preset=9))


def bring(name):
    """Give the connected empty database the schema and the rows of a kept world; returns {table: number of rows}."""
    held, kind = json.loads(lzma.decompress((HERE / f"{name}{END}").read_bytes())), engine()
    Runner(db.obj, str(MIGRATIONS)).up(held["migrations"][-1])
    mark = "?" if isinstance(db.obj, SqliteDatabase) else "%s"
    with kind.filling():
        for table, part in held["tables"].items():
            flags = {column.name for column in db.get_columns(table) if column.data_type == "boolean"}
            rows = [[read(value, column in flags) for column, value in zip(part["columns"], row)] for row in part["rows"]]
            columns = ", ".join(f'"{column}"' for column in part["columns"])
            with closing(db.connection().cursor()) as cursor:
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join([mark] * len(part["columns"]))})', rows)
            kind.give_out_after(table, max((row[0] for row in part["rows"]), default=0))
    return {table: len(part["rows"]) for table, part in held["tables"].items()}


def written(value):
    """A value of SQLite as JSON has it."""
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def read(value, flag):
    """The value that was written; PostgreSQL has a type for yes and no."""
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) else bool(value) if flag and value is not None else value
