"""What happens when many want the last places at once, and when money comes twice at the same moment. Each protection has a twin without it."""
import threading
from decimal import Decimal

import pytest
from peewee import OperationalError

from models import clock
from models.applications import Application
from models.base import writing
from models.exams.arriving import Money, arrive
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.places import Place
from models.exams.sites import ExamSite
from models.exams.tries import PaymentTry, begin
from models.people import User
from models.reference import Province
from models.workflow import Refused
from tests.test_races import PATIENCE, entries, losers, together

PEOPLE, PLACES, HANDS = 200, 50, 20


def crowd(world, count):
    """Cases of the register, put there directly: [(case, account)]."""
    found = []
    for n in range(count):
        user = world.applicant(f"考生{n}")
        case = Application.create(person=user.person, programme=world.programme, institution=world.unit, discipline=world.programme.discipline, year=2026, state="registered",
                                  degree_date=clock.today().replace(year=2012), language="01", register_number=f"10001-2026-{n:05d}", registered_on=clock.today(),
                                  deadline=clock.today().replace(year=2031), min_credits=Decimal(30), year_limit=5)
        found.append((case, user))
    return found


def site(capacity):
    return ExamSite.create(province=Province.get(Province.code == "11"), code="009", name="小考点", capacity=capacity)


def test_two_hundred_who_want_the_last_fifty_places_at_once_leave_exactly_fifty(world):
    """Twenty hands, each of which enters ten people one after the other, all let go at the same moment."""
    session, small, people = world.session(), site(PLACES), crowd(world, PEOPLE)
    subjects = [item for item, _ in subjects_for(people[0][0], session)]

    def press(case, user):
        """Enter; whom SQLite has kept waiting for too long presses again."""
        while True:
            try:
                enter(case, session, subjects, small.province, small, user)
                return ""
            except Refused as refused:
                return str(refused).partition("：")[0]
            except OperationalError as error:
                assert "locked" in str(error)
    said = together(*[lambda share=people[n::HANDS]: [press(case, user) for case, user in share] for n in range(HANDS)])
    assert sorted(text for texts in said for text in texts) == [""] * PLACES + ["小考点没有空余名额，请另选考点"] * (PEOPLE - PLACES)
    assert {row.kind: row.taken for row in Place.select()} == {"language": PLACES, "comprehensive": PLACES}
    assert ExamEntry.select().where(ExamEntry.site == small).count() == 2 * PLACES and Payment.select().count() == PLACES


def test_counting_the_entries_and_then_entering_sells_a_place_twice(world):
    """The twin: both count, both find the last place free, both take it."""
    session, small, people, counted = world.session(), site(1), crowd(world, 2), threading.Barrier(2, timeout=PATIENCE)
    subject = subjects_for(people[0][0], session)[0][0]

    def naive(case):
        assert ExamEntry.select().where(ExamEntry.site == small, ExamEntry.subject == subject).count() < small.capacity
        counted.wait()
        return ExamEntry.create(session=session, application=case, institution=case.institution_id, subject=subject, province=small.province, site=small)
    assert losers(together(*[lambda case=case: naive(case) for case, _ in people])) == []
    assert ExamEntry.select().where(ExamEntry.site == small).count() == 2


def test_places_that_are_taken_and_given_back_at_once_are_counted_right(world):
    session, small, people = world.session(), site(20), crowd(world, 8)
    subjects = [item for item, _ in subjects_for(people[0][0], session)]
    before = [enter(case, session, subjects, small.province, small, user) for case, user in people[:4]]
    calls = [lambda entry=entry, user=user: ExamEntry.get_by_id(entry.id).withdraw(by=User.get_by_id(user.id))
             for made, (_, user) in zip(before, people) for entry in made]
    calls += [lambda case=case, user=user: enter(case, session, subjects, small.province, small, user) for case, user in people[4:]]
    assert losers(together(*calls)) == []
    assert {row.kind: row.taken for row in Place.select()} == {"language": 4, "comprehensive": 4}
    assert {Payment.get_by_id(made[0].payment_id).state for made in before} == {"closed"}


def test_two_who_change_places_crosswise_do_not_wait_for_each_other(world):
    session, small, (mine, yours) = world.session(), site(20), crowd(world, 2)
    subjects = [item for item, _ in subjects_for(mine[0], session)][:1]
    first, = enter(mine[0], session, subjects, small.province, small, mine[1])
    second, = enter(yours[0], session, subjects, small.province, world.site, yours[1])

    def there_and_back(entry, user, here, there):
        for target in (there, here) * 10:
            ExamEntry.get_by_id(entry.id).move(by=User.get_by_id(user.id), province=target.province, site=target)
    assert losers(together(lambda: there_and_back(first, mine[1], small, world.site), lambda: there_and_back(second, yours[1], world.site, small))) == []
    assert {row.site_id: row.taken for row in Place.select()} == {small.id: 1, world.site.id: 1}


# money ----------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def attempt(world):
    (case, user), = crowd(world, 1)
    session = world.session()
    made = enter(case, session, [item for item, _ in subjects_for(case, session)], world.site.province, world.site, user)
    return begin(made[0].payment, "alipay", user)


def coming(attempt):
    """The call by which the money of a bill is booked."""
    money = Money(attempt.number, attempt.amount, "2026", clock.now())
    return lambda: arrive("alipay", money)


def test_a_message_that_comes_four_times_at_once_is_booked_once(attempt):
    assert sorted(together(*[coming(attempt)] * 4)) == ["again", "again", "again", "paid"]
    assert entries("receive") == entries("book") == 1


def test_without_holding_the_bill_both_messages_would_be_booked(attempt):
    """The twin: both read that it is open, both book."""
    read = threading.Barrier(2, timeout=PATIENCE)

    def naive():
        assert PaymentTry.get_by_id(attempt.id).state == "open"
        read.wait()
        with writing():
            return PaymentTry.update(state="paid").where(PaymentTry.id == attempt.id).execute()
    assert together(naive, naive) == [1, 1]


def test_money_and_a_withdrawal_at_once_end_paid_or_returned(world):
    people, session, bills = crowd(world, 8), world.session(), []
    for case, user in people:
        made = enter(case, session, [item for item, _ in subjects_for(case, session)][:1], world.site.province, world.site, user)
        bills.append((begin(made[0].payment, "alipay", user), made[0], user))
    calls = [coming(attempt) for attempt, *_ in bills]
    calls += [lambda entry=entry, user=user: ExamEntry.get_by_id(entry.id).withdraw(by=User.get_by_id(user.id)) for _, entry, user in bills]
    found = together(*calls)
    losers(found[len(bills):])
    for said, (attempt, entry, _) in zip(found, bills):
        now = (said, PaymentTry.get_by_id(attempt.id).state, ExamEntry.get_by_id(entry.id).state, Payment.get_by_id(attempt.payment_id).state)
        assert now in (("paid", "paid", "paid", "paid"), ("late", "refunding", "withdrawn", "closed"))
