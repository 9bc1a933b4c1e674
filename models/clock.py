"""The one clock: Asia/Shanghai wall time, whatever zone the server runs in. Tests and the demo world set it."""
import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set = ContextVar("clock", default=None)
_stopped = None          # a moment for every thread of the process: a server under test


def now():
    """The present moment as a naive datetime in Shanghai wall time, without microseconds."""
    return _set.get() or _stopped or dt.datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)


def today():
    return now().date()


@contextmanager
def at(moment):
    """Inside the block it is `moment` (a date means nine in the morning)."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(9))
    token = _set.set(moment)
    try:
        yield moment
    finally:
        _set.reset(token)


def stop(moment=None):
    """Stop the clock of the whole process at `moment` (a date means nine in the morning); without one it runs again."""
    global _stopped
    _stopped = dt.datetime.combine(moment, dt.time(9)) if moment and not isinstance(moment, dt.datetime) else moment


def start_of(day):
    """The first moment of a day."""
    return dt.datetime.combine(day, dt.time())


def days(count):
    return dt.timedelta(days=count)


def years_after(start, years):
    """The same day `years` later; 29 February becomes 28 February where the year has no 29th. The day itself still counts."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def in_window(day, first, last):
    """A window includes its last day until 24:00; an open end is None."""
    return (first is None or first <= day) and (last is None or day <= last)
