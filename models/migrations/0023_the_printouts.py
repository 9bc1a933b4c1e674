"""Papers of a case that were printed, with the codes by which they are verified."""
from peewee import SqliteDatabase

TABLE = """
CREATE TABLE "printout" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL REFERENCES "application" ("id") ON DELETE RESTRICT,
    "institution_id" INTEGER NOT NULL REFERENCES "institution" ("id") ON DELETE RESTRICT,
    "form" VARCHAR(10) NOT NULL,
    "code" VARCHAR(19) NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "issued_by_id" INTEGER REFERENCES "account" ("id") ON DELETE RESTRICT,
    "issued_at" {moment} NOT NULL
);
CREATE INDEX "printout_application_id" ON "printout" ("application_id");
CREATE INDEX "printout_institution_id" ON "printout" ("institution_id");
CREATE UNIQUE INDEX "printout_code" ON "printout" ("code");
CREATE INDEX "printout_issued_by_id" ON "printout" ("issued_by_id");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP"})
    for statement in TABLE.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
