"""The timetable with its last runs, templates of notices, and ways of sending them."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "timed_run" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(30) NOT NULL,
    "title" VARCHAR(60) NOT NULL,
    "schedule" VARCHAR(40) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "next_at" {moment} NOT NULL,
    "started_at" {moment},
    "ended_at" {moment},
    "seconds" NUMERIC(8, 2),
    "runs" INTEGER NOT NULL,
    "error" TEXT NOT NULL
);
CREATE UNIQUE INDEX "timed_run_name" ON "timed_run" ("name");
CREATE TABLE "notice_template" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "code" VARCHAR(60) NOT NULL,
    "subject" VARCHAR(120) NOT NULL,
    "body" TEXT NOT NULL,
    "mail" {flag} NOT NULL,
    "site" {flag} NOT NULL,
    "sms" {flag} NOT NULL,
    "valid" {flag} NOT NULL
);
CREATE UNIQUE INDEX "notice_template_code" ON "notice_template" ("code");
ALTER TABLE "outbox" ADD COLUMN "channel" VARCHAR(8) NOT NULL DEFAULT 'mail';
ALTER TABLE "outbox" ADD COLUMN "on_site" {flag} NOT NULL DEFAULT TRUE;
ALTER TABLE "outbox" ADD COLUMN "due_at" {moment};
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "flag": "INTEGER"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "flag": "BOOLEAN"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
