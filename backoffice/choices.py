"""Kinds of values that are one of several: yes or no, a choice, a state, a code of a table, another row, a kept file."""
from functools import cached_property
from time import monotonic

from flask import g, has_app_context
from peewee import IntegerField

from backoffice.kinds import BIGGEST, Kind
from backoffice.uploads import scan_of
from models.base import Entity
from models.people import User
from models.reference import names
from tasks.jobs import RUNNERS

LEVELLED = "degree_category"       # the first digit of its codes says which degree (GB/T 6864), and the table has those of the master's: the category is the rest
KEPT = 60        # seconds that the names of a code table are remembered


class Tick(Kind):
    picks, box = "choice", "tick"

    def __init__(self, field=None, tones=None):
        super().__init__(field)
        self.tones = tones or {}

    def options(self):
        return [("1", "是"), ("0", "否")]

    def text(self, value):
        return "" if value is None else "是" if value else "否"

    def read(self, text):
        if text not in ("", "0", "1", "y", "on"):
            raise ValueError(f"要求是或否，实际“{text}”")
        return text not in ("", "0")

    def tone(self, value):
        return self.tones.get(value)


class Choice(Kind):
    """One of a few: the choices of the field, or the states of the model."""
    picks, box = "choice", "choice"

    def __init__(self, field, choices=None, tones=None):
        super().__init__(field)
        self.choices, self.tones = choices, tones or {}

    @cached_property
    def labels(self):
        """{value as text: what it reads}."""
        return {str(value): label for value, label in (self.choices or self.field.choices) if value != ""}

    def options(self):
        return list(self.labels.items())

    def text(self, value):
        return "" if value is None or value == "" else self.labels.get(str(value), str(value))

    def typed(self, value):
        return "" if value is None else str(value)

    def read(self, text):
        if text and text not in self.labels:
            raise ValueError(f"没有“{text}”这一项")
        if text and isinstance(self.field, IntegerField):
            return int(text)
        return text or None

    def tone(self, value):
        return self.tones.get(value)


class Coded(Choice):
    """A code of one of the code tables, shown by its name."""
    _loaded = {}         # {table: (until, labels)}: a name is put right once in years, and is asked for on every page

    def __init__(self, field, table):
        super().__init__(field)
        self.table = table

    @property
    def labels(self):
        until, labels = self._loaded.get(self.table, (0, {}))
        if not labels or monotonic() > until:
            labels = names(self.table)
            self._loaded[self.table] = (monotonic() + KEPT, labels)
        return labels

    def text(self, value):
        if self.table == LEVELLED and value and value not in self.labels:
            value = next((code for code in self.labels if code[1:] == value[1:]), value)
        return super().text(value)


class KindOf(Choice):
    """A kind of record by its table, as the log names it, shown by its label."""
    box = ""

    @property
    def labels(self):
        return {table: kind.label for table, kind in Entity.kinds().items() if kind.label}


class Row(Kind):
    """Another row, shown by its name."""
    picks, box, css = "row", "row", "long"

    def typed(self, value):
        return "" if value is None else str(getattr(value, "id", value))

    def read(self, text):
        if not text.strip():
            return None
        if not text.isdecimal() or int(text) > BIGGEST:
            raise ValueError(f"没有“{text}”这一行")
        return int(text)


class Kept(Row):
    """A kept file; in a form the box in which another one is chosen."""
    picks, box = "", "file"

    def read(self, text):
        if not getattr(text, "filename", ""):
            return None
        return scan_of(text)


class JobKind(Choice):
    """A kind of job by the title of its runner."""
    box = ""

    @property
    def labels(self):
        return {kind: title for kind, (title, _) in RUNNERS.items()}


class Account(Kind):
    """The number of an account, shown by its name."""
    picks = box = ""

    def text(self, value):
        if value is None:
            return "系统"
        names = g.setdefault("names_of_accounts", {}) if has_app_context() else {}
        if value not in names:
            names[value] = str(User.get_or_none(User.id == value) or value)
        return names[value]

    def sheet(self, value):
        return self.text(value)
