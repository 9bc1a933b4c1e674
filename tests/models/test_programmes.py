"""Stage 1: what stands against publishing a programme, and what a closed one still does."""
import datetime as dt
from decimal import Decimal

import pytest

from models.conditions import earned_credits
from models.courses import CourseResult
from models.programmes import Course, Programme
from models.reference import Announcement, Institution, InstitutionName
from models.parameters import Parameter, value
from models import clock
from tests.models.refusals import refused, sentences
from tests.world import DAY


@pytest.fixture
def draft(world):
    """A draft programme without a plan."""
    return Programme.add(world.clerk, institution=world.unit, discipline=world.programme.discipline, year=2027, min_credits=Decimal(30),
                         apply_from=dt.date(2027, 1, 1), apply_until=dt.date(2027, 4, 15), confirm_from=dt.date(2027, 1, 1), confirm_until=dt.date(2027, 5, 15))


def test_a_programme_needs_a_plan_with_enough_credits_and_an_address(world, draft):
    found = sentences(draft.publish, by=world.clerk)
    assert found[0].startswith("培养方案的学分不够：要求 不少于最低学分 30") and "差 30" in found[0]
    assert found[1] == "请先写明现场确认地点、联系人、联系电话"


def test_a_course_that_is_no_longer_offered_does_not_count_towards_the_plan(world):
    plan = world.programme.plans.get().renew(by=world.clerk, valid_from=DAY)
    fresh = plan.programme.latest_plan
    fresh.courses.first().change(world.clerk, offered=False)
    found, = sentences(fresh.publish, by=world.clerk)
    assert "实际 20" in found and "差 10" in found


def test_a_published_plan_is_not_edited_but_renewed_for_those_who_enter_later(world):
    before = world.registered()
    plan = world.programme.plans.get()
    assert sentences(plan.change, world.clerk, name="别的") == ["已发布的培养方案不能修改，请制定新版本：要求 草稿，实际 已发布"]
    assert sentences(plan.courses.first().change, world.clerk, credits=Decimal(1)) == ["已发布的培养方案不能修改，请制定新版本：要求 草稿，实际 已发布"]
    assert "不能加课程" in refused(Course.add, world.clerk, plan=plan, code="X1", name="新课", credits=Decimal(1)).fields["plan"]
    plan.renew(by=world.clerk, valid_from=DAY + dt.timedelta(days=10))
    fresh = world.programme.latest_plan
    assert (fresh.version, fresh.state, [c.code for c in fresh.courses]) == (2, "draft", [c.code for c in plan.courses])
    assert "已经有第 2 版（草稿）" in sentences(plan.renew, by=world.clerk, valid_from=DAY)[0]
    Course.add(world.clerk, plan=fresh, code="EC509", name="新课程", credits=Decimal(5))
    fresh.publish(by=world.clerk)
    early, late = world.registered(world.applicant("赵一"), on=DAY + dt.timedelta(days=9)), world.registered(world.applicant("钱二"), on=DAY + dt.timedelta(days=10))
    assert [case.plan.version for case in (before, early, late)] == [1, 1, 2]
    course = fresh.courses.where(Course.code == "EC509").get()
    with clock.at(DAY + dt.timedelta(days=30)):
        assert "入册时适用第 1 版" in refused(CourseResult.add, world.clerk, application=early, course=course, score=Decimal(80)).fields["course"]
        CourseResult.add(world.clerk, application=late, course=course, score=Decimal(80)).publish(by=world.clerk)
    assert earned_credits(late) == 5


def test_a_version_that_begins_in_the_past_or_says_no_day_is_not_published(world):
    plan = world.programme.plans.get()
    assert "valid_from" in refused(plan.renew, by=world.clerk).fields
    plan.renew(by=world.clerk, valid_from=DAY)
    with clock.at(DAY + dt.timedelta(days=1)):
        assert "不早于 2026-03-21，实际 2026-03-20，差 1 天" in sentences(world.programme.latest_plan.publish, by=world.clerk)[0]


def test_a_unit_that_takes_no_part_publishes_nothing(world):
    world.programme.close(by=world.clerk)
    Institution.get_by_id(world.unit.id).change(world.centre, taking_part=False)
    assert "没有参加同等学力工作" in sentences(Programme.get_by_id(world.programme.id).reopen, by=world.clerk)[0]


def test_a_published_programme_shows_at_once_and_a_closed_one_does_not(world, draft):
    assert [p.id for p in Programme.published()] == [world.programme.id]
    world.programme.close(by=world.clerk)
    assert not Programme.published().exists()


def test_a_unit_opens_a_discipline_once_a_year(world):
    same = {name: getattr(world.programme, name) for name in ("institution", "discipline", "year", "apply_from", "apply_until", "confirm_from", "confirm_until")}
    assert "已经有这个学科" in sentences(Programme.add, world.clerk, **same)[0]


def test_the_confirmation_does_not_end_before_the_application(world):
    wrong = refused(world.programme.change, world.clerk, confirm_until=dt.date(2026, 4, 14)).fields
    assert wrong == {"confirm_until": "现场确认截止：要求不早于申请截止 2026-04-15，实际 2026-04-14，差 1 天"}


def test_a_limit_that_changes_holds_for_later_cases_only(world):
    early = world.registered()
    world.programme.change(world.clerk, year_limit=4, min_credits=Decimal(20))
    late = world.registered(world.applicant("后来人"))
    assert [(c.year_limit, c.min_credits, c.deadline) for c in (early, late)] == [
        (5, Decimal(30), dt.date(2031, 3, 20)), (4, Decimal(20), dt.date(2030, 3, 20))]


def test_the_value_of_a_parameter_is_that_of_its_day_and_of_the_unit_before_the_nation(world):
    start = dt.date(2026, 6, 1)
    Parameter.add(world.centre, name="thesis.reviewers", title="评阅人数下限", value=2, valid_from=start, valid_to=dt.date(2026, 6, 30))
    Parameter.add(world.centre, name="thesis.reviewers", title="评阅人数下限", value=5, valid_from=start, institution=world.unit)
    days = (start - dt.timedelta(days=1), start, dt.date(2026, 6, 30), dt.date(2026, 7, 1))
    assert [value("thesis.reviewers", day) for day in days] == [3, 2, 2, 3]
    assert [value("thesis.reviewers", day, world.unit.id) for day in days] == [3, 5, 5, 5]
    with pytest.raises(LookupError, match="nothing"):
        value("nothing")


def test_a_document_keeps_the_name_that_the_unit_had_on_its_day(world):
    unit = world.unit
    InstitutionName.create(institution=unit, name="北京大学")
    InstitutionName.create(institution=unit, name="京师大学堂", valid_from=dt.date(2016, 1, 1), valid_to=dt.date(2020, 12, 31))
    assert [InstitutionName.on(unit, dt.date(year, 6, 1)) for year in (2015, 2016, 2021)] == ["北京大学", "京师大学堂", "北京大学"]
    assert InstitutionName.on(world.unit2, dt.date(2015, 1, 1)) == world.unit2.name


def test_an_announcement_is_shown_through_its_last_day(world):
    notice = Announcement.add(world.centre, title="公告", body="内容", until=dt.date(2026, 3, 31)).publish(by=world.centre)
    for day, shown in ((dt.date(2026, 3, 31), True), (dt.date(2026, 4, 1), False)):
        with clock.at(day):
            assert Announcement.shown().exists() is shown
    notice.withdraw(by=world.centre)
    assert not Announcement.shown().exists()
