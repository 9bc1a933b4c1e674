"""What a rule says to one person: its source, the rows behind the answer, what expired, what held on a past day, and exactly the gap."""
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.base import db
from models.changes.extension import Extension
from models.conditions import conditions, evidence
from models.courses import CourseResult
from models.defences import DefenceRequest, Thesis, request_defence
from models.exams.results import PriorPass
from models.files import File
from models.parameters import Parameter
from models.people import FormerDocument
from models.programmes import Course, TrainingPlan
from models.reference import Discipline
from models.rules.book import RULES, explain
from models.rules.limit import LIMIT
from models.rules.thesis import CLOCKS
from tests.models.refusals import refused, sentences
from tests.world import DAY

LAST_DAY = dt.date(2031, 3, 20)


def letter(case):
    return File.keep(b"proof", "证明.pdf", "document", "application/pdf", institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)


def old_pass(world, case, kind="language", on=dt.date(2020, 5, 30), number=None, name=None):
    return PriorPass.add(world.centre, name=name or case.person.name, document_number=number or case.person.document_number, kind=kind, subject_name=kind, passed_on=on)


def test_every_rule_has_a_name_its_source_and_its_text():
    assert len(RULES) == 7
    for name, rule in RULES.items():
        assert rule.name == name and rule.title and rule.clause and rule.text


def test_every_answer_says_its_source_what_to_do_and_who_can_help(world):
    for condition in conditions(world.registered()):
        assert condition.clause and condition.text and condition.helper
        assert condition.met or condition.todo


def test_the_credits_show_each_attempt_and_why_it_does_not_count(world):
    case = world.registered()
    courses = list(Course.select().order_by(Course.code))
    for course, score, day in ((courses[0], 50, 1), (courses[0], 55, 2), (courses[0], 90, 3), (courses[1], 80, 4)):
        with clock.at(DAY + dt.timedelta(days=day)):
            CourseResult.add(world.clerk, application=case, course=course, score=Decimal(score), taken_on=DAY).publish(by=world.clerk)
    CourseResult.get(CourseResult.attempt == 2).change(world.clerk, score=Decimal(70), reason="登分错误")
    CourseResult.add(world.clerk, application=case, course=courses[2], score=Decimal(99), taken_on=DAY)
    with clock.at(DAY + dt.timedelta(days=10)):
        credits = conditions(case)[2]
    assert [(row.value.split()[0], row.counts, row.note) for row in credits.rows] == [
        ("90", True, ""), ("70", False, "同一门课程只计一次"), ("50", False, "不合格"), ("80", True, "")]
    assert credits.gap == "10 学分" and "课程3" in credits.todo
    assert "99" not in str(evidence([credits])), "nobody reads a result before it is published"


def test_an_expired_pass_and_an_expired_result_do_not_count_and_say_so(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0502", exam_valid_years=4, course_valid_years=1))
    old_pass(world, case)
    world.studied(case)
    with clock.at(dt.date(2027, 3, 21)):
        _, exams, credits = conditions(case)
    assert not exams.met and "已过有效期，不再计入" in exams.why and exams.rows[0].note == "有效期至 2024-05-30，已过期，不计入" and not exams.rows[0].counts
    assert credits.actual == "0 学分" and "课程1" in credits.why and "已过有效期" in credits.why and not any(row.counts for row in credits.rows)


def test_the_request_keeps_the_explanation_as_its_evidence(world):
    case = world.ready()
    kept = DefenceRequest.get_by_id(request_defence(case, case.applicants()[0]).id).evidence
    assert [line["name"] for line in kept] == ["limit", "exams", "credits"]
    assert kept[2]["clause"] and [row["counts"] for row in kept[2]["rows"]] == [True, True, True] and kept[1]["rows"][0]["day"] == "2026-05-23"


# as it was ------------------------------------------------------------------------------------------------------------------------------
def test_on_a_past_day_holds_what_was_published_and_not_yet_corrected_then(world):
    case, course = world.registered(), Course.get()
    with clock.at(dt.date(2026, 4, 1)):
        result = CourseResult.add(world.clerk, application=case, course=course, score=Decimal(80), taken_on=DAY)
    with clock.at(dt.date(2026, 5, 1)):
        result.publish(by=world.clerk)
    with clock.at(dt.date(2026, 6, 1)):
        result.change(world.clerk, score=Decimal(40), reason="登记错误")
    with clock.at(dt.date(2026, 7, 1)):
        result.change(world.clerk, score=Decimal(90), reason="复核更正")
    with clock.at(dt.date(2026, 8, 1)):
        result.unpublish(by=world.reviewer, reason="复查")
    with clock.at(dt.date(2026, 9, 1)):
        found = [conditions(case, dt.date(2026, month, 15))[2].actual for month in (4, 5, 6, 7, 8)]
    assert found == ["0 学分", "10 学分", "0 学分", "10 学分", "0 学分"]


def test_on_a_past_day_the_deadline_is_the_one_before_the_extension(world):
    case, late = world.registered(), dt.date(2031, 4, 1)
    with clock.at(dt.date(2031, 3, 1)):
        Extension.add(case.applicants()[0], application=case, ground="illness", until=dt.date(2032, 3, 20), document=letter(case)).approve(by=world.reviewer, opinion="属实")
    with clock.at(dt.date(2031, 5, 1)):
        case = Application.get_by_id(case.id)
        now, before = conditions(case, late)[0], conditions(case, dt.date(2031, 2, 28))[0]
        assert (now.met, now.required, before.required) == (True, "不晚于 2032-03-20", "不晚于 2031-03-20")
        assert [row.counts for row in before.rows if row.what == "延长年限"] == [False]


def test_on_a_past_day_a_request_held_the_limit_that_was_withdrawn_since(world):
    case = world.ready()
    with clock.at(LAST_DAY):
        request = request_defence(case, case.applicants()[0])
    with clock.at(dt.date(2031, 6, 1)):
        request.withdraw(by=case.applicants()[0])
    with clock.at(dt.date(2031, 7, 1)):
        assert [conditions(Application.get_by_id(case.id), day)[0].met for day in (dt.date(2031, 5, 31), dt.date(2031, 6, 30))] == [True, False]


def test_closing_a_programme_or_changing_its_limits_leaves_a_case_its_own(world):
    case = world.registered()
    world.programme.change(world.clerk, year_limit=4, min_credits=Decimal(20))
    world.programme.close(by=world.clerk)
    limit, _, credits = conditions(Application.get_by_id(case.id))
    assert limit.required == f"不晚于 {LAST_DAY}" and credits.required == "30 学分"


def test_a_new_catalogue_leaves_a_case_the_discipline_that_it_entered_with(world):
    case = world.registered()
    old = case.discipline
    Discipline.create(catalogue="2030", code=old.code, name=old.name, level=old.level, has_comprehensive_exam=not old.has_comprehensive_exam)
    Discipline.update(valid_to=DAY).where(Discipline.id == old.id).execute()
    with clock.at(dt.date(2030, 1, 1)):
        assert conditions(Application.get_by_id(case.id))[1].required == "2 科"


def test_passes_under_a_former_number_count(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0502"))
    FormerDocument.create(person=case.person, document_number="OLD77")
    old_pass(world, case, number="OLD77")
    assert conditions(case)[1].met


def test_a_comprehensive_pass_counts_for_the_disciplines_of_its_paper_only(world):
    """After a change of programme the paper of the old discipline is not that of the new one."""
    case, other = world.registered(), world.publish(world.unit, world.clerk, code="0301")
    world.examined(case)
    assert conditions(case)[1].actual == "2 科"
    Application.update(programme=other, discipline=other.discipline).where(Application.id == case.id).execute()
    assert conditions(Application.get_by_id(case.id))[1].actual == "1 科"


# exactly the gap ----------------------------------------------------------------------------------------------------------------------------
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(late=st.integers(1, 2000))
def test_extending_the_limit_by_exactly_the_gap_is_enough_and_a_day_less_is_not(world, late):
    with db.atomic() as savepoint:
        case = world.registered(world.applicant())
        day = LAST_DAY + dt.timedelta(days=late)
        assert conditions(case, day)[0].gap == f"超过 {late} 天"
        for more, met in ((late, True), (late - 1, False)):
            Application.update(deadline=LAST_DAY + dt.timedelta(days=more)).where(Application.id == case.id).execute()
            assert conditions(Application.get_by_id(case.id), day)[0].met is met
        savepoint.rollback()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(need=st.integers(1, 400), earned=st.lists(st.integers(1, 99), max_size=5))
def test_closing_exactly_the_gap_of_credits_is_enough_and_a_tenth_less_is_not(world, need, earned):
    with db.atomic() as savepoint:
        case = world.registered(world.applicant())
        Application.update(min_credits=Decimal(need) / 10).where(Application.id == case.id).execute()
        case, plan = Application.get_by_id(case.id), TrainingPlan.get(TrainingPlan.programme == case.programme_id)

        def study(tenths):
            course = Course.create(plan=plan, code=f"X{Course.select().count()}", name="课程", credits=Decimal(tenths) / 10)
            CourseResult.create(application=case, course=course, institution=case.institution_id, score=60, passed=True, state="published", published_at=clock.now())
        for tenths in earned:
            study(tenths)
        gap = max(0, need - sum(earned))
        assert conditions(case)[2].met == (gap == 0)
        if gap > 1:
            study(gap - 1)
            assert conditions(case)[2].gap == "0.1 学分" and not conditions(case)[2].met
        if gap:
            study(1)
        assert conditions(case)[2].met
        savepoint.rollback()


@pytest.mark.parametrize("day", [dt.date(2028, 2, 29), dt.date(2024, 2, 29)])
def test_leap_days_count_to_the_last_of_february(world, day):
    with clock.at(day):
        programme = world.publish(world.unit, world.clerk, code="0502", year=day.year, exam_valid_years=1)
        case = world.registered(programme=programme, on=day)
        old_pass(world, case, on=day)
        assert case.deadline == dt.date(day.year + 5, 2, 28)
    with clock.at(dt.date(day.year + 6, 1, 1)):
        held = [[condition.met for condition in conditions(case, dt.date(day.year + years, month, number))[:2]]
                for years, month, number in ((1, 2, 28), (1, 3, 1), (5, 2, 28), (5, 3, 1))]
    assert held == [[True, True], [True, False], [True, False], [False, False]]


# the clocks of the thesis -----------------------------------------------------------------------------------------------------------------
def test_the_clocks_run_from_the_last_pass_and_from_the_handing_in(world):
    case = world.admitted()
    with clock.at(dt.date(2026, 8, 1)):
        first, second = explain(CLOCKS, case)
        assert (first.met, first.required, second.actual) == (True, "不晚于 2027-05-23", "尚未起算")
        Thesis.get(Thesis.application == case).change(world.clerk, handed_in_on=dt.date(2026, 8, 31))
    with clock.at(dt.date(2027, 3, 1)):
        first, second = explain(CLOCKS, case)
        assert first.met and first.actual == "2026-08-31"
        assert (second.met, second.required, second.gap) == (False, "不晚于 2027-02-28", "超过 1 天")


def test_the_clocks_warn_and_by_parameter_stand_against_the_defence(world):
    case = world.admitted()
    with clock.at(dt.date(2027, 6, 1)):
        with db.atomic() as undone:
            world.ballot(case)
            undone.rollback()
        Parameter.add(world.centre, name="thesis.clocks_block", title="阻止", value=True, valid_from=dt.date(2027, 1, 1), institution=world.unit)
        assert "按时提交论文：不满足" in refused(world.ballot, case).fields["held_on"]


def test_the_clocks_are_never_a_condition_of_the_request(world):
    case = world.ready()
    with clock.at(dt.date(2029, 1, 1)):
        assert not explain(CLOCKS, case)[0].met
        assert request_defence(case, case.applicants()[0]).state == "submitted"


def test_a_degree_that_is_too_young_says_which_year_is_the_first(world):
    case = world.draft(world.applicant(), degree_date=dt.date(2024, 6, 30))
    found, = explain((RULES["apply"],), case)
    assert (found.met, found.gap, found.earliest, found.todo) == (False, "457 天", dt.date(2028, 1, 1), "最早可以参加 2028 年度。")
    assert "学士学位应已满 3 年" in sentences(case.submit, by=case.applicants()[0])[0]
    assert LIMIT.told({"deadline": None, "entered": None, "left": -1}).gap == "尚未入册"
