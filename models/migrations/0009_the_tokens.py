"""Stage 10 for machines and for everybody: tokens of the interface, and counts of how often something was asked in an hour."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "api_token" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "hint" VARCHAR(8) NOT NULL,
    "secret" VARCHAR(64),
    "state" VARCHAR(10) NOT NULL,
    "valid_until" DATE NOT NULL,
    "created_at" {moment} NOT NULL,
    "last_used_at" {moment},
    FOREIGN KEY ("owner_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "api_token_owner_id" ON "api_token" ("owner_id");
CREATE UNIQUE INDEX "api_token_secret" ON "api_token" ("secret");
CREATE INDEX "api_token_owner_id_state" ON "api_token" ("owner_id", "state");
CREATE TABLE "tally" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "what" VARCHAR(40) NOT NULL,
    "who" VARCHAR(64) NOT NULL,
    "hour" {moment} NOT NULL,
    "count" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "tally_what_who_hour" ON "tally" ("what", "who", "hour");
CREATE INDEX "tally_hour" ON "tally" ("hour");
"""


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    key = "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" if sqlite else "SERIAL NOT NULL PRIMARY KEY"
    for statement in TABLES.format(id=key, moment="DATETIME" if sqlite else "TIMESTAMP").split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
