"""All stages: who holds a case now and since when, and which deadlines lie ahead of it."""
import datetime as dt
from dataclasses import dataclass

from models import clock
from models.audit import Entry
from models.rules.book import figures_for
from models.rules.exams import KINDS, best_of, passes
from models.rules.sql import View, day_from
from models.rules.thesis import CLOCKS
from models.written import ask, blank

PERSON, UNIT, EXAM = "本人", "单位", "组考部门"
HOLDERS = {"draft": PERSON, "submitted": PERSON, "returned": PERSON, "confirmed": UNIT, "registered": PERSON, "defence_requested": UNIT,
           "defence_admitted": UNIT, "defended": UNIT, "frozen": UNIT}


@dataclass(frozen=True)
class Deadline:
    """Something that ends on a day, the last day counted: what, whose it is to act, and how many days are left."""
    day: dt.date
    what: str
    who: str
    left: int


def held_by(case):
    """(who has to act, since when) of a case that is under way; (None, moment) of one that is closed."""
    entered = ask(_entered, case._meta.table_name, case=case.id, state=case.state)
    return HOLDERS.get(case.state), entered[0].at if entered else case.created_at


def _entered(entity):
    return (Entry.select(Entry.at).where(Entry.entity == entity, Entry.row_id == blank("case"), Entry.new_state == blank("state"), Entry.old_state != Entry.new_state)
            .order_by(Entry.id.desc()).limit(1))


def ahead(case, on=None):
    """[Deadline] of a case from a day on (default today), the next one first; the day may be a view from which more is told."""
    view = View.of(on)
    day = view.day
    found = sorted((date, what, who) for date, what, who in _all(case, view) if date is not None and date >= day)
    return [Deadline(date, what, who, (date - day).days) for date, what, who in found]


def _all(case, view):
    programme = case.programme
    if case.state == "draft":
        yield programme.apply_until, "申请截止", PERSON
    if case.state in ("submitted", "returned"):
        yield programme.confirm_until, "现场确认截止" if case.state == "submitted" else "补正截止", PERSON
    if case.state == "registered":
        yield case.deadline, "学习年限到期", PERSON
        for kind, row in best_of(passes(case, view)).items():
            if programme.exam_valid_years:
                yield clock.years_after(row["day"], programme.exam_valid_years), f"{KINDS[kind]}成绩有效期", PERSON
    if case.state in ("registered", "defence_requested", "defence_admitted"):
        for rule, figures in figures_for(CLOCKS, case, view).items():
            if not figures["done"]:
                yield day_from(figures["due"]), rule.title, PERSON
    for dismissal in case.dismissals:
        if dismissal.state == "approved":
            yield dismissal.until, "清退冷静期", UNIT
    for request in case.release_requests:
        if request.state == "open":
            yield request.due, "放行申请答复", UNIT
