"""Migrations carry the demo world of every kept release forwards with all its rows, while a process of the release before goes on reading and writing."""
import threading
import uuid

import pytest
from peewee import IntegrityError
from playhouse.db_url import connect
from playhouse.migrations import Runner

from models import auditdays, base, proving
from models.applications import Application
from models.base import db
from models.indexing import build
from models.people import Person
from models.registry import ENTITIES, MIGRATIONS, migrate
from tasks import setup
from tests import releases
from tests.test_house import schema

EXPANDING = "0020_the_privacy"          # from here on a migration only adds: a process that knows the schema of this one goes on working
MAY_CHANGE = {"timed_run"}              # the timetable of the program, not data
APPEND_ONLY = ("entry", "audit_day")


@pytest.fixture(scope="session")
def fresh(lender, tmp_path_factory):
    """The schema of a database that was migrated with nothing in it."""
    base.connect(lender.blank(tmp_path_factory.mktemp("fresh")))
    migrate()
    found = schema(db.obj)
    db.close_all()
    db.initialize(None)
    return found


@pytest.fixture
def opened(blank):
    setup.open_all(blank, immediate=True)
    with db.connection_context():
        yield blank


def up_to(name):
    """Apply the migrations up to one."""
    Runner(db.obj, str(MIGRATIONS)).up(name)


@pytest.mark.parametrize("release", releases.NAMES)
def test_the_demo_of_a_release_comes_forwards_with_all_its_rows(fresh, opened, release):
    before = releases.bring(release)
    setup.bring_up_to_date()
    after = {table: db.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in before}
    assert {table: (count, after[table]) for table, count in before.items() if after[table] < count and table not in MAY_CHANGE} == {}
    assert all(row.id for kind in ENTITIES.values() for row in kind.select().iterator())
    auditdays.seal()
    proof = proving.prove(auditdays.public_key())
    assert proof.against == [] and proof.days > 0 and migrate() == []
    assert schema(db.obj) == fresh


class Older(threading.Thread):
    """A process that knows the tables as they are now, whatever is added later: it reads and changes rows of each, and lets persons begin an application."""

    def __init__(self, address):
        super().__init__(daemon=True)
        on_sqlite = address.startswith("sqlite")
        self.db, self.mark = connect(address, **({"timeout": 60} if on_sqlite else {"prefer_psycopg3": True})), "?" if on_sqlite else "%s"
        self.known = {table: [column.name for column in self.db.get_columns(table)] for table in sorted(kind._meta.table_name for kind in ENTITIES.values())
                      if table in self.db.get_tables()}
        self.db.close()         # that of this thread
        self.rounds, self.persons, self.fault, self.over = 0, [], None, threading.Event()

    def run(self):
        try:
            while not self.over.is_set():
                self.round()
                self.rounds += 1
        except Exception as fault:
            self.fault = fault
        finally:
            self.db.close()

    def round(self):
        """Short transactions, as requests make them."""
        for table, columns in self.known.items():
            names = ", ".join(f'"{name}"' for name in columns)
            self.db.execute_sql(f'SELECT {names} FROM "{table}" ORDER BY id DESC LIMIT 20').fetchall()
            if table not in APPEND_ONLY:
                self.db.execute_sql(f'UPDATE "{table}" SET ' + ", ".join(f'"{name}" = "{name}"' for name in columns) + f' WHERE id = (SELECT MIN(id) FROM "{table}")')
        token = uuid.uuid4().hex
        with self.db.atomic():
            person = self.copy("person", document_index=token, phone_index=None, merged_into_id=None)
            self.copy("application", person_id=person, number=token[:20], register_number=None, registered_on=None, state="draft")
        self.persons.append(person)

    def copy(self, table, **other):
        """Insert the youngest row once more with other values in some columns; its id."""
        columns = [name for name in self.known[table] if name != "id"]
        values = ", ".join(self.mark if name in other else f'"{name}"' for name in columns)
        given = [other[name] for name in columns if name in other]
        return self.db.execute_sql(f'INSERT INTO "{table}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in columns)}) SELECT {values} FROM "{table}" '
                                   "ORDER BY id DESC LIMIT 1 RETURNING id", given).fetchone()[0]

    def until_round(self, more):
        """Wait until it has been round so often more."""
        goal = self.rounds + more
        while self.rounds < goal and self.is_alive():
            self.join(0.02)


def during(settings, move):
    """Let an older process work before, while and after something moves; every write of it is there afterwards, for the program of today."""
    older = Older(settings.database)
    older.start()
    try:
        older.until_round(2)
        move()
        older.until_round(2)
    finally:
        older.over.set()
        older.join()
    assert older.fault is None
    return older


def test_an_old_process_reads_and_writes_while_the_tables_move_on(opened):
    """Whatever a migration adds to a table that is there already may be empty or has a value of its own."""
    releases.bring("0016")
    up_to(EXPANDING)
    older = during(opened, setup.bring_up_to_date)
    assert len(older.persons) >= 4 and Person.select().where(Person.id << older.persons).count() == len(older.persons)
    assert [case.state for case in Application.select().where(Application.person << older.persons)] == ["draft"] * len(older.persons)


def test_the_large_indexes_are_built_while_others_write(opened):
    releases.bring("0016")
    older = during(opened, lambda: up_to("0017_the_indexes"))
    assert len(older.persons) >= 4


def test_indexes_that_an_interrupted_run_left_behind_are_finished_by_the_next(fresh, opened):
    up_to("0016_the_seals")
    build(db.obj, ['CREATE INDEX "award_awarded_on" ON "award" ("awarded_on")'])
    if not base.on_sqlite():        # what PostgreSQL leaves of an index that did not come to its end
        with pytest.raises(IntegrityError):
            db.execute_sql('CREATE UNIQUE INDEX CONCURRENTLY "award_state_id" ON "schema_migration" ((1))')
    setup.bring_up_to_date()
    assert schema(db.obj) == fresh
