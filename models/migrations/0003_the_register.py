"""Stage 7: requests for changes, dismissals that are proposed, releases; what a recheck compares with; persons found to be one."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "former_document" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "document_number" TEXT NOT NULL,
    "document_index" VARCHAR(64),
    "until" DATE NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT
);
CREATE INDEX "former_document_person_id" ON "former_document" ("person_id");
CREATE UNIQUE INDEX "former_document_document_index" ON "former_document" ("document_index");
CREATE TABLE "extension" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "ground" VARCHAR(12) NOT NULL,
    "until" DATE NOT NULL,
    "statement" TEXT NOT NULL,
    "document_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "before" DATE,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("document_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "extension_application_id" ON "extension" ("application_id");
CREATE INDEX "extension_institution_id" ON "extension" ("institution_id");
CREATE INDEX "extension_document_id" ON "extension" ("document_id");
CREATE INDEX "extension_decided_by_id" ON "extension" ("decided_by_id");
CREATE INDEX "extension_institution_id_state" ON "extension" ("institution_id", "state");
CREATE UNIQUE INDEX "extension_one_open" ON "extension" ("application_id") WHERE ("state" = 'submitted');
CREATE TABLE "programme_change" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "programme_id" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,
    "document_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "before_id" INTEGER,
    "credits_before" NUMERIC(5, 1),
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("programme_id") REFERENCES "programme" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("document_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("before_id") REFERENCES "programme" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "programme_change_application_id" ON "programme_change" ("application_id");
CREATE INDEX "programme_change_institution_id" ON "programme_change" ("institution_id");
CREATE INDEX "programme_change_programme_id" ON "programme_change" ("programme_id");
CREATE INDEX "programme_change_document_id" ON "programme_change" ("document_id");
CREATE INDEX "programme_change_before_id" ON "programme_change" ("before_id");
CREATE INDEX "programme_change_decided_by_id" ON "programme_change" ("decided_by_id");
CREATE INDEX "programme_change_institution_id_state" ON "programme_change" ("institution_id", "state");
CREATE UNIQUE INDEX "programme_change_one_open" ON "programme_change" ("application_id") WHERE ("state" = 'submitted');
CREATE TABLE "data_change" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "name_pinyin" VARCHAR(60) NOT NULL,
    "document_type" VARCHAR(2) NOT NULL,
    "document_number" TEXT,
    "document_index" VARCHAR(64),
    "phone" TEXT,
    "email" VARCHAR(120) NOT NULL,
    "statement" TEXT NOT NULL,
    "evidence_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "old_name" VARCHAR(40) NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("evidence_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "data_change_person_id" ON "data_change" ("person_id");
CREATE INDEX "data_change_institution_id" ON "data_change" ("institution_id");
CREATE INDEX "data_change_evidence_id" ON "data_change" ("evidence_id");
CREATE INDEX "data_change_decided_by_id" ON "data_change" ("decided_by_id");
CREATE INDEX "data_change_institution_id_state" ON "data_change" ("institution_id", "state");
CREATE UNIQUE INDEX "data_change_one_open" ON "data_change" ("person_id") WHERE ("state" = 'submitted');
CREATE TABLE "person_merge" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "kept_id" INTEGER NOT NULL,
    "double_id" INTEGER NOT NULL,
    "evidence_id" INTEGER,
    "statement" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "proposed_by_id" INTEGER,
    "moved" {json} NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    FOREIGN KEY ("kept_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("double_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("evidence_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("proposed_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "person_merge_kept_id" ON "person_merge" ("kept_id");
CREATE INDEX "person_merge_double_id" ON "person_merge" ("double_id");
CREATE INDEX "person_merge_evidence_id" ON "person_merge" ("evidence_id");
CREATE INDEX "person_merge_proposed_by_id" ON "person_merge" ("proposed_by_id");
CREATE INDEX "person_merge_decided_by_id" ON "person_merge" ("decided_by_id");
CREATE UNIQUE INDEX "person_merge_one_open" ON "person_merge" ("double_id") WHERE ("state" = 'submitted');
CREATE TABLE "handover" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "leaver_id" INTEGER NOT NULL,
    "successor_id" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "moved" {json} NOT NULL,
    "done_at" {moment},
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("leaver_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("successor_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "handover_institution_id" ON "handover" ("institution_id");
CREATE INDEX "handover_leaver_id" ON "handover" ("leaver_id");
CREATE INDEX "handover_successor_id" ON "handover" ("successor_id");
CREATE UNIQUE INDEX "handover_one_open" ON "handover" ("leaver_id") WHERE ("state" = 'planned');
CREATE TABLE "dismissal" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "ground" VARCHAR(16) NOT NULL,
    "statement" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "proposed_by_id" INTEGER,
    "proposed_on" DATE NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_by_id" INTEGER,
    "decided_on" DATE,
    "frozen_state" VARCHAR(20) NOT NULL,
    "until" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("proposed_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "dismissal_application_id" ON "dismissal" ("application_id");
CREATE INDEX "dismissal_institution_id" ON "dismissal" ("institution_id");
CREATE INDEX "dismissal_proposed_by_id" ON "dismissal" ("proposed_by_id");
CREATE INDEX "dismissal_decided_by_id" ON "dismissal" ("decided_by_id");
CREATE INDEX "dismissal_institution_id_state" ON "dismissal" ("institution_id", "state");
CREATE UNIQUE INDEX "dismissal_one_open" ON "dismissal" ("application_id") WHERE ("state" IN ('proposed', 'approved'));
CREATE TABLE "release_request" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "programme_id" INTEGER,
    "asked_at" {moment} NOT NULL,
    "due" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "answer" TEXT NOT NULL,
    "answered_by_id" INTEGER,
    "answered_at" {moment},
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("programme_id") REFERENCES "programme" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("answered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "release_request_person_id" ON "release_request" ("person_id");
CREATE INDEX "release_request_application_id" ON "release_request" ("application_id");
CREATE INDEX "release_request_institution_id" ON "release_request" ("institution_id");
CREATE INDEX "release_request_programme_id" ON "release_request" ("programme_id");
CREATE INDEX "release_request_answered_by_id" ON "release_request" ("answered_by_id");
CREATE INDEX "release_request_institution_id_state" ON "release_request" ("institution_id", "state");
CREATE INDEX "release_request_state_due" ON "release_request" ("state", "due");
CREATE UNIQUE INDEX "release_request_one_open" ON "release_request" ("person_id") WHERE ("state" = 'open');
"""
COLUMNS = """
ALTER TABLE "person" ADD COLUMN "merged_into_id" INTEGER REFERENCES "person" ("id") ON DELETE RESTRICT;
CREATE INDEX "person_merged_into_id" ON "person" ("merged_into_id");
ALTER TABLE "recheck" ADD COLUMN "previous_id" INTEGER REFERENCES "recheck" ("id") ON DELETE RESTRICT;
CREATE INDEX "recheck_previous_id" ON "recheck" ("previous_id");
ALTER TABLE "recheck" ADD COLUMN "comparison" {json} NOT NULL DEFAULT '{{}}';
ALTER TABLE "finding" ADD COLUMN "previous" VARCHAR(12) NOT NULL DEFAULT '';
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "json": "TEXT", "flag": "INTEGER"}
             if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "json": "JSONB", "flag": "BOOLEAN"})
    for statement in (TABLES + COLUMNS).format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
