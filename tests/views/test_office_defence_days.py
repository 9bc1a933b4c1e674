"""The defence day in the office (stage 9): many candidates planned on one page, their results entered on another; and the check list of a request."""
import datetime as dt

import pytest

from models import clock
from models.awards import Award
from models.defences import CheckItem, Defence, DefenceRequest, request_defence
from models.defences.day import plan_day

DAY, SHEET = "/office/defence_day/", "/office/defence_day/sheet/"
NAMES = ("温景行", "苏以宁", "陆远舟", "顾闻笛", "沈知微", "叶清和")


@pytest.fixture
def cases(world):
    return world.candidates(*NAMES)


def planned(world, cases, day=None):
    members = world.committee()
    return plan_day(world.clerk, day or clock.today(), "二教 301", dt.time(8, 30), 40, members, members[0], cases)


def line(row, votes=(5, 0, 0), grade="良好", outcome="passed", reason=""):
    names = ("votes_for", "votes_against", "votes_abstain", "grade", "outcome", "reason")
    return {f"edition-{row.id}": row.edition} | {f"{name}-{row.id}": said for name, said in zip(names, (*votes, grade, outcome, reason))}


def test_a_day_of_six_is_planned_on_one_page(world, enter, cases):
    members, clerk = world.committee(), enter(world.clerk)
    page = clerk.get(DAY)
    assert all(name in page for name in NAMES) and "6 人等待安排" in page and "委员4（M4）" in page
    page = clerk.post(DAY, held_on="2026-03-25", place="二教 301", first="08:30", minutes="40", case=[case.id for case in cases],
                      member=[member.id for member in members], chair=members[0].id)
    assert "已安排 6 人答辩" in page and "08:30–09:10" in page and "11:50–12:30" in page
    assert Defence.select().count() == 6 and "6</td>" in clerk.get(DAY)


def test_what_stands_against_a_plan_is_said_and_what_was_chosen_stays(world, enter, cases):
    members = world.committee()
    given = {"held_on": "2026-03-25", "place": "二教 301", "first": "08:30", "minutes": "40", "case": [cases[0].id], "member": [m.id for m in members]}
    page = enter(world.clerk).post(DAY, 422, **given)
    assert "请在委员中指定主席" in page and f'name="member" value="{members[2].id}" aria-label="委员 委员2（M2）" checked' in page
    page = enter(world.clerk).post(DAY, 422, **given | {"minutes": "很久", "chair": members[0].id})
    assert "要求数字" in page and not Defence.select().exists()


def test_people_and_candidates_of_another_unit_are_not_found(world, enter, cases):
    foreign = world.expert("外人", "X1", world.clerk2)
    own = world.committee()
    given = {"held_on": "2026-03-25", "place": "二教 301", "first": "08:30", "minutes": "40", "chair": own[0].id}
    enter(world.clerk).post(DAY, 404, **given, case=[cases[0].id], member=[foreign.id])
    planned(world, cases[:1])
    address = f"{SHEET}?on={clock.today()}&place=二教 301"
    assert NAMES[0] in enter(world.clerk).get(address)
    enter(world.clerk2).get(address, 404)
    for user in (world.reviewer, world.officer, world.centre):
        enter(user).get(address, 403)


def test_results_of_six_are_entered_on_one_sheet_where_one_fails(world, enter, cases):
    rows = planned(world, cases)
    given = {}
    for row, votes in zip(rows, ((5, 0, 0), (4, 1, 0), (4, 0, 1), (5, 0, 0), (5, 0, 0))):
        given |= line(row, votes)
    given |= line(rows[5], (3, 1, 1), "不合格", "failed", "论证不足")
    page = enter(world.clerk).post(SHEET, on=clock.today(), place="二教 301", **given)
    assert "已登记 6 人的答辩" in page
    assert [Defence.get_by_id(row.id).state for row in rows] == ["passed"] * 5 + ["failed"]
    assert Award.select().count() == 5
    assert "1 人等待安排" in enter(world.clerk).get(DAY)


def test_a_line_that_is_refused_holds_up_no_other_and_keeps_what_was_typed(world, enter, cases):
    rows = planned(world, cases[:3])
    given = line(rows[0]) | line(rows[1], (3, 2, 0)) | line(rows[2], (5, 5, 0), outcome="")
    page = enter(world.clerk).post(SHEET, 422, on=clock.today(), place="二教 301", **given)
    assert "1 人没有登记" in page and "2 人已登记" in page and "同意票不够" in page
    assert f'name="votes_against-{rows[1].id}" inputmode="numeric" autocomplete="off" maxlength="3" value="2"' in page
    assert [(row.state, row.votes_for) for row in Defence.select().order_by(Defence.id)] == [("passed", 5), ("planned", 0), ("planned", 5)]


def test_a_sheet_that_is_past_says_so(world, enter, cases):
    row, = planned(world, cases[:1])
    given = line(row)
    row.change(world.clerk, grade="优秀")
    assert "别人已经修改了这一行" in enter(world.clerk).post(SHEET, 422, on=clock.today(), place="二教 301", **given)
    assert Defence.get_by_id(row.id).state == "planned"


@pytest.mark.parametrize("values, sentence", [({"votes_for": "五"}, "要求数字"), ({"outcome": "maybe"}, ""), ({"grade": "特优"}, "请登记答辩成绩")])
def test_nonsense_on_the_sheet_is_refused(world, enter, cases, values, sentence):
    row, = planned(world, cases[:1])
    given = line(row) | {f"{name}-{row.id}": said for name, said in values.items()}
    assert sentence in enter(world.clerk).post(SHEET, 422, on=clock.today(), place="二教 301", **given)
    assert Defence.get_by_id(row.id).state == "planned"


def test_a_reviewer_ticks_the_list_of_the_unit_on_the_page_of_the_request(world, enter):
    case = world.ready()
    request = request_defence(case, case.applicants()[0])
    CheckItem.add(world.reviewer, institution=world.unit, title="公开发表一篇")
    CheckItem.add(world.reviewer, institution=world.unit, title="学术报告两次")
    page = enter(world.reviewer).get(f"/office/defence_request/details/?id={request.id}")
    assert "要求 <b>2 项</b>" in page and 'value="公开发表一篇">' in page
    assert "核对项已保存" in enter(world.reviewer).post("/office/defence_request/check/", id=request.id, item=["公开发表一篇", "学术报告两次"])
    assert DefenceRequest.get_by_id(request.id).ticked == ["公开发表一篇", "学术报告两次"]
    enter(world.clerk).post("/office/defence_request/check/", 403, id=request.id, item=["公开发表一篇"])
    enter(world.reviewer2).post("/office/defence_request/check/", 404, id=request.id)


def test_the_page_of_a_thesis_says_what_it_lacks(world, enter, cases):
    thesis = cases[0].theses.get()
    thesis.change(world.clerk, plagiarism_ratio=31)
    page = enter(world.clerk).get(f"/office/thesis/details/?id={thesis.id}")
    assert "文字复制比太高" in page and "按时答辩" in page
