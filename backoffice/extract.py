"""The values of many rows for a sheet, column by column: only the fields that are needed, one query per table and batch, no row objects
but where a property or the name of another row asks for them."""
import datetime as dt
from collections import namedtuple

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, JSONField, TextField

from backoffice.choices import Choice, Row
from backoffice.kinds import Day, DayOf, Kind, Long, Moment, Number, Open, Sealed
from backoffice.paths import load_owners, named_by
from models.base import db
from models.bulk import among
from models.sealed import SealedField

Output = namedtuple("Output", "label width form column make")      # one column of a sheet; `make` turns the value of the field into its content
REMEMBERED = 20_000             # values of one column that are not worked out twice
FORMS = ((DayOf, "day"), (Moment, "moment"), (Day, "day"), (Number, "number"))


def outputs(columns, codes=False, full=False):
    """The columns of a sheet: numbers that are kept encrypted with their middle hidden unless `full`; with `codes` the code of every
    coded value stands before its name."""
    found = []
    for column in columns:
        kind, end = column.kind, column.path.end
        if isinstance(end, SealedField):
            kind = Open(end) if full else Sealed(end)
        code = _code(kind, end) if codes else None
        if code:
            found.append(Output(f"{column.label}代码", 0, "text", column, code))
        form = "any" if end is None else next((form for types, form in FORMS if isinstance(kind, types)), "text")
        found.append(Output(column.label, column.width, form, column, kind.sheet))
    return found


def sealed(columns):
    """Those of some columns whose values are kept encrypted."""
    return [column for column in columns if isinstance(column.path.end, SealedField)]


def _code(kind, end):
    """Function from a value to its code; None for a column that has none."""
    if isinstance(kind, Choice) and end.name != "state" and end.field_type != "BOOL":
        return kind.typed
    if isinstance(kind, Row) and "code" in end.rel_model._meta.fields:
        return lambda row: row.code if row is not None else ""
    return None


class Extract:
    """Reads batches of a list for its outputs."""

    def __init__(self, listing, found):
        self.listing, self.outputs = listing, found
        self.paths = {output.column.path for output in found if output.column.path.end is not None}
        self.names = {path.end: {} for path in self.paths if isinstance(path.end, ForeignKeyField)}
        self.makers = [_maker(output, self.names) for output in found]

    def batches(self, size):
        """[the contents of each output] of one batch after the other, through the whole list."""
        for ids in self.listing.all_ids(size):
            values = _values(self.listing.model, ids, [(path, path.links) for path in self.paths])
            there = [id for id in ids if id in values[None]]
            rows = self._rows(there)
            for path in self.paths:
                if isinstance(path.end, ForeignKeyField):
                    self._learn(path.end, set(values[path].values()))
            yield [self._content(output, make, values, there, rows) for output, make in zip(self.outputs, self.makers)]

    def _content(self, output, make, values, ids, rows):
        path = output.column.path
        if path.end is None:
            return [make(output.column.get(row)) for row in rows]
        return make(list(map(values[path].get, ids)))

    def _rows(self, ids):
        """The rows themselves, where an output is a property of them."""
        columns = [output.column for output in self.outputs if output.column.path.end is None]
        return self.listing.rows(ids, columns) if columns else []

    def _learn(self, link, keys):
        """Know the rows that a foreign key points to."""
        known, kind = self.names[link], link.rel_model
        if len(known) > REMEMBERED:
            known.clear()
        wanted = keys - known.keys() - {None}
        if wanted:
            found = list(kind.select().where(among((kind.id,), list(wanted))))
            load_owners(found, named_by(kind))
            known.update((row.id, row) for row in found)


def _values(kind, ids, paths):
    """{path: {id: value as it is stored}} for [(path, the links still to go)]; under None the rows that are there."""
    names = list(dict.fromkeys((links[0] if links else path.end) for path, links in paths))
    cursor = db.execute(kind.select(kind.id, *names).where(among((kind.id,), ids)))
    columns = list(zip(*cursor.fetchall())) or [()] * (len(names) + 1)
    here = {field: dict(zip(columns[0], column)) for field, column in zip(names, columns[1:])}
    found = {None: dict.fromkeys(columns[0])}
    found.update((path, here[path.end]) for path, links in paths if not links)
    for link in {links[0] for _, links in paths if links}:
        keys = here[link]
        further = [(path, links[1:]) for path, links in paths if links and links[0] is link]
        beyond = _values(link.rel_model, list({key for key in keys.values() if key is not None}), further)
        found.update((path, dict(zip(keys, map(beyond[path].get, keys.values())))) for path, _ in further)
    return found


class Memo(dict):
    """What a function makes of the values that it met."""

    def __init__(self, function):
        self.function = function

    def __missing__(self, value):
        if len(self) > REMEMBERED:
            self.clear()
        made = self[value] = self.function(value)
        return made


def _maker(output, names):
    """Function from the stored values of a batch to the contents of its cells; `names` has the rows that foreign keys point to."""
    end, make = output.column.path.end, output.make
    if end is None:
        return make
    if isinstance(end, ForeignKeyField):
        memo = Memo(lambda key: make(names[end].get(key)))
        return lambda keys: [memo[key] for key in keys]
    if isinstance(end, (CharField, TextField)) and not isinstance(end, SealedField) and type(output.column.kind) in (Kind, Long):
        return lambda values: values
    read = _reader(end)
    if isinstance(end, (SealedField, JSONField)):
        return lambda values: [make(read(value)) for value in values]
    memo = Memo(lambda value: make(read(value)))
    return lambda values: [memo[value] for value in values]


def _reader(end):
    """Function from the stored value of a field to the value of its rows; dates are read at once, peewee tries their forms in turn."""
    if isinstance(end, DateTimeField):
        return lambda value: dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(end, DateField):
        return lambda value: dt.date.fromisoformat(value) if isinstance(value, str) else value
    return end.python_value
