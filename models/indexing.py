"""Indexes on tables that others write to: on PostgreSQL they are built beside the writers, which cannot be done inside a transaction."""
import re

from peewee import SqliteDatabase

NAME = re.compile(r'CREATE (?:UNIQUE )?INDEX "?(\w+)"?')
UNFINISHED = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"


def build(db, statements):
    """Run statements 'CREATE INDEX name ON ...', outside of any transaction on PostgreSQL. Those that are there already are left out; what an
    interrupted run left of one is dropped first. The migration that calls it says `atomic = False`, and all else in it may be done twice."""
    for statement in statements:
        name = NAME.match(statement)[1]
        if isinstance(db, SqliteDatabase):
            db.execute_sql(statement.replace("INDEX", "INDEX IF NOT EXISTS", 1))
        else:
            if db.execute_sql(UNFINISHED, (name,)).fetchone():
                db.execute_sql(f'DROP INDEX CONCURRENTLY "{name}"')
            db.execute_sql(statement.replace("INDEX", "INDEX CONCURRENTLY IF NOT EXISTS", 1))
