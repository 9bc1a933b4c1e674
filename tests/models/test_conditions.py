"""Stage 8: exactly three conditions, always with what is required, what is there and the difference; a request in time stays in time."""
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.base import db
from models.conditions import conditions
from models.courses import CourseResult
from models.defences import DefenceRequest, request_defence
from models.exams.results import PriorPass
from models.programmes import Course, TrainingPlan
from tests.models.refusals import sentences

LAST_DAY = dt.date(2031, 3, 20)       # of a case that entered on the world's first day for five years


def met(case, on=None):
    return [condition.met for condition in conditions(Application.get_by_id(case.id), on)]


def old_pass(world, case, kind="language", subject="英语", on=dt.date(2010, 5, 30)):
    return PriorPass.add(world.centre, name=case.person.name, document_number=case.person.document_number, kind=kind, subject_name=subject, passed_on=on)


def test_the_three_conditions_always_show_all_figures(world):
    for case in (world.confirmed(), world.registered(world.applicant("在册")), world.awarded(user=world.applicant("已授"))):
        found = conditions(case)
        assert [condition.name for condition in found] == ["limit", "exams", "credits"]
        for condition in found:
            assert condition.required and condition.actual and condition.gap and condition.why and 0 <= condition.share <= 1


def test_a_request_is_refused_with_every_condition_that_is_not_met(world):
    case = world.registered()
    with clock.at(LAST_DAY + dt.timedelta(days=1)):
        found = sentences(request_defence, case, case.applicants()[0])
    assert found == ["在规定年限内：不满足：要求 不晚于 2031-03-20，实际 2031-03-21，差 超过 1 天",
                     "通过国家统考：不满足：要求 2 科，实际 0 科，差 2 科", "修满学分：不满足：要求 30 学分，实际 0 学分，差 30 学分"]
    assert Application.get_by_id(case.id).state == "registered"


@pytest.mark.parametrize("day, inside", [(LAST_DAY, True), (LAST_DAY + dt.timedelta(days=1), False)])
def test_the_last_day_of_the_limit_counts(world, day, inside):
    limit = conditions(world.registered(), day)[0]
    assert limit.met is inside and limit.gap == ("还余 0 天" if inside else "超过 1 天")


def test_a_request_in_time_satisfies_the_limit_from_then_on(world):
    case = world.ready()
    with clock.at(LAST_DAY):
        request = request_defence(case, case.applicants()[0])
    with clock.at(dt.date(2032, 1, 1)):
        assert met(case) == [True, True, True]
        assert request.tick(world.reviewer).approve(by=world.reviewer, opinion="同意").state == "approved"
        assert met(case)[0] and [line["met"] for line in request.evidence] == [True] * 3


def test_a_request_that_was_sent_back_or_withdrawn_no_longer_holds_the_limit(world):
    case = world.ready()
    with clock.at(LAST_DAY):
        request = request_defence(case, case.applicants()[0]).send_back(by=world.reviewer, reason="论文未定稿")
        assert Application.get_by_id(case.id).state == "registered"
    with clock.at(LAST_DAY + dt.timedelta(days=1)):
        assert not met(case)[0]
        assert "在规定年限内" in sentences(DefenceRequest.get_by_id(request.id).submit, by=case.applicants()[0])[0]


def test_a_request_that_is_used_up_no_longer_holds_the_limit(world):
    """After the second failed defence the case is on the register like any other."""
    case = world.admitted()
    world.defence(case, votes=(3, 2, 0)).record_failure(by=world.clerk, reason="不通过")
    case = Application.get_by_id(case.id)
    world.ballot(case, votes=(3, 2, 0)).record_failure(by=world.clerk, reason="不通过")
    assert Application.get_by_id(case.id).state == "registered"
    assert met(case, LAST_DAY)[0] and not met(case, LAST_DAY + dt.timedelta(days=1))[0]


def test_where_the_discipline_has_no_paper_the_language_is_all(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0502"), language="02")
    exams = conditions(case)[1]
    assert (exams.met, exams.required, exams.gap) == (False, "1 科", "1 科") and "本学科没有综合水平考试" in exams.why
    old_pass(world, case, subject="俄语")
    assert met(case)[1]


def test_where_the_discipline_has_a_paper_both_are_needed(world):
    case = world.registered()
    old_pass(world, case)
    exams = conditions(case)[1]
    assert (exams.met, exams.actual, exams.gap) == (False, "1 科", "1 科") and "还没有合格：学科综合水平考试" in exams.why
    old_pass(world, case, "comprehensive", "经济学")
    assert met(case)[1]


def test_passes_of_somebody_else_count_for_nobody(world):
    case, other = world.registered(), world.registered(world.applicant("同名"))
    for kind in ("language", "comprehensive"):
        old_pass(world, other, kind, kind)
    assert not met(case)[1] and met(other)[1]


def test_results_count_once_the_session_is_published(world):
    case, session = world.registered(), world.session()
    world.sat(case, session)
    assert not met(case)[1]
    world.published(session)
    assert met(case)[1]


def test_a_pass_counts_through_the_last_day_of_its_years(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0502", exam_valid_years=4), language="01")
    old_pass(world, case, on=dt.date(2024, 2, 29))
    assert [met(case, day)[1] for day in (dt.date(2028, 2, 29), dt.date(2028, 3, 1))] == [True, False]


CREDITS = st.integers(1, 40).map(lambda halves: Decimal(halves) / 2)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(need=st.integers(1, 80).map(lambda halves: Decimal(halves) / 2), earned=st.lists(CREDITS, max_size=4))
def test_closing_exactly_the_gap_of_credits_is_enough_and_half_a_credit_less_is_not(world, need, earned):
    with db.atomic() as savepoint:
        case = world.registered(world.applicant())
        Application.update(min_credits=need).where(Application.id == case.id).execute()
        case, plan = Application.get_by_id(case.id), TrainingPlan.get(TrainingPlan.programme == case.programme_id)

        def study(credits):
            course = Course.create(plan=plan, code=f"X{Course.select().count()}", name="课程", credits=credits)
            CourseResult.create(application=case, course=course, institution=case.institution_id, score=60, passed=True, state="published")
        for credits in earned:
            study(credits)
        condition = conditions(case)[2]
        gap = max(Decimal(0), need - sum(earned))
        assert condition.met == (gap == 0) and condition.gap == (f"{gap.normalize():f} 学分" if gap else "无")
        if gap > Decimal("0.5"):
            study(gap - Decimal("0.5"))
            assert conditions(case)[2].gap == "0.5 学分"
            study(Decimal("0.5"))
        elif gap:
            study(gap)
        assert conditions(case)[2].met
        savepoint.rollback()


# the request ------------------------------------------------------------------------------------------------------------------------------
def test_a_request_is_reviewed_by_the_unit_against_its_own_list(world):
    case = world.ready()
    request = request_defence(case, case.applicants()[0])
    assert (request.state, Application.get_by_id(case.id).state) == ("submitted", "defence_requested")
    assert sentences(request.approve, by=world.reviewer, opinion="同意") == ["请逐项核对本单位的要求：发表论文或成果、学位论文定稿、导师同意答辩：要求 3 项，实际 0 项，差 3 项"]
    request.tick(world.reviewer).approve(by=world.reviewer, opinion="同意")
    case = Application.get_by_id(case.id)
    assert case.state == "defence_admitted" and case.theses.count() == 1


def test_a_case_has_one_request_under_way(world):
    case = world.ready()
    request_defence(case, case.applicants()[0])
    assert sentences(request_defence, Application.get_by_id(case.id), case.applicants()[0]) == ["现在不能申请答辩：要求 在册，实际 答辩待审"]


def test_a_withdrawn_request_puts_the_case_back_on_the_register(world):
    case = world.ready()
    request_defence(case, case.applicants()[0]).withdraw(by=case.applicants()[0])
    assert Application.get_by_id(case.id).state == "registered"


def test_a_returned_request_is_taken_up_again_and_not_doubled(world):
    case = world.ready()
    user = case.applicants()[0]
    first = request_defence(case, user).send_back(by=world.reviewer, reason="论文未定稿")
    assert request_defence(Application.get_by_id(case.id), user).id == first.id
    assert case.defence_requests.count() == 1


def test_a_condition_that_falls_away_before_the_review_stands_against_it(world):
    case = world.ready()
    request = request_defence(case, case.applicants()[0])
    case.course_results.first().change(world.clerk, score=Decimal(40), reason="登分错误")
    assert "修满学分：不满足：要求 30 学分，实际 20 学分，差 10 学分" in sentences(request.approve, by=world.reviewer, opinion="同意")
