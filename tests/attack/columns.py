"""Mass assignment: a form is sent as it stands, and once more with every column of every kind beside; what is written must be the same."""
from peewee import BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField

from models.registry import ENTITIES

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


def written():
    """All that stands in the database, but for what the machinery writes for itself and moments."""
    found = {}
    for name, kind in ENTITIES.items():
        if name not in UNTOLD:
            columns = [column for column in kind._meta.sorted_fields if not isinstance(column, DateTimeField) and column.name not in BY_CHANCE and type(column).__name__ != "SealedField"]
            found[name] = list(kind.select(*columns).order_by(kind.id).tuples())
    return found
