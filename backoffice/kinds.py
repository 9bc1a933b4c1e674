"""Kinds of values: how the value of a field reads on a screen, is written into a box, read back from text and put into a sheet.

One object per column, made once with the screen; lists, details, filters, forms, step questions and exports all use it.
"""
import datetime as dt
import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from peewee import DecimalField

from models.identity import masked
from models.texts import one_line, readable

BIGGEST = 2**31 - 1       # what an integer column of PostgreSQL holds


class Kind:
    """Text in one line; the others say where they differ. `box` is the control of a form, `picks` the kind of filter."""
    box, picks, css, long = "line", "start", "", False

    def __init__(self, field=None):
        self.field = field

    def text(self, value):
        """The value as it is read; empty where there is none."""
        return "" if value is None else str(value)

    def typed(self, value):
        """The value as it stands in a box."""
        return self.text(value)

    def read(self, text):
        """The value behind what was typed, None for nothing; ValueError with what is required and what is there."""
        return one_line(text).strip() or None

    def sheet(self, value):
        """The value for a workbook: a number, a date or a text."""
        return self.text(value)

    def tone(self, value):
        """The tone of its badge; None where it has none."""
        return None


class Long(Kind):
    box, long = "text", True

    def read(self, text):
        return readable(text).strip() or None

    def typed(self, value):
        return value or ""

    def text(self, value):
        return value or ""


class Number(Kind):
    picks, css, box = "range", "num", "number"

    @property
    def places(self):
        return self.field.decimal_places if isinstance(self.field, DecimalField) else 0

    def text(self, value):
        if value is None:
            return ""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)

    def read(self, text):
        text = unicodedata.normalize("NFKC", text).strip().replace(",", "")
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"要求数字，实际“{text}”") from None
        if not value.is_finite() or abs(value) > BIGGEST:
            raise ValueError(f"要求不超过 {BIGGEST} 的数字，实际“{text}”")
        if value != round(value, self.places):
            raise ValueError(f"要求{f'最多 {self.places} 位小数' if self.places else '整数'}，实际“{text}”")
        if self.places and abs(value) >= 10 ** (self.field.max_digits - self.places):
            raise ValueError(f"要求小于 {10 ** (self.field.max_digits - self.places)}，实际“{text}”")
        return value if isinstance(self.field, DecimalField) else int(value)

    def sheet(self, value):
        return value


class Figure(Number):
    """A count with marks between the thousands."""

    def text(self, value):
        return "" if value is None else f"{value:,}"


class Size(Number):
    """Bytes in a unit that can be read."""

    def text(self, value):
        return "" if value is None else f"{value / 2**20:.1f} MB" if value >= 2**20 else f"{value / 1024:.0f} KB"


class Day(Kind):
    picks, css, box = "range", "num", "date"
    written = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")

    def text(self, value):
        return value.isoformat()[:10] if value else ""

    def read(self, text):
        text = unicodedata.normalize("NFKC", text).strip()
        if not text:
            return None
        found = self.written.fullmatch(text)
        try:
            return dt.date(*map(int, found.groups()))
        except (AttributeError, ValueError):
            raise ValueError(f"要求真实的日期，如 2027-03-09，实际“{text}”") from None

    def sheet(self, value):
        return value


class Moment(Day):
    box = "moment"

    def text(self, value):
        return value.isoformat(" ")[:16] if value else ""

    def typed(self, value):
        return f"{value:%Y-%m-%dT%H:%M}" if value else ""

    def read(self, text):
        day, _, hour = text.strip().replace("T", " ").partition(" ")
        value = super().read(day)
        if value is None:
            return None
        try:
            return dt.datetime.combine(value, dt.time.fromisoformat(hour.strip() or "00:00"))
        except ValueError:
            raise ValueError(f"要求日期和时间，如 2027-03-09 09:00，实际“{text}”") from None


class DayOf(Moment):
    """A moment of which only the day is shown."""
    text = Day.text

    def sheet(self, value):
        return value.date() if value else None


class Hour(Kind):
    picks, css, box = "", "num", "hour"

    def text(self, value):
        return f"{value:%H:%M}" if value else ""

    def read(self, text):
        try:
            return dt.time.fromisoformat(text.strip()).replace(tzinfo=None) if text.strip() else None
        except ValueError:
            raise ValueError(f"要求时间，如 09:00，实际“{text}”") from None


class Json(Kind):
    """A table or list. `counted` says of a table of numbers what each of its codes counts."""
    picks, box, long = "", "text", True

    def __init__(self, field=None, counted=None):
        super().__init__(field)
        self.counted = counted or {}

    def text(self, value):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return "、".join(value)
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            return f"{len(value)} 项"
        if isinstance(value, dict) and all(isinstance(count, int) for count in value.values()):
            return "，".join(f"{label} {count}" for label, count in self._named(value))
        return "" if value is None else str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def _named(self, counts):
        """[(what is counted, how many)] in the order of the names."""
        return [(label, counts[code]) for code, label in (self.counted or {code: code for code in counts}).items() if code in counts]

    def typed(self, value):
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def read(self, text):
        try:
            return json.loads(text) if text.strip() else None
        except ValueError:
            raise ValueError("要求按 JSON 书写：数字直接写，文字加英文双引号，列表用方括号") from None


class Sealed(Kind):
    """A number that is kept encrypted and shown with its middle hidden."""
    picks = ""

    def text(self, value):
        return masked(value) if value else ""

    def typed(self, value):
        return value or ""


class Open(Sealed):
    """A sealed number where the work at hand needs the whole of it."""

    def text(self, value):
        return value or ""


class Shown(Kind):
    """What a property of the row says: text, a number, a day, a list of sentences."""
    picks, box, long = "", "", True

    def text(self, value):
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, dt.datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        return "；".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)

    def sheet(self, value):
        return value if isinstance(value, (int, Decimal, dt.date)) and not isinstance(value, bool) else self.text(value)


class Masked(Kind):
    """A text of which the screen shows only the ends."""
    picks = ""

    def __init__(self, kind):
        super().__init__(kind.field)
        self.kind = kind

    def text(self, value):
        text = self.kind.text(value)
        return masked(text) if text else ""


class Presence(Kind):
    """Whether there is a value at all."""
    picks, box = "presence", ""

    def options(self):
        return [("0", "已填"), ("1", "未填")]
