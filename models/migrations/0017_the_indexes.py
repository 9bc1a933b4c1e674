"""Indexes for lists of a million rows, with the id where many rows share a value, so that nothing is left to be sorted; and for any two characters
inside a name. On PostgreSQL others write while they are built, and a run that was interrupted is taken up again."""
from peewee import SqliteDatabase

from models.indexing import build

atomic = False
INDEXES = """
CREATE INDEX "application_year_id" ON "application" ("year", "id");
CREATE INDEX "application_degree_date_id" ON "application" ("degree_date", "id");
CREATE INDEX "application_deadline" ON "application" ("deadline");
CREATE INDEX "application_dismissed_at" ON "application" ("dismissed_at");
CREATE INDEX "application_state_id" ON "application" ("state", "id");
CREATE INDEX "application_state_registered_on" ON "application" ("state", "registered_on");
CREATE INDEX "application_state_submitted_at" ON "application" ("state", "submitted_at");
CREATE INDEX "award_awarded_on" ON "award" ("awarded_on");
CREATE INDEX "award_decision_number_id" ON "award" ("decision_number", "id");
CREATE INDEX "award_state_id" ON "award" ("state", "id");
CREATE INDEX "course_result_state_id" ON "course_result" ("state", "id");
CREATE INDEX "course_result_passed_id" ON "course_result" ("passed", "id");
CREATE INDEX "course_result_taken_on_id" ON "course_result" ("taken_on", "id");
CREATE INDEX "person_document_type_id" ON "person" ("document_type", "id");
CREATE INDEX "person_country_id" ON "person" ("country", "id");
CREATE INDEX "person_birth_date" ON "person" ("birth_date");
CREATE INDEX "defence_request_requested_on_id" ON "defence_request" ("requested_on", "id");
CREATE INDEX "defence_request_state_id" ON "defence_request" ("state", "id")""".strip().split(";\n")
PAIRS = f"(SELECT group_concat(substr({{}}, value, 2), ' ') FROM json_each('{list(range(1, 40))}') WHERE value < length({{}}))"
ENTER = "INSERT INTO name_search (rowid, pairs) VALUES (new.id, {new})"
LEAVE = "INSERT INTO name_search (name_search, rowid, pairs) VALUES ('delete', old.id, {old})"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE name_search USING fts5 (pairs, content = '', tokenize = 'unicode61 remove_diacritics 0')",
    "INSERT INTO name_search (rowid, pairs) SELECT id, {name} FROM person",
    f"CREATE TRIGGER person_name_enters AFTER INSERT ON person BEGIN {ENTER}; END",
    f"CREATE TRIGGER person_name_leaves AFTER DELETE ON person BEGIN {LEAVE}; END",
    f"CREATE TRIGGER person_name_changes AFTER UPDATE OF name ON person BEGIN {LEAVE}; {ENTER}; END")
PAIRS_OF = """CREATE OR REPLACE FUNCTION name_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT array_agg(substr($1, i, 2)) FROM generate_series(1, length($1) - 1) i $$"""
ON_POSTGRES = (
    "CREATE INDEX person_name_pairs ON person USING gin (name_pairs(name))",
    "CREATE INDEX award_certificate_number_idx ON award (certificate_number varchar_pattern_ops)",
    "CREATE INDEX award_decision_number_idx ON award (decision_number varchar_pattern_ops)",
    *(f"CREATE INDEX {table}_institution_id_id ON {table} (institution_id, id)" for table in ("course_result", "exam_entry", "exam_result", "defence_request", "award")))


def up(migrator, db):
    if not isinstance(db, SqliteDatabase):
        db.execute_sql(PAIRS_OF)
        build(db, (*INDEXES, *ON_POSTGRES))
    elif "name_search" not in db.get_tables():
        pairs = {where: PAIRS.format(value, value) for where, value in (("name", "name"), ("new", "new.name"), ("old", "old.name"))}
        with db.atomic():
            build(db, INDEXES)
            for statement in ON_SQLITE:
                db.execute_sql(statement.format(**pairs) if "{" in statement else statement)
