"""What happens when two undo one import at once, and when the undo outlasts the patience with its worker. Each protection has a twin without it."""
import datetime as dt
import threading

import pytest

from models.base import on_sqlite
from models.courses import CourseResult
from models.imports import ImportRun
from models.jobs import Job
from tasks import jobs, queue
from tasks.imports import runs
from tests.tasks.test_imports import HEAD, imported, sheet
from tests.test_races import PATIENCE, losers, together


@pytest.fixture
def run(world, tmp_path, monkeypatch):
    """An import of one result. From here on nobody listens to the queue: jobs wait until the test works on them."""
    run = imported(sheet(tmp_path, HEAD, (world.registered().register_number, "EC501", 85, "2026-03-01")), "course_result", world.clerk)
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)
    return run


def ordered():
    return Job.select().where(Job.kind == "import_undo").count()


def test_of_two_who_undo_one_import_one_orders_it(world, run):
    refused, = losers(together(*[lambda: runs.begin(ImportRun.get_by_id(run.id), "undo", "import_undo", world.clerk)] * 2))
    assert "上一次作业还没有结束" in refused and ordered() == 1
    jobs.run(jobs.claim())
    assert ImportRun.get_by_id(run.id).state == "undone" and not CourseResult.select().exists()


def test_without_the_step_both_would_order_it(world, run):
    """The twin: both look whether an undo is under way, both find none, both order it."""
    read = threading.Barrier(2, timeout=PATIENCE)

    def order():
        assert not ImportRun.get_by_id(run.id).under_way
        read.wait()
        return jobs.submit("import_undo", "", world.clerk, run=run.id)
    assert losers(together(order, order)) == [] and ordered() == 2


def test_an_undo_that_takes_long_is_not_taken_from_its_worker(world, run, monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", dt.timedelta(seconds=-1))          # whoever gives no sign counts as dead at once
    runs.begin(run, "undo", "import_undo", world.clerk)
    at_work, asked, take_back = threading.Event(), threading.Event(), runs.take_back

    def long(*args):
        at_work.set()
        assert on_sqlite() or asked.wait(PATIENCE)          # a write transaction of SQLite keeps the other one waiting
        return take_back(*args)
    monkeypatch.setattr(runs, "take_back", long)

    def second():
        at_work.wait(PATIENCE)
        try:
            return jobs.claim()
        finally:
            asked.set()
    assert together(lambda: jobs.run(jobs.claim()), second)[1] is None
    assert ImportRun.get_by_id(run.id).state == "undone" and Job.get(Job.kind == "import_undo").attempts == 1


def test_a_worker_that_gives_no_sign_and_holds_nothing_counts_as_dead(world, run, monkeypatch):
    """The twin: the same job, taken up by a worker that does not hold its row."""
    monkeypatch.setattr(jobs, "LEASE", dt.timedelta(seconds=-1))
    runs.begin(run, "undo", "import_undo", world.clerk)
    first, second = jobs.claim(), jobs.claim()
    assert first.id == second.id and second.attempts == 2
