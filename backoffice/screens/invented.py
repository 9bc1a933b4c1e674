"""Invented rows of the shape of a kind of record: IT staff see what a screen will look like, and no case. Nothing but code tables
is asked of the database."""
import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from peewee import BooleanField, DateField, DateTimeField, DecimalField, FloatField, ForeignKeyField, IntegerField, JSONField, TimeField

from backoffice.choices import Account, Choice, Kept, Row
from backoffice.kinds import Masked
from models import clock
from models.roles import ROLES
from models.sealed import SealedField

ROWS = 5
NUMBER = "11010119900101000X"        # of nobody: its check character is wrong


def as_role(role):
    """Somebody who holds one role, and nothing else."""
    return SimpleNamespace(id=0, powers=lambda: [(role, ROLES[role][1])], role_names=[role], institution_id=None, college_id=None, place=lambda level: None)


def cells(column, n):
    """(text, tone) of an invented value in the n-th row."""
    kind = column.kind.kind if isinstance(column.kind, Masked) else column.kind
    end = column.path.end
    if end is None or isinstance(kind, (Row, Kept, Account)):
        text = f"示例{column.label}{n + 1}"
        return (column.kind.text(text) if isinstance(column.kind, Masked) else text), None
    value = _value(end, kind, n, column.label)
    try:
        return column.kind.text(value), column.kind.tone(value)
    except (TypeError, ValueError, AttributeError):
        return f"示例{column.label}{n + 1}", None


def _value(field, kind, n, label):
    if isinstance(kind, Choice) and not isinstance(field, BooleanField):
        options = kind.options()
        return kind.read(options[n % len(options)][0]) if options else None
    day = clock.today() - dt.timedelta(days=30 * n)
    made = ((SealedField, NUMBER), (BooleanField, n % 2 == 0), (DateTimeField, dt.datetime.combine(day, dt.time(9, 30))), (DateField, day),
            (TimeField, dt.time(9, 0)), (DecimalField, Decimal(10 + n)), ((IntegerField, FloatField), 10 + n), (ForeignKeyField, None), (JSONField, None))
    return next((value for types, value in made if isinstance(field, types)), f"示例{label}{n + 1}")


def table(screen):
    """[[(text, tone)]] of invented rows of a screen's list."""
    return [[cells(column, n) for column in screen.columns] for n in range(ROWS)]


def details(screen):
    """[(section, [(label, text, tone)])] of an invented row's page."""
    return [(section, [(column.label, *cells(column, 0)) for column in section.items]) for section in screen.details]
