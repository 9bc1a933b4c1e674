"""Stage 5: an objection to a published result within its days, and its answer: a correction or a rejection, each with a reason."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.audit import Entry
from models.courses import CourseResult
from models.objections import Objection, object_to
from models.outbox import Outbox
from models.parameters import Parameter
from models.programmes import Course
from tests.models.refusals import refused, sentences
from tests.world import DAY


@pytest.fixture
def result(world):
    case = world.registered()
    with clock.at(DAY):
        return CourseResult.add(world.clerk, application=case, course=Course.get(Course.code == "EC501"), score=Decimal(55)).publish(by=world.clerk)


@pytest.fixture
def person(result):
    return result.application.applicants()[0]


def test_one_that_is_upheld_corrects_the_result_and_says_why_and_tells_both_sides(world, result, person):
    row = object_to(result, "漏改最后一题", person)
    assert {note.user_id for note in Outbox.select().where(Outbox.template == "Objection.asked")} == {world.clerk.id, world.reviewer.id}
    row.uphold(by=world.clerk, score="65", reason="核查试卷，漏计 10 分")
    after = CourseResult.get_by_id(result.id)
    assert (after.score, after.passed, row.state, row.score_before, row.score_after) == (65, True, "upheld", 55, 65)
    assert Entry.select().where(Entry.entity == "course_result", Entry.reason == "成绩异议成立：核查试卷，漏计 10 分").count() == 1
    assert "漏计 10 分" in Outbox.get(Outbox.template == "Objection.uphold", Outbox.user_id == person.id).body


def test_one_that_is_rejected_leaves_the_result_and_tells_the_person_why(world, result, person):
    row = object_to(result, "漏改最后一题", person)
    assert refused(row.reject, by=world.clerk).fields == {"reason": "请填写答复"}
    row.reject(by=world.reviewer, reason="核查无误")
    assert CourseResult.get_by_id(result.id).score == 55 and "核查无误" in Outbox.get(Outbox.template == "Objection.reject", Outbox.user_id == person.id).body


@pytest.mark.parametrize("score, found", (("55", "与原成绩相同"), ("101", "要求 0 到 100，实际 101"), ("-1", "要求 0 到 100，实际 -1")))
def test_a_correction_is_to_another_score_of_the_scale(world, result, person, score, found):
    row = object_to(result, "漏改", person)
    assert found in sentences(row.uphold, by=world.clerk, score=score, reason="x")[0]
    assert Objection.get().state == "open" and CourseResult.get_by_id(result.id).score == 55


def test_it_is_heard_through_the_last_of_its_days_and_the_unit_may_give_more(world, result, person):
    with clock.at(DAY + dt.timedelta(days=16)):
        assert refused(object_to, result, "漏改", person).fields == {"result": "提出异议的期限已过：要求 不晚于 2026-04-04，实际 2026-04-05，差 1 天"}
        Parameter.create(name="objection.days", title="x", value=16, valid_from=DAY, institution=world.unit)
        object_to(result, "漏改", person)
    with clock.at(DAY + dt.timedelta(days=15)):
        assert Objection.get().state == "open"


def test_there_is_one_at_a_time_and_it_can_be_taken_back(world, result, person):
    row = object_to(result, "漏改", person)
    assert sentences(object_to, result, "再问", person) == ["这个成绩已有一件待答复的异议"]
    row.withdraw(by=person)
    assert object_to(result, "再问", person).state == "open"


def test_a_stranger_does_not_answer_and_nothing_is_said_without_a_ground(world, result, person):
    assert refused(object_to, result, "", person).fields == {"statement": "请填写异议的理由"}
    row = object_to(result, "漏改", person)
    assert sentences(row.reject, by=world.clerk2, reason="x") == ["没有这一行，或不在您的范围内"]
