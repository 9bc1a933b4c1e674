"""Stage 6: sittings and windows of a session, the layout of rooms, special needs; the plan of the seats with its sealed seed; rechecks of results."""
from peewee import SqliteDatabase

COLUMNS = """
ALTER TABLE "exam_session" ADD COLUMN "payment_until" DATE;
ALTER TABLE "exam_session" ADD COLUMN "recheck_from" DATE;
ALTER TABLE "exam_session" ADD COLUMN "recheck_until" DATE;
ALTER TABLE "exam_session" ADD COLUMN "degree_by" DATE;
ALTER TABLE "exam_session" ADD COLUMN "seed_hash" VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE "session_subject" ADD COLUMN "sits_on" DATE;
ALTER TABLE "session_subject" ADD COLUMN "starts" {time};
ALTER TABLE "session_subject" ADD COLUMN "ends" {time};
ALTER TABLE "session_subject" ADD COLUMN "fee" NUMERIC(7, 2);
ALTER TABLE "room" ADD COLUMN "rows" INTEGER;
ALTER TABLE "room" ADD COLUMN "columns" INTEGER;
ALTER TABLE "room" ADD COLUMN "state" VARCHAR(10) NOT NULL DEFAULT 'ready';
ALTER TABLE "exam_entry" ADD COLUMN "special_needs" {flag} NOT NULL DEFAULT {no};
ALTER TABLE "exam_entry" ADD COLUMN "needs" VARCHAR(200) NOT NULL DEFAULT '';
DROP INDEX "seat_session_id_room_id_number_entry_id";
ALTER TABLE "seat" ADD COLUMN "subject_id" INTEGER REFERENCES "session_subject" ("id") ON DELETE RESTRICT;
UPDATE "seat" SET "subject_id" = (SELECT e."subject_id" FROM "exam_entry" e WHERE e."id" = "seat"."entry_id");
DROP INDEX "admission_ticket_number";
ALTER TABLE "admission_ticket" ADD COLUMN "session_id" INTEGER REFERENCES "exam_session" ("id") ON DELETE RESTRICT;
UPDATE "admission_ticket" SET "session_id" = (SELECT e."session_id" FROM "exam_entry" e WHERE e."id" = "admission_ticket"."entry_id");
"""
TABLES = """
CREATE INDEX "seat_subject_id" ON "seat" ("subject_id");
CREATE UNIQUE INDEX "seat_subject_id_room_id_number" ON "seat" ("subject_id", "room_id", "number");
CREATE INDEX "seat_session_id_site_id" ON "seat" ("session_id", "site_id");
CREATE INDEX "admission_ticket_number" ON "admission_ticket" ("number");
CREATE INDEX "admission_ticket_session_id" ON "admission_ticket" ("session_id");
CREATE UNIQUE INDEX "admission_ticket_session_id_number" ON "admission_ticket" ("session_id", "number");
CREATE TABLE "seed" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "value" TEXT NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "seed_session_id" ON "seed" ("session_id");
CREATE TABLE "seat_plan" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "round" INTEGER NOT NULL,
    "seed" VARCHAR(64) NOT NULL,
    "seats_count" INTEGER NOT NULL,
    "rooms_count" INTEGER NOT NULL,
    "neighbours_alike" INTEGER NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "fixed_at" {moment},
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "seat_plan_session_id" ON "seat_plan" ("session_id");
CREATE TABLE "seated_room" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "room_id" INTEGER NOT NULL,
    "seated" INTEGER NOT NULL,
    "neighbours_alike" INTEGER NOT NULL,
    "used" {flag} NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("subject_id") REFERENCES "session_subject" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT
);
CREATE INDEX "seated_room_session_id" ON "seated_room" ("session_id");
CREATE INDEX "seated_room_subject_id" ON "seated_room" ("subject_id");
CREATE INDEX "seated_room_site_id" ON "seated_room" ("site_id");
CREATE INDEX "seated_room_room_id" ON "seated_room" ("room_id");
CREATE UNIQUE INDEX "seated_room_session_id_subject_id_room_id" ON "seated_room" ("session_id", "subject_id", "room_id");
CREATE INDEX "seated_room_session_id_site_id" ON "seated_room" ("session_id", "site_id");
CREATE TABLE "result_recheck" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
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
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("result_id") REFERENCES "exam_result" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("answered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "result_recheck_application_id" ON "result_recheck" ("application_id");
CREATE INDEX "result_recheck_institution_id" ON "result_recheck" ("institution_id");
CREATE INDEX "result_recheck_session_id" ON "result_recheck" ("session_id");
CREATE UNIQUE INDEX "result_recheck_result_id" ON "result_recheck" ("result_id");
CREATE INDEX "result_recheck_answered_by_id" ON "result_recheck" ("answered_by_id");
CREATE INDEX "result_recheck_session_id_state" ON "result_recheck" ("session_id", "state");
"""


def up(migrator, db):
    words = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "flag": "INTEGER", "time": "TIME", "no": "0"}
             if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "flag": "BOOLEAN", "time": "TIME", "no": "FALSE"})
    execute(db, COLUMNS.format(**words))
    migrator.migrate(migrator.add_not_null("seat", "subject_id"), migrator.add_not_null("admission_ticket", "session_id"),
                     migrator.drop_not_null("seat", "room_id"), migrator.drop_not_null("seat", "number"))
    execute(db, TABLES.format(**words))


def execute(db, statements):
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
