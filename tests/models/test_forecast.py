"""The forecast of the defence request: the first day on which all three conditions can hold by the rules themselves, or why nobody can say."""
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.base import db
from models.conditions import Forecast, conditions, forecast
from models.courses import CourseResult
from models.exams.entering import subjects_for
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.programmes import Course
from tests.world import DAY


def seen(case, on=DAY):
    with clock.at(on):
        case = Application.get_by_id(case.id)
        return forecast(case, conditions(case))


def coming(world, exam_on, state="draft", subjects=("101", "202")):
    """A session of which the entries end a month before its exam."""
    session = ExamSession.create(name=f"统考 {exam_on}", year=exam_on.year, entry_from=exam_on - dt.timedelta(days=60), entry_until=exam_on - dt.timedelta(days=30),
                                 exam_on=exam_on, state=state)
    for code in subjects:
        SessionSubject.create(session=session, subject=Subject.get(Subject.code == code))
    return session


def old_pass(world, case, kind, on):
    return PriorPass.add(world.centre, name=case.person.name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=on)


def test_without_a_session_nobody_can_say_and_with_one_it_is_the_day_of_its_exam(world):
    case = world.registered()
    assert seen(case) == Forecast(None, "还没有公布可以报考的统考批次")
    session = world.session()
    found = seen(case)
    assert found.day == session.exam_on and session.name in found.why and "再修满 30 学分" in found.why


def test_a_session_counts_as_long_as_one_can_enter_or_has_entered(world):
    case, session = world.registered(), world.session()
    assert seen(case, session.entry_until).day == session.exam_on
    assert seen(case, session.entry_until + clock.days(1)).day is None
    world.sat(case, session)
    assert seen(case, session.entry_until + clock.days(1)).day == session.exam_on
    waiting = seen(case, session.exam_on + clock.days(9))
    assert waiting.day is None and "公布外国语水平考试、学科综合水平考试合格" in waiting.why and "不能预知" in waiting.why


def test_a_session_without_the_paper_or_before_the_degree_is_old_enough_does_not_count(world):
    case = world.registered()
    coming(world, dt.date(2026, 9, 20), subjects=("102", "202"))
    assert seen(case).day is None, "another language"
    young = coming(world, dt.date(2026, 11, 20))
    assert seen(case).day == young.exam_on
    ExamSession.update(degree_by=dt.date(2012, 1, 1)).where(ExamSession.id == young.id).execute()
    assert seen(case).day is None
    bare = coming(world, dt.date(2027, 5, 20), subjects=())
    assert seen(case).day == bare.exam_on, "its papers are not set yet"


def test_after_the_deadline_it_is_too_late_and_the_difference_is_said(world):
    case, session = world.registered(), world.session()
    Application.update(deadline=session.exam_on - clock.days(3)).where(Application.id == case.id).execute()
    assert seen(case).day is None and "晚 3 天，须先延长年限" in seen(case).why
    assert "已于 2026-05-20 到期" in seen(case, dt.date(2026, 5, 21)).why


def test_credits_alone_have_no_day_and_a_plan_that_is_too_small_is_named(world):
    case = world.registered()
    world.examined(case)
    on = dt.date(2026, 8, 1)
    assert seen(case, on).day is None and seen(case, on).why.startswith("再修满 30 学分并公布成绩。何时公布不能预知")
    Course.update(offered=False).where(Course.code == "EC503").execute()
    assert seen(case, on).why == "还差 30 学分，培养方案中还没有合格的课程只有 20 学分"
    world.studied(case)
    assert seen(case, on) == Forecast(on, "三项条件都满足，现在即可申请")


def test_what_runs_out_before_the_day_is_to_be_done_again(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0202", exam_valid_years=2, course_valid_years=1, year=2025,
                                                    apply_until=dt.date(2026, 12, 31), confirm_until=dt.date(2026, 12, 31)))
    world.studied(case)
    old_pass(world, case, "language", dt.date(2025, 5, 1))
    session = coming(world, dt.date(2027, 5, 20))
    found = seen(case)
    assert found.day == session.exam_on and "外国语水平考试、学科综合水平考试在" in found.why and "再修满 30 学分" in found.why


def test_two_failed_defences_leave_no_day(world):
    case = world.admitted()
    world.defence(case, votes=(3, 2, 0)).record_failure(by=world.clerk, reason="不通过")
    world.ballot(Application.get_by_id(case.id), votes=(3, 2, 0)).record_failure(by=world.clerk, reason="不通过")
    assert seen(case).why == "两次答辩都没有通过，不能再申请"


@pytest.fixture
def open_case(world):
    """A case of the register under a programme whose passes run out, and a way to let it do its best."""
    return world.registered(programme=world.publish(world.unit, world.clerk, code="0202", exam_valid_years=2, course_valid_years=2, year=2025,
                                                    apply_until=dt.date(2026, 12, 31), confirm_until=dt.date(2026, 12, 31)))


def do_the_best(world, case, until):
    """Everything that one can do up to a day is done: every session that is sat by then is passed and published, every course is passed."""
    case = Application.get_by_id(case.id)
    for session in ExamSession.select().where(ExamSession.exam_on <= until, ExamSession.state != "published"):
        open_still = session.entry_until >= clock.today()
        for item, _ in subjects_for(case, session):
            entry = ExamEntry.get_or_none(ExamEntry.application == case, ExamEntry.subject == item) or open_still and ExamEntry.create(
                session=session, application=case, institution=case.institution_id, subject=item, province=case.institution.province)
            if entry:
                ExamResult.create(entry=entry, application=case, institution=case.institution_id, session=session, subject=item, score=90, outcome="pass")
        ExamSession.update(state="published", published_at=clock.start_of(until)).where(ExamSession.id == session.id).execute()
    for course in Course.select().where(Course.plan == case.plan, Course.offered):
        last = CourseResult.select().where(CourseResult.application == case, CourseResult.course == course).count()
        CourseResult.create(application=case, institution=case.institution_id, course=course, attempt=last + 1, score=90, passed=True, taken_on=until, state="published",
                            published_at=clock.start_of(until))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions=st.lists(st.tuples(st.integers(1, 900), st.sampled_from(["draft", "open"])), max_size=3, unique_by=lambda drawn: drawn[0]),
       passed=st.dictionaries(st.sampled_from(["language", "comprehensive"]), st.integers(1, 800)), credits=st.sampled_from([0, 10, 20, 30]),
       offered=st.booleans(), entered=st.booleans(), left=st.integers(0, 1000))
def test_on_the_day_all_can_hold_and_on_no_day_before(world, open_case, sessions, passed, credits, offered, entered, left):
    """Against the conditions themselves: whoever does his best meets them on the day, and nobody the day before."""
    with db.atomic() as savepoint:
        Application.update(deadline=DAY + clock.days(left)).where(Application.id == open_case.id).execute()
        for days, state in sessions:
            session = coming(world, DAY + clock.days(days), state)
            if entered and state == "open":               # nobody enters a session before it is open
                for item in session.subjects:
                    ExamEntry.create(session=session, application=open_case, institution=open_case.institution_id, subject=item, province=open_case.institution.province)
        for kind, days in passed.items():
            old_pass(world, open_case, kind, DAY - clock.days(days))
        world.studied(open_case, credits)
        Course.update(offered=offered).where(Course.code == "EC503").execute()
        case = Application.get_by_id(open_case.id)
        found, now = seen(case), conditions(case)

        def best(until):
            with db.atomic() as inner, clock.at(DAY):
                do_the_best(world, case, until)
                met = [condition.met for condition in conditions(case, until)]
                inner.rollback()
            return met
        if found.day is None:
            assert found.why and not all(condition.met for condition in now)
            days = [DAY, *(DAY + clock.days(drawn) for drawn, _ in sessions)]
            possible = [day for day in days if all(best(day))]
            assert possible in ([], [DAY]) or "不能预知" in found.why, "none is possible, but for what waits for nothing but a publication"
        else:
            assert DAY <= found.day <= case.deadline
            assert all(best(found.day))
            if found.day > DAY:
                assert not all(best(found.day - clock.days(1)))
        savepoint.rollback()
