"""Counting failures: the lock, its growing delay, and that neither parallel tries nor other processes get past it."""
import datetime as dt
from threading import Barrier, Thread

import pytest

from models import clock
from models.base import db
from models.throttles import Throttle, forgive, standing, take_try, use_once

MORNING = dt.datetime(2026, 3, 20, 9)


@pytest.fixture
def row(database):
    with clock.at(MORNING):
        yield Throttle.row("address", "10.0.0.1")


def fail(row, times):
    return [take_try(row, 5) for _ in range(times)]


def test_one_address_has_one_row_and_its_address_cannot_be_read(row):
    assert Throttle.row("address", "10.0.0.1").id == row.id and "10.0.0.1" not in row.key
    assert Throttle.row("address", "10.0.0.2").id != row.id != Throttle.row("identity", "10.0.0.1").id


def test_every_five_failures_lock_it_each_time_twice_as_long_up_to_a_day(row):
    now, minutes = MORNING, []
    for _ in range(9):
        with clock.at(now):
            assert fail(row, 6) == [True] * 5 + [False]
            until = standing(row)[1]
        minutes.append((until - now).seconds // 60 + (until - now).days * 1440)
        now = until
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_the_count_begins_anew_after_a_day_without_failures_or_when_it_is_forgiven(row):
    fail(row, 4)
    with clock.at(MORNING + dt.timedelta(days=1, seconds=1)):
        assert standing(row) == (0, None) and fail(row, 1) == [True] and standing(row) == (1, None)
        forgive(row)
        assert standing(row) == (0, None)


def race(attempt, threads=20):
    """What came of one attempt in each of many threads that start together."""
    came, ready = [], Barrier(threads)

    def run():
        with db.connection_context(), clock.at(MORNING):
            ready.wait(30)
            came.append(attempt())
    started = [Thread(target=run) for _ in range(threads)]
    [thread.start() for thread in started]
    [thread.join() for thread in started]
    return came


def test_parallel_tries_do_not_get_past_the_limit(row):
    assert sorted(race(lambda: take_try(row, 5))) == [False] * 15 + [True] * 5


def test_what_may_be_used_once_is_used_by_one_of_many(row):
    assert sorted(race(lambda: use_once("challenge", "abc"), 8)) == [False] * 7 + [True]
