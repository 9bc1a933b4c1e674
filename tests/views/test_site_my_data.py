"""What is held about a person: he downloads all of it and nobody else's, sees what he agreed to, and takes it back."""
import datetime as dt
import io
import json
import zipfile

import pytest

from models import clock
from models.audit import Entry
from models.consents import ConsentText, record_consent, standing
from models.courses import CourseResult
from models.files import File
from models.fingerprints.templates import FingerTemplate, enrol
from models.jobs import Job
from models.logins import Login
from models.people import Person
from tests.backoffice.conftest import with_password
from tests.doors import read
from tests.world import DAY, PASSWORD


@pytest.fixture
def case(world):
    """A case of the register with one published result and one that is not."""
    case = world.registered(world.applicant("欧阳若兰"))
    enrol(world.clerk, case, 1, read(1))
    record_consent(world.clerk, case.person, "biometrics")
    world.studied(case, 10)
    third = case.programme.plans.get().courses.where(CourseResult.course.rel_model.code == "EC503").get()
    CourseResult.add(world.clerk, application=case, course=third, score=33, taken_on=clock.today())
    return case


def ordered(visit, case):
    client = visit(case.applicants()[0])
    assert client.post("/me/data/order").status_code == 302
    answer = client.get(f"/file/{Job.get(Job.kind == 'my_data').result_id}")
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    return client, zipfile.ZipFile(io.BytesIO(answer.data))


def test_everything_that_he_may_read_is_in_it_to_be_read_and_for_programs(world, visit, case):
    _, archive = ordered(visit, case)
    page, data = archive.read("我的数据.html").decode(), json.loads(archive.read("我的数据.json"))
    person = case.person
    for text in (person.name, person.document_number, person.phone, person.email, case.register_number, case.employer, "课程1", "2026-1"):
        assert text in page, text
    assert data["数据"]["人员"][0]["证件号"]["值"] == person.document_number and data["数据"]["申请"][0]["注册号"]["值"] == case.register_number
    assert {"同意记录", "课程成绩", "申请", "人员", "账号", "登录记录"} <= set(data["数据"])
    photo, = [name for name in archive.namelist() if name.endswith("_photo.jpg")]
    assert archive.read(photo) == case.photo.read()


def test_nothing_of_others_nothing_unpublished_and_no_print_is_in_it(world, visit, case):
    other = world.registered(world.applicant("司马长空"))
    _, archive = ordered(visit, case)
    text = archive.read("我的数据.html").decode() + archive.read("我的数据.json").decode()
    assert other.person.name not in text and other.person.document_number not in text and other.register_number not in text
    assert "课程3" not in text and "argon2" not in text and case.person.document_index not in text
    kinds = {File.get_by_id(int(name.split("/")[1].split("_")[0])).kind for name in archive.namelist() if name.startswith("文件/")}
    assert "photo" in kinds and not kinds & {"scene", "fingerprint"}
    unseen = json.loads(archive.read("我的数据.json"))["不显示的"]
    assert (unseen["指纹模板"], unseen["现场确认"], unseen["加密保存的指纹和现场照片"]) == (1, 1, 3)


def test_nobody_else_fetches_it_and_the_log_says_who_took_it(world, visit, case):
    _, archive = ordered(visit, case)
    result = Job.get(Job.kind == "my_data").result_id
    assert visit(world.applicant()).get(f"/file/{result}").status_code == 404
    entry = Entry.get(Entry.verb == "my_data")
    assert (entry.entity, entry.row_id, entry.user_id) == ("person", case.person_id, case.applicants()[0].id)


def test_whoever_did_not_give_his_password_lately_gives_it_again(world, visit, case):
    user = with_password(case.applicants()[0])
    client = visit(user)
    Login.update(proved_at=clock.now() - dt.timedelta(minutes=16)).where(Login.user == user).execute()
    answer = client.post("/me/data/order")
    assert answer.status_code == 422 and "present_password" in answer.text and not Job.select().where(Job.kind == "my_data").exists()
    assert client.post("/me/data/order", data={"present_password": PASSWORD}).status_code == 302 and Job.select().where(Job.kind == "my_data").exists()


def test_somebody_without_a_case_gets_his_data_too_and_is_told_how_it_is_corrected(world, visit):
    client = visit(world.applicant("独孤明"))
    assert "填写申请时可以直接改正" in client.get("/me/data").text
    client.post("/me/data/order")
    assert Job.get(Job.kind == "my_data").state == "done" and client.get("/me/data/progress").json["result"]


def test_the_way_to_a_correction_stands_there(visit, case):
    assert "/me/changes/data" in visit(case.applicants()[0]).get("/me/data").text


def test_a_consent_to_be_captured_is_taken_back_and_what_was_captured_is_destroyed(visit, case):
    client, captured = visit(case.applicants()[0]), list(File.select().where(File.kind.in_(("scene", "fingerprint"))))
    assert "撤回同意" in client.get("/me/data").text and len(captured) == 3
    page = client.post("/me/data/consent/biometrics", data={"given": "0"}, follow_redirects=True).text
    assert "已经销毁" in page and "不同意" in page
    assert not any(file.path.exists() for file in captured) and not FingerTemplate.select().exists()
    assert standing(case.person, "biometrics").given is False and Entry.get(Entry.verb == "forget").row_id == case.id


def test_a_new_text_is_agreed_to_here(world, visit, case):
    record_consent(None, case.person, "privacy")
    client = visit(case.applicants()[0])
    assert "新的版本" not in client.get("/me/data").text
    ConsentText.add(world.centre, kind="privacy", version="2026-2", title="个人信息处理同意书", body="新的", valid_from=DAY)
    assert "新的版本 2026-2" in client.get("/me/data").text
    client.post("/me/data/consent/privacy", data={"given": "1"})
    assert standing(case.person, "privacy").text.version == Person.get_by_id(case.person_id).consent_version == "2026-2"
    assert client.post("/me/data/consent/privacy", data={"given": "0"}).status_code == 400
