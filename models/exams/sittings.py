"""Stage 6: when a subject is sat, and when the doors of its rooms are open."""
import datetime as dt
from dataclasses import dataclass

from peewee import fn

from models import clock
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.memory import remembering
from models.parameters import value
from models.workflow import Reason


@dataclass(frozen=True)
class Sitting:
    """From when to when a subject is sat, and when its doors open and close."""
    starts: dt.datetime
    ends: dt.datetime
    opens: dt.datetime
    closes: dt.datetime

    @property
    def on(self):
        """Whether somebody may come in now."""
        return self.opens <= clock.now() <= self.closes

    def closed(self):
        """The Reason why nobody comes in now, or None."""
        if self.on:
            return None
        now = clock.now()
        what = "今天不考这一科" if now.date() != self.starts.date() else "还没有到入场时间" if now < self.opens else "入场时间已过"
        return Reason(what, f"{self.opens:%Y-%m-%d %H:%M} 至 {self.closes:%H:%M}", f"{now:%Y-%m-%d %H:%M}")


def sitting(item):
    """The Sitting of a subject of a session (a SessionSubject)."""
    day, *times = item.sitting
    starts, ends = (dt.datetime.combine(day, time) for time in times)
    before, after = (dt.timedelta(minutes=value(f"door.{name}_minutes", on=day)) for name in ("opens", "closes"))
    return Sitting(starts, ends, starts - before, starts + after)


def sat_today():
    """The subjects that are sat today, with their sessions, the earlier first; those that are only prepared are not among them."""
    return list(SessionSubject.select(SessionSubject, ExamSession, Subject).join(ExamSession).switch(SessionSubject).join(Subject).where(
        on_day(clock.today()), ExamSession.state != "draft").order_by(fn.COALESCE(SessionSubject.starts, Subject.starts), Subject.code))


def on_day(day):
    """Condition on subjects of sessions that are sat on a day."""
    return fn.COALESCE(SessionSubject.sits_on, ExamSession.exam_on) == day


def sittings():
    """[(subject, its Sitting)] of what is sat today, with the parameters asked for once."""
    with remembering():
        return [(item, sitting(item)) for item in sat_today()]
