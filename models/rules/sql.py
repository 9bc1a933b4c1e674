"""Dates, JSON and history in SQL, the same on SQLite and PostgreSQL."""
import datetime as dt

from peewee import JOIN, OP, SQL, BooleanField, Case, DateField, DateTimeField, DecimalField, Expression, ForeignKeyField, IntegerField, Value, fn

from models import clock
from models.audit import Entry, Version
from models.base import on_sqlite

CASTS = ((DateTimeField, "timestamp"), (DateField, "date"), (DecimalField, "numeric"), (BooleanField, "boolean"), (IntegerField, "integer"),
         (ForeignKeyField, "integer"))


class View:
    """The records as they stood at the end of a day. For today and later that is how they stand; for a day that is past, a value is
    the one that the first version after the day replaced. With `as_now` only the years are counted to the day. What is told of one case from
    one view is asked once."""

    def __init__(self, day, as_now=False):
        self.day, self.past, self.known = day, day < clock.today() and not as_now, {}
        self.end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())

    @classmethod
    def of(cls, day):
        """The view of a day, of today when there is none; a view stays what it is."""
        return day if isinstance(day, View) else cls(day or clock.today())

    @property
    def shape(self):
        """What its statements depend on."""
        return self.day, self.past

    @classmethod
    def shaped(cls, day, past):
        """A view of the same shape, whatever day it is by now."""
        view = cls(day)
        view.past = past
        return view

    def once(self, key, ask):
        """What `ask()` answers, asked once of this view."""
        if key not in self.known:
            self.known[key] = ask()
        return self.known[key]

    def __call__(self, field):
        """The value of a field on the day."""
        if not self.past:
            return field
        kind = field.model
        later = (Version.select(before(field)).join(Entry)
                 .where(Entry.entity == kind._meta.table_name, Entry.row_id == kind.id, Entry.at >= self.end, named(field)).order_by(Version.id).limit(1))
        return Case(None, ((fn.EXISTS(later), later),), field)

    def or_first(self, field):
        """The value of a field on the day, or its value now for a row that did not exist yet."""
        return fn.COALESCE(self(field), field) if self.past else field

    def passed(self, moment):
        """Whether a moment of the records was over on the day; what stands today counts whatever its moment."""
        return self(moment) < self.end if self.past else Value(1) == 1

    @property
    def date(self):
        return a_date(self.day)


def named(field):
    """Whether a version names a field."""
    return fn.json_type(Version.values, f"$.{field.name}").is_null(False) if on_sqlite() else fn.jsonb_exists(Version.values, field.name)


def before(field):
    """The value of a field before a version, as the type of the field."""
    if on_sqlite():
        found = fn.json_extract(Version.values, f"$.{field.name}[0]")
        return found.cast("numeric") if isinstance(field, DecimalField) else found
    found = fn.jsonb_extract_path_text(Version.values, field.name, "0")
    return found.cast(next((name for kind, name in CASTS if isinstance(field, kind)), "text"))


def a_date(day):
    """A day as a constant that PostgreSQL takes for a date."""
    return Value(day.isoformat(), converter=False) if on_sqlite() else Value(day.isoformat(), converter=False).cast("date")


def date_of(year, month, day):
    """A day of a year that is an expression."""
    return year.cast("text").concat(f"-{month:02d}-{day:02d}") if on_sqlite() else fn.make_date(year, month, day)


def months_after(date, months):
    """The same day some months later, or the last day of that month; the same as clock.years_after for twelve months a year."""
    if not on_sqlite():
        return Expression(date, OP.ADD, fn.make_interval(0, months)).cast("date")      # the plus of a subquery itself would be a union
    later = Value("+", converter=False).concat(months).concat(" months")
    month_end = Value("+", converter=False).concat(months + 1).concat(" months")
    return fn.MIN(fn.date(date, later), fn.date(date, "start of month", month_end, "-1 day"))


def days_until(date, other):
    """Days from `date` to `other`."""
    return (fn.julianday(other) - fn.julianday(date)).cast("integer") if on_sqlite() else Expression(other, OP.SUB, date)


def of_cases(cases, query, link, on):
    """The query with the cases of a register joined to its kind, from the cases on: SQLite, which cannot know how few they are, must not
    turn the order round."""
    return query.from_(cases).join_from(cases, link.model, JOIN.CROSS).where(link == on)


def flag(condition):
    """1 or 0."""
    return Case(None, ((condition, 1),), 0)


NEVER = dt.date(9999, 12, 31)


def last_of(*dates):
    """The latest of several dates; NULL when one is missing."""
    never = a_date(NEVER)
    return fn.NULLIF((fn.MAX if on_sqlite() else fn.GREATEST)(*(fn.COALESCE(date, never) for date in dates)), never)


def json_object(pairs):
    """A JSON object of expressions."""
    return (fn.json_object if on_sqlite() else fn.jsonb_build_object)(*(part for name, value in pairs.items() for part in (SQL(f"'{name}'"), value)))


def day_from(value):
    """A date as the database or JSON gives it."""
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
