"""Texts of consent in dated versions, what each person said to them, and a refusal to be captured; what was agreed to before is taken over. And the
reports of what was kept long enough."""
from peewee import SqliteDatabase

from models.reference import rows_of

TABLES = """
CREATE TABLE "consent_text" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "version" VARCHAR(20) NOT NULL,
    "title" VARCHAR(60) NOT NULL,
    "body" TEXT NOT NULL,
    "valid_from" DATE NOT NULL
);
CREATE UNIQUE INDEX "consent_text_kind_version" ON "consent_text" ("kind", "version");
CREATE TABLE "consent" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "text_id" INTEGER NOT NULL,
    "given" {flag} NOT NULL,
    "taken_by_id" INTEGER,
    "at" {moment} NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("text_id") REFERENCES "consent_text" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("taken_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "consent_person_id" ON "consent" ("person_id");
CREATE INDEX "consent_text_id" ON "consent" ("text_id");
CREATE INDEX "consent_taken_by_id" ON "consent" ("taken_by_id");
CREATE TABLE "retention_report" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "rule" VARCHAR(20) NOT NULL,
    "title" VARCHAR(60) NOT NULL,
    "parameter" VARCHAR(60) NOT NULL,
    "days" INTEGER NOT NULL,
    "due" INTEGER NOT NULL,
    "removed" INTEGER NOT NULL,
    "coming" INTEGER NOT NULL,
    "rehearsed" {flag} NOT NULL,
    "ordered_by_id" INTEGER,
    "at" {moment} NOT NULL,
    FOREIGN KEY ("ordered_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "retention_report_rule" ON "retention_report" ("rule");
CREATE INDEX "retention_report_ordered_by_id" ON "retention_report" ("ordered_by_id");
CREATE INDEX "retention_report_at" ON "retention_report" ("at");
ALTER TABLE "confirmation" ADD COLUMN "biometric_refused" {flag} NOT NULL DEFAULT {no};
"""
TAKEN_OVER = """
UPDATE "timed_run" SET "name" = 'leftovers' WHERE "name" = 'results';
UPDATE "timed_run" SET "name" = 'retention' WHERE "name" = 'log_ins';
INSERT INTO "consent" ("edition", "person_id", "text_id", "given", "at")
    SELECT 0, p."id", t."id", {yes}, p."consented_at" FROM "person" p JOIN "consent_text" t ON t."kind" = 'privacy' AND t."version" = p."consent_version"
    WHERE p."consented_at" IS NOT NULL ORDER BY p."id";
INSERT INTO "consent" ("edition", "person_id", "text_id", "given", "taken_by_id", "at")
    SELECT 0, a."person_id", t."id", {yes}, c."confirmed_by_id", c."confirmed_at" FROM "confirmation" c JOIN "application" a ON a."id" = c."application_id"
    JOIN "consent_text" t ON t."kind" = 'biometrics' WHERE c."biometric_consent" = {yes} AND c."valid" = {yes} ORDER BY c."id";
"""


def up(migrator, db):
    _run(db, TABLES)
    take_over(db)


def take_over(db):
    """The shipped texts with what persons agreed to before; a database without people stays empty, fit for a restore."""
    mark = "?" if isinstance(db, SqliteDatabase) else "%s"
    agreed = """SELECT 1 FROM "person" WHERE "consented_at" IS NOT NULL UNION ALL SELECT 1 FROM "confirmation" LIMIT 1"""
    for row in rows_of("consent_text") if db.execute_sql(agreed).fetchone() else []:
        db.execute_sql(f'INSERT INTO "consent_text" ("edition", "kind", "version", "title", "body", "valid_from") VALUES (0, {", ".join([mark] * 5)})',
                       tuple(row[name] for name in ("kind", "version", "title", "body", "valid_from")))
    _run(db, TAKEN_OVER)


def _run(db, statements):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "flag": "INTEGER", "yes": "1", "no": "0"}
             if isinstance(db, SqliteDatabase) else {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "flag": "BOOLEAN", "yes": "TRUE", "no": "FALSE"})
    for statement in statements.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
