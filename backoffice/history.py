"""What happened to a row: who did what and when, and which values it changed. Encrypted values stay masked."""
from dataclasses import dataclass, field

from peewee import JOIN, ForeignKeyField

from backoffice.fieldkinds import kind_of
from backoffice.paths import links_of, named_by
from models import extras
from models.audit import LOOKS, Entry, Version
from models.written import ask, blank


@dataclass
class Change:
    """One field before and after, as it was stored and as it is read."""
    name: str
    label: str
    kind: object
    values: tuple
    names: dict = field(default_factory=dict)      # id -> name, where the field points to rows

    def stored(self, n):
        value = self.values[n]
        return None if value is None else self.kind.field.python_value(value)

    def text(self, n):
        value = self.values[n]
        if isinstance(self.kind.field, ForeignKeyField):
            return self.names.get(value) or ("" if value is None else f"编号 {value}")
        return self.kind.text(self.stored(n))

    @property
    def before(self):
        return self.text(0)

    @property
    def after(self):
        return self.text(1)


@dataclass
class Event:
    """One entry of the audit log, with what it changed as far as that is still kept; a row that is new changes nothing."""
    entry: Entry
    changes: list


def differences(model, values):
    """The Changes behind {field: (before, after)} as Versions hold them."""
    found = _differences(model, values)
    _name_rows(found)
    return found


def _differences(model, values):
    found = []
    for name, (before, after) in _apart(model, values):
        column = model._meta.fields.get(name) or extras.of(model).get(name.removeprefix(f"{extras.COLUMN}."))
        kind = column and kind_of(column, model.STATES)
        if kind is not None:
            found.append(Change(name, column.verbose_name or name, kind, (before, after)))
    return found


def _name_rows(changes):
    """Give the changes the names of the rows that they point to, each kind of row asked once."""
    pointing = [change for change in changes if isinstance(change.kind.field, ForeignKeyField)]
    for model in {change.kind.field.rel_model: None for change in pointing}:
        mine = [change for change in pointing if change.kind.field.rel_model is model]
        ids = {value for change in mine for value in change.values} - {None}
        names = {row.id: str(row) for row in model.select().along(links_of(model, named_by(model))).where(model.id.in_(list(ids)))} if ids else {}
        for change in mine:
            change.names = names


def _apart(model, values):
    """The fields with their values before and after; each field that the site added by itself, under its present name."""
    for name, (before, after) in values.items():
        if name != extras.COLUMN:
            yield name, (before, after)
            continue
        before, after = before or {}, after or {}
        renamed = {field.was: key for key, field in extras.of(model).items() if field.was}
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                yield f"{extras.COLUMN}.{renamed.get(key, key)}", (before.get(key), after.get(key))


def events(row, limit=20, gone=()):
    """The last events of a row, newest first, without the fields that are not shown. It is part of the row: whoever sees the row sees them; who
    looked at it stands in the log alone."""
    found = [Event(entry, [change for change in _differences(type(row), _values(entry)) if change.name not in gone and (change.name != "state" or not entry.new_state)])
             for entry in ask(_last, row._meta.table_name, limit, row=row.id)]
    _name_rows([change for event in found for change in event.changes])
    return found


def _last(entity, limit):
    return (Entry.select(Entry, Version.values).join(Version, JOIN.LEFT_OUTER, on=(Version.entry == Entry.id), attr="version")
            .where(Entry.entity == entity, Entry.row_id == blank("row"), Entry.verb.not_in(LOOKS)).order_by(Entry.id.desc()).limit(limit))


def _values(entry):
    version = getattr(entry, "version", None)
    return (version.values or {}) if version is not None and entry.verb != "create" else {}
