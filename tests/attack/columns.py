"""Mass assignment: a form is sent as it stands, and once more with every column of every kind beside; what is written must be the same."""
from peewee import BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, fn

from models.registry import ENTITIES
from models.sealed import SealedField

UNTOLD = {"Entry", "Version", "AuditDay", "File", "Login", "Throttle", "Tally", "Job", "Serial", "Outbox"}       # the machinery writes them, some with chance in them
BY_CHANCE = {"token", "secret", "hint", "code", "fs_uniquifier", "password", "former_passwords", "code_secret", "recovery_codes", "kept", "digest", "address"}


def everything(sheet):
    """{column: value} of every column of every kind that the form does not ask for."""
    asked = sheet.asked | {name for name, _ in sheet.fields} | {"id", "confirm", "all", "act", "next"}
    found = {}
    for kind in ENTITIES.values():
        for name, column in kind._meta.fields.items():
            if name not in asked and f"{name}.said" not in asked:
                found.setdefault(name, _value(kind, column))
    return found | {"state": "awarded"} if "state" not in asked else found


def _value(kind, column):
    if column.name == "state":
        return "awarded"
    if isinstance(column, (DateField, DateTimeField)):
        return "2001-01-01"
    return "1" if isinstance(column, (BooleanField, ForeignKeyField, IntegerField)) else "7"


def known():
    """{kind: highest number of a row so far}: one that is taken back is not given again by every database."""
    return {kind: kind.select(fn.MAX(kind.id)).scalar() or 0 for kind in ENTITIES.values()}


def written(last):
    """{kind: rows} of all that stands in the database, but for what the machinery writes for itself, moments, and the numbers of rows after the last."""
    found = {}
    for name, kind in ENTITIES.items():
        if name not in UNTOLD:
            columns = [column for column in kind._meta.sorted_fields if not isinstance(column, DateTimeField) and column.name not in BY_CHANCE and not isinstance(column, SealedField)]
            limits = [last[kind] if column.primary_key else last[column.rel_model] if isinstance(column, ForeignKeyField) else None for column in columns]
            found[name] = [["new" if limit is not None and value is not None and value > limit else value for value, limit in zip(row, limits)]
                           for row in kind.select(*columns).order_by(kind.id).tuples()]
    return found
