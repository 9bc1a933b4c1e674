"""The timetable: every line has its row, runs when it is due and once, says how it ended, and never holds up the others."""
import datetime as dt
import threading
from dataclasses import replace

import pytest

from models import clock
from models.audit import Entry
from models.timed import TimedRun
from models.workflow import Refused
from tasks import queue, timetable
from tasks.timetable import At, Line

NOON = dt.datetime(2026, 3, 20, 12, 0, 30)


@pytest.fixture
def lines(database, monkeypatch):
    """A timetable of two lines in a table of its own; the list of what ran."""
    ran = []
    TimedRun.update(next_at=dt.datetime(2100, 1, 1)).execute()
    monkeypatch.setattr(timetable, "TIMETABLE", (Line("bad", "坏的", lambda: 1 / 0), Line("good", "好的", lambda: ran.append(clock.now()), At(5, hour=6))))
    with clock.at(NOON):
        timetable.enter()
        yield ran


def row(name):
    return TimedRun.get(TimedRun.name == name)


@pytest.mark.parametrize("at, words, after", [
    (At(), "每分钟", "2026-03-20 12:01"), (At(0), "每小时 00 分", "2026-03-20 13:00"), (At(1), "每小时 01 分", "2026-03-20 12:01"), (At(59), "每小时 59 分", "2026-03-20 12:59"),
    (At(5, hour=6), "每天 06:05", "2026-03-21 06:05"), (At(30, hour=12), "每天 12:30", "2026-03-20 12:30"), (At(0, hour=12), "每天 12:00", "2026-03-21 12:00")])
def test_the_next_time_follows_from_the_line(at, words, after):
    assert str(at) == words and f"{at.after(NOON):%Y-%m-%d %H:%M}" == after and at.after(at.after(NOON)) > at.after(NOON)


def test_every_line_of_the_program_has_its_row_after_setup(database):
    assert {line.name for line in timetable.TIMETABLE} == {name for name, in TimedRun.select(TimedRun.name).tuples()}
    assert not TimedRun.select().where(TimedRun.runs > 0).exists()


def test_a_line_runs_when_it_is_due_and_not_before(lines):
    with clock.at(dt.datetime(2026, 3, 21, 6, 4)):
        timetable.run_due()
    assert lines == [] and row("good").state == "waiting"
    with clock.at(dt.datetime(2026, 3, 21, 6, 5)) as due:
        timetable.run_due()
        timetable.run_due()
    good = row("good")
    assert lines == [due] and (good.state, good.runs, good.started_at, good.ended_at) == ("done", 1, due, due)
    assert good.next_at == dt.datetime(2026, 3, 22, 6, 5) and good.seconds is not None


def test_what_was_due_while_no_worker_lived_is_run_once_by_the_next_one(lines):
    with clock.at(dt.datetime(2026, 3, 24, 15, 0)):
        timetable.run_due()
        timetable.run_due()
    assert len(lines) == 1 and row("good").next_at == dt.datetime(2026, 3, 25, 6, 5)


def test_a_line_that_fails_says_so_and_the_others_run(lines):
    with clock.at(dt.datetime(2026, 3, 21, 7, 0)):
        timetable.run_due()
    assert row("bad").state == "failed" and "ZeroDivisionError，日志编号" in row("bad").error and len(lines) == 1


def test_of_workers_that_come_in_the_same_minute_one_runs_a_line(lines, monkeypatch):
    start, moment = threading.Barrier(6), dt.datetime(2026, 3, 21, 6, 5)

    def worker():
        with queue.connected(), clock.at(moment):
            start.wait()
            timetable.run_due()
    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines) == 1 and row("good").runs == 1


def test_a_line_is_not_begun_again_while_it_runs_unless_its_worker_is_dead(lines):
    moment = dt.datetime(2026, 3, 21, 6, 5)
    TimedRun.update(state="running", started_at=moment - timetable.LONGEST).where(TimedRun.name == "good").execute()
    with clock.at(moment):
        timetable.run_due()
    assert lines == []
    with clock.at(moment + dt.timedelta(seconds=1)):
        timetable.run_due()
    assert len(lines) == 1 and row("good").state == "done"


def test_a_line_can_be_run_at_once_and_that_is_recorded(lines):
    timetable.run_now(row("good"), None)
    assert lines == [NOON] and row("good").next_at == dt.datetime(2026, 3, 21, 6, 5)
    assert Entry.get(Entry.entity == "timed_run").verb_label == "立即执行"
    TimedRun.update(state="running").where(TimedRun.name == "good").execute()
    with pytest.raises(Refused, match="正在执行"):
        timetable.run_now(row("good"), None)


def test_a_line_whose_time_was_changed_goes_by_the_new_one(lines, monkeypatch):
    bad, good = timetable.TIMETABLE
    monkeypatch.setattr(timetable, "TIMETABLE", (bad, replace(good, at=At(0, hour=13))))
    timetable.enter()
    assert (row("good").schedule, row("good").next_at) == ("每天 13:00", dt.datetime(2026, 3, 20, 13))
