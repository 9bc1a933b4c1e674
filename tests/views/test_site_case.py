"""My case, the national exam and the defence as the applicant sees them."""
import datetime as dt
import io

import pytest

from models import clock
from models.applications import Application
from models.defences import DefenceRequest, request_defence
from models.exams.entries import ExamEntry
from models.exams.sites import ExamSite
from models.reference import Province
from tests.world import DAY, picture

JULY = dt.date(2026, 7, 10)


def text(answer):
    return answer.get_data(as_text=True)


def on_register(world, visit, **values):
    user = world.applicant(**values)
    return world.registered(user), user, visit(user)


@pytest.fixture
def registered(world, visit):
    """(case, user, client) of somebody on the register."""
    return on_register(world, visit)


def choose(session, **more):
    """What the form sends with every subject ticked."""
    return {"subject": [item.id for item in session.subjects], "province": "11", **more}


def test_without_a_case_one_is_told_to_choose_a_programme(world, visit):
    client = visit(world.applicant())
    assert "选择学科，开始申请" in text(client.get("/me"))
    assert "入册以后才能报考" in text(client.get("/me/exam")) and "现在不能申请答辩" in text(client.get("/me/defence"))
    assert client.post("/me/defence").status_code == 200


def test_the_next_step_follows_the_case(world, visit):
    user = world.applicant()
    client, next_of = visit(user), lambda: text(visit(user).get("/me")).split('class="large">')[1].split("<")[0]
    case = world.draft(user, photo=None)
    assert next_of() == "填写并提交申请" and "还有 1 项没有填写" in text(client.get("/me"))
    case = Application.get_by_id(case.id)
    case.withdraw(by=user)
    case = world.draft(user).submit(by=user)
    assert next_of() == "带原件到现场确认" and "学士学位证书" in text(client.get("/me"))
    world.confirmation(case)
    case.confirm(by=world.clerk)
    assert next_of() == "等待资格审核"
    case.approve(by=world.reviewer, opinion="同意")
    assert next_of() == "继续修课程学分"
    world.session()
    assert next_of() == "报考国家统考"


def test_my_case_shows_conditions_results_time_line_and_notices(world, registered):
    case, user, client = registered
    world.studied(case, 20)
    page = text(client.get("/me"))
    for words in (case.register_number, "在规定年限内", "10 学分", "课程1，10 学分", "我的进程", "资格审核通过，已入册", "010-62750000"):
        assert words in page


def test_an_earlier_case_is_listed_and_a_new_one_possible(world, registered):
    case, user, client = registered
    case.dismiss(by=world.clerk, ground="own_request", reason="本人书面申请退出")
    page = text(client.get("/me"))
    assert "选择学科，开始申请" in page and f"/me/cases/{case.id}" in page
    assert "本人书面申请退出" in text(client.get(f"/me/cases/{case.id}"))
    assert client.post(f"/programmes/{world.programme.id}/apply").status_code == 302


def test_a_foreign_case_is_not_found(world, visit, registered):
    stranger = visit(world.applicant())
    assert stranger.get(f"/me/cases/{registered[0].id}").status_code == 404
    assert visit(world.clerk).get("/me").status_code == 403


def test_notices_are_those_of_the_account(world, visit, registered):
    assert "资格审核通过" in text(registered[2].get("/me/notices"))
    assert "还没有通知" in text(visit(world.applicant()).get("/me/notices"))


def test_entering_for_the_exam_costs_a_fee_and_can_be_taken_back(world, registered):
    case, user, client = registered
    session = world.session()
    assert "英语" in text(client.get("/me/exam")) and "100 元" in text(client.get("/me/exam"))
    page = text(client.post(f"/me/exam/{session.id}", data=choose(session, site=world.site.id), follow_redirects=True))
    assert "已报考 2 科" in page and "200 元" in page and "北京第一考点" in page and "已报考，待缴费" in page
    entry = case.exam_entries.order_by(ExamEntry.id).get()
    page = text(client.post(f"/me/exam/withdraw/{entry.id}", follow_redirects=True))
    assert "已取消报考" in page and "100 元" in page
    case.payments.get().record(by=world.exam, reference="线下-9")
    page = text(client.get("/me/exam"))
    assert "凭证号 线下-9" in page and "已缴费" in page
    paid = case.exam_entries.where(ExamEntry.state == "paid").get()
    refused = client.post(f"/me/exam/withdraw/{paid.id}")
    assert refused.status_code == 422


def test_entering_is_refused_with_every_reason(world, visit, registered):
    case, user, client = registered
    session = world.session()
    assert "请选择考试省份" in text(client.post(f"/me/exam/{session.id}", data={"subject": []}))
    assert "请至少选一科" in text(client.post(f"/me/exam/{session.id}", data={"province": "11"}))
    elsewhere = ExamSite.create(province=Province.get(Province.code == "31"), code="001", name="上海第一考点")
    wrong = client.post(f"/me/exam/{session.id}", data=choose(session, site=elsewhere.id))
    assert wrong.status_code == 422 and "这个考点不在北京" in text(wrong) and case.exam_entries.count() == 0
    clock.stop(dt.date(2026, 4, 1))
    late = text(client.post(f"/me/exam/{session.id}", data=choose(session)))
    assert "不在报考时间内" in late and "差 <b>1 天" in late


def test_a_draft_session_and_a_foreign_entry_are_not_found(world, visit, registered):
    case, user, client = registered
    session = world.session()
    client.post(f"/me/exam/{session.id}", data=choose(session))
    stranger = on_register(world, visit)[2]
    assert stranger.post(f"/me/exam/withdraw/{case.exam_entries.get().id}").status_code == 404
    assert client.post("/me/exam/999999").status_code == 404
    assert "还没有报考" in text(stranger.get("/me/exam"))


def test_results_are_seen_once_they_are_published_and_a_pass_is_not_offered_again(world, registered):
    case, user, client = registered
    session = world.session()
    world.sat(case, session, score=71)
    assert "71" not in text(client.get("/me/exam")).split("统考成绩")[1]
    world.published(session)
    assert "71" in text(client.get("/me/exam")).split("统考成绩")[1] and "统考 英语" in text(client.get("/me"))
    clock.stop(dt.date(2027, 3, 2))
    again = world.session(year=2027)
    page = text(client.get("/me/exam"))
    assert "英语已经合格，不需再考" in page and "disabled" in page
    refused = client.post(f"/me/exam/{again.id}", data=choose(again))
    assert refused.status_code == 422 and "已经合格" in text(refused)


def test_the_defence_is_refused_with_required_actual_and_difference(world, registered):
    case, user, client = registered
    refused = client.post("/me/defence")
    page = text(refused)
    assert refused.status_code == 422 and DefenceRequest.select().count() == 0
    assert "修满学分：不满足：要求 <b>30 学分</b>，实际 <b>0 学分</b>，差 <b>30 学分</b>" in page and "通过国家统考：不满足" in page


def test_a_request_is_made_taken_back_returned_and_approved(world, visit):
    clock.stop(DAY)
    case = world.ready()
    user = case.applicants()[0]
    client = visit(user)
    clock.stop(JULY)
    page = text(client.post("/me/defence", follow_redirects=True))
    assert "等待 北京大学 审核" in page and Application.get_by_id(case.id).state == "defence_requested"
    request = DefenceRequest.get()
    assert visit(world.applicant()).post(f"/me/defence/withdraw/{request.id}").status_code == 404
    client.post(f"/me/defence/withdraw/{request.id}")
    assert Application.get_by_id(case.id).state == "registered"
    client.post("/me/defence")
    request = DefenceRequest.get(DefenceRequest.state == "submitted")
    request.send_back(by=world.reviewer, reason="缺导师意见")
    assert "缺导师意见" in text(client.get("/me/defence")) and "再次申请" in text(client.get("/me"))
    client.post("/me/defence")
    DefenceRequest.get_by_id(request.id).tick(world.reviewer).approve(by=world.reviewer, opinion="同意答辩")
    assert "同意答辩" in text(client.get("/me/defence")) and "准备论文答辩" in text(client.get("/me"))


def test_the_degree_is_the_end_of_the_way(world, visit):
    case = world.ready()
    clock.stop(JULY)
    user = case.applicants()[0]
    request_defence(case, user).tick(world.reviewer).approve(by=world.reviewer, opinion="同意")
    case = Application.get_by_id(case.id)
    client = visit(user)
    defence = world.defence(case)
    assert "参加论文答辩" in text(client.get("/me"))
    defence.record_pass(by=world.clerk)
    assert "等待授予学位" in text(client.get("/me"))
    world.decide(case.awards.get(), on=JULY)
    page = text(client.get("/me"))
    assert "已获得硕士学位" in page and case.awards.get().certificate_number in page


def test_materials_are_handed_in_with_the_request_and_seen_by_the_reviewer(world, visit):
    case = world.ready()
    user = case.applicants()[0]
    client = visit(user)
    assert "申请材料" in client.get("/me/defence").text
    sent = {"file-0": (io.BytesIO(picture(60, 80)), "发表.jpg"), "file-1": (io.BytesIO(b"not a picture"), "定稿.doc")}
    answer = client.post("/me/defence/materials", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422 and "学位论文定稿" in answer.text and "已上传" in answer.text
    request = DefenceRequest.get()
    assert request.state == "draft" and [row.title for row in request.documents] == ["发表论文或成果"]
    client.post("/me/defence")
    assert DefenceRequest.get().state == "submitted"
    page = client.get("/me/defence").text
    assert "已交材料" in page and "保存材料" not in page
    assert visit(world.applicant("旁人")).get(f"/file/{request.documents.get().file_id}").status_code == 404


def test_no_materials_before_the_conditions_are_met(world, visit):
    case = world.registered()
    client = visit(case.applicants()[0])
    assert "保存材料" not in client.get("/me/defence").text
    answer = client.post("/me/defence/materials", data={"file-0": (io.BytesIO(picture(60, 80)), "发表.jpg")}, content_type="multipart/form-data")
    assert answer.status_code == 422 and not DefenceRequest.select().exists()
