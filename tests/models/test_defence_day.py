"""Stage 9: a defence day - many candidates planned before one committee, and their ballots entered one after the other."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.defences import CommitteeMember, Defence
from models.defences.day import on_day, plan_day, settle, slots, waiting
from tests.models.refusals import sentences

NAMES = ("温景行", "苏以宁", "陆远舟")


@pytest.fixture
def cases(world):
    return world.candidates(*NAMES)


def plan(world, cases, **values):
    members = world.committee()
    return plan_day(**{"by": world.clerk, "day": clock.today(), "place": "二教 301", "first": dt.time(9), "minutes": 40, "members": members,
                       "chair": members[0], "cases": cases} | values)


def test_candidates_are_heard_one_after_the_other(world, cases):
    assert list(waiting(world.clerk)) == cases and not waiting(world.clerk2).exists()
    planned = plan(world, cases)
    hours = [(defence.starts_at, defence.ends_at) for defence in on_day(world.clerk, clock.today(), "二教 301")]
    assert hours == [(dt.time(9), dt.time(9, 40)), (dt.time(9, 40), dt.time(10, 20)), (dt.time(10, 20), dt.time(11))]
    assert [defence.members.where(CommitteeMember.chair == True).get().name for defence in planned] == ["委员0"] * 3      # noqa: E712
    assert not waiting(world.clerk).exists() and not on_day(world.clerk2, clock.today(), "二教 301").exists()


def test_a_day_ends_before_midnight():
    assert slots(dt.time(22), 60, 2) is None and slots(dt.time(22), 59, 2)[-1] == (dt.time(22, 59), dt.time(23, 58))


def test_a_day_is_planned_whole_or_not_at_all_with_the_sentences_of_each(world, cases):
    """The supervisor of one of them sits on the committee."""
    thesis = cases[1].theses.get()
    thesis.reviewers.model.update(expert=None).execute()
    thesis.change(world.clerk, supervised_by=world.committee()[2])
    assert sentences(plan, world, cases) == ["苏以宁：委员2 是 苏以宁 的导师，不能是答辩委员"]
    assert not Defence.select().exists() and not CommitteeMember.select().exists()


@pytest.mark.parametrize("values, sentence", [
    ({"cases": []}, "还没有选择答辩人"), ({"members": []}, "还没有选择答辩委员"), ({"chair": None}, "请在委员中指定主席"),
    ({"minutes": 0}, "每人的时间：要求 至少 1 分钟，实际 0 分钟，差 1 分钟"),
    ({"first": dt.time(23)}, "最后一位答辩人要在当天结束：要求 不晚于 24:00，实际 23:00 起 3 人，每人 40 分钟")])
def test_what_a_day_needs_is_said_before_anything_is_written(world, cases, values, sentence):
    assert sentence in sentences(plan, world, **{"cases": cases} | values)
    assert not Defence.select().exists()


def test_a_committee_that_sits_elsewhere_at_that_time_is_refused(world, cases):
    plan(world, cases[:1])
    said, = sentences(plan, world, cases[1:], place="三教 102", first=dt.time(9, 30))
    assert said.startswith("苏以宁：委员0 ") and said.endswith("在 二教 301 有 温景行 的答辩，同一个人不能同时在两处")
    assert Defence.select().count() == 1


def test_ballot_and_outcome_of_one_defence_are_written_together_or_not_at_all(world, cases):
    first, second, third = plan(world, cases)
    settle(world.clerk, first, "passed", votes_for=4, votes_against=1, grade="良好")
    settle(world.clerk, second, "failed", "论证不足", votes_for=3, votes_abstain=2, grade="不合格")
    assert sentences(settle, world.clerk, third, "passed", votes_for=3, votes_against=2, grade="良好")[0].startswith("同意票不够")
    assert [Defence.get_by_id(row.id).state for row in (first, second, third)] == ["passed", "failed", "planned"]
    assert Defence.get_by_id(third.id).votes_for == 0
    assert [Application.get_by_id(case.id).state for case in cases] == ["defended", "defence_admitted", "defence_admitted"]
    assert [case.person.name for case in waiting(world.clerk)] == ["苏以宁"]
