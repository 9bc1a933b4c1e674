"""The three conditions with their whole explanation on the applicant's pages, and the way out for somebody whom another unit holds."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.conditions import conditions
from models.releases import ReleaseRequest
from tests.world import DAY


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def case(world):
    return world.registered()


@pytest.fixture
def client(visit, case):
    return visit(case.applicants()[0])


@pytest.fixture
def wanted(world):
    return world.publish(world.unit2, world.clerk2)


# the explanation ---------------------------------------------------------------------------------------------------------------------------
def test_my_case_says_of_each_condition_what_is_required_there_and_missing_and_what_to_do(world, case, client):
    world.studied(case, 20)
    page = text(client.get("/me"))
    for condition in conditions(case):
        for words in (condition.title, condition.required, condition.actual, condition.gap, condition.why):
            assert words in page
    assert "无法预计：还没有公布可以报考的统考批次" in page


def test_the_first_day_on_which_all_can_hold_is_that_of_the_next_exam(world, case, client):
    world.studied(case)
    world.session()
    assert '最早可于 <b class="soft">2026-05-23</b>' in text(client.get("/me"))


def test_deadlines_ahead_and_who_has_to_act_are_shown(world, visit, case, client):
    page = text(client.get("/me"))
    assert "您本人" in page and "学习年限到期 <b>2031-03-20</b>" in page and "还余 1826 天" in page
    waiting = world.confirmed(world.applicant())
    assert "<b>北京大学</b>，自 3月20日 起" in text(visit(waiting.applicants()[0]).get("/me"))


def test_a_clock_of_the_thesis_that_has_run_out_is_a_warning_and_no_condition(world, visit):
    clock.stop(DAY)
    case = world.ready()
    clock.stop(dt.date(2028, 1, 10))
    page = text(visit(case.applicants()[0]).get("/me"))
    assert "按时提交论文" in page and "只作提醒，不影响申请答辩" in page and "三项都已满足" in page


def test_the_sheet_and_its_json_say_the_same_words_as_the_page(world, case, client):
    world.studied(case, 20)
    sheet, data = text(client.get("/me/conditions")), client.get("/me/conditions", headers={"Accept": "application/json"}).json
    assert data["register_number"] == case.register_number and data["on"] == str(DAY)
    for condition, told in zip(conditions(case), data["conditions"], strict=True):
        for name in ("clause", "text", "why", "required", "actual", "gap", "todo"):
            assert told[name] == getattr(condition, name) and told[name] in sheet
    assert "课程1，80 分，10 学分，2026-03-20" in sheet and case.person.document_number in sheet and "还有 2 项不满足" in sheet


# the release -------------------------------------------------------------------------------------------------------------------------------
def test_whoever_is_refused_because_another_unit_holds_him_asks_for_his_release_with_one_click(world, case, client, wanted):
    refused = client.post(f"/programmes/{wanted.id}/apply")
    assert refused.status_code == 422 and "已入册：您在 北京大学 在册" in text(refused) and f"/programmes/{wanted.id}/release" in text(refused)
    page = text(client.post(f"/programmes/{wanted.id}/release", follow_redirects=True))
    assert "放行申请已送达 北京大学，答复期限 2026-04-04（含当天）" in page and "待答复" in page and "请求放行" not in page
    request = ReleaseRequest.get()
    assert (request.application, request.programme, request.institution) == (case, wanted, world.unit)
    for path in ("/me", "/me/changes"):
        assert "2026-04-04" in text(client.get(path))
    again = client.post(f"/programmes/{wanted.id}/release")
    assert again.status_code == 422 and "您已有一件待答复的放行申请" in text(again)


def test_a_request_without_an_answer_is_overdue_after_its_last_day(case, client, wanted):
    client.post(f"/programmes/{wanted.id}/release")
    clock.stop(dt.date(2026, 4, 4))
    assert "今天 24:00 截止" in text(client.get("/me"))
    clock.stop(dt.date(2026, 4, 6))
    assert "已逾期 2 天" in text(client.get("/me"))


def test_a_refusal_shows_its_reason_and_one_may_ask_again(world, case, client, wanted):
    client.post(f"/programmes/{wanted.id}/release")
    ReleaseRequest.get().refuse(by=world.reviewer, reason="正在答辩，依据校规第 8 条")
    assert "正在答辩，依据校规第 8 条" in text(client.get("/me")) and "不放行" in text(client.get("/me/changes"))
    assert "再次请求放行" in text(client.get(f"/programmes/{wanted.id}"))
    assert client.post(f"/programmes/{wanted.id}/release").status_code == 302 and ReleaseRequest.select().count() == 2


def test_released_one_applies_at_once(world, case, client, wanted):
    client.post(f"/programmes/{wanted.id}/release")
    case.dismiss(by=world.clerk, ground="own_request", reason="同意放行")
    page = text(client.get("/me"))
    assert "已放行，您现在可以向别的单位申请" in page and f"/programmes/{wanted.id}" in page
    assert client.post(f"/programmes/{wanted.id}/apply").status_code == 302
    assert Application.get(Application.state == "draft").programme == wanted and "已放行" not in text(client.get("/me")).split("申请事项")[0]


def test_a_request_is_taken_back_by_its_person_only(world, visit, case, client, wanted):
    client.post(f"/programmes/{wanted.id}/release")
    path = f"/me/changes/release/{ReleaseRequest.get().id}/withdraw"
    assert visit(world.applicant()).post(path).status_code == 404
    assert "放行申请已撤回" in text(client.post(path, follow_redirects=True)) and ReleaseRequest.get().state == "withdrawn"
    assert "请求放行" in text(client.get(f"/programmes/{wanted.id}"))


def test_nobody_asks_for_a_release_without_being_held_or_for_what_is_over(world, visit, case, client, wanted):
    free = visit(world.applicant()).post(f"/programmes/{wanted.id}/release")
    assert free.status_code == 422 and "没有单位把您列为在册" in text(free)
    own = client.post(f"/programmes/{world.programme.id}/release")
    assert own.status_code == 422 and "同一单位内请办理变更学科" in text(own)
    assert visit(world.clerk).post(f"/programmes/{wanted.id}/release").status_code == 403 and client.post("/programmes/999999/release").status_code == 404
    clock.stop(dt.date(2026, 4, 16))
    late = client.post(f"/programmes/{wanted.id}/release")
    assert late.status_code == 422 and "要求 <b>不晚于 2026-04-15" in text(late) and "请求放行" not in text(late)
    assert ReleaseRequest.select().count() == 0
