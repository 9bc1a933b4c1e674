"""What clerk and reviewer say to each other about a case."""
from peewee import SqliteDatabase

TABLE = """
CREATE TABLE "comment" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "said_by_id" INTEGER NOT NULL,
    "said_at" {moment} NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("said_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "comment_application_id" ON "comment" ("application_id");
CREATE INDEX "comment_institution_id" ON "comment" ("institution_id");
CREATE INDEX "comment_said_by_id" ON "comment" ("said_by_id");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP"})
    for statement in TABLE.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
