"""Stage 9: meetings of the degree committee with their agenda, objections to a public notice, certificates issued anew, withdrawal of a degree."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "meeting" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "number" VARCHAR(40) NOT NULL,
    "held_on" DATE NOT NULL,
    "members" INTEGER NOT NULL,
    "present" INTEGER NOT NULL,
    "votes_for" INTEGER NOT NULL,
    "votes_against" INTEGER NOT NULL,
    "votes_abstain" INTEGER NOT NULL,
    "minutes_id" INTEGER,
    "notice_from" DATE,
    "notice_until" DATE,
    "decision_number" VARCHAR(40) NOT NULL,
    "note" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("minutes_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    CHECK (votes_for >= 0 and votes_against >= 0 and votes_abstain >= 0 and present >= 0)
);
CREATE INDEX "meeting_institution_id" ON "meeting" ("institution_id");
CREATE INDEX "meeting_minutes_id" ON "meeting" ("minutes_id");
CREATE UNIQUE INDEX "meeting_institution_id_number" ON "meeting" ("institution_id", "number");
CREATE INDEX "meeting_institution_id_state" ON "meeting" ("institution_id", "state");
CREATE INDEX "meeting_state_notice_until" ON "meeting" ("state", "notice_until");
CREATE TABLE "agenda_item" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "meeting_id" INTEGER NOT NULL,
    "award_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "votes_for" INTEGER,
    "votes_against" INTEGER,
    "votes_abstain" INTEGER,
    "certificate_number" VARCHAR(17) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("meeting_id") REFERENCES "meeting" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("award_id") REFERENCES "award" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "agenda_item_meeting_id" ON "agenda_item" ("meeting_id");
CREATE INDEX "agenda_item_award_id" ON "agenda_item" ("award_id");
CREATE INDEX "agenda_item_institution_id" ON "agenda_item" ("institution_id");
CREATE UNIQUE INDEX "agenda_item_meeting_id_award_id" ON "agenda_item" ("meeting_id", "award_id");
CREATE TABLE "award_objection" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "award_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "person_id" INTEGER,
    "raised_by_id" INTEGER,
    "name" VARCHAR(40) NOT NULL,
    "contact" TEXT,
    "statement" TEXT NOT NULL,
    "raised_on" DATE NOT NULL,
    "answer" TEXT NOT NULL,
    "answered_by_id" INTEGER,
    "answered_on" DATE,
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("award_id") REFERENCES "award" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("raised_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("answered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "award_objection_award_id" ON "award_objection" ("award_id");
CREATE INDEX "award_objection_institution_id" ON "award_objection" ("institution_id");
CREATE INDEX "award_objection_person_id" ON "award_objection" ("person_id");
CREATE INDEX "award_objection_raised_by_id" ON "award_objection" ("raised_by_id");
CREATE INDEX "award_objection_answered_by_id" ON "award_objection" ("answered_by_id");
CREATE INDEX "award_objection_institution_id_state" ON "award_objection" ("institution_id", "state");
CREATE TABLE "reissue" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "award_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "copy" INTEGER NOT NULL,
    "ground" VARCHAR(10) NOT NULL,
    "statement" TEXT NOT NULL,
    "number_before" VARCHAR(17) NOT NULL,
    "number" VARCHAR(17) NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "issued_on" DATE NOT NULL,
    "issued_by_id" INTEGER,
    FOREIGN KEY ("award_id") REFERENCES "award" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("issued_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "reissue_award_id" ON "reissue" ("award_id");
CREATE INDEX "reissue_institution_id" ON "reissue" ("institution_id");
CREATE INDEX "reissue_issued_by_id" ON "reissue" ("issued_by_id");
CREATE UNIQUE INDEX "reissue_award_id_copy" ON "reissue" ("award_id", "copy");
"""
COLUMNS = """
ALTER TABLE "award" ADD COLUMN "withdrawal_number" VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE "award" ADD COLUMN "withdrawn_on" DATE;
ALTER TABLE "award" ADD COLUMN "withdrawal_document_id" INTEGER REFERENCES "file" ("id") ON DELETE RESTRICT;
CREATE INDEX "award_withdrawal_document_id" ON "award" ("withdrawal_document_id");
"""


def up(migrator, db):
    key = "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" if isinstance(db, SqliteDatabase) else "SERIAL NOT NULL PRIMARY KEY"
    for statement in (TABLES + COLUMNS).format(id=key).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
