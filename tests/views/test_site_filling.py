"""Stage 2: the application page by page, photo and materials, submitting and taking back."""
import io

import pytest

from models.applications import Application, Document
from models.files import File
from models.people import Person
from tests.world import pdf, picture

PATHS = ("", "/identity", "/degree", "/education", "/language", "/work", "/photo", "/materials", "/check", "/done", "/withdraw")
DEGREE = {"degree_ground": "bachelor", "degree_unit": "北京大学", "degree_date": "2012-06-30", "degree_category": "402", "degree_subject": "经济学",
          "degree_number": "1000142012000001"}


def text(answer):
    return answer.get_data(as_text=True)


def upload(data, name="photo", file="p.jpg"):
    return {name: (io.BytesIO(data), file)}


@pytest.fixture
def user(world):
    return world.applicant()


@pytest.fixture
def client(visit, user):
    return visit(user)


@pytest.fixture
def case(world, client):
    """A draft as the button on the programme opens it."""
    answer = client.post(f"/programmes/{world.programme.id}/apply")
    return Application.get_by_id(int(answer.location.split("/")[2]))


def fresh(case):
    return Application.get_by_id(case.id)


def test_the_button_opens_one_draft_and_a_second_one_is_refused_naming_the_unit(world, client, case):
    assert client.get(f"/apply/{case.id}").location == f"/apply/{case.id}/degree"
    again = client.post(f"/programmes/{world.programme.id}/apply")
    assert again.status_code == 422 and "您在 北京大学 已有一件申请（草稿）" in text(again)
    assert "您已有一件申请" in text(client.get(f"/programmes/{world.programme.id}"))


def test_every_page_opens_and_says_which_step_it_is(client, case):
    for number, step in enumerate(PATHS[1:9], start=1):
        page = client.get(f"/apply/{case.id}{step}")
        assert page.status_code == 200 and f"第 {number} 步，共 8 步" in text(page)


def test_a_page_is_saved_when_it_is_left_also_half_filled(client, case):
    answer = client.post(f"/apply/{case.id}/degree", data={"edition": case.edition, **DEGREE, "degree_number": ""})
    assert answer.location == f"/apply/{case.id}/education"
    row = fresh(case)
    assert (row.degree_unit, row.degree_unit_code, row.degree_category, row.degree_number) == ("北京大学", "10001", "402", "")
    assert "degree_number" in row.missing_fields()


def test_what_is_typed_is_saved_as_far_as_it_is_right_and_the_rest_is_said(client, case):
    send = lambda **values: client.post(f"/apply/{case.id}/work", data={"edition": fresh(case).edition, **values}, headers={"Accept": "application/json"})      # noqa: E731
    told = send(employer="某研究所", employer_postcode="12", years_of_work="九").json
    assert set(told["wrong"]) == {"employer_postcode", "years_of_work"} and told["wrong"]["employer_postcode"] == "邮编：要求六位数字"
    assert (fresh(case).employer, fresh(case).employer_postcode, told["edition"]) == ("某研究所", "", fresh(case).edition)
    assert send(employer="某研究所", employer_postcode="100871", years_of_work="9").json["wrong"] == {} and fresh(case).years_of_work == 9
    stale = client.post(f"/apply/{case.id}/work", data={"edition": 0, "employer": "甲"}, headers={"Accept": "application/json"})
    assert stale.status_code == 409 and "别人已经修改了这一行" in stale.json["wrong"][""] and fresh(case).employer == "某研究所"


def test_a_page_opened_from_the_last_one_leads_back_to_it(client, case):
    assert 'name="back"' in text(client.get(f"/apply/{case.id}/language?back=check"))
    assert client.post(f"/apply/{case.id}/language", data={"language": "02", "back": "check"}).location == f"/apply/{case.id}/check"


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(client, case):
    answer = client.post(f"/apply/{case.id}/work", data={"employer": "某研究所", "employer_postcode": "12", "years_of_work": "九"})
    assert answer.status_code == 422 and "要求数字，实际“九”" in text(answer) and 'value="某研究所"' in text(answer)
    answer = client.post(f"/apply/{case.id}/work", data={"employer": "某研究所", "employer_postcode": "12"})
    assert "邮编：要求六位数字" in text(answer) and fresh(case).employer == ""


def test_the_second_to_save_the_same_page_loses_nothing_he_typed(client, case):
    client.post(f"/apply/{case.id}/work", data={"edition": 0, "employer": "甲"})
    answer = client.post(f"/apply/{case.id}/work", data={"edition": 0, "employer": "乙"})
    assert answer.status_code == 409 and "别人已经修改了这一行（工作单位）" in text(answer) and 'value="乙"' in text(answer)
    assert fresh(case).employer == "甲"
    assert client.post(f"/apply/{case.id}/work", data={"edition": fresh(case).edition, "employer": "乙"}).status_code == 302


def test_what_the_first_page_asks_depends_on_the_person(world, visit):
    def labels(**values):
        user = world.applicant(**values)
        case = Application.get_by_id(int(visit(user).post(f"/programmes/{world.programme.id}/apply").location.split("/")[2]))
        return text(visit(user).get(f"/apply/{case.id}/identity"))
    mainland = labels()
    assert "政治面貌" in mainland and "民族" in mainland and ">国家或地区" not in mainland and "1990-01-01" in mainland
    island = labels(document_type="06", document_number="T1234567", country="158", sex="", birth_date=None)
    assert "政治面貌" not in island and "民族" in island and 'name="birth_date"' in island
    foreign = labels(document_type="09", document_number="E7654321", country="")
    assert "政治面貌" not in foreign and "民族" not in foreign and "国家或地区" in foreign


def test_the_identity_page_writes_the_person(client, case, user):
    data = {"edition": user.person.edition, "name_pinyin": "LIN XUBAI", "ethnic_group": "02", "political_status": "01", "phone": "139 0000 0001"}
    assert client.post(f"/apply/{case.id}/identity", data=data).status_code == 302
    person = Person.get_by_id(user.person_id)
    assert (person.ethnic_group, person.political_status, person.phone) == ("02", "01", "13900000001")
    refused = client.post(f"/apply/{case.id}/identity", data=data | {"phone": "99", "edition": person.edition})
    assert "手机：要求真实的号码，实际“99”" in text(refused)


def test_a_degree_that_is_too_young_is_said_at_once(client, case):
    page = client.post(f"/apply/{case.id}/degree", data=DEGREE | {"degree_date": "2023-04-01"}, follow_redirects=True)
    assert "学位日期不晚于 2023-03-31" in text(page) and "差 1 天" in text(page)
    client.post(f"/apply/{case.id}/degree", data=DEGREE | {"degree_date": "2023-03-31"})
    assert "符合学士学位的年限要求" in text(client.get(f"/apply/{case.id}/degree"))


def test_a_higher_degree_takes_the_category_of_its_level(client, case):
    client.post(f"/apply/{case.id}/degree", data=DEGREE | {"degree_ground": "master"})
    assert fresh(case).degree_category == "302"


def test_a_photo_is_refused_with_every_rule_it_breaks_and_a_right_one_is_kept(client, case):
    refused = client.post(f"/apply/{case.id}/photo", data=upload(picture(100, 100, form="PNG")))
    assert refused.status_code == 422 and "照片的格式不对" in text(refused) and "390 × 567 像素" in text(refused) and fresh(case).photo_id is None
    assert client.post(f"/apply/{case.id}/photo", data={}).status_code == 422
    client.post(f"/apply/{case.id}/photo", data=upload(picture()))
    photo = fresh(case).photo
    assert (photo.kind, photo.case_ref, photo.person_ref) == ("photo", case.id, case.person_id)
    assert client.get(f"/file/{photo.id}").status_code == 200


def test_materials_are_kept_under_their_title_and_replaced(client, case):
    answer = client.post(f"/apply/{case.id}/materials", data=upload(pdf(), "file-0", "a.pdf") | upload(picture(), "file-1"))
    assert answer.location == f"/apply/{case.id}/check"
    assert [row.title for row in case.documents.order_by(Document.id)] == ["学士学位证书", "学历证明"]
    client.post(f"/apply/{case.id}/materials", data=upload(picture(form="PNG"), "file-0"))
    assert case.documents.count() == 2 and case.documents.order_by(Document.id).get().file.content_type == "image/png"


def test_a_wrong_material_is_refused_and_the_others_are_kept(client, case):
    answer = client.post(f"/apply/{case.id}/materials", data=upload(b"MZ program", "file-0", "a.exe") | upload(picture(), "file-1"))
    assert answer.status_code == 422 and "不是图片" in text(answer) and "有 1 份没有保存" in text(answer)
    assert [row.title for row in case.documents] == ["学历证明"]


def test_submitting_is_refused_with_every_reason(client, case):
    client.post(f"/apply/{case.id}/degree", data=DEGREE | {"degree_date": "2024-06-30"})
    page = text(client.get(f"/apply/{case.id}/check"))
    assert "还没有填写" in page and f"/apply/{case.id}/work?back=check" in page
    refused = client.post(f"/apply/{case.id}/check")
    assert refused.status_code == 422 and "项没有填写：" in text(refused) and "要求 <b>学位日期不晚于 2023-03-31</b>" in text(refused)
    assert fresh(case).state == "draft"


def test_a_complete_application_is_submitted_and_says_what_comes_next(world, visit, user, client):
    case = world.draft(user)
    assert "必填内容已经填完" in text(client.get(f"/apply/{case.id}/check"))
    done = client.post(f"/apply/{case.id}/check", follow_redirects=True)
    for words in ("申请已提交", fresh(case).number, "研究生院 102 室", "单位推荐意见", "还剩 56 天"):
        assert words in text(done)


def test_what_is_with_the_unit_is_shown_but_not_filled(world, user, client):
    case = world.draft(user).submit(by=user)
    assert client.get(f"/apply/{case.id}/work").location == f"/apply/{case.id}/check"
    page = client.post(f"/apply/{case.id}/work", data={"employer": "别处"}, follow_redirects=True)
    assert "填报内容不能修改" in text(page) and fresh(case).employer == "某研究所"
    client.post(f"/apply/{case.id}/identity", data={"ethnic_group": "02", "phone": "13900000001"})
    assert Person.get_by_id(user.person_id).ethnic_group == "01"
    client.post(f"/apply/{case.id}/photo", data=upload(picture(colour="red")))
    client.post(f"/apply/{case.id}/materials", data=upload(picture(), "file-0"))
    assert case.documents.count() == 0 and File.select().where(File.case_ref == case.id).count() == 1
    twice = client.post(f"/apply/{case.id}/check")
    assert twice.status_code == 422 and "现在的状态不能“提交”" in text(twice)


def test_a_returned_one_says_why_is_mended_and_submitted_again(world, user, client):
    case = world.draft(user).submit(by=user)
    case.send_back(by=world.clerk, reason="证书看不清")
    assert "退回原因：证书看不清" in text(client.get(f"/apply/{case.id}/degree"))
    client.post(f"/apply/{case.id}/work", data={"employer": "另一研究所"})
    client.post(f"/apply/{case.id}/check")
    assert (fresh(case).state, fresh(case).employer) == ("submitted", "另一研究所")


def test_taking_back_is_asked_first_and_frees_the_person(world, user, client, case):
    assert "不能恢复" in text(client.get(f"/apply/{case.id}/withdraw")) and fresh(case).state == "draft"
    client.post(f"/apply/{case.id}/withdraw")
    assert fresh(case).state == "withdrawn"
    twice = client.post(f"/apply/{case.id}/withdraw")
    assert twice.status_code == 422 and "已撤回" in text(twice)
    assert client.post(f"/programmes/{world.programme.id}/apply").status_code == 302


@pytest.mark.parametrize("step", PATHS)
def test_a_foreign_case_is_not_found_whatever_the_method(world, visit, case, step):
    stranger = visit(world.applicant())
    assert stranger.get(f"/apply/{case.id}{step}").status_code == 404
    if step not in ("", "/done"):
        assert stranger.post(f"/apply/{case.id}{step}", data=upload(picture())).status_code == 404
    assert stranger.get(f"/apply/{10**6}{step}").status_code == stranger.get(f"/apply/{10**20}{step}").status_code == 404


def test_nobody_is_sent_to_the_log_in_and_staff_are_refused(world, visit, case):
    assert visit().get(f"/apply/{case.id}/degree").location == f"/login?next=/apply/{case.id}/degree"
    assert visit().post(f"/programmes/{world.programme.id}/apply").location == "/login"
    refused = visit(world.clerk).get(f"/apply/{case.id}/degree")
    assert refused.status_code == 403 and "不属于您的角色" in text(refused)
    assert visit(world.clerk).post(f"/programmes/{world.programme.id}/apply").status_code == 403


def test_a_forged_form_changes_nothing(site, client, case):
    site.config["WTF_CSRF_ENABLED"] = True
    for step in PATHS[1:9] + PATHS[10:]:
        assert client.post(f"/apply/{case.id}{step}", data={"language": "05"}).status_code == 400
    assert fresh(case).state == "draft" and fresh(case).language == "01"
