"""Many rows in one statement: ids reserved beforehand, rows inserted, rows updated by compare-and-set on their edition."""
import json
from functools import cache

from peewee import SQL, JSONField, Tuple

from models.base import db, on_sqlite
from models.rows import as_kept
from models.sealed import SealedJSONField

TYPES = {"AUTO": "INTEGER", "INT": "INTEGER", "DATETIME": "TIMESTAMP", "DECIMAL": "NUMERIC", "BOOL": "BOOLEAN", "JSON": "JSONB"}     # in PostgreSQL


class Overtaken(Exception):
    """Somebody else has written one of the rows in between; the transaction around must be taken back."""


def reserve(kind, count):
    """`count` ids of new rows, to be used inside the write transaction under way."""
    table = kind._meta.table_name
    if on_sqlite():        # the write transaction keeps everybody else from taking one
        row = db.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)
    taken = db.execute_sql("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count))
    return [number for number, in taken]


def among(fields, keys):
    """The condition that the values of some fields of one kind are one of many keys, all of them in a single parameter."""
    keys = [key if isinstance(key, tuple) else (key,) for key in keys]
    if on_sqlite() and len(fields) == 1:
        found = SQL("(SELECT value FROM json_each(?))", [json.dumps([key for key, in keys], default=str)])
    elif on_sqlite():
        parts = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(fields)))
        found = SQL(f"(SELECT {parts} FROM json_each(?))", [json.dumps(keys, default=str)])
    else:
        arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
        found = SQL(f"(SELECT * FROM unnest({arrays}))", [list(column) for column in zip(*keys)] or [[] for _ in fields])
    return (Tuple(*fields) if len(fields) > 1 else fields[0]).in_(found)


def theirs(link, owners):
    """Give each of some rows, {id: row}, those that point to it by a link; all of them are read at once."""
    for owner in owners.values():
        owner.__dict__[link.backref] = []
    for row in link.model.select().where(among((link,), list(owners))).order_by(link.model.id):
        owners[row.__data__[link.name]].__dict__[link.backref].append(row)


def insert(kind, names, rows):
    """Insert rows given as sequences of stored values in the order of `names`."""
    columns = ", ".join(f'"{kind._meta.fields[name].column_name}"' for name in names)
    if on_sqlite():
        marks = ", ".join("?" * len(names))
        db.connection().executemany(f'INSERT INTO "{kind._meta.table_name}" ({columns}) VALUES ({marks})', rows)
        return
    with db.cursor() as cursor, cursor.copy(f'COPY "{kind._meta.table_name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def insert_new(kind, names, rows):
    """The same, but for rows against which a unique value stands that is there already."""
    columns = ", ".join(f'"{kind._meta.fields[name].column_name}"' for name in names)
    if on_sqlite():
        marks = ", ".join("?" * len(names))
        db.connection().executemany(f'INSERT INTO "{kind._meta.table_name}" ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING', rows)
        return
    values = ", ".join(f"v.c{n}::{_type(kind._meta.fields[name])}" for n, name in enumerate(names))
    arrays, places = ", ".join(["%s::text[]"] * len(names)), ", ".join(f"c{n}" for n in range(len(names)))
    db.execute_sql(f'INSERT INTO "{kind._meta.table_name}" ({columns}) SELECT {values} FROM unnest({arrays}) AS v({places}) ON CONFLICT DO NOTHING', _texts(zip(*rows)))


def update(kind, names, rows):
    """Set `names` of rows given as (id, edition before, *stored values); the edition goes up by one. Overtaken when one is past."""
    if on_sqlite():
        columns = ", ".join(f'"{kind._meta.fields[name].column_name}" = ?' for name in names)
        done = db.connection().executemany(f'UPDATE "{kind._meta.table_name}" SET {columns}, edition = edition + 1 WHERE id = ? AND edition = ?',
                                           [(*row[2:], row[0], row[1]) for row in rows]).rowcount
    else:
        done = db.execute_sql(_update_from_arrays(kind, tuple(names)), _as_arrays(rows)).rowcount
    if done != len(rows):
        raise Overtaken


def delete(kind, rows):
    """Delete rows given as (id, edition); only for the undo of an import. Overtaken when one was written since."""
    done = sum(kind.delete().where(kind.id == id, kind.edition == edition).execute() for id, edition in rows)
    if done != len(rows):
        raise Overtaken


@cache
def _update_from_arrays(kind, names):
    fields = [kind._meta.fields[name] for name in names]
    sets = ", ".join(f'"{field.column_name}" = v.c{n}::{_type(field)}' for n, field in enumerate(fields))
    arrays = ", ".join(["%s::int[]", "%s::int[]", *["%s::text[]"] * len(fields)])
    columns = ", ".join(f"c{n}" for n in range(len(fields)))
    return (f'UPDATE "{kind._meta.table_name}" t SET {sets}, edition = t.edition + 1 FROM unnest({arrays}) AS v(id, was, {columns}) '
            "WHERE t.id = v.id AND t.edition = v.was")


def _type(field):
    kind = getattr(field, "rel_field", field).field_type
    return TYPES.get(kind, kind)


def _as_arrays(rows):
    ids, editions, *columns = zip(*rows)
    return [list(ids), list(editions), *_texts(columns)]


def _texts(columns):
    return [[None if value is None else str(value) for value in column] for column in columns]


def storing(kind, names):
    """Function from a row to the values of `names` as the database keeps them."""
    turned = [(place, _writer(kind._meta.fields[name])) for place, name in enumerate(names) if not as_kept(kind._meta.fields[name])]

    def stored(row):
        values = list(map(row.__data__.get, names))
        for place, write in turned:
            values[place] = write(values[place])
        return values
    return stored


def _writer(field):
    return field.stored if isinstance(field, SealedJSONField) else json.dumps if isinstance(field, JSONField) else field.db_value
