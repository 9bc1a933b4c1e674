"""Time: deadlines and windows include their last day, and the day is that of Shanghai."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock

DAYS = st.dates(dt.date(1985, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize("start, years, end", [
    (dt.date(2012, 3, 15), 5, dt.date(2017, 3, 15)),
    (dt.date(2012, 2, 29), 5, dt.date(2017, 2, 28)),
    (dt.date(2012, 2, 29), 4, dt.date(2016, 2, 29)),
    (dt.date(2013, 2, 28), 3, dt.date(2016, 2, 28)),
    (dt.date(1999, 12, 31), 6, dt.date(2005, 12, 31))])
def test_years_after_is_the_same_day_or_the_last_of_february(start, years, end):
    assert clock.years_after(start, years) == end


@given(DAYS, st.integers(1, 10))
def test_years_after_keeps_month_and_order(start, years):
    end = clock.years_after(start, years)
    assert (end.year, end.month) == (start.year + years, start.month) and start.day - end.day in (0, 1)
    assert clock.years_after(start + dt.timedelta(days=1), years) >= end


@given(DAYS, st.integers(0, 400), st.integers(-3, 403))
def test_a_window_includes_its_first_and_its_last_day_and_nothing_else(first, length, offset):
    last, day = first + dt.timedelta(days=length), first + dt.timedelta(days=offset)
    assert clock.in_window(day, first, last) == (0 <= offset <= length)


def test_an_open_end_of_a_window_is_no_bound():
    day = dt.date(2026, 3, 20)
    assert clock.in_window(day, None, day) and clock.in_window(day, day, None) and not clock.in_window(day, None, day - dt.timedelta(days=1))


def test_a_set_clock_stands_still_and_goes_back_afterwards():
    with clock.at(dt.date(2012, 2, 29)):
        assert clock.now() == dt.datetime(2012, 2, 29, 9) and clock.today() == dt.date(2012, 2, 29)
        with clock.at(dt.datetime(2013, 1, 1, 23, 59)):
            assert clock.today() == dt.date(2013, 1, 1)
        assert clock.today() == dt.date(2012, 2, 29)
    assert clock.today().year >= 2024


def test_the_day_changes_at_midnight_in_shanghai_whatever_the_zone_of_the_server(monkeypatch):
    class Server(dt.datetime):
        @classmethod
        def now(cls, zone=None):
            return dt.datetime(2026, 3, 31, 16, 0, tzinfo=dt.timezone.utc).astimezone(zone)
    monkeypatch.setattr(clock.dt, "datetime", Server)
    assert clock.now() == dt.datetime(2026, 4, 1, 0, 0) and clock.today() == dt.date(2026, 4, 1)
