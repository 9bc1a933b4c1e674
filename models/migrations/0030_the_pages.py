"""Indexes that answer for lists of applications without their rows: in the order of a list with the state, for the way to a page far into it, in place of
those without; and of the cases of persons who were searched for, in whose unit and state they are."""
from peewee import SqliteDatabase

from models.indexing import build

atomic = False
ORDERS = ("submitted_at", "registered_on")


def up(migrator, db):
    build(db, [*(f'CREATE INDEX "application_{name}_id_state" ON "application" ("{name}", "id", "state")' for name in ORDERS),
               'CREATE INDEX "application_person_id_institution_id_state" ON "application" ("person_id", "institution_id", "state")'])
    for name in ORDERS:
        db.execute_sql(f'DROP INDEX {"" if isinstance(db, SqliteDatabase) else "CONCURRENTLY "}IF EXISTS "application_{name}"')
