"""The ledger of long work: every job is done once, whatever happens to the workers."""
import datetime as dt
import threading

import pytest

from models import clock
from models.audit import Entry
from models.base import writing
from models.files import File
from models.jobs import Job
from models.people import User
from models.reference import Announcement
from models.workflow import Refused
from tasks import jobs, queue


@pytest.fixture
def runners(database):
    """Runners registered in a test, forgotten after it."""
    before = dict(jobs.RUNNERS)
    yield jobs.RUNNERS
    jobs.RUNNERS.clear()
    jobs.RUNNERS.update(before)


@pytest.fixture
def unheard(runners, monkeypatch):
    """Nobody listens to the queue: jobs wait until the test works on them."""
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)


def counting(chunks=3):
    """A runner that writes one row per chunk together with its progress and goes on from its checkpoint."""
    def runner(job, progress):
        for chunk in range(job.checkpoint or 0, chunks):
            with writing():
                Announcement.create(title=f"{job.id}.{chunk}", body="")
                progress(chunk + 1, chunks, f"第 {chunk + 1} 段", checkpoint=chunk + 1)
    return runner


def written():
    return sorted(a.title for a in Announcement.select())


def test_a_submitted_job_is_done_with_its_progress(runners):
    jobs.job("count", "数数")(counting())
    row = Job.get_by_id(jobs.submit("count", "", None).id)
    assert (row.state, row.done, row.total, row.attempts, row.title) == ("done", 3, 3, 1, "数数")
    assert row.finished_at is not None and len(written()) == 3


def test_nothing_is_started_when_the_transaction_around_is_taken_back(runners):
    jobs.job("count", "数数")(counting())
    with pytest.raises(ZeroDivisionError), writing():
        jobs.submit("count", "", None)
        1 / 0
    assert Job.select().count() == 0 and written() == []


def test_the_file_that_a_runner_returns_is_the_result(runners):
    jobs.job("print", "打印")(lambda job, progress: File.keep(b"x", "x.txt", "result", "text/plain"))
    assert Job.get_by_id(jobs.submit("print", "", None).id).result.read() == b"x"


def test_eight_workers_do_each_of_twenty_jobs_once(unheard):
    jobs.job("count", "数数")(counting(1))
    for _ in range(20):
        jobs.submit("count", "", None)

    def worker():
        with queue.connected():
            while row := jobs.claim():
                jobs.run(row)
    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(row.state, row.attempts) for row in Job.select()] == [("done", 1)] * 20
    assert len(written()) == 20


def test_a_job_of_a_dead_worker_goes_on_from_its_checkpoint(unheard):
    jobs.job("count", "数数")(counting())
    submitted = jobs.submit("count", "", None)
    held = jobs.claim()
    progress = jobs.progress_of(held)
    with writing():
        Announcement.create(title=f"{held.id}.0", body="")
        progress(1, 3, checkpoint=1)
    assert jobs.claim() is None             # its holder still gave a sign of life just now
    with clock.at(clock.now() + jobs.LEASE + dt.timedelta(seconds=1)):
        jobs.run(jobs.claim())
    row = Job.get_by_id(submitted.id)
    assert (row.state, row.attempts, row.done) == ("done", 1, 3)          # whoever gets on is not poisoned: his attempts count anew
    assert written() == [f"{row.id}.{chunk}" for chunk in range(3)]


def test_a_worker_that_was_thought_dead_cannot_write_any_more(unheard):
    jobs.job("count", "数数")(counting())
    jobs.submit("count", "", None)
    slow = jobs.progress_of(jobs.claim())
    with clock.at(clock.now() + jobs.LEASE + dt.timedelta(seconds=1)):
        jobs.run(jobs.claim())
    with pytest.raises(jobs.Interrupted), writing():
        Announcement.create(title="too late", body="")
        slow(1, 3)
    assert "too late" not in written()


def test_a_poisoned_job_fails_after_three_attempts_and_does_not_block_others(unheard):
    @jobs.job("poison", "毒")
    def poison(job, progress):
        raise ZeroDivisionError

    jobs.job("count", "数数")(counting())
    bad, good = jobs.submit("poison", "", None), jobs.submit("count", "", None)
    while row := jobs.claim():
        jobs.run(row)
    bad, good = Job.get_by_id(bad.id), Job.get_by_id(good.id)
    assert (bad.state, bad.attempts) == ("failed", 3) and "日志编号" in bad.error
    assert good.state == "done"


def test_a_job_that_kills_its_worker_is_given_up_by_the_sweep(unheard):
    jobs.job("count", "数数")(counting())
    jobs.submit("count", "", None)
    now = clock.now()
    for attempt in range(3):
        with clock.at(now + attempt * 2 * jobs.LEASE):
            assert jobs.claim().attempts == attempt + 1
    with clock.at(now + 6 * jobs.LEASE):
        assert jobs.claim() is None
        jobs.sweep()
    row = Job.get()
    assert row.state == "failed" and "中断 3 次" in row.error


def test_the_sweep_wakes_somebody_for_jobs_nobody_heard_of(runners, monkeypatch):
    jobs.job("count", "数数")(counting())
    with monkeypatch.context() as deaf:
        deaf.setattr(queue, "_leave", lambda task, args: None)
        for _ in range(3):
            jobs.submit("count", "", None)
    jobs.sweep()
    assert [row.state for row in Job.select()] == ["done"] * 3


def test_a_queue_that_does_not_answer_undoes_nothing(runners, monkeypatch):
    def broken(*args):
        raise ConnectionError
    jobs.job("count", "数数")(counting())
    monkeypatch.setattr(queue.huey, "enqueue", broken)
    assert Job.get_by_id(jobs.submit("count", "", None).id).state == "queued"


def test_a_cancelled_job_stops_at_its_next_chunk_which_is_not_kept(unheard):
    person = User.create(username="somebody", fs_uniquifier="x")

    @jobs.job("count", "数数")
    def runner(job, progress):
        counting(1)(job, progress)
        jobs.cancel(job, person)
        with writing():
            Announcement.create(title="too late", body="")
            progress(2, 3)

    jobs.submit("count", "", person)
    jobs.run(jobs.claim())
    row = Job.get()
    assert row.state == "cancelled" and "too late" not in written()
    assert Entry.get(Entry.entity == "job").verb == "cancel"
    with pytest.raises(Refused, match="已经结束"):
        jobs.cancel(row, person)


def test_a_job_that_failed_can_be_repeated_and_goes_on_from_its_checkpoint(unheard):
    person, seen = User.create(username="somebody", fs_uniquifier="x"), []

    @jobs.job("fickle", "时好时坏")
    def runner(job, progress):
        seen.append(job.checkpoint)
        with writing():
            progress(1, 2, checkpoint={"row": 1})
        if len(seen) == 1:
            raise Refused(["先失败一次"])

    jobs.submit("fickle", "", person)
    jobs.run(jobs.claim())
    assert Job.get().state == "failed"
    jobs.retry(Job.get(), person)
    jobs.run(jobs.claim())
    assert Job.get().state == "done" and seen == [None, {"row": 1}]
    with pytest.raises(Refused, match="没有失败"):
        jobs.retry(Job.get(), person)


def test_a_refusal_is_not_tried_again(unheard):
    @jobs.job("refused", "被拒")
    def runner(job, progress):
        raise Refused(["不在报送时间内"])

    jobs.submit("refused", "", None)
    jobs.run(jobs.claim())
    assert (Job.get().state, Job.get().error, Job.get().attempts) == ("failed", "不在报送时间内", 1)


def test_an_unknown_kind_fails_with_a_sentence(unheard):
    jobs.submit("from_a_newer_version", "新", None)
    jobs.run(jobs.claim())
    assert Job.get().state == "failed" and "from_a_newer_version" in Job.get().error


def test_a_process_that_ends_hands_its_job_back(unheard):
    jobs.job("count", "数数")(counting())
    jobs.submit("count", "", None)
    jobs.stopping.set()
    try:
        jobs.run(jobs.claim())
    finally:
        jobs.stopping.clear()
    row = Job.get()
    assert (row.state, row.owner, row.attempts) == ("queued", None, 0) and written() == []
