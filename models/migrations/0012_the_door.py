"""Stage 6: the door - each try with its state, how it was made and by whom; stage 3: the sealed templates of two fingers."""
from peewee import SqliteDatabase

STATEMENTS = """
CREATE TABLE "finger_template" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "finger" INTEGER NOT NULL,
    "kept" {bytes} NOT NULL,
    "quality" INTEGER NOT NULL,
    "minutiae" INTEGER NOT NULL,
    "taken_at" {moment} NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    CHECK (finger in (1, 2))
);
CREATE INDEX "finger_template_application_id" ON "finger_template" ("application_id");
CREATE UNIQUE INDEX "finger_template_application_id_finger" ON "finger_template" ("application_id", "finger");
ALTER TABLE "check_in" ADD COLUMN "way" VARCHAR(8) NOT NULL DEFAULT 'finger';
ALTER TABLE "check_in" ADD COLUMN "score" INTEGER;
ALTER TABLE "check_in" ADD COLUMN "state" VARCHAR(10) NOT NULL DEFAULT 'failed';
ALTER TABLE "check_in" ADD COLUMN "note" VARCHAR(120) NOT NULL DEFAULT '';
ALTER TABLE "check_in" ADD COLUMN "checked_by_id" INTEGER REFERENCES "account" ("id") ON DELETE RESTRICT;
ALTER TABLE "check_in" ADD COLUMN "decided_at" {moment};
ALTER TABLE "check_in" ADD COLUMN "replayed_at" {moment};
ALTER TABLE "check_in" ADD COLUMN "client" VARCHAR(36);
UPDATE "check_in" SET "state" = CASE WHEN "matched" THEN 'matched' WHEN "decided_by_id" IS NOT NULL THEN 'admitted' ELSE 'failed' END;
ALTER TABLE "check_in" DROP COLUMN "matched";
CREATE INDEX "check_in_checked_by_id" ON "check_in" ("checked_by_id");
CREATE INDEX "check_in_site_id_state" ON "check_in" ("site_id", "state");
CREATE UNIQUE INDEX "check_in_client" ON "check_in" ("client");
CREATE UNIQUE INDEX "check_in_one_settled" ON "check_in" ("entry_id") WHERE ("state" IN ('matched', 'admitted', 'waiting', 'refused'));
"""
SQLITE = {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "bytes": "BLOB", "moment": "DATETIME"}
POSTGRESQL = {"id": "SERIAL NOT NULL PRIMARY KEY", "bytes": "BYTEA", "moment": "TIMESTAMP"}


def up(migrator, db):
    words = SQLITE if isinstance(db, SqliteDatabase) else POSTGRESQL
    for statement in STATEMENTS.format(**words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
