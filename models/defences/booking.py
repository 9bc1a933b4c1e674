"""Nobody is in two places at once: the defences of one day that stand against another one, by its people, its place and its time."""
import datetime as dt

from models.base import on_sqlite
from models.reference import Institution
from models.staff import AGAINST_PLANNERS, Expert, plain

MIDNIGHT, DAY_END = dt.time(0, 0), dt.time(23, 59, 59)


def span(defence):
    """(first, last) moment of a defence on its day; without times it is the whole day."""
    return defence.starts_at or MIDNIGHT, defence.ends_at or DAY_END


def timed(defence):
    return defence.starts_at is not None and defence.ends_at is not None


def meet(one, other):
    """Whether two defences of one day cannot have a person in common: they overlap, and are in two places or have their own hours."""
    (first, last), (begins, ends) = span(one), span(other)
    return first < ends and begins < last and (plain(one.place) != plain(other.place) or (timed(one) and timed(other)))


def bookings(defence, expert_ids):
    """[(member, his other defence)] of people who would be in two places; they are held until the transaction ends."""
    members, rows = Expert.memberships.rel_model, Expert.hold(expert_ids)
    defences = members.defence.rel_model
    if not rows:
        return []
    found = members.select(members, defences).join(defences).where(
        members.expert.in_(rows), defences.held_on == defence.held_on, defences.id != (defence.id or 0)).order_by(members.id)
    return [(member, member.defence) for member in found if meet(defence, member.defence)]


def taken_place(defence):
    """Another defence that has the room of this one at its time, or None. Those without times are heard there one after the other."""
    kind = type(defence)
    if not (timed(defence) and plain(defence.place)):
        return None
    hold_rooms(defence.institution_id)
    rows = kind.select().where(kind.institution == defence.institution_id, kind.held_on == defence.held_on, kind.id != (defence.id or 0)).order_by(kind.id)
    return next((other for other in rows if timed(other) and plain(other.place) == plain(defence.place) and meet(defence, other)), None)


def hold_rooms(institution_id):
    """Let one at a time plan the rooms of a unit, until the transaction ends (SQLite's write transaction holds everything)."""
    if not on_sqlite():
        Institution.select(Institution.id).where(Institution.id == institution_id).for_update(AGAINST_PLANNERS).get()


def whose(other, case):
    """Whose defence the other one is, where it is of the college of a case or of none; else only that."""
    theirs = other.application
    return f"{theirs.person} 的答辩" if theirs.college_id == case.college_id else f"{theirs.college or '本单位'}的答辩"


def told(member, other, case):
    """The sentence about one of them, for the defence of a case; of another unit's defence only the hours are said."""
    when = f"{other.starts_at:%H:%M} 到 {other.ends_at:%H:%M}" if timed(other) else "全天"
    what = f"在 {other.place or '另一处'} 有 {whose(other, case)}" if other.institution_id == case.institution_id else "在别的单位有答辩"
    return f"{member.name} {other.held_on} {when}已{what}，同一个人不能同时在两处"
