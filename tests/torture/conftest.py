"""The ground of the fault runs, made once per database and copied for each trial; servers that can be stopped; a seeded chance."""
import random
import time
from contextlib import ExitStack
from functools import cache, cached_property
from pathlib import Path

import pytest

from tasks import setup
from tests.torture import SEED, facts, ground, outages
from tests.torture.installation import Installation, until
from tests.visitors import HttpVisitor, log_in


HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def outer(engine):
    """The servers below the platform, {name: (server, address)}; none for SQLite with the queue in a file."""
    with ExitStack() as stack:
        yield {} if engine == "sqlite" else {name: stack.enter_context(getattr(outages, name)()) for name in ("postgresql", "redis")}


@pytest.fixture(scope="session")
def base(outer, tmp_path_factory):
    """What all trials of one database begin with."""
    base = Base(tmp_path_factory, **{name: address for name, (_, address) in outer.items()})
    yield base
    base.end()


@pytest.fixture
def trial(base, tmp_path_factory):
    """`trial(state)` is a copy of the base in one of its states: bare, rehearsing, committing, exporting."""
    made = []

    def copied(state):
        made.append(getattr(base, state).copy(tmp_path_factory.mktemp("trial")))
        return made[-1]
    yield copied
    for installation in made:
        installation.end()


@pytest.fixture
def chance(request):
    """Random, the same in every run of one test."""
    return random.Random(f"{SEED} {request.node.name}")


class Base:
    """The states from which trials begin, each made when it is first asked for, and what follows from them without a fault."""

    def __init__(self, folders, postgresql=None, redis=None):
        self.folders, self.made = folders, []
        self.bare = Installation(folders.mktemp("base"), postgresql, redis)
        self.made.append(self.bare)
        with self.bare.opened():
            setup.bring_up_to_date()
            self.clerk, self.path, self.drafts = ground.populate(self.bare.folder)

    def end(self):
        for installation in self.made:
            installation.end()

    def _copy(self, state):
        self.made.append(state.copy(self.folders.mktemp("base")))
        return self.made[-1]

    @cached_property
    def rehearsing(self):
        """The workbook is brought in and its rehearsal ordered."""
        state = self._copy(self.bare)
        with state.opened():
            ground.order_rehearsal(self.clerk, self.path)
        return state

    @cached_property
    def committing(self):
        """The rehearsal is done, by a worker without a fault, and the commit ordered."""
        state = self._copy(self.rehearsing)
        finished(state)
        with state.opened():
            ground.order_commit(self.clerk)
        return state

    @cached_property
    def exporting(self):
        """The clerk has ordered the export of all results on the page."""
        state = self._copy(self.bare)
        web, address = state.web()
        visitor = log_in(HttpVisitor(address), self.clerk)
        visitor.open("/office/course_result/export/")
        visitor.press("导出")
        visitor.close()
        web.kill()
        assert facts.last_job(state)[0] == "queued", web.said()
        return state

    @cache
    def undisturbed(self, state):
        """(facts, seconds) of what comes of a state without a fault."""
        copy = self._copy(getattr(self, state))
        seconds = finished(copy)
        return facts.OF[state](copy), seconds


def finished(installation):
    """Let a worker do the last job to its end; returns the seconds from its first sign to its last."""
    worker = installation.worker()
    until(lambda: facts.last_job(installation)[0] != "queued", "作业开始", [worker])
    started = time.monotonic()
    until(lambda: facts.last_job(installation)[0] not in ("queued", "running"), "作业结束", [worker])
    seconds = time.monotonic() - started
    worker.kill()
    return seconds


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """The runs of one database stay together, because they share its base. SQLite is a file: it has no server that could go away, and
    one process serves it."""
    here = [item for item in items if item.path.parent == HERE]
    away = [item for item in here if item.path.name in ("test_outages.py", "test_restart.py") and item.callspec.params["engine"] == "sqlite"]
    items[:] = [item for item in items if item not in away]
    config.hook.pytest_deselected(items=away)
    for item in here:
        item.add_marker(pytest.mark.xdist_group(f"torture {item.callspec.params['engine']}"))
