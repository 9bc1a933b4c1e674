"""The door in the office (stage 6): what its page is told, by whom it is used, and that neither templates nor other sites are ever in it."""
import io
import json

import pytest

from models import clock
from models.exams.door import CheckIn
from models.exams.sites import ExamSite
from models.fingerprints.templates import FingerTemplate
from tests.doors import MORNING, capture, client, exam_day
from tests.world import account, picture

DOOR, HEAD = "/office/door/", "/office/door_head/"


@pytest.fixture
def day(world):
    people = exam_day(world, "温景行", "苏以宁")
    clock.stop(MORNING)
    return people


def told(visitor, path, status=200, **values):
    return json.loads(visitor.post(f"{DOOR}{path}", status, **values))


def attempt(visitor, person, seed, status=200, **values):
    image = (io.BytesIO(capture(seed, 1)), "finger.png")
    return told(visitor, "verify/", status, **({"seat": str(person.language.row.id), "client": client(), "image": image} | values))


def test_the_page_holds_nobodys_data_and_knows_the_rooms_of_the_site(enter, world, day):
    page = enter(world.door).get(DOOR)
    assert "北京第一考点" in page and "001 考场" in page and "温景行" not in page and day[0].language.exam_number not in page
    assert "入场决定" not in page and "入场决定" in enter(world.site_head).get(DOOR)


def test_a_scan_tells_the_person_his_seat_and_what_comes_next(enter, world, day):
    answer = told(enter(world.door), "scan/", text=day[0].language.text)
    assert (answer["state"], answer["left"], answer["fingers"]) == ("verify", 3, 1)
    assert answer["person"].items() >= {"name": "温景行", "room": "001", "place": 1, "subject": "英语", "number": day[0].language.exam_number}.items()
    assert day[0].case.person.document_number not in json.dumps(answer)


def test_the_photo_is_served_to_the_door_of_the_site_and_to_no_other(enter, world, day):
    path = f"{DOOR}photo/?seat={day[0].language.row.id}"
    assert enter(world.door).get(path).startswith(b"\xff\xd8")
    other = ExamSite.create(province=world.site.province, code="002", name="北京第二考点")
    enter(account("door9", "door", site_ref=other.id)).get(path, 404)
    clock.stop(MORNING + clock.days(1))
    enter(world.door).get(path, 404)


def test_a_wrong_room_is_refused_with_what_is_right(enter, world, day):
    answer = told(enter(world.door), "scan/", 422, text=day[0].language.exam_number, room=str(day[0].comprehensive.room.id))
    assert answer["reasons"] == [{"text": "走错考场", "required": "001 考场", "actual": "002 考场"}]


def test_three_tries_then_the_head_decides_on_his_own_page_and_the_door_learns_of_it(enter, world, day):
    door, head = enter(world.door), enter(world.site_head)
    assert attempt(door, day[0], 2) == {"state": "failed", "label": "指纹不符", "left": 2}
    assert attempt(door, day[0], 2)["left"] == 1 and attempt(door, day[0], 2)["state"] == "waiting"
    assert attempt(door, day[0], 1, 422)["reasons"][0]["text"] == "正在等待考点负责人决定"
    assert "温景行" in head.get(HEAD) and told(door, "scan/", text=day[0].language.exam_number)["state"] == "waiting"
    row = CheckIn.get(CheckIn.state == "waiting")
    assert "请填写理由" in head.post(HEAD, 422, id=row.id, step="admit", reason=" ")
    assert "温景行：准予入场" in head.post(HEAD, id=row.id, step="admit", reason="身份证与本人一致")
    assert json.loads(door.get(f"{DOOR}count/?entry={day[0].language.entry.id}"))["state"] == "admitted"
    assert told(door, "scan/", 422, text=day[0].language.exam_number)["reasons"][0]["text"] == "已经入场，不能再入"


def test_the_right_finger_lets_in_and_is_counted(enter, world, day):
    door = enter(world.door)
    assert attempt(door, day[0], 1) == {"state": "matched", "label": "指纹相符", "left": 3}
    assert json.loads(door.get(f"{DOOR}count/"))["rooms"] == [{"room": day[0].language.room.id, "number": "001", "expected": 2, "inside": 1, "waiting": 0}]


@pytest.mark.parametrize("image, sentence", [((io.BytesIO(b"nothing"), "x.png"), "不是图片"), ((io.BytesIO(b""), ""), "没有收到指纹图像"),
                                             ((io.BytesIO(picture(40, 40)), "x.jpg"), "尺寸不对")])
def test_what_is_no_capture_is_told_and_is_no_try(enter, world, day, image, sentence):
    answer = attempt(enter(world.door), day[0], 1, 422, image=image)
    assert sentence in answer["reasons"][0]["text"] and not CheckIn.select().exists()


def test_the_simulated_reader_of_the_demo_compares_like_a_real_one(enter, world, day):
    assert attempt(enter(world.door), day[0], 1, reader="stranger")["state"] == "failed"
    enter(world.door).post(f"{DOOR}verify/", 400, seat=day[0].language.row.id, client=client(), reader="another")


def test_a_try_needs_its_number_and_a_seat_of_this_site(enter, world, day):
    door = enter(world.door)
    attempt_without = {"seat": str(day[0].language.row.id), "image": (io.BytesIO(capture(1, 1)), "f.png")}
    door.post(f"{DOOR}verify/", 400, **attempt_without, client="1")
    for seat in ("0", "x", "99999", "1" * 30):
        door.post(f"{DOOR}verify/", 404, seat=seat, client=client(), image=(io.BytesIO(capture(1, 1)), "f.png"))


def test_the_list_for_the_browser_has_everybody_of_today_and_neither_templates_nor_whole_numbers(enter, world, day):
    text = enter(world.door).get(f"{DOOR}list/")
    answer = json.loads(text)
    assert (answer["day"], answer["site"], len(answer["rows"])) == ("2026-05-23", "11001", 4)
    assert {row["name"] for row in answer["rows"]} == {"温景行", "苏以宁"} and answer["rows"][0].keys().isdisjoint({"template", "score", "quality", "photo"})
    assert day[0].case.person.document_number not in text and FingerTemplate.select().count() == 2


def test_a_replay_answers_for_each_and_once_more_the_same(enter, world, day):
    door = enter(world.door)
    sent = [{"client": client(), "text": person.language.text, "at": clock.now().replace(tzinfo=clock.SHANGHAI).timestamp() * 1000} for person in day]
    sent.append({"client": client(), "text": "263100110100101", "at": sent[0]["at"]})
    for _ in range(2):
        answers = door.client.post(f"{DOOR}replay/", json=sent).get_json()["answers"]
        assert [answer["state"] for answer in answers] == ["waiting", "waiting", "rejected"] and "走错考点" in answers[2]["label"]
    assert CheckIn.select().count() == 2
    page = enter(world.site_head).get(HEAD)
    assert "离线入场" in page and "补传" in page


@pytest.mark.parametrize("sent", ["text", {}, [{}], [1], [{"client": "x", "text": "y", "at": 1}], [{"client": "0" * 32, "text": "y", "at": "soon"}], [None] * 201])
def test_a_replay_of_anything_else_is_a_bad_request(enter, world, day, sent):
    assert enter(world.door).client.post(f"{DOOR}replay/", json=sent).status_code == 400 and not CheckIn.select().exists()


def test_only_the_staff_of_a_site_opens_the_door_and_only_its_head_the_decisions(enter, world, day):
    for user in (world.exam, world.clerk, world.it, account("nowhere", "door")):
        for path in ("", "list/", "count/", "worker.js"):
            enter(user).get(DOOR + path, 403)
    enter(world.door).get(HEAD, 403)
    row = CheckIn.add(world.door, entry=day[0].language.entry, site=world.site, attempt=1, way="none").wait()
    other = ExamSite.create(province=world.site.province, code="002", name="北京第二考点")
    enter(account("head9", "site_head", site_ref=other.id)).post(HEAD, 404, id=row.id, step="admit", reason="放行")
    enter(world.site_head).post(HEAD, 400, id=row.id, step="match", reason="放行")


def test_no_page_and_no_export_of_the_office_shows_a_template(enter, world, day):
    attempt(enter(world.door), day[0], 1)
    for user in (world.exam, world.site_head, world.door):
        page = enter(user).get("/office/check_in/")
        assert "温景行" in page and "相似分" not in page
    enter(world.it).get("/office/finger_template/", 404)
