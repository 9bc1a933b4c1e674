"""Stage 6: places of the sites counted as they are taken, sittings in another province, attempts to pay, what providers say, statements of a day."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "place" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "kind" VARCHAR(14) NOT NULL,
    "taken" INTEGER NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT,
    CHECK (taken >= 0)
);
CREATE INDEX "place_session_id" ON "place" ("session_id");
CREATE INDEX "place_site_id" ON "place" ("site_id");
CREATE UNIQUE INDEX "place_session_id_site_id_kind" ON "place" ("session_id", "site_id", "kind");
CREATE TABLE "guest_sitting" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "province_id" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("province_id") REFERENCES "province" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "guest_sitting_application_id" ON "guest_sitting" ("application_id");
CREATE INDEX "guest_sitting_institution_id" ON "guest_sitting" ("institution_id");
CREATE INDEX "guest_sitting_session_id" ON "guest_sitting" ("session_id");
CREATE INDEX "guest_sitting_province_id" ON "guest_sitting" ("province_id");
CREATE INDEX "guest_sitting_decided_by_id" ON "guest_sitting" ("decided_by_id");
CREATE INDEX "guest_sitting_institution_id_state" ON "guest_sitting" ("institution_id", "state");
CREATE UNIQUE INDEX "guest_sitting_one_live" ON "guest_sitting" ("application_id", "session_id") WHERE state IN ('asked', 'agreed');
CREATE TABLE "payment_try" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "payment_id" INTEGER NOT NULL,
    "provider" VARCHAR(10) NOT NULL,
    "number" VARCHAR(32) NOT NULL,
    "amount" NUMERIC(8, 2) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "trade_number" VARCHAR(64) NOT NULL,
    "paid_at" {moment},
    "refund_reason" VARCHAR(200) NOT NULL,
    "refunded_at" {moment},
    "attempts" INTEGER NOT NULL,
    "due_at" {moment},
    "error" VARCHAR(200) NOT NULL,
    "created_at" {moment} NOT NULL,
    FOREIGN KEY ("payment_id") REFERENCES "payment" ("id") ON DELETE RESTRICT,
    CHECK (amount > 0)
);
CREATE INDEX "payment_try_payment_id" ON "payment_try" ("payment_id");
CREATE UNIQUE INDEX "payment_try_number" ON "payment_try" ("number");
CREATE INDEX "payment_try_state_due_at" ON "payment_try" ("state", "due_at");
CREATE TABLE "payment_notice" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "provider" VARCHAR(10) NOT NULL,
    "way" VARCHAR(6) NOT NULL,
    "number" VARCHAR(32) NOT NULL,
    "attempt_id" INTEGER,
    "trade_number" VARCHAR(64) NOT NULL,
    "amount" NUMERIC(10, 2),
    "verdict" VARCHAR(10) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "origin" VARCHAR(45) NOT NULL,
    "at" {moment} NOT NULL,
    FOREIGN KEY ("attempt_id") REFERENCES "payment_try" ("id") ON DELETE RESTRICT
);
CREATE INDEX "payment_notice_number" ON "payment_notice" ("number");
CREATE INDEX "payment_notice_attempt_id" ON "payment_notice" ("attempt_id");
CREATE INDEX "payment_notice_at" ON "payment_notice" ("at");
CREATE TABLE "statement" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "provider" VARCHAR(10) NOT NULL,
    "day" DATE NOT NULL,
    "ours" INTEGER NOT NULL,
    "theirs" INTEGER NOT NULL,
    "our_amount" NUMERIC(12, 2) NOT NULL,
    "their_amount" NUMERIC(12, 2) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "remark" VARCHAR(200) NOT NULL,
    "made_at" {moment} NOT NULL
);
CREATE UNIQUE INDEX "statement_provider_day" ON "statement" ("provider", "day");
CREATE TABLE "statement_line" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "statement_id" INTEGER NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "number" VARCHAR(64) NOT NULL,
    "attempt_id" INTEGER,
    "fault" VARCHAR(10) NOT NULL,
    "our_amount" NUMERIC(12, 2),
    "their_amount" NUMERIC(12, 2),
    FOREIGN KEY ("statement_id") REFERENCES "statement" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("attempt_id") REFERENCES "payment_try" ("id") ON DELETE RESTRICT
);
CREATE INDEX "statement_line_statement_id" ON "statement_line" ("statement_id");
CREATE INDEX "statement_line_attempt_id" ON "statement_line" ("attempt_id");
"""
COLUMNS = """
ALTER TABLE "training_plan" ADD COLUMN "second_language" VARCHAR(2) NOT NULL DEFAULT '';
ALTER TABLE "payment" ADD COLUMN "refund_reference" VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE "payment" ADD COLUMN "refunded_on" DATE;
"""
TAKEN = """
INSERT INTO "place" ("edition", "session_id", "site_id", "kind", "taken")
SELECT 0, e."session_id", e."site_id", s."kind", count(*) FROM "exam_entry" e
JOIN "session_subject" i ON i."id" = e."subject_id" JOIN "subject" s ON s."id" = i."subject_id"
WHERE e."site_id" IS NOT NULL AND e."state" IN ('unpaid', 'paid') GROUP BY e."session_id", e."site_id", s."kind";
"""


def up(migrator, db):
    sqlite = isinstance(db, SqliteDatabase)
    words = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME"} if sqlite else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP"})
    for statement in (TABLES + COLUMNS + TAKEN).format(**words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
