"""What happens when several act at once, with real threads on both databases. Each protection has a twin that shows the race without it."""
import contextvars
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

from peewee import OperationalError

from models import clock
from models.applications import Application, start
from models.audit import Entry
from models.base import db, on_sqlite, writing
from models.defences import CommitteeMember, Defence, DefenceRequest, request_defence
from models.defences.booking import bookings
from models.exams.entering import enter
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.results import PriorPass
from models.people import User
from models.reference import Announcement, Province
from models.reports import Report
from models.serials import Serial
from models.workflow import Refused, Stale

PATIENCE = 60


def together(*calls):
    """Run every call in a thread and with a connection of its own, all let go at the same moment; what each returned or raised."""
    gate = threading.Barrier(len(calls), timeout=PATIENCE)

    def run(call):
        db.connect()
        try:
            gate.wait()
            return call()
        except Exception as error:          # the outcome that the test looks at
            return error
        finally:
            db.close()
    db.close()
    with ThreadPoolExecutor(len(calls)) as pool:
        waiting = [pool.submit(contextvars.copy_context().run, run, call) for call in calls]
        found = [item.result(PATIENCE) for item in waiting]
    db.connect()
    return found


def losers(outcomes):
    """The sentences of those who lost; anything but a refusal fails the test."""
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(error, Refused) for error in failed), failed
    return [str(error) for error in failed]


def entries(verb):
    return Entry.select().where(Entry.verb == verb).count()


# two who take a step on one row ------------------------------------------------------------------------------------------------------------
def test_of_two_reviewers_who_decide_one_case_exactly_one_wins(world):
    case = world.confirmed()
    first, second = (Application.get_by_id(case.id) for _ in range(2))
    found = together(lambda: first.approve(by=world.reviewer, opinion="同意"), lambda: second.reject(by=world.reviewer, opinion="不同意"))
    refused, = losers(found)
    now = Application.get_by_id(case.id)
    assert refused.startswith("现在的状态不能") and f"实际 {now.state_label}" in refused
    assert entries("approve") + entries("reject") == 1 and (now.state == "registered") == (now.register_number is not None)


def test_without_comparing_the_state_both_reviewers_would_win(world):
    """The twin: both read, both find it undecided, both write."""
    case, read = world.confirmed(), threading.Barrier(2, timeout=PATIENCE)

    def decide(state):
        fresh = Application.get_by_id(case.id)
        assert fresh.state == "confirmed"
        read.wait()
        return Application.update(state=state).where(Application.id == case.id).execute()
    assert together(lambda: decide("rejected"), lambda: decide("withdrawn")) == [1, 1]


def test_comparing_the_state_alone_lets_one_win_even_where_the_row_is_not_held(world, monkeypatch):
    """On PostgreSQL the row is held from the reading on; were it not, the comparison in the writing would still decide. A write
    transaction of SQLite holds the whole database, so that there the second reads when the first is done."""
    case, read = world.confirmed(), threading.Barrier(2, timeout=PATIENCE)

    def loosely(kind, id):
        row = kind.get_by_id(id)
        if not on_sqlite():
            read.wait()
        return row
    monkeypatch.setattr(Application, "locked", classmethod(loosely))
    found = together(lambda: Application.get_by_id(case.id).reject(by=world.reviewer, opinion="甲"),
                     lambda: Application.get_by_id(case.id).reject(by=world.reviewer, opinion="乙"))
    refused, = losers(found)
    assert refused.startswith("现在的状态不能“不通过”" if on_sqlite() else "“不通过”没有完成：这一行刚刚被别人处理，现在是“未通过”")
    assert entries("reject") == 1


def test_a_draft_that_is_submitted_twice_at_once_is_submitted_once_with_one_number(world):
    user = world.applicant()
    case = world.draft(user)
    found = together(*[lambda: Application.get_by_id(case.id).submit(by=user)] * 4)
    assert len(losers(found)) == 3 and entries("submit") == 1
    assert Application.get_by_id(case.id).number == "202610001000001" and Serial.get(Serial.key.startswith("application")).last == 1


def test_of_two_who_save_the_same_form_one_is_stale_and_loses_nothing_of_the_other(world):
    notice = Announcement.add(world.centre, title="公告", body="内容")
    forms = [Announcement.get_by_id(notice.id) for _ in range(2)]
    found = together(*[lambda form=form, title=title: form.change(world.centre, edition=form.edition, title=title) for form, title in zip(forms, "甲乙")])
    assert [type(outcome) for outcome in found if isinstance(outcome, Exception)] == [Stale]
    now = Announcement.get_by_id(notice.id)
    assert now.edition == 1 and now.title == next(outcome.title for outcome in found if not isinstance(outcome, Exception))


# many at once ------------------------------------------------------------------------------------------------------------------------------------
def test_sixty_approvals_by_six_threads_lose_none(world):
    cases = [world.confirmed(world.applicant(f"申请人{n}")).id for n in range(60)]
    shares = [cases[n::6] for n in range(6)]
    found = together(*[lambda share=share: [Application.get_by_id(id).approve(by=world.reviewer, opinion="同意") for id in share] for share in shares])
    assert losers(found) == []
    assert Application.select().where(Application.state == "registered").count() == entries("approve") == 60
    numbers = sorted(case.register_number for case in Application.select())
    assert numbers == [f"10001-2026-{n:05d}" for n in range(1, 61)]


def test_of_two_plain_transactions_that_read_and_then_write_one_is_lost(world):
    """The twin: without the write lock the second writer finds SQLite locked, however long it would wait; PostgreSQL forgets one of the two."""
    row, read = Announcement.add(world.centre, title="公告", body="内容"), threading.Barrier(2, timeout=PATIENCE)

    def plain():
        with db.atomic("DEFERRED") if on_sqlite() else db.atomic():
            edition = Announcement.get_by_id(row.id).edition
            read.wait()
            Announcement.update(edition=edition + 1).where(Announcement.id == row.id).execute()
    found = together(plain, plain)
    assert Announcement.get_by_id(row.id).edition == 1
    assert ["locked" in str(error) for error in found if error is not None] == ([True] if on_sqlite() else [])


# numbers -------------------------------------------------------------------------------------------------------------------------------------------
def test_a_number_that_is_looked_up_and_then_written_comes_twice(world):
    """The twin: the highest number so far plus one, as two read it at once."""
    read = threading.Barrier(2, timeout=PATIENCE)
    Serial.create(key="twin", last=7)

    def naive():
        number = Serial.get(Serial.key == "twin").last + 1
        read.wait()
        Serial.update(last=number).where(Serial.key == "twin").execute()
        return number
    assert together(naive, naive) == [8, 8]


def test_a_number_that_was_taken_in_a_failed_transaction_is_given_again(world):
    def failing():
        with writing():
            Serial.take("k")
            raise ZeroDivisionError
    found = together(*[failing] * 3, *[lambda: Serial.take("k")] * 3)
    assert sorted(outcome for outcome in found if isinstance(outcome, int)) == [1, 2, 3]


# one live case, one entry -----------------------------------------------------------------------------------------------------------------------------
def test_of_two_drafts_of_one_person_at_once_there_is_one(world):
    user, other = world.applicant(), world.publish(world.unit2, world.clerk2)
    found = together(lambda: start(user.person, world.programme, user), lambda: start(user.person, other, user))
    refused, = losers(found)
    assert "一件" in refused and Application.select().count() == 1


def test_without_the_index_there_would_be_two_drafts(world):
    """The twin: looking first whether there is another case does not help those who look at once."""
    user, looked = world.applicant(), threading.Barrier(2, timeout=PATIENCE)
    db.execute_sql('DROP INDEX "application_one_live"')

    def naive():
        assert not Application.select().where(Application.person == user.person_id).exists()
        looked.wait()
        return Application.create(person=user.person, programme=world.programme, institution=world.unit, discipline=world.programme.discipline, year=2026)
    try:
        assert len(losers(together(naive, naive))) == 0 and Application.select().count() == 2
    finally:
        Application.delete().execute()
        db.execute_sql('CREATE UNIQUE INDEX "application_one_live" ON "application" ("person_id") WHERE state IN (\'draft\', \'submitted\', \'returned\', '
                       "'confirmed', 'registered', 'defence_requested', 'defence_admitted', 'defended')")


def test_entering_twice_at_once_makes_one_entry_and_one_payment_for_each_subject(world):
    case, session = world.registered(), world.session()
    user, province, subjects = case.applicants()[0], Province.get(Province.code == "11"), list(session.subjects)
    found = together(*[lambda: enter(case, session, subjects, province, world.site, user)] * 3)
    assert set(losers(found)) == {"这一科已经报考"}
    assert ExamEntry.select().count() == 2 and Payment.select().count() == 1


# nobody is in two places ---------------------------------------------------------------------------------------------------------------------------
def scheduled(world):
    """Two defences at the same hour in two places, and somebody who may sit in one of them."""
    cases = [asked(world, name).tick(world.reviewer).approve(by=world.reviewer, opinion="同意").application_id for name in ("温景行", "苏以宁")]
    return [Defence.add(world.clerk, application=case, held_on=clock.today(), place=place, starts_at=dt.time(9), ends_at=dt.time(10)).id
            for case, place in zip(cases, ("二教 301", "三教 102"))], world.expert("顾闻笛", "G1").id


def test_of_two_committees_that_seat_one_person_at_the_same_hour_one_is_refused(world):
    planned, expert = scheduled(world)
    found = together(*[lambda id=id: CommitteeMember.add(world.clerk, defence=id, institution=world.unit, expert=expert) for id in planned] * 2)
    said = losers(found)
    assert len(said) == 3 and any("同一个人不能同时在两处" in text for text in said)
    assert CommitteeMember.select().where(CommitteeMember.expert == expert).count() == 1


def test_without_holding_the_person_both_committees_would_seat_him(world):
    """The twin: each looks, each finds him free, each seats him."""
    (planned, expert), looked = scheduled(world), threading.Barrier(2, timeout=PATIENCE)

    def naive(id):
        assert bookings(Defence.get_by_id(id), [expert]) == []
        looked.wait()
        return CommitteeMember.create(defence=id, institution=world.unit, expert=expert, name="顾闻笛")
    assert losers(together(*[lambda id=id: naive(id) for id in planned])) == []
    assert CommitteeMember.select().where(CommitteeMember.expert == expert).count() == 2


def test_a_defence_that_moves_and_a_seat_that_is_taken_do_not_meet(world):
    """Somebody is in the one; the other moves to the same hour while he is seated there: one of the two is refused."""
    (first, second), expert = scheduled(world)
    CommitteeMember.add(world.clerk, defence=first, institution=world.unit, expert=expert)
    Defence.get_by_id(second).change(world.clerk, starts_at=dt.time(11), ends_at=dt.time(12))
    found = together(lambda: Defence.get_by_id(second).change(world.clerk, starts_at=dt.time(9, 30), ends_at=dt.time(10, 30)),
                     lambda: CommitteeMember.add(world.clerk, defence=second, institution=world.unit, expert=expert))
    refused, = losers(found)
    assert "同一个人不能同时在两处" in refused


def test_of_two_defences_planned_for_one_room_at_once_there_is_one(world):
    cases = [asked(world, name).tick(world.reviewer).approve(by=world.reviewer, opinion="同意").application_id for name in ("温景行", "苏以宁")]
    found = together(*[lambda case=case: Defence.add(world.clerk, application=case, held_on=clock.today(), place="二教 301", starts_at=dt.time(9), ends_at=dt.time(10))
                       for case in cases])
    refused, = losers(found)
    assert refused.startswith("二教 301 09:00 到 10:00 已有") and Defence.select().count() == 1


def test_a_defence_that_is_planned_twice_at_once_is_planned_once(world):
    case = asked(world, "温景行").tick(world.reviewer).approve(by=world.reviewer, opinion="同意").application_id
    found = together(*[lambda: Defence.add(world.clerk, application=case, held_on=clock.today(), place="二教 301")] * 3)
    assert len(losers(found)) == 2 and Defence.select().count() == 1


# steps that meet on the way ----------------------------------------------------------------------------------------------------------------------------
def asked(world, name):
    """A case that waits for the review of its defence request."""
    case = world.registered(world.applicant(name))
    for kind in ("language", "comprehensive"):
        PriorPass.add(world.centre, name=name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=case.degree_date)
    world.studied(case)
    return request_defence(case, case.applicants()[0])


def test_a_dismissal_and_an_approval_of_the_same_case_do_not_block_each_other(world):
    """One goes from the request to the case, the other from the case to its requests; whoever loses gets a sentence."""
    requests = [asked(world, f"申请人{n}") for n in range(8)]
    calls = []
    for request in requests:
        calls += [lambda id=request.application_id: Application.get_by_id(id).dismiss(by=world.clerk, ground="breach", reason="违纪"),
                  lambda id=request.id: DefenceRequest.get_by_id(id).tick(world.reviewer).approve(by=world.reviewer, opinion="同意")]
    losers([outcome for outcome in together(*calls) if not isinstance(outcome, DefenceRequest.DoesNotExist)])
    for request in requests:
        case, kept = Application.get_by_id(request.application_id), DefenceRequest.get_or_none(DefenceRequest.id == request.id)
        assert (case.state, kept and kept.state) in (("dismissed", None), ("defence_admitted", "approved"), ("defence_requested", "submitted"))


def test_a_payment_and_a_withdrawal_of_its_entries_do_not_block_each_other(world):
    session, province, payments, entered = world.session(), Province.get(Province.code == "11"), [], []
    for n in range(8):
        case = world.registered(world.applicant(f"考生{n}"))
        made = enter(case, session, list(session.subjects), province, world.site, case.applicants()[0])
        payments.append(made[0].payment_id)
        entered.append((made[0].id, case.applicants()[0].id))
    calls = [lambda id=id: Payment.get_by_id(id).record(by=world.exam, reference="1") for id in payments]
    calls += [lambda id=id, user=user: ExamEntry.get_by_id(id).withdraw(by=User.get_by_id(user)) for id, user in entered]
    losers(together(*calls))
    for id, (entry, _) in zip(payments, entered):
        payment, entry = Payment.get_by_id(id), ExamEntry.get_by_id(entry)
        live = payment.entries.where(ExamEntry.state.in_(("paid", "unpaid"))).count()
        assert (payment.state == "paid") == (payment.entries.where(ExamEntry.state == "paid").count() > 0)
        assert payment.amount == 100 * live and (entry.state != "paid" or payment.state == "paid")


def test_a_report_is_submitted_once_with_one_set_of_lines(world):
    world.awarded()
    report = Report.get(Report.term == world.term(award_from=clock.today(), report_from=clock.today()), Report.institution == world.unit)
    found = together(*[lambda: Report.get_by_id(report.id).submit(by=world.clerk)] * 3)
    assert len(losers(found)) == 2 and Report.get_by_id(report.id).round == 1 and report.lines.count() == 1


def test_a_thread_that_fails_in_the_middle_leaves_the_database_to_the_others(world):
    def failing():
        with writing():
            Announcement.create(title="半途", body="")
            raise OperationalError("gone")
    found = together(failing, lambda: Announcement.add(world.centre, title="完整", body="内容"))
    assert isinstance(found[0], OperationalError) and [notice.title for notice in Announcement.select()] == ["完整"]
