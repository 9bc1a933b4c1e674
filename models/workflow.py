"""The law as class bodies: a Step is one line of the founding document's table on the model whose state it moves.

Read from the class it is that line; called on a row it is the only way the state moves. `Record` is an entity that is written
to by people: every write goes through `add`, `change` or a Step, and leaves an audit entry.
"""
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from peewee import CharField, DoesNotExist, IntegrityError, OperationalError, TextField

from models import clock
from models.audit import Version, changes, record, values_of
from models.base import Entity, writing
from models.measures import STEPS
from models.outbox import tell
from models.roles import role_label
from models.texts import one_line, readable


_taking = ContextVar("taking", default=())     # the steps under way around this one, outermost first


@contextmanager
def inside(step):
    """Inside the block `step` is under way, and steps that are only its effect may be taken."""
    token = _taking.set((*_taking.get(), step))
    try:
        yield
    finally:
        _taking.reset(token)


@dataclass(frozen=True)
class Reason:
    """One reason against something: the rule as a sentence, and where it has figures, what is required, what is there, the gap."""
    text: str
    required: str = ""
    actual: str = ""
    gap: str = ""

    def __str__(self):
        figures = [f"{name} {value}" for name, value in (("要求", self.required), ("实际", self.actual), ("差", self.gap)) if value]
        return self.text + ("：" + "，".join(figures) if figures else "")


GONE = Reason("没有这一行，或不在您的范围内")      # the same for a foreign row and for none


class Refused(Exception):
    """A write that was not done: every reason against it, and what is wrong with single fields as {name: sentence}."""

    def __init__(self, reasons=(), fields=None):
        self.reasons = [r if isinstance(r, Reason) else Reason(str(r)) for r in reasons]
        self.fields = dict(fields or {})
        super().__init__("；".join(map(str, self.sentences)))

    @property
    def sentences(self):
        """Everything against it, the reasons first."""
        return [*self.reasons, *self.fields.values()]


class Stale(Refused):
    """Somebody else saved the row in between; `theirs` is the row as it is now, `changed` {field: (then, now)}."""

    def __init__(self, theirs, changed):
        self.theirs, self.changed = theirs, changed
        names = "、".join(theirs._meta.fields[name].verbose_name or name for name in changed) or "状态"
        super().__init__([Reason(f"您打开之后，别人已经修改了这一行（{names}），您填写的内容没有保存")])


@dataclass(frozen=True)
class Ask:
    """What a step asks before it is taken. kind: line, text, date, number, choice, file, tick."""
    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple = ()
    help: str = ""


@dataclass(frozen=True)
class Act:
    """One taking of a step: by whom (None = the system), with which answers, when."""
    by: object
    answers: dict
    at: object = field(default_factory=clock.now)

    def __getitem__(self, name):
        return self.answers.get(name)

    @property
    def reason(self):
        return self.answers.get("reason") or self.answers.get("opinion") or ""


class Step:
    """One transition. `source` and `by` are 'a|b' lists; `by` may name 'system' for timed tasks.

    `unless`: methods (row, act) that return reasons against it - Reason, list or None - with the condition as docstring.
    `sets`: method (row, act) that sets attributes of the row; they are written in one statement with the state.
    `then`: method (row, act) with the effect on other rows, once this one has moved; `then_many`: function (rows, act), the same for many at once.
    `tell`: method (row) -> users to be told once it is committed.
    `awaits`: rows in the source state are work that waits for the role: they are counted on the desk.
    `inner`: taken only as the effect of another step, never offered by itself.
    `forgets`: the values are not kept as a Version; the Entry keeps their names and digest.
    `fresh`: whoever takes it has shown who he is a short time ago; the pages ask for the password again.
    """

    confirm = ""          # a further word on the page of confirmation; a screen may have one

    def __init__(self, source, target, *, by, label, unless=(), sets=None, then=None, then_many=None, asks=(), tone="", danger=False, tell=None, stage=None,
                 done="", awaits=False, inner=False, forgets=False, fresh=False):
        self.sources, self.target, self.roles, self.label = tuple(source.split("|")), target, tuple(by.split("|")), label
        self.unless = unless if isinstance(unless, (tuple, list)) else (unless,)
        self.sets, self.then, self.then_many, self.asks, self.tone, self.danger, self.tell = sets, then, then_many, tuple(asks), tone, danger, tell
        self.stage, self.done, self.awaits, self.inner = stage, done or f"已{label}", awaits, inner
        self.forgets, self.fresh = forgets, fresh

    def __set_name__(self, owner, name):
        self.name, self.model_name = name, owner.__name__
        if "steps" not in owner.__dict__:
            owner.steps = {}
        owner.steps[name] = self

    def __get__(self, row, owner=None):
        if row is None:
            return self
        return lambda by=None, **answers: self.take(row, by, answers)

    def offered_to(self, user):
        """Whether one of the user's roles takes this step at all."""
        return any(role in self.roles for role, _ in user.powers())

    def reasons(self, row, act, seen=False):
        """Every reason why `act` cannot take this step on `row` as it stands: role, row scope, state, each unmet guard, answers."""
        if self.inner and _taking.get() in ((), (self,)):
            return [Reason(f"“{self.label}”不能单独操作，它是其他步骤的结果")]
        if act.by is None:
            if "system" not in self.roles:
                return [Reason(f"“{self.label}”只能由人操作")]
        elif not self.offered_to(act.by):
            return [Reason(f"您的角色不能“{self.label}”", self.who())]
        elif not seen and not self.inner and type(row).seen(act.by, row.id) is None:
            return [GONE]
        elif not row.belongs_to(act.by):
            return [foreign(row)]
        if row.state not in self.sources:
            return [Reason(f"现在的状态不能“{self.label}”", "、".join(row.STATES[s][0] for s in self.sources), row.state_label)]
        against = []
        for guard in self.unless:
            found = guard(row, act)
            against += [] if found is None else found if isinstance(found, list) else [found]
        return [r if isinstance(r, Reason) else Reason(str(r)) for r in against]

    def overtaken(self, row, edition):
        """The reasons against a step that may leave the state as it is, where the row is no longer of the edition that was looked at."""
        if not self.stays or edition is None or row.edition == edition:
            return []
        return [Reason(f"“{self.label}”没有完成：您打开这一页之后，这一行有了变化，也许就是刚刚的同一次操作。请核对后再确认")]

    def missing(self, answers):
        """{ask name: sentence} for what the step asks and the answers lack."""
        wrong = {}
        for ask in self.asks:
            value = answers.get(ask.name)
            if ask.required and (value is None or value is False or (isinstance(value, str) and not value.strip())):
                wrong[ask.name] = f"请填写{ask.label}" if ask.kind != "choice" else f"请选择{ask.label}"
            elif value and ask.choices and value not in dict(ask.choices):
                wrong[ask.name] = f"{ask.label}没有“{value}”这一项"
        return wrong

    def who(self):
        return "、".join(map(role_label, self.roles))

    @property
    def stays(self):
        """Whether it may leave the state as it is: then the state alone does not tell that somebody has just taken it."""
        return self.target in self.sources

    @property
    def together(self):
        """Whether it is taken on many rows at once: where it has an effect on other rows, that must be written for many."""
        return self.then is None or self.then_many is not None

    def take(self, row, by, answers, seen=False, edition=None):
        """Take the step on `row`: one write transaction, all reasons against it, compare-and-set, effect, audit entry, notices. `edition` is the one
        that was looked at when it was confirmed, where that matters."""
        kind = type(row)
        with one_write(kind), inside(self):
            fresh = held(kind, row.id)
            act = Act(by, answers)
            against, missing = self.reasons(fresh, act, seen) + self.overtaken(fresh, edition), self.missing(answers)
            if against or missing:
                STEPS.labels(f"{self.model_name}.{self.name}", "refused").inc()
                raise Refused(against, missing)
            before, old = values_of(fresh), fresh.state
            fresh.state, fresh.edition = self.target, fresh.edition + 1
            if self.sets:
                self.sets(fresh, act)
            values = {name: fresh.__data__[name] for name in fresh._dirty if name in fresh._meta.fields}
            if not kind.update(values).where(kind.id == fresh.id, kind.state == old).execute():
                raise Refused([Reason(f"“{self.label}”没有完成：这一行刚刚被别人处理，现在是“{kind.get_by_id(row.id).state_label}”")])
            fresh._dirty.clear()
            if self.then:
                self.then(fresh, act)
                fresh.save()
            record(by, fresh, self.name, self.label, changes(before, fresh), act.reason, (old, fresh.state),
                   keep=not self.forgets)
            if self.tell:
                notify(self.tell(fresh), fresh, self, act)
        STEPS.labels(f"{self.model_name}.{self.name}", "taken").inc()
        row.__data__.update(fresh.__data__)
        row.__rel__.clear()
        row._dirty.clear()
        return row


@contextmanager
def one_write(kind):
    """The one write transaction, in which what the database refuses is told in sentences."""
    try:
        with writing():
            yield
    except IntegrityError as error:
        raise Refused(kind.clash(error)) from error
    except OperationalError as error:
        if "deadlock" not in str(error):
            raise
        raise Refused([Reason("同一时刻有别人在办理相关的事项，这次没有完成，请再试一次")]) from error


def held(kind, id):
    """The row as it stands, held until the transaction ends; refused when it is gone."""
    try:
        return kind.locked(id)
    except kind.DoesNotExist:
        raise Refused([GONE]) from None


def foreign(row):
    """The reason against writing a row that is shown to everybody and kept by another unit."""
    return Reason(f"{row}属于别的单位，您只能查看")


def notify(users, row, step, act):
    """Write the Outbox rows for a step that was taken; the key holds the edition, so one taking never tells twice."""
    body = f"{row}：{step.done}。" + (f"说明：{act.reason}" if act.reason else "")
    tell(users, f"{step.model_name}.{step.name}", f"{step.label}：{row}", body, f"{row._meta.table_name}.{row.id}.{row.edition}.{step.name}",
         {"事项": row, "步骤": step.label, "结果": step.done, "说明": act.reason})


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

    @classmethod
    def gather(cls, rows):
        """Give many rows at once what the guards of their steps would ask for each."""

    def keep_out(self, by):
        """Refuse whoever may only look at the row as it stands; the system itself writes everywhere."""
        try:
            if by is not None and not self.belongs_to(by):
                raise Refused([foreign(self)])
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
