"""Stage 6: who sits what, what is paid by when, and which results count from when on."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.conditions import exam_passes
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import Subject
from models.reference import Discipline, Province
from tests.models.refusals import refused, sentences

ALL_PAPERS = ("101", "102", "103", "104", "105", "202")


@pytest.fixture
def session(world):
    return world.session(subjects=ALL_PAPERS)


def beijing():
    return Province.get(Province.code == "11")


def entered(world, case, session):
    offered = [item for item, why in subjects_for(case, session) if why is None]
    return enter(case, session, offered, beijing(), world.site, case.applicants()[0])


def papers(case, session):
    return [(item.subject.code, str(why) if why else "") for item, why in subjects_for(case, session)]


@pytest.mark.parametrize("language, paper", [("01", "101"), ("02", "102"), ("03", "103"), ("04", "104"), ("05", "105")])
def test_everybody_is_offered_the_paper_of_his_language_and_of_his_discipline(world, session, language, paper):
    assert papers(world.registered(language=language), session) == [(paper, ""), ("202", "")]


def test_where_the_discipline_has_no_paper_only_the_language_is_offered(world, session):
    programme = world.publish(world.unit, world.clerk, code="0502")
    assert programme.discipline.is_foreign_literature and not programme.discipline.has_comprehensive_exam
    assert papers(world.registered(programme=programme, language="02"), session) == [("102", "")]


def test_what_is_passed_is_not_offered_again(world, session):
    case = world.registered()
    PriorPass.add(world.centre, name="林叙白", document_number=case.person.document_number, kind="language", subject_name="英语", passed_on=dt.date(2010, 5, 30))
    assert papers(case, session) == [("101", "英语已经合格，不需再考"), ("202", "")]
    language = subjects_for(case, session)[0][0]
    assert sentences(enter, case, session, [language], beijing(), world.site, case.applicants()[0]) == ["英语已经合格，不需再考"]


def test_a_paper_of_somebody_else_is_not_sat(world, session):
    case = world.registered()
    russian = next(item for item in session.subjects if item.subject.code == "102")
    assert sentences(enter, case, session, [russian], beijing(), world.site, case.applicants()[0]) == ["俄语不是您要考的科目"]
    assert sentences(enter, case, session, [], beijing(), world.site, case.applicants()[0]) == ["请至少选一科"]


@pytest.mark.parametrize("moment, inside", [(dt.datetime(2026, 2, 28, 23, 59), False), (dt.datetime(2026, 3, 1), True),
                                            (dt.datetime(2026, 3, 31, 23, 59), True), (dt.datetime(2026, 4, 1), False)])
def test_entries_are_made_until_the_last_day_is_over(world, session, moment, inside):
    case = world.registered()
    with clock.at(moment):
        if inside:
            assert [entry.state for entry in entered(world, case, session)] == ["unpaid", "unpaid"]
        else:
            assert "不在报考时间内" in sentences(entered, world, case, session)[0]


@pytest.mark.parametrize("ground, day, refusal", [
    ("bachelor", dt.date(2023, 3, 31), None), ("bachelor", dt.date(2023, 4, 1), "差 1 天"), ("master", dt.date(2025, 6, 30), None)])
def test_the_end_of_march_holds_for_the_exam_as_well(world, session, ground, day, refusal):
    case = world.registered()
    Application.update(degree_ground=ground, degree_date=day).where(Application.id == case.id).execute()
    case = Application.get_by_id(case.id)
    if refusal:
        assert refusal in sentences(entered, world, case, session)[0]
    else:
        assert len(entered(world, case, session)) == 2


def test_only_the_register_enters(world, session):
    assert "只有在册的人可以报考：要求 在册，实际 待审核" in sentences(entered, world, world.confirmed(), session)[0]


def test_one_payment_covers_the_subjects_and_is_recorded_by_the_exam_office(world, session):
    entries = entered(world, world.registered(), session)
    payment = entries[0].payment
    assert payment.amount == 200
    payment.record(by=world.exam, reference="线下-1")
    assert {ExamEntry.get_by_id(entry.id).state for entry in entries} == {"paid"} and payment.paid_on == clock.today()


def test_a_subject_is_entered_once(world, session):
    case = world.registered()
    entered(world, case, session)
    assert sentences(entered, world, case, session) == ["这一科已经报考"]
    assert case.payments.count() == 1


def test_the_payment_shrinks_with_its_entries_and_closes_with_the_last(world, session):
    case = world.registered()
    entries, user = entered(world, case, session), case.applicants()[0]
    entries[0].withdraw(by=user)
    assert case.payments.get().amount == 100
    entries[1].withdraw(by=user)
    assert case.payments.get().state == "closed"
    assert len(entered(world, case, session)) == 2


def test_an_unpaid_entry_is_void_only_after_the_window(world, session):
    entry = entered(world, world.registered(), session)[0]
    with clock.at(dt.datetime(2026, 3, 31, 23, 59)):
        assert "报考与缴费时间还没有结束" in sentences(entry.void, by=None)[0]
    with clock.at(dt.datetime(2026, 4, 1)):
        assert entry.void(by=None).state == "void"


def test_a_session_without_subjects_does_not_open_and_closes_after_its_window(world):
    session = world.session(subjects=("101",))
    with clock.at(dt.date(2026, 3, 31)):
        assert sentences(session.close, by=world.exam) == ["报考时间还没有结束：要求 晚于 2026-03-31，实际 2026-03-31，差 1 天"]
    empty = type(session).add(world.exam, name="空", year=2026, entry_from=session.entry_from, entry_until=session.entry_until, exam_on=session.exam_on)
    assert sentences(empty.open, by=world.exam) == ["还没有设考试科目"]


# results ---------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def paid(world, session):
    case = world.registered()
    entries = entered(world, case, session)
    entries[0].payment.record(by=world.exam, reference="1")
    return [ExamEntry.get_by_id(entry.id) for entry in entries]


@pytest.mark.parametrize("score, outcome", [("59.5", "fail"), ("60", "pass"), ("0", "fail")])
def test_pass_or_fail_follows_from_the_line_of_the_subject(world, paid, score, outcome):
    assert ExamResult.add(world.exam, entry=paid[0], score=Decimal(score)).outcome == outcome


@pytest.mark.parametrize("values, field", [({"score": Decimal(70), "outcome": "fail"}, "outcome"), ({"score": Decimal(50), "outcome": "absent"}, "score"),
                                           ({"outcome": "pass"}, "score"), ({"score": Decimal(101)}, "score")])
def test_a_result_that_contradicts_itself_is_refused_at_the_field(world, paid, values, field):
    assert list(refused(ExamResult.add, world.exam, entry=paid[0], **values).fields) == [field]


def test_an_absence_needs_no_score(world, paid):
    assert ExamResult.add(world.exam, entry=paid[0], outcome="absent").score is None


def test_an_unpaid_entry_gets_no_result(world, session):
    entry = entered(world, world.registered(), session)[0]
    assert "只有已缴费的报考才能登记成绩" in refused(ExamResult.add, world.exam, entry=entry, score=Decimal(70)).fields["entry"]


def test_results_are_published_for_all_at_once_and_only_when_none_is_missing(world, session, paid):
    ExamResult.add(world.exam, entry=paid[0], score=Decimal(70))
    with clock.at(dt.date(2026, 7, 1)):
        session.close(by=world.exam)
        assert sentences(session.publish, by=world.exam) == ["还有已缴费的报考没有登记成绩：要求 0 条，实际 1 条，差 1 条"]
        ExamResult.add(world.exam, entry=paid[1], score=Decimal(59))
        session.publish(by=world.exam)
    assert list(exam_passes(paid[0].application)) == ["language"]


def test_a_published_result_stands(world, session, paid):
    rows = [ExamResult.add(world.exam, entry=entry, score=Decimal(70)) for entry in paid]
    rows[0].change(world.exam, score=Decimal(50))
    assert rows[0].outcome == "fail"
    world.published(session)
    assert "已经公布" in sentences(ExamResult.get_by_id(rows[0].id).change, world.exam, score=Decimal(70))[0]


def test_a_pass_from_before_the_platform_stands_once(world):
    values = {"name": "林叙白", "document_number": "11010519491231002X", "kind": "language", "subject_name": "英语", "session_name": "2009", "passed_on": dt.date(2009, 5, 31)}
    PriorPass.add(world.centre, **values)
    assert sentences(PriorPass.add, world.centre, **values) == ["合格库里已有这个人的这一科"]


def test_every_discipline_with_a_paper_has_a_subject_that_serves_it(database):
    subjects = list(Subject.select())
    lacking = [d.code for d in Discipline.select().where(Discipline.has_comprehensive_exam == True, Discipline.catalogue == "2011")      # noqa: E712
               if not any(subject.serves(d) for subject in subjects)]
    assert lacking == []
