"""What an applicant asks for while he is on the register: longer limit, other programme, other data, exit; and what becomes of it."""
import datetime as dt
import io
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.dismissals import Dismissal
from models.files import File
from models.parameters import Parameter
from models.people import Person, User
from tests.world import DAY, number_for, picture

LONGER = {"ground": "illness", "until": "2032-03-20", "statement": "住院半年"}


def text(answer):
    return answer.get_data(as_text=True)


def proof(name="document", data=None, file="证明.png"):
    return {name: (io.BytesIO(picture(300, 400, form="PNG") if data is None else data), file)}


@pytest.fixture
def case(world):
    return world.registered()


@pytest.fixture
def client(visit, case):
    return visit(case.applicants()[0])


def fresh(case):
    return Application.get_by_id(case.id)


def cool_off(world, days=30):
    Parameter.add(world.centre, name="dismissal.cool_off_days", title="冷静期", value=days, valid_from=DAY, institution=world.unit)


# what may be asked for ---------------------------------------------------------------------------------------------------------------------
def test_without_a_case_nothing_can_be_asked_for(world, visit):
    client = visit(world.applicant())
    assert "可以提出的申请" not in text(client.get("/me/changes"))
    for path in ("/me/changes/extension", "/me/changes/data", "/me/exit"):
        assert client.get(path).location == "/me/changes"
    assert client.get("/me/conditions").status_code == 404


def test_before_the_register_only_personal_data_can_be_changed(world, visit):
    case = world.confirmed()
    client = visit(case.applicants()[0])
    page = text(client.get("/me/changes"))
    assert "只有在册的人可以延长年限" in page and "只有在册的人可以退出，您现在是“待审核”" in page and "/me/changes/data" in page
    assert "只有在册的人可以延长年限" in text(client.get("/me/changes/extension"))
    assert client.post("/me/changes/extension", data=LONGER | proof()).status_code == 422 and Extension.select().count() == 0


# a longer limit ----------------------------------------------------------------------------------------------------------------------------
def test_a_longer_limit_is_asked_for_with_a_document_and_its_answer_is_shown(world, case, client):
    page = text(client.post("/me/changes/extension", data=LONGER | proof(), follow_redirects=True))
    assert "延长至 2032-03-20，疾病" in page and "待审" in page
    request = Extension.get()
    assert request.document.content_type == "image/png" and request.document.case_ref == case.id and request.document.name == "延长学习年限证明.png"
    assert "您已有一件待审的延长年限申请" in text(client.get("/me/changes/extension"))
    assert "已有一件待审的延长申请" in text(client.post("/me/changes/extension", data=LONGER | proof()))
    request.refuse(by=world.reviewer, reason="没有附出院小结")
    page = text(client.get("/me/changes"))
    assert "没有附出院小结" in page and "未同意" in page and "延长年限申请" in text(client.get("/me"))


def test_each_fault_stands_at_its_box_and_what_was_typed_stays(client):
    page = text(client.post("/me/changes/extension", data={"ground": "illness", "until": "2030-01-01", "statement": "病中"} | proof()))
    assert "要求晚于现在的到期日 2031-03-20，实际 2030-01-01" in page and "病中" in page
    assert "请填写证明文件" in text(client.post("/me/changes/extension", data=LONGER))
    assert "文件不是图片，或者已经损坏" in text(client.post("/me/changes/extension", data=LONGER | proof(data=b"MZ program", file="证明.pdf")))
    assert Extension.select().count() == File.select().where(File.name.contains("证明")).count() == 0


def test_a_request_is_taken_back_by_its_person_only(world, visit, client):
    client.post("/me/changes/extension", data=LONGER | proof())
    request, stranger = Extension.get(), visit(world.registered(world.applicant()).applicants()[0])
    assert stranger.post(f"/me/changes/extension/{request.id}/withdraw").status_code == 404
    assert client.post("/me/changes/extension/999999/withdraw").status_code == 404
    assert "延长年限申请已撤回" in text(client.post(f"/me/changes/extension/{request.id}/withdraw", follow_redirects=True))
    again = client.post(f"/me/changes/extension/{request.id}/withdraw")
    assert again.status_code == 422 and "现在的状态不能“撤回”" in text(again)


def test_past_the_limit_the_next_step_is_to_ask_for_a_longer_one(case, client):
    clock.stop(dt.date(2031, 3, 21))
    page = text(client.get("/me"))
    assert "学习年限已过" in page and "/me/changes/extension" in page and "超过 1 天" in page


# another programme -------------------------------------------------------------------------------------------------------------------------
def test_another_programme_is_chosen_among_the_published_ones_of_the_unit(world, case, client):
    other, elsewhere = world.publish(world.unit, world.clerk, code="0301", min_credits=Decimal(25)), world.publish(world.unit2, world.clerk2, code="0301")
    page = text(client.get("/me/changes/programme"))
    assert f'value="{other.id}"' in page and "最低 25 学分" in page
    assert f'value="{elsewhere.id}"' not in page and f'value="{case.programme_id}"' not in page
    for wrong in (elsewhere.id, case.programme_id, "x", ""):
        assert client.post("/me/changes/programme", data={"programme": wrong, "statement": "转岗"}).status_code == 422
    assert ProgrammeChange.select().count() == 0
    client.post("/me/changes/programme", data={"programme": other.id, "statement": "转岗"})
    ProgrammeChange.get().approve(by=world.reviewer, opinion="同意")
    page = text(client.get("/me"))
    assert "<dd>25 学分</dd>" in page and f"变更为 {other.discipline}" in page and fresh(case).programme == other


def test_a_programme_of_the_own_unit_leads_to_the_change(world, case, client):
    other = world.publish(world.unit, world.clerk, code="0301")
    page = text(client.get(f"/programmes/{other.id}"))
    assert "/me/changes/programme" in page and "请求放行" not in page


# other data --------------------------------------------------------------------------------------------------------------------------------
def test_a_new_name_needs_evidence_and_stays_with_the_person_when_the_case_is_cleared(world, case, client):
    refused = client.post("/me/changes/data", data={"name": "林叙青"})
    assert refused.status_code == 422 and "改姓名或证件号须附证明文件" in text(refused) and "林叙青" in text(refused)
    client.post("/me/changes/data", data={"name": "林叙青"} | proof("evidence"))
    DataChange.get().approve(by=world.reviewer, opinion="与户口簿一致")
    assert Person.get_by_id(case.person_id).name == "林叙青" and "新姓名 林叙青" in text(client.get("/me/changes"))
    fresh(case).dismiss(by=world.clerk, ground="own_request", reason="本人退出")
    assert DataChange.get().evidence.read() and "新姓名 林叙青" in text(client.get("/me/changes"))


def test_contact_is_changed_on_the_register_and_the_log_in_with_it(world, case, client):
    client.post("/me/changes/data", data={"phone": "13900139000", "email": "New@example.cn"})
    page = text(client.get("/me/changes"))
    assert "139****9000" in page and "13900139000" not in page
    DataChange.get().approve(by=world.reviewer, opinion="同意")
    assert Person.get_by_id(case.person_id).phone == "13900139000" and User.get(User.person == case.person_id).email == "new@example.cn"


@pytest.mark.parametrize("wrong, sentence", [
    ({}, "请填写要变更的内容"), ({"email": "wen@"}, "要求像 name@example.cn 这样的地址"), ({"email": "CLERK@example.cn"}, "这个邮箱已经注册过账号"),
    ({"phone": "123"}, "这个号码不存在"), ({"document_number": "110105199001010011"}, "校验位不对")])
def test_other_data_is_refused_at_its_box(client, wrong, sentence):
    answer = client.post("/me/changes/data", data=wrong)
    assert answer.status_code == 422 and sentence in text(answer) and DataChange.select().count() == 0


def test_a_new_number_keeps_its_kind_of_document_and_is_shown_masked(world, case, client):
    number = number_for(77)
    client.post("/me/changes/data", data={"document_number": number} | proof("evidence"))
    assert number not in text(client.get("/me/changes")) and DataChange.get().document_number == number


# leaving -----------------------------------------------------------------------------------------------------------------------------------
def test_leaving_says_what_is_lost_and_asks_for_the_register_number(world, case, client):
    world.studied(case, 20)
    world.sat(case, world.session())
    page = text(client.get("/me/exit"))
    assert "课程成绩 2 件" in page and "统考报考 2 件" in page and "已缴费、成绩尚未公布的统考报考 2 件" in page and case.register_number in page
    wrong = client.post("/me/exit", data={"statement": "工作调动", "again": "1"})
    assert wrong.status_code == 422 and f"要求写注册号 {case.register_number}，实际“1”" in text(wrong) and "工作调动" in text(wrong)
    assert "请填写说明" in text(client.post("/me/exit", data={"again": case.register_number}))
    assert Dismissal.select().count() == 0
    page = text(client.post("/me/exit", data={"statement": "工作调动", "again": case.register_number}, follow_redirects=True))
    assert "退出申请" in page and "本人申请：工作调动" in page and fresh(case).state == "registered"
    second = client.post("/me/exit", data={"statement": "工作调动", "again": case.register_number})
    assert second.status_code == 422 and "这件申请已有一件清退提议" in text(second)
    Dismissal.get().approve(by=world.reviewer, opinion="同意退出")
    page = text(client.get("/me"))
    assert fresh(case).state == "dismissed" and "选择学科，开始申请" in page and "退出申请" in text(client.get("/me/changes"))


def test_an_exit_is_taken_back_and_a_proposal_of_the_unit_is_not(world, case, client):
    client.post("/me/exit", data={"statement": "工作调动", "again": case.register_number})
    client.post(f"/me/changes/exit/{Dismissal.get().id}/withdraw")
    assert Dismissal.get().state == "withdrawn"
    proposal = Dismissal.add(world.clerk, application=case, ground="breach", statement="考试违纪，文号 3")
    page = text(client.get("/me/changes"))
    assert "单位提出的清退" in page and "考试违纪：考试违纪，文号 3" in page
    assert client.post(f"/me/changes/exit/{proposal.id}/withdraw").status_code == 422 and Dismissal.get_by_id(proposal.id).state == "proposed"


@pytest.fixture
def frozen(world, case):
    cool_off(world)
    return Dismissal.add(world.clerk, application=case, ground="breach", statement="考试违纪，文号 3").approve(by=world.reviewer, opinion="同意清退")


def test_a_frozen_case_says_until_when_why_and_how_to_object(frozen, client):
    page = text(client.get("/me"))
    for words in ("申请已冻结，清退尚未生效", "4月19日", "考试违纪：考试违纪，文号 3", "张老师", "010-62750000", "提前结束冷静期"):
        assert words in page
    assert "入册以后才能报考" in text(client.get("/me/exam")) and client.get("/me/exit").location == "/me/changes"


def test_the_cool_off_is_ended_by_the_person_with_the_register_number_typed(world, visit, frozen, case, client):
    path = f"/me/dismissals/{frozen.id}/end"
    assert visit(world.applicant()).post(path, data={"again": case.register_number}).status_code == 404
    assert "清退当时生效，不能恢复" in text(client.get(path))
    assert client.post(path, data={"again": "10001"}).status_code == 422 and fresh(case).state == "frozen"
    assert "冷静期已结束，清退生效" in text(client.post(path, data={"again": case.register_number}, follow_redirects=True))
    assert fresh(case).state == "dismissed" and client.get(path).location == "/me/changes"
    assert client.post(path, data={"again": case.register_number}).status_code == 422


def test_a_new_application_of_somebody_frozen_ends_it_only_when_he_knows(world, frozen, case, client):
    path = f"/programmes/{world.publish(world.unit2, world.clerk2).id}"
    assert "我知道" in text(client.get(path))
    refused = client.post(f"{path}/apply")
    assert refused.status_code == 422 and "请先勾选“我知道”" in text(refused) and fresh(case).state == "frozen"
    assert client.post(f"{path}/apply", data={"knowing": "1"}).status_code == 302 and fresh(case).state == "dismissed"
