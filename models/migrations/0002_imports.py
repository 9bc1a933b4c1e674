"""Imports and the rows that they wrote; applications that a unit prepared."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "import_run" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "title" VARCHAR(40) NOT NULL,
    "user_id" INTEGER NOT NULL,
    "institution_id" INTEGER,
    "name" VARCHAR(120) NOT NULL,
    "file_id" INTEGER,
    "head" {json} NOT NULL,
    "mapping" {json} NOT NULL,
    "good_only" {flag} NOT NULL,
    "counts" {json} NOT NULL,
    "findings" {json} NOT NULL,
    "returned_id" INTEGER,
    "job_id" INTEGER,
    "reason" VARCHAR(500) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "created_at" {moment} NOT NULL,
    "finished_at" {moment},
    FOREIGN KEY ("user_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("file_id") REFERENCES "file" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("returned_id") REFERENCES "file" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("job_id") REFERENCES "job" ("id") ON DELETE SET NULL
);
CREATE INDEX "import_run_user_id" ON "import_run" ("user_id");
CREATE INDEX "import_run_institution_id" ON "import_run" ("institution_id");
CREATE INDEX "import_run_file_id" ON "import_run" ("file_id");
CREATE INDEX "import_run_returned_id" ON "import_run" ("returned_id");
CREATE INDEX "import_run_job_id" ON "import_run" ("job_id");
CREATE INDEX "import_run_user_id_id" ON "import_run" ("user_id", "id");
CREATE TABLE "import_chunk" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "run_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "rows" {json} NOT NULL,
    FOREIGN KEY ("run_id") REFERENCES "import_run" ("id") ON DELETE RESTRICT
);
CREATE INDEX "import_chunk_run_id" ON "import_chunk" ("run_id");
CREATE UNIQUE INDEX "import_chunk_run_id_number" ON "import_chunk" ("run_id", "number");
ALTER TABLE "application" ADD COLUMN "prepared" {flag} NOT NULL DEFAULT {no};
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "json": "TEXT", "flag": "INTEGER", "no": "0"}
             if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "json": "JSONB", "flag": "BOOLEAN", "no": "FALSE"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
