"""Stages 8 and 9: a unit's check list, materials of a request, the list of experts, copied text, hours of a defence."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "expert" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "document_type" VARCHAR(2) NOT NULL,
    "document_number" TEXT,
    "document_index" VARCHAR(64),
    "staff_number" VARCHAR(30),
    "title" VARCHAR(20) NOT NULL,
    "supervises" {flag} NOT NULL,
    "external" {flag} NOT NULL,
    "unit" VARCHAR(60) NOT NULL,
    "available" {flag} NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "expert_institution_id" ON "expert" ("institution_id");
CREATE INDEX "expert_name" ON "expert" ("name");
CREATE INDEX "expert_document_index" ON "expert" ("document_index");
CREATE UNIQUE INDEX "expert_institution_id_document_index" ON "expert" ("institution_id", "document_index");
CREATE UNIQUE INDEX "expert_institution_id_staff_number" ON "expert" ("institution_id", "staff_number");
CREATE TABLE "check_item" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "title" VARCHAR(60) NOT NULL,
    "position" INTEGER NOT NULL,
    "in_use" {flag} NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "check_item_institution_id" ON "check_item" ("institution_id");
CREATE UNIQUE INDEX "check_item_institution_id_title" ON "check_item" ("institution_id", "title");
CREATE TABLE "request_document" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "request_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "title" VARCHAR(60) NOT NULL,
    "file_id" INTEGER NOT NULL,
    FOREIGN KEY ("request_id") REFERENCES "defence_request" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("file_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE INDEX "request_document_request_id" ON "request_document" ("request_id");
CREATE INDEX "request_document_institution_id" ON "request_document" ("institution_id");
CREATE INDEX "request_document_file_id" ON "request_document" ("file_id");
CREATE UNIQUE INDEX "request_document_request_id_title" ON "request_document" ("request_id", "title");
"""
COLUMNS = """
ALTER TABLE "defence_request" ADD COLUMN "ticked" {json} NOT NULL DEFAULT '[]';
ALTER TABLE "thesis" ADD COLUMN "supervised_by_id" INTEGER REFERENCES "expert" ("id") ON DELETE RESTRICT;
ALTER TABLE "thesis" ADD COLUMN "plagiarism_report_id" INTEGER REFERENCES "file" ("id") ON DELETE RESTRICT;
ALTER TABLE "thesis" ADD COLUMN "plagiarism_ratio" NUMERIC(4, 1);
CREATE INDEX "thesis_supervised_by_id" ON "thesis" ("supervised_by_id");
CREATE INDEX "thesis_plagiarism_report_id" ON "thesis" ("plagiarism_report_id");
ALTER TABLE "thesis_reviewer" ADD COLUMN "expert_id" INTEGER REFERENCES "expert" ("id") ON DELETE RESTRICT;
CREATE INDEX "thesis_reviewer_expert_id" ON "thesis_reviewer" ("expert_id");
CREATE UNIQUE INDEX "thesis_reviewer_thesis_id_expert_id" ON "thesis_reviewer" ("thesis_id", "expert_id");
ALTER TABLE "defence" ADD COLUMN "starts_at" TIME;
ALTER TABLE "defence" ADD COLUMN "ends_at" TIME;
ALTER TABLE "defence" ADD COLUMN "minutes_file_id" INTEGER REFERENCES "file" ("id") ON DELETE RESTRICT;
CREATE INDEX "defence_minutes_file_id" ON "defence" ("minutes_file_id");
CREATE INDEX "defence_institution_id_held_on" ON "defence" ("institution_id", "held_on");
ALTER TABLE "committee_member" ADD COLUMN "expert_id" INTEGER REFERENCES "expert" ("id") ON DELETE RESTRICT;
CREATE INDEX "committee_member_expert_id" ON "committee_member" ("expert_id");
DROP INDEX "committee_member_defence_id_name_number";
CREATE UNIQUE INDEX "committee_member_defence_id_expert_id" ON "committee_member" ("defence_id", "expert_id");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "json": "TEXT", "flag": "INTEGER"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "json": "JSONB", "flag": "BOOLEAN"})
    for statement in (TABLES + COLUMNS).format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
