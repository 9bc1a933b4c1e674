"""Versions of training plans, the version of a case, exemptions, objections to results, transcripts."""
from peewee import SqliteDatabase

TABLES = """
DROP INDEX "training_plan_programme_id";
ALTER TABLE "training_plan" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "training_plan" ADD COLUMN "valid_from" DATE;
ALTER TABLE "training_plan" ADD COLUMN "state" VARCHAR(10) NOT NULL DEFAULT 'draft';
UPDATE "training_plan" SET "state" = 'published' WHERE "programme_id" IN (SELECT "id" FROM "programme" WHERE "state" <> 'draft');
CREATE INDEX "training_plan_programme_id" ON "training_plan" ("programme_id");
CREATE UNIQUE INDEX "training_plan_programme_id_version" ON "training_plan" ("programme_id", "version");
CREATE UNIQUE INDEX "training_plan_one_draft" ON "training_plan" ("programme_id") WHERE ("state" = 'draft');
ALTER TABLE "application" ADD COLUMN "plan_id" INTEGER REFERENCES "training_plan" ("id") ON DELETE RESTRICT;
UPDATE "application" SET "plan_id" = (SELECT "id" FROM "training_plan" WHERE "training_plan"."programme_id" = "application"."programme_id")
    WHERE "registered_on" IS NOT NULL;
CREATE INDEX "application_plan_id" ON "application" ("plan_id");
CREATE TABLE "exemption" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "course_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "ground" VARCHAR(12) NOT NULL,
    "statement" TEXT NOT NULL,
    "document_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("course_id") REFERENCES "course" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("document_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "exemption_application_id" ON "exemption" ("application_id");
CREATE INDEX "exemption_course_id" ON "exemption" ("course_id");
CREATE INDEX "exemption_institution_id" ON "exemption" ("institution_id");
CREATE INDEX "exemption_document_id" ON "exemption" ("document_id");
CREATE INDEX "exemption_decided_by_id" ON "exemption" ("decided_by_id");
CREATE INDEX "exemption_institution_id_state" ON "exemption" ("institution_id", "state");
CREATE UNIQUE INDEX "exemption_one_live" ON "exemption" ("application_id", "course_id") WHERE ("state" IN ('submitted', 'approved'));
CREATE TABLE "objection" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "result_id" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,
    "asked_on" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "score_before" NUMERIC(4, 1),
    "score_after" NUMERIC(4, 1),
    "answer" TEXT NOT NULL,
    "answered_by_id" INTEGER,
    "answered_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("result_id") REFERENCES "course_result" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("answered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "objection_application_id" ON "objection" ("application_id");
CREATE INDEX "objection_institution_id" ON "objection" ("institution_id");
CREATE INDEX "objection_result_id" ON "objection" ("result_id");
CREATE INDEX "objection_answered_by_id" ON "objection" ("answered_by_id");
CREATE INDEX "objection_institution_id_state" ON "objection" ("institution_id", "state");
CREATE UNIQUE INDEX "objection_one_open" ON "objection" ("result_id") WHERE ("state" = 'open');
CREATE TABLE "transcript" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "code" VARCHAR(19) NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "credits" NUMERIC(5, 1) NOT NULL,
    "issued_by_id" INTEGER,
    "issued_at" {moment} NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("issued_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "transcript_application_id" ON "transcript" ("application_id");
CREATE INDEX "transcript_institution_id" ON "transcript" ("institution_id");
CREATE UNIQUE INDEX "transcript_code" ON "transcript" ("code");
CREATE INDEX "transcript_issued_by_id" ON "transcript" ("issued_by_id");
CREATE INDEX "transcript_institution_id_issued_at" ON "transcript" ("institution_id", "issued_at");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
