"""What happens by the clock: each deadline ends on its day, once, and through the steps of the law."""
import datetime as dt

import pytest

from models import base, clock
from models.applications import Application, start
from models.audit import Entry
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.outbox import Outbox
from models.parameters import value
from models.people import Person
from models.reference import Province
from tasks import reminders, upkeep
from tests.backoffice.offices import Counting


@pytest.fixture
def session(world):
    """An open session with one unpaid and one paid candidate."""
    session = world.session()
    for number, name in enumerate(("没缴费", "已缴费")):
        case = world.registered(world.applicant(name))
        with clock.at(session.entry_from):
            subjects = [item for item, _ in subjects_for(case, session)]
            entries = enter(case, session, subjects, Province.get(Province.code == "11"), world.site, case.applicants()[0])
            if number:
                entries[0].payment.record(by=world.exam, reference="1")
    return session


def states(session):
    return {str(entry.application.person): entry.state for entry in session.entries}


def test_unpaid_entries_live_through_the_last_day_of_the_window(session):
    with clock.at(dt.datetime.combine(session.entry_until, dt.time(23, 59))):
        upkeep.void_unpaid_entries()
        upkeep.close_entry_windows()
    assert states(session) == {"没缴费": "unpaid", "已缴费": "paid"}


def test_unpaid_entries_are_void_on_the_day_after_and_their_payment_is_closed(session):
    with clock.at(session.entry_until + dt.timedelta(days=1)):
        upkeep.close_entry_windows()
        for _ in range(2):
            upkeep.void_unpaid_entries()
    assert states(session) == {"没缴费": "void", "已缴费": "paid"}
    void = ExamEntry.get(ExamEntry.state == "void")
    assert void.payment.state == "closed" and void.session.state == "closed"
    assert [e.user_name for e in Entry.select().where(Entry.verb == "void", Entry.row_id == void.id)] == ["系统"]


def reminders_sent():
    return [(row.subject, row.user_id) for row in Outbox.select().where(Outbox.template == "Payment.due").order_by(Outbox.id)]


def test_whoever_has_not_paid_is_told_before_the_end_once_for_each_of_the_days(session):
    owner = ExamEntry.get(ExamEntry.state == "unpaid").application.applicants()[0].id
    said = []
    for left in (4, 3, 3, 2, 1, 0):
        with clock.at(session.entry_until - dt.timedelta(days=left)):
            reminders.announce_unpaid()
        said.append(len(reminders_sent()))
    assert said == [0, 1, 1, 1, 2, 2]
    assert reminders_sent() == [("统考报名费还有 3 天截止", owner), ("统考报名费还有 1 天截止", owner)]


def test_telling_many_takes_as_many_statements_as_telling_one(session, world):
    def statements():
        with clock.at(session.entry_until - dt.timedelta(days=3)), Counting() as found:
            reminders.announce_unpaid()
        return len(found.statements)
    one = statements()
    Outbox.delete().execute()
    for name in ("甲", "乙", "丙"):
        case = world.registered(world.applicant(name))
        with clock.at(session.entry_from):
            enter(case, session, [item for item, _ in subjects_for(case, session)], Province.get(Province.code == "11"), world.site, case.applicants()[0])
    assert statements() == one and len(reminders_sent()) == 4


def days_later(days):
    return clock.at(clock.now() + dt.timedelta(days=days))


def test_a_stale_draft_is_announced_once_and_then_withdrawn(world):
    user = world.applicant()
    draft = start(user.person, world.programme, user)
    days = value("application.draft_days")
    with days_later(days - upkeep.REMIND_DAYS - 1):
        upkeep.withdraw_stale_drafts()
        assert not Outbox.select().where(Outbox.user_id == user.id).exists()
    with days_later(days - 1):
        upkeep.withdraw_stale_drafts()
        upkeep.withdraw_stale_drafts()
        assert Outbox.select().where(Outbox.user_id == user.id, Outbox.template == "Application.stale").count() == 1
        assert Application.get_by_id(draft.id).state == "draft"
    with days_later(days + 1):
        upkeep.withdraw_stale_drafts()
    assert Application.get_by_id(draft.id).state == "withdrawn"


def test_a_draft_that_somebody_works_on_is_not_stale(world):
    user = world.applicant()
    draft = start(user.person, world.programme, user)
    days = value("application.draft_days")
    with days_later(days - 1):
        draft.change(user, employer="某研究所")
    with days_later(days + 1):
        upkeep.withdraw_stale_drafts()
    assert Application.get_by_id(draft.id).state == "draft"


def test_at_night_sqlite_counts_anew_what_it_plans_its_statements_by(world):
    for number in range(3):
        world.applicant(f"申请人{number}")
    upkeep.renew_statistics()
    if base.on_sqlite():
        (counted,), *_ = base.db.execute_sql("SELECT stat FROM sqlite_stat1 WHERE tbl = 'person'").fetchall()
        assert int(counted.split()[0]) == Person.select().count()
