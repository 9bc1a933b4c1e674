"""Every write leaves an entry: triggers note each row that the story of one person adds, changes or removes, over HTTP, and each is looked up
in the log."""
import pytest

from models.audit import Entry
from models.base import db, on_sqlite
from models.registry import ENTITIES
from tests.story import Story

# What tells of writes, or serves the machine, is itself not told of.
OWN = {"entry", "version", "audit_day", "outbox", "job", "timed_run", "serial", "file", "import_chunk", "import_run", "login", "throttle", "tally"}
# Parts that are only ever written with the row they belong to: table -> the table whose entry tells of them.
PARTS = {"report_line": "report", "finding": "recheck", "seed": "exam_session"}
ON_SQLITE = """CREATE TRIGGER "watch_{table}_{verb}" AFTER {verb} ON "{table}" BEGIN
    INSERT INTO watched VALUES ('{table}', {row}.id, '{verb}'); END"""
ON_POSTGRESQL = """CREATE TRIGGER "watch_{table}_{verb}" AFTER {verb} ON "{table}" FOR EACH ROW EXECUTE FUNCTION watch()"""
FUNCTION = """CREATE OR REPLACE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO watched VALUES (TG_TABLE_NAME, COALESCE(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$"""


@pytest.fixture
def watched(visitors):
    """A table of (table, row id, verb) that triggers fill from here on; accounts that sign in are not watched."""
    tables = [kind._meta.table_name for kind in ENTITIES.values() if kind._meta.table_name not in OWN | {"account"}]
    db.execute_sql('CREATE TABLE watched ("table" TEXT, row_id INTEGER, verb TEXT)')
    if not on_sqlite():
        db.execute_sql(FUNCTION)
    triggers = [(table, verb) for table in tables for verb in ("INSERT", "UPDATE", "DELETE")]
    for table, verb in triggers:
        db.execute_sql((ON_SQLITE if on_sqlite() else ON_POSTGRESQL).format(table=table, verb=verb, row="old" if verb == "DELETE" else "new"))
    yield lambda: set(db.execute_sql('SELECT DISTINCT "table", row_id FROM watched'))
    if not on_sqlite():
        for table, verb in triggers:
            db.execute_sql(f'DROP TRIGGER "watch_{table}_{verb}" ON "{table}"')
        db.execute_sql("DROP TABLE watched")


def test_every_row_that_the_story_writes_stands_in_the_log(visitors, watched):
    Story(visitors).play()
    told = set(Entry.select(Entry.entity, Entry.row_id).distinct().tuples())
    kinds = {entity for entity, _ in told}
    written = watched()
    assert len(written) > 40
    assert sorted((table, row) for table, row in written if (table, row) not in told and PARTS.get(table) not in kinds) == []
