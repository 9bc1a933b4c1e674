"""Indexes in the order of the lists of applications that hold the state as well: on the way to a page far into a list no row is read. Those without it go."""
from peewee import SqliteDatabase

from models.indexing import build

atomic = False
ORDERS = ("submitted_at", "registered_on")


def up(migrator, db):
    build(db, [f'CREATE INDEX "application_{name}_id_state" ON "application" ("{name}", "id", "state")' for name in ORDERS])
    for name in ORDERS:
        db.execute_sql(f'DROP INDEX {"" if isinstance(db, SqliteDatabase) else "CONCURRENTLY "}IF EXISTS "application_{name}"')
