"""Stage 10: versions of report lines, longer deadlines, heads of units, legacy records, and requests after filing."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "institution_head" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "president" VARCHAR(40) NOT NULL,
    "chair" VARCHAR(40) NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "institution_head_institution_id" ON "institution_head" ("institution_id");
CREATE UNIQUE INDEX "institution_head_institution_id_valid_from" ON "institution_head" ("institution_id", "valid_from");
CREATE TABLE "legacy_record" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "annual_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "document_number" TEXT NOT NULL,
    "document_index" VARCHAR(64),
    "certificate_number" VARCHAR(17),
    "awarded_on" DATE,
    "passed_on" DATE,
    "values" TEXT NOT NULL,
    "names" {json} NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "photo_id" INTEGER,
    "entered_at" {moment},
    "entered_by_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("annual_id") REFERENCES "annual_report" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("photo_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("entered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "legacy_record_annual_id" ON "legacy_record" ("annual_id");
CREATE INDEX "legacy_record_institution_id" ON "legacy_record" ("institution_id");
CREATE INDEX "legacy_record_document_index" ON "legacy_record" ("document_index");
CREATE UNIQUE INDEX "legacy_record_certificate_number" ON "legacy_record" ("certificate_number");
CREATE INDEX "legacy_record_photo_id" ON "legacy_record" ("photo_id");
CREATE INDEX "legacy_record_entered_by_id" ON "legacy_record" ("entered_by_id");
CREATE UNIQUE INDEX "legacy_record_annual_id_document_index" ON "legacy_record" ("annual_id", "document_index");
CREATE INDEX "legacy_record_annual_id_state" ON "legacy_record" ("annual_id", "state");
CREATE TABLE "amendment" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "report_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "letter_id" INTEGER,
    "statement" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "asked_at" {moment},
    "opened_at" {moment},
    "entered_at" {moment},
    "decided_at" {moment},
    "opinion" TEXT NOT NULL,
    "version" INTEGER,
    FOREIGN KEY ("report_id") REFERENCES "report" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("letter_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE INDEX "amendment_report_id" ON "amendment" ("report_id");
CREATE INDEX "amendment_institution_id" ON "amendment" ("institution_id");
CREATE INDEX "amendment_letter_id" ON "amendment" ("letter_id");
CREATE INDEX "amendment_institution_id_state" ON "amendment" ("institution_id", "state");
CREATE TABLE "amendment_item" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "amendment_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "award_id" INTEGER NOT NULL,
    "line_id" INTEGER,
    "entered" TEXT,
    "values" TEXT,
    "photo_id" INTEGER,
    FOREIGN KEY ("amendment_id") REFERENCES "amendment" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("award_id") REFERENCES "award" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("line_id") REFERENCES "report_line" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("photo_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE INDEX "amendment_item_amendment_id" ON "amendment_item" ("amendment_id");
CREATE INDEX "amendment_item_institution_id" ON "amendment_item" ("institution_id");
CREATE INDEX "amendment_item_award_id" ON "amendment_item" ("award_id");
CREATE INDEX "amendment_item_line_id" ON "amendment_item" ("line_id");
CREATE INDEX "amendment_item_photo_id" ON "amendment_item" ("photo_id");
CREATE UNIQUE INDEX "amendment_item_amendment_id_award_id" ON "amendment_item" ("amendment_id", "award_id");
"""
COLUMNS = """
ALTER TABLE "report_term" ADD COLUMN "within_days" INTEGER CHECK (within_days is null or within_days > 0);
ALTER TABLE "report" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "report" ADD COLUMN "decision_id" INTEGER REFERENCES "file" ("id") ON DELETE RESTRICT;
ALTER TABLE "report" ADD COLUMN "extended_until" DATE;
ALTER TABLE "report" ADD COLUMN "reminded_on" DATE;
CREATE INDEX "report_decision_id" ON "report" ("decision_id");
UPDATE "report" SET "version" = "round";
ALTER TABLE "report_line" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "report_line" ADD COLUMN "ended" INTEGER;
ALTER TABLE "report_line" ADD COLUMN "removed" {flag} NOT NULL DEFAULT {no};
ALTER TABLE "report_line" ADD COLUMN "replaces_id" INTEGER REFERENCES "report_line" ("id") ON DELETE RESTRICT;
ALTER TABLE "report_line" ADD COLUMN "certificate_number" VARCHAR(17) NOT NULL DEFAULT '';
ALTER TABLE "report_line" ADD COLUMN "entered" TEXT;
ALTER TABLE "report_line" ADD COLUMN "photo_id" INTEGER REFERENCES "file" ("id") ON DELETE RESTRICT;
ALTER TABLE "report_line" ADD COLUMN "remark" TEXT NOT NULL DEFAULT '';
UPDATE "report_line" SET "version" = "round",
    "certificate_number" = COALESCE((SELECT a."certificate_number" FROM "award" a WHERE a."id" = "report_line"."award_id"), ''),
    "photo_id" = (SELECT c."photo_id" FROM "award" a JOIN "application" c ON c."id" = a."application_id" WHERE a."id" = "report_line"."award_id"),
    "ended" = (SELECT CASE WHEN r."round" > "report_line"."round"
        THEN "report_line"."round" + 1 END FROM "report" r WHERE r."id" = "report_line"."report_id");
DROP INDEX "report_line_report_id_round_award_id";
CREATE INDEX "report_line_replaces_id" ON "report_line" ("replaces_id");
CREATE INDEX "report_line_photo_id" ON "report_line" ("photo_id");
CREATE UNIQUE INDEX "report_line_report_id_version_award_id" ON "report_line" ("report_id", "version", "award_id");
CREATE INDEX "report_line_report_id_ended_certificate_number" ON "report_line" ("report_id", "ended", "certificate_number");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "json": "TEXT", "moment": "DATETIME", "flag": "INTEGER", "no": "0"}
             if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "json": "JSONB", "moment": "TIMESTAMP", "flag": "BOOLEAN", "no": "false"})
    for statement in (TABLES + COLUMNS).format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
