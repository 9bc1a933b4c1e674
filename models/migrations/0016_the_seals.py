"""The log sealed day by day; the database refuses to change or delete an entry, a sealed day included."""
from peewee import SqliteDatabase

TABLE = """
CREATE TABLE "audit_day" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "count" INTEGER NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "marks" TEXT NOT NULL,
    "signature" VARCHAR(128) NOT NULL,
    "sealed_at" {moment} NOT NULL
);
CREATE UNIQUE INDEX "audit_day_day" ON "audit_day" ("day");
"""
ON_SQLITE = """
CREATE TRIGGER "{table}_stays_{verb}" BEFORE {verb} ON "{table}" BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
"""
ON_POSTGRESQL = """
CREATE TRIGGER "{table}_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log only grows'; END $$
"""


def up(migrator, db):
    on_sqlite = isinstance(db, SqliteDatabase)
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME"} if on_sqlite else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP"})
    for statement in TABLE.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    if not on_sqlite:
        db.execute_sql(FUNCTION)
    for table in ("entry", "audit_day"):
        if on_sqlite:
            for verb in ("UPDATE", "DELETE"):
                db.execute_sql(ON_SQLITE.format(table=table, verb=verb))
        else:
            db.execute_sql(ON_POSTGRESQL.format(table=table))
