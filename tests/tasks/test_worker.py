"""Worker threads on the real queues: what is submitted gets done, and ending them leaves nothing half done."""
import threading
from dataclasses import replace

import pytest

from models.base import writing
from models.jobs import Job
from tasks import jobs, setup, worker


@pytest.fixture(params=("file", "redis"))
def queue_settings(request, settings):
    return replace(settings, redis_url=request.getfixturevalue("redis_url")) if request.param == "redis" else settings


@pytest.fixture
def at_work(queue_settings, database, monkeypatch):
    """Two worker threads, which end with the test; and an event that their runner sets."""
    monkeypatch.setattr(jobs, "RUNNERS", {})
    setup.open_all(queue_settings)
    database.connect(reuse_if_open=True)
    stop = worker.start(2)
    yield stop
    stop()


def test_a_job_is_done_by_a_thread_of_the_worker(at_work):
    done = threading.Event()

    @jobs.job("quick", "快")
    def runner(job, progress):
        assert threading.current_thread() is not threading.main_thread()
        done.set()

    jobs.submit("quick", "", None)
    assert done.wait(20)
    at_work()           # waits for the threads
    assert Job.get().state == "done"


def test_ending_the_worker_hands_a_long_job_back_for_the_next_one(at_work):
    started, ended = threading.Event(), threading.Event()

    @jobs.job("long", "久")
    def runner(job, progress):
        for chunk in range(job.checkpoint or 0, 1000):
            with writing():
                progress(chunk, 1000, checkpoint=chunk)
            started.set()
            ended.wait(0.01)

    jobs.submit("long", "", None)
    assert started.wait(20)
    at_work()
    row = Job.get()
    assert (row.state, row.owner, row.attempts) == ("queued", None, 0) and row.checkpoint is not None
