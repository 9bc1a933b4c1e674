"""Kinds of values that are one of several: yes or no, a choice, a state, a code of a table, another row, a kept file."""
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

    def options(self):
        return [(str(value), label) for value, label in (self.choices or self.field.choices) if value != ""]

    def text(self, value):
        return "" if value in (None, "") else dict(self.options()).get(str(value), str(value))

    def typed(self, value):
        return "" if value is None else str(value)

    def read(self, text):
        if text and text not in dict(self.options()):
            raise ValueError(f"没有“{text}”这一项")
        if text and isinstance(self.field, IntegerField):
            return int(text)
        return text or None

    def tone(self, value):
        return self.tones.get(value)


class Coded(Choice):
    """A code of one of the code tables, shown by its name."""
    _loaded = {}         # {table: (until, options)}: a name is put right once in years, and is asked for on every page

    def __init__(self, field, table):
        super().__init__(field)
        self.table = table

    def options(self):
        until, options = self._loaded.get(self.table, (0, ()))
        if not options or monotonic() > until:
            options = list(names(self.table).items())
            self._loaded[self.table] = (monotonic() + KEPT, options)
        return options

    def text(self, value):
        known = dict(self.options())
        if self.table == LEVELLED and value and value not in known:
            value = next((code for code in known if code[1:] == value[1:]), value)
        return super().text(value)


class KindOf(Choice):
    """A kind of record by its table, as the log names it, shown by its label."""
    box = ""

    def options(self):
        return [(table, kind.label) for table, kind in Entity.kinds().items() if kind.label]


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

    def options(self):
        return [(kind, title) for kind, (title, _) in RUNNERS.items()]


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
