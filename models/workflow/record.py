"""A Record is an entity that people write to: every write goes through `add`, `change` or a Step, and leaves an audit entry."""
from functools import cache

from peewee import CharField, DoesNotExist, TextField

from models.audit import Version, changes, record, values_of
from models.base import Entity
from models.texts import one_line, readable
from models.workflow.refusal import GONE, Refused, Stale, foreign, held, one_write


@cache
def _rules(kind):
    """[(name, field, label, allowed values or None, most characters or None)] of the fields of a kind that are checked at every write."""
    return [(name, field, field.verbose_name or name, [choice[0] for choice in field.choices] if field.choices else None,
             field.max_length if isinstance(field, CharField) else None) for name, field in kind._meta.fields.items() if not field.primary_key]


class Record(Entity):
    """An entity that people write to."""
    steps = {}
    clashes = {}          # part of a database constraint's name or columns -> the sentence for the person

    @classmethod
    def add(cls, by, reason="", **values):
        """Create a row, checked and audited. Refused with a sentence per field, or per broken uniqueness."""
        row = cls(**values)
        row.settle()
        with one_write(cls):
            row.save(force_insert=True)
            row.keep_out(by)
            record(by, row, "create", "新建", changes({}, row), reason)
        return row

    def change(self, by, edition=None, reason="", verb="edit", verb_label="修改", beside=False, **values):
        """Change values of the row, checked and audited. `edition` is the one that the form was opened with: Stale when it is past. What is written
        `beside` the record - fields that a site added - is not closed with it."""
        kind = type(self)
        with one_write(kind):
            fresh = held(kind, self.id)
            before = values_of(fresh)
            if edition is not None and fresh.edition != int(edition):
                raise Stale(fresh, fresh.changed_since(edition))
            fresh.keep_out(by)
            against = [] if beside else fresh.locks()
            if against:
                raise Refused(against)
            for name, value in values.items():
                setattr(fresh, name, value)
            fresh.settle()
            changed = changes(before, fresh)
            if changed:
                fresh.edition += 1
                fresh.save()
                fresh.keep_out(by)
                record(by, fresh, verb, verb_label, changed, reason)
        self.__data__.update(fresh.__data__)
        self.__rel__.clear()
        self._dirty.clear()
        return self

    def keep_out(self, by):
        """Refuse whoever may only look at the row as it stands; the system itself writes everywhere."""
        try:
            if by is not None and not self.belongs_to(by):
                raise Refused([foreign(self, by)])
        except DoesNotExist:
            raise Refused([GONE]) from None        # it refers to a row that is not there

    def settle(self):
        """Set what follows from the other values, and check them all; a reference to a row that is not there is refused."""
        self.tidy()
        try:
            self.follow()
            self.check()
        except DoesNotExist:
            raise Refused([GONE]) from None

    def tidy(self):
        """Take out of the values that are new what no text holds."""
        for column in self.dirty_fields:
            value = self.__data__.get(column.name)
            if isinstance(value, str) and isinstance(column, (CharField, TextField)):
                tidied = one_line(value) if isinstance(column, CharField) else readable(value)
                if tidied != value:
                    setattr(self, column.name, tidied)

    def follow(self):
        """Set what follows from the other values; asked before every check."""

    def changed_since(self, edition):
        """{field: (value then, value now)} over all versions written after `edition`."""
        changed = {}
        for version in Version.of(self).limit(max(0, self.edition - int(edition))):
            for name, (then, now) in version.values.items():
                changed[name] = (then, changed.get(name, (None, now))[1])
        return changed

    def check(self):
        """Raise Refused with a sentence per field: what is mandatory and missing, not among the choices, too long, or a fault."""
        wrong = {}
        for name, column, label, allowed, longest in _rules(type(self)):
            value = self.__data__.get(name)
            if value is None or value == "":
                if not column.null and (value is None or column.default is None):
                    wrong[name] = f"请填写{label}"
            elif allowed is not None and value not in allowed:
                wrong[name] = f"{label}没有“{value}”这一项"
            elif longest is not None and len(str(value)) > longest:
                wrong[name] = f"{label}太长：要求不超过 {longest} 字，实际 {len(str(value))} 字，差 {len(str(value)) - longest} 字"
        wrong.update({name: text for name, text in self.faults().items() if name not in wrong})
        if wrong:
            raise Refused(fields=wrong)

    @classmethod
    def clash(cls, error):
        """The sentences for a constraint that the database refused."""
        text = str(error).partition("=(")[0]        # what follows are the values
        if "foreign key" in text.lower():
            return [GONE]
        found = list(dict.fromkeys(sentence for part, sentence in cls.clashes.items() if part in text))
        return found or [f"数据库拒绝了这次写入：{cls.label}已存在，或仍被其他记录引用"]
