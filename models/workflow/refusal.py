"""What is refused, in sentences: the reasons, and the one write transaction in which the database says no in the same words."""
from contextlib import contextmanager
from dataclasses import dataclass

from peewee import IntegrityError, OperationalError

from models.base import writing


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


def foreign(row, user):
    """The reason against writing a row that is shown more widely than it is kept: by another unit, another college, or not by a college at all."""
    if not row.kept_by(user):
        return Reason(f"{row}属于全单位，学院账号只能查看")
    return Reason(f"{row}属于别的{'单位或学院' if user.college_id else '单位'}，您只能查看")
