"""The review desk (stage 4): who is on it and in which order, what must have been looked at, and what is said of a decision that came too late."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry
from models.parameters import Parameter
from tests.world import account

DESK = "/office/review/"
CHECKS = ["学位证书与填报一致", "身份与本人一致", "推荐意见和成果材料齐全", "资格审查表已签字"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def queue(world):
    """Three cases of the first unit, the one that was confirmed first in front."""
    found = []
    for minute, name in enumerate(("甲一", "乙二", "丙三")):
        case = world.confirmed(world.applicant(name))
        Application.update(confirmed_at=clock.now() + dt.timedelta(minutes=minute)).where(Application.id == case.id).execute()
        found.append(Application.get_by_id(case.id))
    return found


def decided(case, verdict="approve", **values):
    return {"id": case.id, "edition": case.edition, "verdict": verdict, "words": "", "check": CHECKS, **values}


def test_the_longest_waiting_case_is_on_the_desk_with_its_papers_and_its_number_in_full(enter, world, queue):
    page = enter(world.reviewer).get(DESK)
    assert "甲一" in page and queue[0].person.document_number in page and "还有 <b>3</b> 人待审核" in page
    assert "签字的资格审查表" in page and f'data-after="{DESK}?id={queue[1].id}"' in page
    assert all(name in page for name in CHECKS)


def test_behind_the_last_one_the_first_follows_and_one_that_is_held_back_is_left_out(enter, world, queue):
    reviewer = enter(world.reviewer)
    assert f'data-after="{DESK}?id={queue[0].id}"' in reviewer.get(f"{DESK}?id={queue[2].id}")
    page = reviewer.get(f"{DESK}?id={queue[2].id}&held={queue[0].id}")
    assert f'data-after="{DESK}?id={queue[1].id}"' in page and "还有 <b>2</b> 人待审核" in page
    assert "乙二" in reviewer.get(f"{DESK}?held={queue[0].id}")


def test_passing_enters_the_register_and_keeps_what_was_looked_at(enter, world, queue):
    page = enter(world.reviewer).post(DESK, **decided(queue[0]))
    assert "资格审核通过，已入册" in page and "乙二" in page
    case = Application.get_by_id(queue[0].id)
    assert case.state == "registered" and case.opinion == f"符合申请条件（已核对：{'、'.join(CHECKS)}）"
    assert Entry.select().where(Entry.verb == "approve", Entry.row_id == case.id, Entry.user_id == world.reviewer.id).count() == 1


def test_nobody_passes_before_every_point_was_looked_at_and_what_was_typed_stays(enter, world, queue):
    page = enter(world.reviewer).post(DESK, 422, **decided(queue[0], check=CHECKS[:1], words="材料清楚"))
    assert "还没有核对：身份与本人一致、推荐意见和成果材料齐全、资格审查表已签字。要求 4 项，实际 1 项，差 3 项" in page
    assert "材料清楚</textarea>" in page and f'value="{CHECKS[0]}" data-key="1" checked' in page
    assert Application.get_by_id(queue[0].id).state == "confirmed"


def test_a_return_and_a_rejection_ask_for_words(enter, world, queue):
    reviewer = enter(world.reviewer)
    assert "请填写退回原因" in reviewer.post(DESK, 422, **decided(queue[0], "send_back"))
    assert "请填写审核意见" in reviewer.post(DESK, 422, **decided(queue[0], "reject"))
    reviewer.post(DESK, **decided(queue[0], "send_back", words="推荐意见缺第 2 页"))
    reviewer.post(DESK, **decided(queue[1], "reject", words="学位证书编号不符", check=[]))
    assert [Application.get_by_id(case.id).state for case in queue] == ["returned", "rejected", "confirmed"]


def test_a_decision_on_a_case_that_was_changed_meanwhile_is_refused_and_the_case_shown_as_it_is_now(enter, world, queue):
    Application.update(edition=Application.edition + 1, degree_number="1000142012000002").where(Application.id == queue[0].id).execute()
    page = enter(world.reviewer).post(DESK, 422, **decided(queue[0]))
    assert "别人已经修改了这一行" in page and "1000142012000002" in page and f'name="edition" value="{queue[0].edition + 1}"' in page


def test_the_script_is_told_what_became_of_a_decision(enter, world, queue):
    client = enter(world.reviewer).client
    assert client.post(DESK, data=decided(queue[0]), headers=JSON).json == {"case": "甲一", "done": "资格审核通过，已入册"}
    late = client.post(DESK, data=decided(queue[0]), headers=JSON)
    assert late.status_code == 422 and late.json["against"] == ["现在的状态不能“通过”：要求 待审核，实际 在册"]


def test_where_two_people_are_wanted_a_case_is_not_on_the_desk_of_whoever_confirmed_it(enter, world, queue):
    both = account("both", "clerk", "reviewer", institution=world.unit)
    case = world.draft(user := world.applicant("丁四")).submit(by=user)
    world.confirmation(case, clerk=both)
    case.confirm(by=both)
    desk = f"{DESK}?id={queue[2].id}"
    assert "还有 <b>4</b> 人待审核" in enter(both).get(desk)
    Parameter.update(value=True).where(Parameter.name == "review.four_eyes").execute()
    assert "还有 <b>3</b> 人待审核" in enter(both).get(desk)
    assert "现场确认和审核要求由两个人办理" in enter(both).get(f"{DESK}?id={case.id}")


def test_a_foreign_case_is_unknown_and_other_roles_have_no_desk(enter, world, queue):
    enter(world.reviewer2).get(f"{DESK}?id={queue[0].id}", 404)
    enter(world.reviewer2).post(DESK, 404, **decided(queue[0]))
    assert "没有等您审核的人" in enter(world.reviewer2).get(DESK)
    for user in (world.clerk, world.officer, world.centre, world.it):
        enter(user).get(DESK, 403)


def test_a_decision_that_the_desk_does_not_know_is_refused(enter, world, queue):
    enter(world.reviewer).post(DESK, 400, **decided(queue[0], "dismiss"))


def test_a_case_that_waits_no_more_is_said_and_the_next_one_shown(enter, world, queue):
    queue[0].reject(by=world.reviewer, opinion="不符合")
    page = enter(world.reviewer).get(f"{DESK}?id={queue[0].id}")
    assert "不在审核台办理" in page and "乙二" in page
