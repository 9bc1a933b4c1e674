"""Fixtures of the whole suite. Tests that ask for a database run on SQLite and PostgreSQL: races, routes, the story, kills and outages on both,
those of the rooms on one of them each, half and half, so that the gate stays short; `--db both` runs everything on both.

    settings   demo settings with an instance folder of this test's own and a database that is migrated and has reference data,
               roles and parameters; nothing is opened yet
    database   the same, opened, with keys, file store and mail in place. The queue is at hand: a job that is submitted in a test
               is done when `submit` returns
    world      two units with an account per role and a published programme (tests/world.py); the clock stands on its first day
    ground     a world with rows of every kind in two units and the whole program before it, for the tests of one file together; every request is
               undone (tests/attack/ground.py)
    visitors   makes visitors of the whole program over plain HTTP, where every role has an account
    blank      settings whose database has nothing in it, for tests of the migrations; nothing is opened yet
    demo       settings of the demo world for those who only read: built once, brought into each database by a backup; nothing is opened yet
    demo_copy  the same for those who write
    redis_url  address of a private Redis

`--db sqlite` (or postgresql) runs everything on one database only. The servers are started by the process that first needs one
(tests/servers.py) and end with it, so the suite also runs under `-n 2`. What cannot be started fails the test; nothing is skipped.
"""
import os
import shutil
import tempfile
import zlib
from contextlib import ExitStack

import flask
import hypothesis
import pytest
from jinja2 import BytecodeCache
from werkzeug.routing import Rule

import config
from backoffice.screens import Screens
from models import base, clock
from tasks import setup
from tasks.backup import archive, making, restoring
from tasks.demo import build
from tests import servers
from tests.attack.ground import Ground
from tests.cast import SECRET, served, staff
from tests.databases import Postgres, Sqlite
from tests.visitors import HttpVisitor
from tests.world import DAY, PASSWORD, World

MEMORY, ROOM = "/dev/shm", 4 << 30      # where the folders of tests and servers lie when so many bytes are free there: on a disk the suite waits as long as it works
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"], tempfile.tempdir = MEMORY, None

ENGINES = ("sqlite", "postgresql")
ROOMS = ("views", "backoffice", "browser", "models", "tasks")       # races, routes, the story, kills and outages run on both always

def pytest_addoption(parser):
    parser.addoption("--db", default="shared", choices=(*ENGINES, "both", "shared"),
                     help="the database to test on; shared: both, but each test of a room on one of them")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        metafunc.parametrize("engine", ENGINES if chosen in ("both", "shared") else (chosen,), scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config, items):
    """With `shared` the tests of the rooms are dealt out. Building the demo world takes more than a minute: whoever needs it runs in one process."""
    if config.getoption("--db") == "shared":
        left = [item for item in items if _elsewhere(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not _elsewhere(item)]
    for item in items:
        if "demo_backup" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demo"))
        if "ground" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {_database(item)}"))
    yield
    items.sort(key=_database)


def _database(item):
    """Those of one database one after another: to change it takes seconds."""
    return item.callspec.params["engine"] if "engine" in item.fixturenames else ""


def _elsewhere(item):
    """Whether a test of a room runs on the other database; its name decides. One that asks for a width shows another one on each."""
    if item.path.parent.name not in ROOMS or "engine" not in item.fixturenames or "width" in item.fixturenames:
        return False
    engine = item.callspec.params["engine"]
    name = item.path.name + item.name.replace(engine, "")
    return ENGINES[zlib.crc32(name.encode()) % 2] != engine


# A machine that is busy with something else makes no finding: the time that an example takes is not judged.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


class Compiled(BytecodeCache):
    """Templates as they were compiled for an earlier application of this process."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if (bucket.key, bucket.checksum) in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def applications_made_quickly():
    """Most tests of pages make an application of their own: what all have alike - templates, routes, what the shipped screens give - is made for the
    first only."""
    flask.Flask.jinja_options = {"bytecode_cache": Compiled()}
    builder, built = Rule._compile_builder, {}

    def once(rule, append_unknown=True):
        like = rule.rule, append_unknown, tuple((rule.defaults or {}).items()), rule.subdomain, rule.host
        return built.get(like) or built.setdefault(like, builder(rule, append_unknown))
    Rule._compile_builder = once
    learn, learnt = Screens._given, {}

    def given(screens):
        shipped = tuple((name, layer.text) for name, layer in screens._plain.items())
        return learnt.get(shipped) or learnt.setdefault(shipped, learn(screens))
    Screens._given = given


@pytest.fixture(scope="session")
def running():
    """The servers of this process: started when first asked for, stopped at its end."""
    started = {}
    with ExitStack() as stack:
        yield lambda server: started.get(server) or started.setdefault(server, stack.enter_context(server()))


@pytest.fixture
def redis_url(running):
    return running(servers.redis)


@pytest.fixture(scope="session")
def lender(engine, running, tmp_path_factory):
    """Lends each test a database in the state that `setup` leaves."""
    lender = Sqlite(tmp_path_factory.mktemp("database")) if engine == "sqlite" else Postgres(running(servers.postgresql))
    setup.open_all(_settings(tmp_path_factory.mktemp("instance"), lender.address), immediate=True)
    setup.bring_up_to_date()
    _let_go()
    lender.keep()
    yield lender
    lender.close()


@pytest.fixture
def settings(lender, tmp_path):
    yield _settings(tmp_path, lender.lend(tmp_path))
    _let_go()
    lender.take_back()


@pytest.fixture
def database(settings):
    setup.open_all(settings, immediate=True)
    base.db.connect()
    return base.db


@pytest.fixture
def world(database):
    with clock.at(DAY):
        yield World()


@pytest.fixture(scope="module")
def ground(lender, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ground")
    settings = _settings(folder, lender.lend(folder))
    setup.open_all(settings, immediate=True)
    base.db.connect()
    yield Ground(settings)
    clock.stop()
    _let_go()
    lender.take_back()


@pytest.fixture
def blank(lender, tmp_path):
    yield _settings(tmp_path, lender.blank(tmp_path))
    _let_go()


@pytest.fixture(scope="session")
def demo_backup(tmp_path_factory):
    """(a backup of the demo world, the secret that opens it)."""
    folder = tmp_path_factory.mktemp("built")
    (secret, public), path = archive.new_key(), folder / "demo.tar.age"
    setup.open_all(_settings(folder, f"sqlite:///{folder / 'tongli.db'}"), immediate=True)
    setup.bring_up_to_date()
    with base.db.connection_context():
        build(PASSWORD, lambda password: SECRET)
        making.make(path, archive.recipients(public))
    _let_go()
    return path, secret


@pytest.fixture(scope="session")
def demo(demo_backup, lender, tmp_path_factory):
    return _restored(demo_backup, lender, tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo_copy(demo_backup, lender, tmp_path):
    yield _restored(demo_backup, lender, tmp_path)
    _let_go()


def _restored(backup, lender, folder):
    settings = _settings(folder, lender.blank(folder))
    setup.open_all(settings, immediate=True)
    with base.db.connection_context():
        restoring.restore(*backup)
    _let_go()
    return settings


def _settings(folder, address):
    return config.load(environ={}, demo=True, instance_dir=folder, screens_dir=folder / "screens", database_url=address,
                       challenge=False)


def _let_go():
    """Close what a test opened, by itself or through an application, so that the next one opens its own."""
    if base.db.obj is not None:
        base.db.close_all()
        base.db.initialize(None)


@pytest.fixture
def visitors(settings, database):
    """Function that makes one more HttpVisitor."""
    staff()
    opened = []
    with served(settings) as address:
        yield lambda: opened.append(HttpVisitor(address)) or opened[-1]
        for visitor in opened:
            visitor.close()
