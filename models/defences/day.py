"""Stage 9: one defence day - many candidates before one committee, one after the other, planned together or not at all."""
import datetime as dt

from models.applications import Application
from models.base import writing
from models.defences.committee import CommitteeMember
from models.defences.defence import Defence
from models.staff import Expert
from models.workflow import Reason, Refused


def waiting(user):
    """Query over the cases in sight that are admitted and have no defence planned."""
    planned = Defence.select(Defence.application).where(Defence.state == "planned")
    return Application.visible_to(user).where(Application.state == "defence_admitted", Application.id.not_in(planned)).order_by(Application.id)


def on_day(user, day, place):
    """Query over the defences in sight on a day in a place, in the order of their hours."""
    return Defence.visible_to(user).where(Defence.held_on == day, Defence.place == place).order_by(Defence.starts_at, Defence.id)


def slots(first, minutes, count):
    """[(start, end)] of so many candidates one after the other; None when they do not end before midnight."""
    begin = dt.datetime.combine(dt.date(2000, 1, 1), first)
    found = [(begin + dt.timedelta(minutes=minutes * n), begin + dt.timedelta(minutes=minutes * (n + 1))) for n in range(count)]
    return None if found and found[-1][1].date() > begin.date() else [(start.time(), end.time()) for start, end in found]


def plan_day(by, day, place, first, minutes, members, chair, cases):
    """Plan the defences of `cases` from `first` on, each of so many minutes, before one committee; refused with the sentences of each candidate."""
    if minutes < 1:
        raise Refused([Reason("每人的时间", "至少 1 分钟", f"{minutes} 分钟", f"{1 - minutes} 分钟")])
    hours = slots(first, minutes, len(cases))
    against = [] if cases else [Reason("还没有选择答辩人")]
    if not members:
        against.append(Reason("还没有选择答辩委员"))
    if chair not in members:
        against.append(Reason("请在委员中指定主席"))
    if hours is None:
        against.append(Reason("最后一位答辩人要在当天结束", "不晚于 24:00", f"{first:%H:%M} 起 {len(cases)} 人，每人 {minutes} 分钟"))
    if against:
        raise Refused(against)
    planned = []
    with writing():
        Expert.hold([member.id for member in members])
        for case, (start, end) in zip(cases, hours):
            against += _plan(planned, by, case, members, chair, held_on=day, place=place, starts_at=start, ends_at=end)
        if against:
            raise Refused(against)
    return planned


def _plan(planned, by, case, members, chair, **when):
    """The sentences against one candidate; without any his defence is among the planned."""
    try:
        with writing():
            defence = Defence.add(by, application=case, **when)
            for member in members:
                CommitteeMember.add(by, defence=defence, institution=defence.institution_id, expert=member, chair=member == chair)
    except Refused as refused:
        return [Reason(f"{case.person}：{text}") for text in [*map(str, refused.reasons), *refused.fields.values()]]
    planned.append(defence)
    return []


def settle(by, defence, outcome, reason="", **ballot):
    """Enter the ballot of one defence and, where an outcome is given, record it; both or neither."""
    with writing():
        defence.change(by, **ballot)
        if outcome == "passed":
            defence.record_pass(by=by)
        elif outcome == "failed":
            defence.record_failure(by=by, reason=reason)
    return defence
