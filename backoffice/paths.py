"""Paths from a row over its foreign keys to a value, like "programme.discipline", "values.XM" into JSON or "extra.campus_number" to a
field that the site added; and the owners of a page of rows, one query per key."""
import json
from dataclasses import dataclass
from operator import attrgetter

from peewee import SQL, ForeignKeyField, JSONField, fn

from models import extras
from models.base import on_sqlite
from models.bulk import among
from models.files import File
from models.written import Blank, ask


@dataclass(frozen=True)
class Path:
    """`links` are the foreign keys on the way, `end` the field at the end; None where a property or a part of a JSON value stands there."""
    text: str
    links: tuple
    end: object
    owner: type          # the model that has the end

    @classmethod
    def of(cls, model, text, added={}):
        """The path; LookupError(the part that leads nowhere, the names that would) when there is no such one. `added` are the fields
        that the site added, {model: {name: field}}."""
        *way, last = text.split(".")
        links, owner = [], model
        for part in way:
            link = owner._meta.fields.get(part)
            if isinstance(link, JSONField) and part == way[-1]:
                if part == extras.COLUMN:
                    fields = added.get(owner, {})
                    if last not in fields:
                        raise LookupError(last, list(fields))
                    return cls(text, tuple(links), fields[last], owner)
                return cls(text, tuple(links), None, owner)
            if not isinstance(link, ForeignKeyField):
                raise LookupError(part, [name for name, field in owner._meta.fields.items() if isinstance(field, ForeignKeyField)])
            links.append(link)
            owner = link.rel_model
        end = owner._meta.fields.get(last)
        if end is None and not isinstance(getattr(owner, last, None), property):
            raise LookupError(last, list(owner._meta.fields))
        return cls(text, tuple(links), end, owner)

    @property
    def label(self):
        """What the field calls itself; a property is called by the first line of its docstring."""
        if self.end is not None:
            return self.end.verbose_name or self.end.name
        found = getattr(self.owner, self.text.rpartition(".")[2], None)
        return (found.__doc__ or "").partition("\n")[0] if isinstance(found, property) else ""

    @property
    def own(self):
        """Whether the end is a column of the model itself."""
        return not self.links and self.end is not None

    def getter(self):
        """Function from a row to the value; None where the way ends early."""
        names = self.text.split(".")
        if len(names) == 1:
            return attrgetter(self.text)
        if isinstance(self.end, extras.Extra):
            return self._added(names[:-2])

        def get(row):
            for name in names:
                row = None if row is None else row.get(name) if isinstance(row, dict) else getattr(row, name)
            return row
        return get

    def _added(self, links):
        """Function from a row to the value of a field that was added; a file as its row, for pages of one row."""
        end = self.end

        def get(row):
            for name in links:
                row = None if row is None else getattr(row, name)
            value = None if row is None else end.of(row)
            return File.get_or_none(File.id == value) if end.kind == "file" and value is not None else value
        return get

    def where(self, condition):
        """The condition on the end as a condition on the rows where the path begins."""
        for link in reversed(self.links):
            condition = link.in_(link.rel_model.select(link.rel_model.id).where(condition))
        return condition

    def at(self, ids):
        """The condition that the row at the end is one of those with these ids."""
        *way, last = self.links or (self.owner.id,)
        condition = among([last], ids)
        for link in reversed(way):
            condition = link.in_(link.rel_model.select(link.rel_model.id).where(condition))
        return condition

    def probe(self, condition):
        """The same, as a question that each row asks about its own end."""
        for link in reversed(self.links):
            owner = link.rel_model
            condition = fn.EXISTS(owner.select(SQL("1")).where((owner.id == link) & condition))
        return condition

    def keys(self):
        """The foreign keys to be loaded for it, as tuples of names from the row on."""
        names = self.text.split(".")
        found = [tuple(names[:n + 1]) for n in range(len(self.links))]
        if isinstance(self.end, ForeignKeyField):
            found.append(tuple(names))
            found += [(*names, *rest) for rest in named_by(self.end.rel_model)]
        return found


def named_by(model):
    """The foreign keys that str() of a row reads, as tuples of names: those that its `__str__` mentions, and theirs."""
    mentioned, found = model.__str__.__code__.co_names, []
    for name in mentioned:
        link = model._meta.fields.get(name)
        if isinstance(link, ForeignKeyField):
            found.append((name,))
            further = [key for key, field in link.rel_model._meta.fields.items() if isinstance(field, ForeignKeyField) and key in mentioned]
            found += [(name, key) for key in further]
            found += [(name, *rest) for rest in named_by(link.rel_model)]
    return list(dict.fromkeys(found))


def links_of(model, keys):
    """The foreign keys on the way of some keys, which a row can be read along with: of those that lead to the same kind the first."""
    found = {}
    for key in keys:
        owner = model
        for name in key:
            link = owner._meta.fields[name]
            owner = link.rel_model
            if found.setdefault(owner, link) is not link or owner is model:
                break
    return [link for owner, link in found.items() if owner is not model]


def read_of(columns):
    """{key: names} of the owners of which the columns read nothing but some fields of their own; none where a property may read anything."""
    found, whole = {}, set()
    if any(column.path.end is None for column in columns):
        return found
    for path in (column.path for column in columns):
        names = path.text.split(".")
        for n, _ in enumerate(path.links, 1):
            found.setdefault(tuple(names[:n]), set()).add(names[n])
        if isinstance(path.end, ForeignKeyField):
            whole |= {key for key in path.keys() if len(key) >= len(names)}
    return {key: names for key, names in found.items() if key not in whole}


def load_owners(rows, keys, read=None, way=()):
    """Give `rows` the rows that their foreign keys point to, one query per key however many rows there are, and none where they came along. Of the
    owners in `read`, as `read_of` says, only those fields are loaded."""
    level = {}
    for key in keys:
        level.setdefault(key[0], []).extend([key[1:]] if key[1:] else [])
    for name, further in level.items():
        owners = {row.__data__[name]: row.__rel__[name] for row in rows if row.__rel__.get(name) is not None}
        ids = {row.__data__.get(name) for row in rows} - owners.keys() - {None}
        if ids:
            owner, some = type(rows[0])._meta.fields[name].rel_model, (read or {}).get((*way, name), ())
            owners |= {found.id: found for found in ask(_owners, owner, *sorted({"id", *some} if some else ()), ids=json.dumps(list(ids)) if on_sqlite() else list(ids))}
        for row in rows:
            if row.__data__.get(name) in owners:
                row.__rel__[name] = owners[row.__data__[name]]
        load_owners(list(owners.values()), further, read, (*way, name))


def _owners(owner, *names):
    """The rows of a kind with some ids, with the fields of these names or all."""
    ids = SQL("(SELECT value FROM json_each(?))" if on_sqlite() else "(SELECT unnest(%s::int[]))", [Blank("ids")])
    return owner.select(*(owner._meta.fields[name] for name in names)).where(owner.id.in_(ids))
