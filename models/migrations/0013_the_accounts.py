"""Accounts: log-ins, passkeys, counted failures, the second factor, former passwords; who planned a meeting and who checked a report."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "login" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "user_id" INTEGER,
    "user_name" VARCHAR(80) NOT NULL,
    "token" VARCHAR(64),
    "means" VARCHAR(10) NOT NULL,
    "at" {moment} NOT NULL,
    "address" VARCHAR(64) NOT NULL,
    "device" VARCHAR(60) NOT NULL,
    "agent" VARCHAR(200) NOT NULL,
    "proved_at" {moment},
    "seen_at" {moment},
    "idle" INTEGER NOT NULL,
    "until" {moment},
    "ended_at" {moment},
    "ended_why" VARCHAR(40) NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "login_user_id" ON "login" ("user_id");
CREATE UNIQUE INDEX "login_token" ON "login" ("token");
CREATE INDEX "login_at" ON "login" ("at");
CREATE INDEX "login_user_id_ended_at" ON "login" ("user_id", "ended_at");
CREATE TABLE "passkey" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "credential" VARCHAR(500) NOT NULL,
    "public_key" TEXT NOT NULL,
    "uses" INTEGER NOT NULL,
    "transports" {json} NOT NULL,
    "created_at" {moment} NOT NULL,
    "used_at" {moment},
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("user_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "passkey_user_id" ON "passkey" ("user_id");
CREATE UNIQUE INDEX "passkey_credential" ON "passkey" ("credential");
CREATE TABLE "throttle" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "failed" INTEGER NOT NULL,
    "failed_at" {moment},
    "locked_until" {moment}
);
CREATE UNIQUE INDEX "throttle_key" ON "throttle" ("key");
CREATE INDEX "throttle_failed_at" ON "throttle" ("failed_at");
ALTER TABLE "account" ADD COLUMN "former_passwords" {json} NOT NULL DEFAULT '[]';
ALTER TABLE "account" ADD COLUMN "failed_at" {moment};
ALTER TABLE "account" ADD COLUMN "code_secret" TEXT;
ALTER TABLE "account" ADD COLUMN "code_counter" INTEGER;
ALTER TABLE "account" ADD COLUMN "recovery_codes" {json} NOT NULL DEFAULT '[]';
ALTER TABLE "account" DROP COLUMN "tf_primary_method";
ALTER TABLE "account" DROP COLUMN "tf_totp_secret";
ALTER TABLE "account" DROP COLUMN "tf_phone_number";
ALTER TABLE "account" DROP COLUMN "mf_recovery_codes";
ALTER TABLE "meeting" ADD COLUMN "planned_by_id" INTEGER REFERENCES "account" ("id") ON DELETE RESTRICT;
CREATE INDEX "meeting_planned_by_id" ON "meeting" ("planned_by_id");
ALTER TABLE "report" ADD COLUMN "checked_by_id" INTEGER REFERENCES "account" ("id") ON DELETE RESTRICT;
ALTER TABLE "report" ADD COLUMN "checked_digest" VARCHAR(64) NOT NULL DEFAULT '';
CREATE INDEX "report_checked_by_id" ON "report" ("checked_by_id");
"""


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "json": "TEXT"} if sqlite else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "json": "JSONB"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
