"""The law as class bodies: a Step is one line of the founding document's table on the model whose state it moves.

Read from the class it is that line; called on a row it is the only way the state moves.
"""
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from models import clock
from models.audit import changes, record, values_of
from models.measures import STEPS
from models.outbox import tell
from models.roles import role_label
from models.workflow.refusal import GONE, Reason, Refused, foreign, held, one_write

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
    `gather`: function (rows) that reads for many at once what the guards would ask for each.
    `tell`: method (row) -> users to be told once it is committed.
    `awaits`: rows in the source state are work that waits for the role: they are counted on the desk.
    `inner`: taken only as the effect of another step, never offered by itself.
    `forgets`: the values are not kept as a Version; the Entry keeps their names and digest.
    `fresh`: whoever takes it has shown who he is a short time ago; the pages ask for the password again.
    """

    confirm = ""          # a further word on the page of confirmation; a screen may have one

    def __init__(self, source, target, *, by, label, unless=(), sets=None, then=None, then_many=None, gather=None, asks=(), tone="", danger=False, tell=None,
                 stage=None, done="", awaits=False, inner=False, forgets=False, fresh=False):
        self.sources, self.target, self.roles, self.label = tuple(source.split("|")), target, tuple(by.split("|")), label
        self.unless = unless if isinstance(unless, (tuple, list)) else (unless,)
        self.sets, self.then, self.then_many, self.gather, self.asks, self.tone, self.danger, self.tell = sets, then, then_many, gather, tuple(asks), tone, danger, tell
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
            return [foreign(row, act.by)]
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


def notify(users, row, step, act):
    """Write the Outbox rows for a step that was taken; the key holds the edition, so one taking never tells twice."""
    if not users:
        return
    body = f"{row}：{step.done}。" + (f"说明：{act.reason}" if act.reason else "")
    tell(users, f"{step.model_name}.{step.name}", f"{step.label}：{row}", body, f"{row._meta.table_name}.{row.id}.{row.edition}.{step.name}",
         {"事项": row, "步骤": step.label, "结果": step.done, "说明": act.reason})
