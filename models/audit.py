"""History: the audit Entry that survives everything, and the Version that holds values and dies with its case."""
import datetime as dt
import hashlib
import json
from contextvars import ContextVar
from decimal import Decimal
from functools import cache

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from models import bulk, clock
from models.base import Entity
from models.sealed import BlindIndexField, SealedField, SealedTableField

origin = ContextVar("origin", default="")      # the address a request came from; set per request, empty in tasks
PLAIN = (bool, int, float, list, dict)
LOOKS = ("read", "reveal")       # verbs of whoever looked and changed nothing
_in_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode


class Entry(Entity):
    """Who did what to which row, when and from where; append-only. The digest proves the values without holding them."""
    label, readers = "操作日志", "auditor"

    at = DateTimeField(default=clock.now, index=True, verbose_name="时间")
    user_id = IntegerField(null=True, index=True, verbose_name="用户编号")
    user_name = CharField(max_length=80, verbose_name="用户")
    address = CharField(max_length=64, default="", verbose_name="来源地址")
    entity = CharField(max_length=40, verbose_name="对象")
    row_id = IntegerField(null=True, verbose_name="对象编号")
    case_ref = IntegerField(null=True, verbose_name="申请编号")
    verb = CharField(max_length=40, verbose_name="动作")
    verb_label = CharField(max_length=40, verbose_name="动作名称")
    old_state = CharField(max_length=20, null=True, verbose_name="原状态")
    new_state = CharField(max_length=20, null=True, verbose_name="新状态")
    reason = TextField(default="", verbose_name="理由")
    names = TextField(default="", verbose_name="变更字段")
    digest = CharField(max_length=64, default="", verbose_name="值摘要")

    class Meta:
        table_name = "entry"
        indexes = ((("entity", "row_id"), False), (("case_ref",), False))

    def __str__(self):
        return f"{self.verb_label} {self.kind.label if self.kind else self.entity} {self.row_id or ''}".strip()

    @property
    def kind(self):
        """The kind of record that it is about; None for one that is no more."""
        return Entity.kinds().get(self.entity)

    @property
    def moved(self):
        """状态"""
        states = {state: label for state, (label, _) in (self.kind.STATES if self.kind else {}).items()}
        return " → ".join(states.get(state, state) for state in dict.fromkeys((self.old_state, self.new_state)) if state)

    @property
    def changed(self):
        """变更内容"""
        fields = self.kind._meta.fields if self.kind else {}
        return [fields[name].verbose_name or name if name in fields else name for name in self.names.split()]


class Version(Entity):
    """The values before and after one write: {field: [before, after]}, sealed fields still sealed. Owned by the case."""
    label = "修改历史"

    entry = ForeignKeyField(Entry, on_delete="RESTRICT", verbose_name="日志")
    case_ref = IntegerField(null=True, index=True, verbose_name="申请编号")
    values = JSONField(verbose_name="前后值")

    class Meta:
        table_name = "version"

    @classmethod
    def of(cls, row):
        """Query over the versions of one row, newest first."""
        return (cls.select(cls, Entry).join(Entry)
                .where(Entry.entity == row._meta.table_name, Entry.row_id == row.id).order_by(cls.id.desc()))


@cache
def _kept(kind):
    """Names of the fields whose values the history keeps."""
    return [name for name, field in kind._meta.fields.items() if name not in ("id", "edition") and not isinstance(field, BlindIndexField)]


@cache
def _sealed(kind):
    return {name: field for name, field in kind._meta.fields.items() if isinstance(field, (SealedField, SealedTableField))}


def values_of(row):
    """{field: value} of a row as it stands, to be compared with what it becomes."""
    return dict(row.__data__)


def in_text(value):
    """A date, number or text as the history writes it; 30 and 30.0 are the same."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def changes(before, row, written=None):
    """{field: [before, after]} between the values that a row had and those it has now, fit for JSON; sealed ones encrypted. `written` are the names of
    the fields that alone may differ."""
    now, found, sealed, kept = row.__data__, {}, _sealed(type(row)), _kept(type(row))
    for name in kept if written is None else [name for name in written if name in kept]:
        old, new = before.get(name), now.get(name)
        if old is not new and old != new:
            texts = [value if value is None or isinstance(value, PLAIN) else in_text(value) for value in (old, new)]
            if texts[0] != texts[1]:
                found[name] = [sealed[name].db_value(value) for value in texts] if name in sealed else texts
    return found


def record(by, row, verb, verb_label, changed=None, reason="", states=(None, None), keep=True):
    """Append the Entry for one write and, where values changed, its Version. `by` is a User; None means the system itself.

    Without `keep` the values are forgotten and only their digest stays."""
    values, _ = _what(row, verb, verb_label, changed, reason, states)
    entry = Entry.create(**_who(by), **values)
    if changed and keep:
        Version.create(entry=entry, case_ref=row.case_id, values=changed)
    return entry


def record_many(by, writes, keep=True):
    """Append an Entry, and where values changed a Version, for each of many writes: (row, verb, its label, changed, reason[, (old state, new)]); returns
    the ids of the entries. Inside the transaction of the writes themselves."""
    ids, who, entries, versions = bulk.reserve(Entry, len(writes)), _who(by), [], []
    known = tuple(who.values())
    for id, (row, verb, verb_label, changed, reason, *states) in zip(ids, writes):
        values, text = _what(row, verb, verb_label, changed, reason, *states)
        entries.append((id, 0, *known, *values.values()))
        if changed and keep:
            versions.append((0, id, values["case_ref"], text))
    if entries:
        bulk.insert(Entry, ("id", "edition", *who, *values), entries)
    if versions:
        bulk.insert(Version, ("edition", "entry", "case_ref", "values"), versions)
    return ids


def note_reading(by, row, label="查看完整资料"):
    """Append the Entry of somebody who reads a row in full: the first time, and again after an hour."""
    lately = Entry.select().where(Entry.entity == row._meta.table_name, Entry.row_id == row.id, Entry.verb == "read", Entry.user_id == by.id,
                                  Entry.at > clock.now() - dt.timedelta(hours=1))
    if not lately.exists():
        record(by, row, "read", label)


def _who(by):
    """Of an Entry: when, who and from where."""
    return {"at": clock.now(), "user_id": by and by.id, "user_name": str(by) if by else "系统", "address": origin.get()}


def _what(row, verb, verb_label, changed, reason, states=(None, None)):
    """(what was done to which row, for its Entry; the changed values as the text of which the digest is made)."""
    text = _in_json(changed) if changed else ""
    return {"entity": row._meta.table_name, "row_id": row.id, "case_ref": row.case_id, "verb": verb, "verb_label": verb_label, "old_state": states[0],
            "new_state": states[1], "reason": reason or "", "names": " ".join(sorted(changed)) if changed else "",
            "digest": hashlib.sha256(text.encode()).hexdigest() if changed else ""}, text


def note(by, verb, verb_label, entity, reason=""):
    """Append an Entry about no single row: an export, a look-up, a setting."""
    return Entry.create(**_who(by), entity=entity, verb=verb, verb_label=verb_label, reason=reason)
