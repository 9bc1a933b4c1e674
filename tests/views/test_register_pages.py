"""The pages about the register: a rehearsed dismissal and its proposal, rechecks, what another parameter would change, durations, releases."""
import datetime as dt

import pytest

from backoffice import actions
from models import clock
from models.applications import Application
from models.dismissals import Dismissal
from models.jobs import Job
from models.parameters import Parameter, value
from models.register import Finding, Recheck
from models.releases import ReleaseRequest, ask_release
from tests.world import DAY
from views import dismissing

WHY = {"confirm": "1", "ground": "over_limit", "reason": "超期未申请答辩"}
DISMISS = "/office/register/step/dismiss/"


def state_of(case):
    return Application.get_by_id(case.id).state


def rule(world, name, value, unit=None):
    return Parameter.add(world.centre, name=name, title=name, value=value, valid_from=DAY, institution=unit or world.unit)


@pytest.fixture
def cases(world):
    """Two cases of the register, one with a result that is not published, and one with a degree."""
    first, second = world.registered(world.applicant("郁文")), world.registered(world.applicant("祁安"))
    world.studied(first, 20)
    return [first, second]


# dismissal --------------------------------------------------------------------------------------------------------------------------
def test_a_dismissal_is_rehearsed_case_by_case_and_changes_nothing(world, enter, cases):
    page = enter(world.clerk).post(DISMISS, 200, id=[case.id for case in cases])
    assert "2 人可以清退" in page and "课程成绩 2" in page and "差 <b>10 学分</b>" in page
    assert [state_of(case) for case in cases] == ["registered", "registered"]


def test_what_speaks_against_it_now_is_said_and_does_not_hinder_it(world, enter, cases):
    with clock.at(dt.date(2026, 3, 21)):
        world.sat(cases[1], world.session())
    visitor = enter(world.clerk)
    assert "已缴费、成绩尚未公布的统考报考" in visitor.get(f"{DISMISS}?id={cases[1].id}")
    visitor.post(DISMISS, id=cases[1].id, shown=cases[1].id, again="1", **WHY)
    assert state_of(cases[1]) == "dismissed"


def test_it_is_done_only_with_ground_reason_and_the_right_number(world, enter, cases):
    visitor, ids = enter(world.clerk), [case.id for case in cases]
    assert "要求写 2" in visitor.post(DISMISS, 422, id=ids, shown=ids, again="3", **WHY)
    assert "请填写依据" in visitor.post(DISMISS, 422, id=ids, shown=ids, again="2", confirm="1", reason="超期")
    assert [state_of(case) for case in cases] == ["registered", "registered"]
    assert "完成 2 人" in visitor.post(DISMISS, 200, id=ids, shown=ids, again="2", **WHY)
    assert [state_of(case) for case in cases] == ["dismissed", "dismissed"]


def test_one_that_is_not_ticked_stays(world, enter, cases):
    enter(world.clerk).post(DISMISS, 200, id=cases[0].id, shown=[case.id for case in cases], again="1", **WHY)
    assert [state_of(case) for case in cases] == ["dismissed", "registered"]


def test_a_case_that_cannot_be_dismissed_says_why(world, enter, cases):
    with clock.at(dt.date(2026, 9, 10)):
        awarded = world.awarded()
    page = enter(world.clerk).post(DISMISS, 200, id=[cases[0].id, awarded.id])
    assert "1 人可以清退" in page and "现在的状态不能“清退”" in page


def test_where_the_unit_asks_for_two_the_page_proposes_and_a_reviewer_decides(world, enter, cases):
    rule(world, "dismissal.four_eyes", True)
    case, visitor = cases[0], enter(world.clerk)
    page = visitor.get(f"/office/register/details/?id={case.id}")
    assert "提议清退" in page and "请先提出清退" not in page
    assert "提议清退 " in visitor.get(f"{DISMISS}?id={case.id}")
    assert "已提议清退" in visitor.post(DISMISS, id=case.id, shown=case.id, again="1", **WHY)
    proposal = Dismissal.get()
    assert (proposal.state, proposal.ground, proposal.statement) == ("proposed", "over_limit", "超期未申请答辩")
    assert (proposal.proposed_by, state_of(case)) == (world.clerk, "registered")
    assert "已有一件清退提议" in visitor.get(f"{DISMISS}?id={case.id}")
    page = enter(world.reviewer).get(f"/office/dismissal/details/?id={proposal.id}")
    assert "同意之后会发生什么" in page and "课程成绩 2" in page and "/office/dismissal/step/approve/" in page
    enter(world.reviewer).post("/office/dismissal/step/approve/", id=proposal.id, confirm="1", opinion="同意", again="1")
    assert state_of(case) == "dismissed"


def test_a_frozen_case_says_until_when_and_how_it_comes_back(world, enter, cases):
    rule(world, "dismissal.cool_off_days", 30)
    Dismissal.add(world.clerk, application=cases[0], ground="breach", statement="作弊").approve(by=world.reviewer, opinion="同意")
    page = enter(world.reviewer).get(f"/office/register/details/?id={cases[0].id}")
    assert "已冻结：清退冷静期至 2026-04-19" in page and "恢复为冻结前的“在册”" in page and "清退冷静期" in page
    proposal = Dismissal.get()
    assert "/office/dismissal/step/restore/" in enter(world.reviewer).get(f"/office/dismissal/details/?id={proposal.id}")
    enter(world.reviewer).post("/office/dismissal/step/restore/", id=proposal.id, confirm="1", reason="申诉成立")
    assert state_of(cases[0]) == "registered"


def test_a_foreign_case_is_not_found_and_other_roles_dismiss_nobody(world, enter, cases):
    for path in (DISMISS, "/office/application/step/dismiss/"):
        enter(world.clerk2).get(f"{path}?id={cases[0].id}", 404)
        enter(world.clerk2).post(path, 404, id=cases[0].id, shown=cases[0].id, again="1", **WHY)
    enter(world.clerk).get(f"{DISMISS}?id=999999", 404)
    enter(world.officer).get(f"{DISMISS}?id={cases[0].id}", 403)
    assert state_of(cases[0]) == "registered"


@pytest.mark.parametrize("by_proposal", [False, True])
def test_more_than_a_page_is_done_by_a_job_with_a_sheet_of_those_refused(world, enter, cases, monkeypatch, by_proposal):
    monkeypatch.setattr(dismissing, "AT_ONCE", 1)
    if by_proposal:
        rule(world, "dismissal.four_eyes", True)
    listed = {"all": "1", "list": "?f.state=registered"}
    page = enter(world.clerk).post(DISMISS, 200, **listed)
    assert "2 人可以" in page and "后台作业" in page
    for _ in range(2):              # pressed once more, nobody is left on the list
        assert "完成 2 项，没有完成 0 项" in enter(world.clerk).post(DISMISS, again="2", order_key="once", **listed, **WHY)
    job = Job.get()
    assert (job.state, job.done, job.total, job.message) == ("done", 2, 2, "完成 2 项，没有完成 0 项")
    assert {state_of(case) for case in cases} == {"registered" if by_proposal else "dismissed"} and Dismissal.select().count() == 2 * by_proposal


# a step on a whole list ------------------------------------------------------------------------------------------------------------
def test_a_step_on_a_long_list_is_a_job_and_the_refused_come_back_with_reasons(world, enter, monkeypatch):
    monkeypatch.setattr("backoffice.grid.LIMIT", 1)
    good, other = world.confirmed(world.applicant("能办")), world.applicant("不能办")
    bad = world.draft(other).submit(by=other)
    visitor, listed = enter(world.reviewer), {"all": "1", "list": "?"}
    assert "通过 2 项申请" in visitor.post("/office/application/step/approve/", 200, **listed)
    assert "要求写 2" in visitor.post("/office/application/step/approve/", 422, confirm="1", opinion="同意", again="1", **listed)
    assert 'name="order_key"' in visitor.get("/office/application/step/approve/?all=1&list=?")
    for _ in range(2):              # pressed once more, the list has changed by then
        assert "完成 1 项，没有完成 1 项" in visitor.post("/office/application/step/approve/", confirm="1", opinion="同意", again="2", order_key="once", **listed)
    job = Job.get()
    assert Job.select().count() == 1
    assert (job.state, job.message) == ("done", "完成 1 项，没有完成 1 项") and (state_of(good), state_of(bad)) == ("registered", "submitted")
    assert visitor.client.get(f"/file/{job.result_id}").data.startswith(b"PK")
    enter(world.reviewer2).get(f"/file/{job.result_id}", 404)


def test_a_short_list_is_shown_row_by_row(world, enter, cases):
    page = enter(world.clerk).post(DISMISS, 200, all="1", list="?q=郁文")
    assert "郁文" in page and "祁安" not in page and actions.LIMIT == 1000


# recheck ----------------------------------------------------------------------------------------------------------------------------
def test_a_recheck_runs_as_a_job_and_is_compared_with_the_one_before(world, enter, cases):
    visitor = enter(world.clerk)
    for name in ("春季复核", "夏季复核"):
        visitor.post("/office/recheck/create/", name=name, as_of="2026-03-20")
        row = Recheck.get(Recheck.name == name)
        page = visitor.post("/office/recheck/step/run/", id=row.id, shown=row.id, confirm="1")
        if name == "春季复核":
            assert "没有可比的" in page
            cases[0].dismiss(by=world.clerk, ground="own_request", reason="退出")
            world.registered(world.applicant("新人"))
    assert "新列入 1，结论有变 0" in page        # its history, in words
    assert "新列入 1 人" in page and "新人" in page and "在途" in page
    assert Job.select().where(Job.kind == "recheck", Job.state == "done").count() == 2
    assert f"/office/finding/export/?f.recheck={row.id}" in page and f"f.recheck={row.id}&amp;f.verdict=on_the_way" in page
    assert visitor.client.get(f"/office/finding/export/?f.recheck={row.id}").data.startswith(b"PK")
    assert "已经执行，不能再改" in visitor.post("/office/recheck/edit/", 422, id=row.id, edition=row.edition, name="改名", as_of="2020-01-01")
    assert "没有可以执行的复核" in visitor.post("/office/recheck/step/run/", id=row.id, confirm="1")


def test_a_finding_shows_the_figures_of_the_run_beside_those_of_today(world, enter, cases):
    Recheck.add(world.clerk, institution=world.unit, name="复核").run(by=world.clerk)
    finding = Finding.get(Finding.application == cases[0])
    page = enter(world.officer).get(f"/office/finding/details/?id={finding.id}")
    assert page.count("在规定年限内") >= 2 and "20 学分" in page and f"/office/register/details/?id={cases[0].id}" in page
    enter(world.officer2).get(f"/office/finding/details/?id={finding.id}", 404)


def test_the_centre_rechecks_the_nation_and_nobody_else_does(world, enter, cases):
    world.registered(world.applicant(), world.publish(world.unit2, world.clerk2))
    visitor = enter(world.centre)
    assert "2 个单位，在册 3 人" in visitor.get("/office/recheck/nation/")
    assert "请填写名称" in visitor.post("/office/recheck/nation/", 422, name="", as_of="2026-03-20")
    visitor.post("/office/recheck/nation/", name="全国复核", as_of="2026-03-20")
    assert [row.state for row in Recheck.select()] == ["done", "done"] and Finding.select().count() == 3
    for user in (world.clerk, world.reviewer, world.officer):
        enter(user).get("/office/recheck/nation/", 403)
    enter(world.clerk2).get(f"/office/recheck/details/?id={Recheck.get(Recheck.institution == world.unit).id}", 404)


# parameters -------------------------------------------------------------------------------------------------------------------------
def test_another_value_is_rehearsed_before_it_is_saved(world, enter, cases):
    given = {"name": "recheck.soon_days", "title": "提醒天数", "value": "3650", "valid_from": "2026-03-20", "valid_to": "", "institution": "", "source": ""}
    visitor = enter(world.centre)
    page = visitor.post("/office/parameter/create/", 200, **given)
    assert "2 人的结论会变" in page and "郁文" in page and "临近到期" in page and value("recheck.soon_days") == 180
    visitor.post("/office/parameter/create/", confirm="1", **given)
    assert value("recheck.soon_days") == 3650
    row = Parameter.get(Parameter.name == "recheck.soon_days", Parameter.value == 3650)
    page = visitor.post("/office/parameter/edit/", 200, id=row.id, edition=row.edition, **given | {"value": "0"})
    assert "2 人的结论会变" in page and Parameter.get_by_id(row.id).value == 3650


def test_a_value_that_changes_nobodys_verdict_is_saved_at_once_and_one_that_is_none_is_refused(world, enter, cases):
    given = {"name": "recheck.soon_days", "title": "提醒天数", "value": "181", "valid_from": "2026-03-20", "valid_to": "", "institution": "", "source": ""}
    visitor = enter(world.centre)
    assert "要求 0 到 10,000 的整数" in visitor.post("/office/parameter/create/", 422, **given | {"value": '"很多"'})
    visitor.post("/office/parameter/create/", **given)
    assert value("recheck.soon_days") == 181
    enter(world.clerk).post("/office/parameter/create/", 403, **given)


# durations and releases ---------------------------------------------------------------------------------------------------------------
def test_durations_are_those_of_the_steps_in_sight(world, enter, cases):
    page = enter(world.clerk).get("/office/durations/")
    assert "通过" in page and "中位天数" in page
    assert "这段时间里没有办过的步骤" in enter(world.clerk2).get("/office/durations/")
    world.registered(world.applicant(), world.publish(world.unit2, world.clerk2))
    page = enter(world.centre).get("/office/durations/?step=approve")
    assert "北京大学" in page and "复旦大学" in page and 'aria-current="page">通过' in page
    enter(world.it).get("/office/durations/", 403)


def test_a_request_for_release_leads_to_the_dismissal_that_grants_it(world, enter, cases):
    other, user = world.publish(world.unit2, world.clerk2), cases[0].applicants()[0]
    request = ask_release(user.person, other, user)
    assert "放行申请：待答复" in enter(world.clerk).get("/office/") and "放行申请：待答复" not in enter(world.clerk2).get("/office/")
    page = enter(world.clerk).get(f"/office/release_request/details/?id={request.id}")
    assert "清退放行" in page and "2026-04-04" in page
    page = enter(world.clerk).get(f"{DISMISS}?id={cases[0].id}&ground=own_request")
    assert '<option selected value="own_request">' in page
    enter(world.clerk).post(DISMISS, id=cases[0].id, shown=cases[0].id, again="1", confirm="1", ground="own_request", reason="同意放行")
    assert ReleaseRequest.get().state == "released"
    enter(world.clerk2).get(f"/office/release_request/details/?id={request.id}", 404)


def test_the_centre_sees_on_its_desk_what_units_left_unanswered(world, enter, cases):
    user = cases[0].applicants()[0]
    ask_release(user.person, world.publish(world.unit2, world.clerk2), user)
    assert "逾期未答复" not in enter(world.centre).get("/office/")
    clock.stop(dt.date(2026, 4, 5))
    assert "逾期未答复" in enter(world.centre).get("/office/") and "1 件已逾期" in enter(world.reviewer).get("/office/")
