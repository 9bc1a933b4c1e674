"""Screens by configuration: applied versions, the users' own views, and the column of the fields that a site adds."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "screen_version" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "screen" VARCHAR(40) NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "shipped" TEXT NOT NULL,
    "note" VARCHAR(200) NOT NULL,
    "applied_by_id" INTEGER NOT NULL,
    "applied_at" {moment} NOT NULL,
    FOREIGN KEY ("applied_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "screen_version_applied_by_id" ON "screen_version" ("applied_by_id");
CREATE UNIQUE INDEX "screen_version_screen_number" ON "screen_version" ("screen", "number");
CREATE TABLE "own_view" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "institution_id" INTEGER,
    "screen" VARCHAR(40) NOT NULL,
    "title" VARCHAR(20) NOT NULL,
    "address" VARCHAR(1000) NOT NULL,
    "shared" {flag} NOT NULL,
    "kept" {flag} NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "own_view_user_id" ON "own_view" ("user_id");
CREATE INDEX "own_view_institution_id" ON "own_view" ("institution_id");
CREATE UNIQUE INDEX "own_view_user_id_screen_title" ON "own_view" ("user_id", "screen", "title");
CREATE INDEX "own_view_screen_institution_id" ON "own_view" ("screen", "institution_id");
"""
COLUMN = """ALTER TABLE "{table}" ADD COLUMN "extra" {json} NOT NULL DEFAULT '{{}}'"""
EXTENDED = ("application", "award", "thesis", "programme", "institution")


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "flag": "INTEGER", "json": "TEXT"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "flag": "BOOLEAN", "json": "JSONB"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    for table in EXTENDED:
        db.execute_sql(COLUMN.format(table=table, **types))
