"""Stage 2: real-name registration."""
import datetime as dt

import pytest

from models.applications import Application
from models.audit import Entry
from models.parameters import Parameter
from models.people import Person, User
from tests.world import number_for

GOOD = {"name": "单宇辰", "document_type": "01", "document_number": number_for(7, "19890203"), "phone": "13800000007", "email": "Shan@Example.cn",
        "password": "correct-horse", "password_again": "correct-horse", "consent": "y"}


def send(visit, **changed):
    client = visit()
    answer = client.post("/register", data={name: value for name, value in (GOOD | changed).items() if value is not None})
    return client, answer, answer.get_data(as_text=True)


def test_person_account_and_role_come_into_being_and_the_person_is_logged_in(visit):
    client, answer, _ = send(visit)
    assert answer.status_code == 302 and client.get("/me").status_code == 200
    person = Person.by_document(GOOD["document_number"])
    assert (person.sex, person.birth_date, person.name_pinyin, person.country) == ("1", dt.date(1989, 2, 3), "SHAN YUCHEN", "156")
    assert person.consent_version == "2026-1" and person.consented_at is not None
    consent, = person.consents
    assert consent.given and (consent.text.kind, consent.text.version, consent.taken_by) == ("privacy", "2026-1", None)
    user = User.get(User.person == person)
    assert user.role_names == ["applicant"] and user.email == "shan@example.cn"
    verbs = {(entry.entity, entry.verb) for entry in Entry.select().where(Entry.row_id.in_([person.id, user.id]))}
    assert {("person", "create"), ("account", "create"), ("account", "register")} <= verbs


def test_a_number_of_15_digits_becomes_18(visit):
    full = number_for(9, "19710203")
    send(visit, document_number=full[:6] + full[8:17])
    assert Person.by_document(full).document_number == full


def test_a_taken_number_is_told_to_log_in(world, visit):
    taken = world.applicant().person.document_number
    _, answer, page = send(visit, document_number=taken)
    assert answer.status_code == 422 and "请直接登录或找回密码" in page and User.select().where(User.email == "shan@example.cn").count() == 0


def test_who_tries_which_numbers_are_registered_is_stopped_and_a_right_registration_is_not(world, visit):
    Parameter.update(value=2).where(Parameter.name == "register.per_address").execute()
    taken = world.applicant().person.document_number
    answers = [send(visit, document_number=taken)[1] for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "填报太频繁" in answers[2].text and "请直接登录或找回密码" not in answers[2].text
    assert send(visit)[1].status_code == 302


@pytest.mark.parametrize("changed, sentence", [
    ({"name": ""}, "请填写姓名"),
    ({"document_number": GOOD["document_number"][:17] + "0"}, "校验位不对"),
    ({"document_number": "110105199002300010"}, "不是真实的日期"),
    ({"document_type": "07"}, "要求以 81、82 开头"),
    ({"phone": "12345"}, "手机：要求真实的号码，实际“12345”"),
    ({"email": "nobody"}, "电子邮箱：要求像 name@example.cn"),
    ({"email": "clerk@example.cn"}, "这个邮箱已经注册过账号"),
    ({"password": "short", "password_again": "short"}, "要求至少 8 个字符，实际 5 个，差 3 个"),
    ({"password_again": "correct-horsE"}, "两次输入的密码不一致"),
    ({"consent": None}, "须先阅读并同意"),
])
def test_each_fault_stands_at_its_field_and_what_was_typed_stays(visit, changed, sentence):
    _, answer, page = send(visit, **changed)
    assert answer.status_code == 422 and sentence in page and f'value="{(GOOD | changed)["phone"]}"' in page
    assert not User.select().where(User.email == "shan@example.cn").exists()


def test_all_faults_are_told_at_once(visit):
    page = visit().post("/register", data={"document_type": "01"}).get_data(as_text=True)
    for label in ("姓名", "证件号", "手机", "电子邮箱", "密码"):
        assert f"请填写{label}" in page


def test_a_resident_of_hong_kong_and_a_foreigner_register_too(visit):
    number = number_for(11, "19850607", "810000")
    send(visit, name="陳大文", document_type="07", document_number=number, phone="+852 9123 4567")
    person = Person.by_document(number)
    assert (person.kind, person.phone, person.sex) == ("hongkong_macau", "+85291234567", "1")
    send(visit, name="John Smith", document_type="09", document_number="e1234567", email="js@example.cn")
    person = Person.by_document("E1234567")
    assert (person.kind, person.sex, person.birth_date) == ("foreign", "", None)


def test_names_survive_whole(visit):
    send(visit, name="阿卜杜热西提•阿卜杜热合曼")
    person = Person.by_document(GOOD["document_number"])
    assert person.name == "阿卜杜热西提·阿卜杜热合曼" and len(person.name_pinyin.split()) == 2
    send(visit, name="\U00020bb7野", document_number=number_for(13), email="other@example.cn")
    assert Person.by_document(number_for(13)).name == "\U00020bb7野"


@pytest.mark.parametrize("name, pinyin", [("曾雨", "ZENG YU"), ("欧阳修远", "OUYANG XIUYUAN"), ("林叙白", "LIN XUBAI"), ("John Smith", "JOHN SMITH")])
def test_pinyin_is_suggested_by_surname(visit, name, pinyin):
    send(visit, name=name)
    assert Person.by_document(GOOD["document_number"]).name_pinyin == pinyin


def test_the_way_on_stays_inside(visit):
    assert send(visit, next="/programmes/1")[1].location == "/programmes/1"
    assert send(visit, next="https://evil.example/", document_number=number_for(15), email="o@example.cn")[1].location == "/me"


def test_a_forged_registration_is_refused(site, visit):
    site.config["WTF_CSRF_ENABLED"] = True
    assert send(visit)[1].status_code == 400


# persons whom a unit entered out of its own records ------------------------------------------------------------------------------------
@pytest.fixture
def entered(world):
    """A person with a draft that his unit prepared."""
    person = Person.add(world.clerk, name=GOOD["name"], document_number=GOOD["document_number"], phone=GOOD["phone"])
    case = Application.add(None, person=person, programme=world.programme, institution=world.unit, discipline=world.programme.discipline_id,
                           year=world.programme.year, prepared=True, employer="北京市第一设计院")
    return person, case


def test_whom_a_unit_entered_takes_over_what_it_filled_in(entered, visit):
    person, case = entered
    client, answer, _ = send(visit)
    assert answer.status_code == 302 and User.get(User.email == "shan@example.cn").person == person
    assert Person.get_by_id(person.id).consent_version == "2026-1" and Person.select().where(Person.document_index == person.document_index).count() == 1
    assert "北京市第一设计院" in client.get(f"/apply/{case.id}/work").text


@pytest.mark.parametrize("changed", [{"phone": "13800000008"}, {"name": "单宇晨"}])
def test_somebody_else_with_his_number_does_not(entered, visit, changed):
    _, answer, page = send(visit, **changed)
    assert answer.status_code == 422 and "请核对，或与单位联系" in page and not User.select().where(User.person == entered[0]).exists()
