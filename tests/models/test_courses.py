"""Stage 5: attempts are kept, one passing published result counts per course, and a correction says why."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry, Version
from models.conditions import earned_credits
from models.courses import CourseResult
from models.defences import request_defence
from models.programmes import Course
from tests.models.refusals import refused, sentences


@pytest.fixture
def case(world):
    return world.registered()


def course(number=1):
    return Course.get(Course.code == f"EC50{number}")


def result(world, case, number=1, score=80, publish=True, **values):
    row = CourseResult.add(world.clerk, application=case, course=course(number), score=Decimal(score), **values)
    return row.publish(by=world.clerk) if publish else row


def test_attempts_are_counted_and_kept(world, case):
    rows = [result(world, case, score=score) for score in (40, 55, 61)]
    assert [(row.attempt, row.passed) for row in rows] == [(1, False), (2, False), (3, True)]


def test_a_course_counts_once_however_often_it_was_passed(world, case):
    first = result(world, case, score=40)
    result(world, case, score=90)
    first.change(world.clerk, reason="登分错误", score=Decimal(75))
    assert earned_credits(case) == 10


def test_a_result_that_has_lapsed_is_taken_again_and_counts_from_then(world, case):
    world.programme.change(world.clerk, course_valid_years=2)
    result(world, case, score=80, taken_on=dt.date(2024, 1, 10))
    result(world, case, score=30)
    assert earned_credits(case) == 0
    result(world, case, score=80)
    assert earned_credits(case) == 10


def test_a_course_that_is_passed_is_not_taken_again_while_that_is_valid(world, case):
    result(world, case, score=61)
    assert refused(result, world, case, score=90).fields == {"course": "第 1 次已经合格（61 分），不合格或已过有效期的课程才能重考"}
    world.programme.change(world.clerk, course_valid_years=1)
    case = Application.get_by_id(case.id)
    with clock.at(dt.date(2027, 3, 20)):
        assert "已经合格" in refused(result, world, case, score=90, taken_on=dt.date(2027, 3, 20)).fields["course"]
    with clock.at(dt.date(2027, 3, 21)):
        assert result(world, case, score=90, taken_on=dt.date(2027, 3, 21)).attempt == 2


def test_only_published_results_count(world, case):
    row = result(world, case, publish=False)
    assert earned_credits(case) == 0
    row.publish(by=world.reviewer)
    assert earned_credits(case) == 10
    row.unpublish(by=world.reviewer, reason="登记错人")
    assert earned_credits(case) == 0 and row.published_at is None


@pytest.mark.parametrize("score, passed", [("59.9", False), ("60", True), ("100", True), ("0", False)])
def test_the_pass_mark_is_that_of_the_course_and_reaching_it_passes(world, case, score, passed):
    assert result(world, case, score=score).passed is passed


@pytest.mark.parametrize("score", ("-0.5", "100.5"))
def test_a_score_outside_the_scale_is_refused_at_the_field(world, case, score):
    assert f"要求 0 到 100，实际 {score}" in refused(result, world, case, score=score).fields["score"]


def test_a_result_counts_through_the_last_day_of_its_years(world, case):
    world.programme.change(world.clerk, course_valid_years=2)
    with clock.at(dt.date(2026, 4, 1)):
        result(world, case, taken_on=dt.date(2024, 3, 20))
    assert [earned_credits(case, day) for day in (dt.date(2026, 3, 20), dt.date(2026, 3, 21))] == [10, 0]


def test_a_result_of_the_future_or_of_a_foreign_plan_is_refused(world, case):
    assert "要求不晚于今天" in refused(result, world, case, taken_on=dt.date(2026, 3, 21)).fields["taken_on"]
    other = world.publish(world.unit2, world.clerk2)
    foreign = Course.get(Course.plan == other.plans.get())
    assert "不在" in refused(CourseResult.add, world.clerk, application=case, course=foreign, score=Decimal(80)).fields["course"]


def test_only_somebody_on_the_register_gets_results(world):
    case = world.confirmed()
    assert refused(result, world, case).fields == {"application": "只能给在册的人登记成绩，林叙白 现在是“待审核”"}


def test_a_published_result_is_corrected_with_a_reason_and_the_old_value_stays(world, case):
    row = result(world, case, score=55)
    assert refused(row.change, world.clerk, score=Decimal(65)).fields == {"reason": "更正已公布的成绩须写明理由"}
    row.change(world.clerk, reason="登分错误", score=Decimal(65))
    assert row.passed and earned_credits(case) == 10
    assert Version.of(row).first().values == {"score": ["55", "65"], "passed": [False, True]}
    assert Entry.select().where(Entry.reason == "登分错误").count() == 1


def test_the_results_of_somebody_who_has_his_degree_stand(world):
    case = world.awarded()
    row = case.course_results.first()
    assert sentences(row.change, world.clerk, reason="x", score=Decimal(61)) == ["这个人已授学位，成绩不能再改"]
    assert "成绩不能再改" in sentences(row.unpublish, by=world.reviewer, reason="x")[0]


@pytest.mark.parametrize("state", ("requested", "admitted"))
def test_a_result_that_carries_a_defence_is_not_hidden(world, state):
    case = world.ready()
    if state == "admitted":
        world.admit(case)
    else:
        request_defence(case, case.applicants()[0])
    assert "这门成绩计入答辩申请的学分" in sentences(case.course_results.first().unpublish, by=world.reviewer, reason="x")[0]


def test_only_the_reviewer_takes_back_what_was_published(world, case):
    assert sentences(result(world, case).unpublish, by=world.clerk, reason="x") == ["您的角色不能“取消公布”：要求 审核"]
