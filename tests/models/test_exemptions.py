"""Stage 5: an approved exemption counts as the credits of its course, from the day of the decision until it is revoked."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.conditions import conditions, earned_credits
from models.courses import CourseResult
from models.defences import request_defence
from models.exemptions import Exemption
from models.files import File
from models.programmes import Course
from tests.models.refusals import refused, sentences
from tests.world import DAY, picture


@pytest.fixture
def case(world):
    return world.registered()


def exempt(world, case, number=1, **values):
    proof = File.keep(picture(), "证明.jpg", "document", "image/jpeg", institution=case.institution_id, case_ref=case.id)
    return Exemption.add(world.clerk, **({"application": case, "course": case.programme.plans.get().courses.where(Course.code == f"EC50{number}").get(), "ground": "language", "document": proof} | values))


def test_it_counts_once_the_reviewer_has_agreed_and_shows_its_source(world, case):
    row = exempt(world, case)
    assert earned_credits(case) == 0 and "要求 审核" in sentences(row.approve, by=world.clerk, opinion="同意")[0]
    row.approve(by=world.reviewer, opinion="证明属实")
    found = conditions(case)[2].rows[0]
    assert earned_credits(case) == 10 and (found.value, found.note, found.counts) == ("免修，10 学分", "外语水平达到免修标准", True)


def test_on_a_day_before_the_decision_it_did_not_count(world, case):
    row = exempt(world, case)
    with clock.at(DAY + dt.timedelta(days=3)):
        row.approve(by=world.reviewer, opinion="同意")
    with clock.at(DAY + dt.timedelta(days=9)):
        assert [earned_credits(case, DAY + dt.timedelta(days=n)) for n in (2, 3, 9)] == [0, 10, 10]
        row.revoke(by=world.reviewer, reason="证明不实")
        assert [earned_credits(case, DAY + dt.timedelta(days=n)) for n in (2, 3, 8, 9)] == [0, 10, 10, 0]


def test_a_course_counts_once_when_it_is_both_passed_and_exempt(world, case):
    CourseResult.add(world.clerk, application=case, course=Course.get(Course.code == "EC501"), score=Decimal(50)).publish(by=world.clerk)
    exempt(world, case).approve(by=world.reviewer, opinion="同意")
    CourseResult.get().change(world.clerk, score=Decimal(70), reason="登分错误")
    assert earned_credits(case) == 10


def test_it_needs_a_document_a_course_of_the_own_plan_and_a_case_of_the_register(world, case):
    other = Course.get(Course.plan == world.publish(world.unit2, world.clerk2).plans.get())
    assert refused(exempt, world, case, document=None).fields == {"document": "请上传证明文件"}
    assert "不在" in refused(exempt, world, case, course=other).fields["course"]
    waiting = world.confirmed(world.applicant("赵一"))
    assert "只有在册的人" in refused(exempt, world, waiting).fields["application"]


def test_a_passed_course_is_not_exempted_and_there_is_one_request_at_a_time(world, case):
    CourseResult.add(world.clerk, application=case, course=Course.get(Course.code == "EC501"), score=Decimal(70))
    assert "已经考试合格" in refused(exempt, world, case).fields["course"]
    exempt(world, case, 2)
    assert sentences(exempt, world, case, 2) == ["这门课程已有一件待审或已同意的免修"]


def test_one_that_carries_a_defence_is_not_revoked(world):
    case = world.registered()
    world.examined(case)
    world.studied(case, 20)
    row = exempt(world, case, 3).approve(by=world.reviewer, opinion="同意")
    request_defence(case, case.applicants()[0])
    assert "免修计入答辩申请的学分" in sentences(row.revoke, by=world.reviewer, reason="x")[0]


def test_it_goes_with_the_case_when_that_is_dismissed(world, case):
    exempt(world, case).approve(by=world.reviewer, opinion="同意")
    case.dismiss(by=world.reviewer, ground="breach", reason="违纪")
    assert not Exemption.select().exists() and case.cleared[Exemption.label] == 1
