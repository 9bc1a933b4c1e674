"""The door of the exam (stage 6): who is let in, who is sent away and told why, three tries, the head of the site, and replays."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.exams import signed
from models.exams.admitting import ask_head, find, look, number_in, replay, standing, verify
from models.exams.door import CheckIn
from models.exams.entries import ExamEntry
from models.exams.expected import counts, seats
from models.exams.sessions import ExamSession
from models.exams.sites import ExamSite
from models.fingerprints.templates import FingerTemplate
from models.workflow import Refused
from tests.doors import AFTERNOON, EVENING, MORNING, capture, client, exam_day
from tests.world import account, picture


@pytest.fixture
def day(world):
    """Two people with seats; it is half past eight on the day of the exam."""
    people = exam_day(world, "温景行", "苏以宁")
    with clock.at(MORNING):
        yield people


def refusal(function, *args, **values):
    with pytest.raises(Refused) as refused:
        function(*args, **values)
    return str(refused.value)


def come(world, person, seed=None, take=1):
    """One try of a person at the door, with the finger of a seed: his own when none is said."""
    seat = find(world.door, person.language.exam_number)
    return verify(world.door, seat, capture(seed or person.seed, take), client())


# what is scanned --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", [lambda seat: seat.exam_number, lambda seat: seat.text, lambda seat: f" {seat.exam_number[:7]} {seat.exam_number[7:]}\n",
                                     lambda seat: seat.exam_number.translate({ord("0") + n: ord("０") + n for n in range(10)})])
def test_number_and_qr_code_lead_to_the_person_and_his_seat(world, day, written):
    seat, now = look(world.door, written(day[0].language))
    assert (seat.entry.application.person.name, seat.room.number, seat.number, now.left, now.settled) == ("温景行", "001", 1, 3, None)


@pytest.mark.parametrize("text", ["", "12345", "26110011010010a", "https://example.cn/TL1", "TL1.", "TL1.e30.AAAA"])
def test_anything_else_is_told_to_be_no_ticket(world, day, text):
    assert "二维码" in refusal(look, world.door, text) or "签名不符" in refusal(look, world.door, text)


def test_a_ticket_that_was_changed_after_signing_is_refused(world, day):
    head, values, signature = day[0].language.text.split(".")
    forged = signed.sign({"n": day[1].language.exam_number}).split(".")[1]
    assert "签名不符" in refusal(number_in, f"{head}.{forged}.{signature}")


# who is sent away -------------------------------------------------------------------------------------------------------------------------
def test_at_the_door_of_another_room_he_is_told_his_own(world, day):
    said = refusal(look, world.door, day[0].language.exam_number, day[0].comprehensive.room.id)
    assert "走错考场：要求 001 考场，实际 002 考场" in said
    assert look(world.door, day[0].language.exam_number, day[0].language.room.id)


def test_a_ticket_of_another_site_is_refused_without_a_look_at_that_site(world, day):
    assert "走错考点" in refusal(look, world.door, "263100110100101")


def test_another_subject_than_the_one_of_the_hour_is_refused_with_its_hours(world, day):
    assert "还没有到入场时间：要求 2026-05-23 13:30 至 15:00，实际 2026-05-23 08:30" in refusal(look, world.door, day[0].comprehensive.exam_number)
    with clock.at(AFTERNOON):
        assert "入场时间已过" in refusal(look, world.door, day[0].language.exam_number) and look(world.door, day[0].comprehensive.exam_number)


@pytest.mark.parametrize("hour, minute, open", [(7, 59, False), (8, 0, True), (9, 30, True), (9, 31, False)])
def test_the_doors_open_an_hour_before_and_close_half_an_hour_after_the_beginning(world, day, hour, minute, open):
    with clock.at(MORNING.replace(hour=hour, minute=minute)):
        if open:
            assert look(world.door, day[0].language.exam_number)
        else:
            assert "入场时间" in refusal(look, world.door, day[0].language.exam_number)


def test_on_another_day_nobody_is_on_the_list(world, day):
    with clock.at(MORNING + clock.days(1)):
        assert "今天本考点没有这张准考证" in refusal(look, world.door, day[0].language.exam_number) and not seats(world.door).exists()


def test_an_entry_that_is_not_paid_any_more_is_refused(world, day):
    ExamEntry.update(state="void").where(ExamEntry.id == day[0].language.entry.id).execute()
    assert "这条报考不能参加考试：要求 已缴费，实际 已作废" in refusal(look, world.door, day[0].language.exam_number)


def test_all_reasons_are_told_at_once(world, day):
    ExamEntry.update(state="void").where(ExamEntry.id == day[0].comprehensive.entry.id).execute()
    said = refusal(look, world.door, day[0].comprehensive.exam_number, day[0].language.room.id)
    assert all(words in said for words in ("还没有到入场时间", "走错考场", "不能参加考试"))


# prints -----------------------------------------------------------------------------------------------------------------------------------
def test_a_new_capture_of_his_finger_lets_him_in_once(world, day):
    row = come(world, day[0])
    assert (row.state, row.attempt, row.way, row.checked_by) == ("matched", 1, "finger", world.door) and row.score >= 48
    assert "已经入场，不能再入：实际 08:30 指纹相符" in refusal(look, world.door, day[0].language.exam_number)
    assert "已经入场" in refusal(come, world, day[0])
    assert CheckIn.select().count() == 1


def test_every_try_is_a_row_and_after_the_third_the_head_decides(world, day):
    first, second, third = (come(world, day[0], seed=2, take=take) for take in (1, 2, 3))
    assert [row.state for row in (first, second, third)] == ["failed", "failed", "waiting"] and third.attempt == 3
    assert "正在等待考点负责人决定" in refusal(come, world, day[0])
    assert standing(day[0].language.entry.id).left == 1 and CheckIn.select().count() == 3


def test_after_two_failed_tries_the_third_may_still_be_right(world, day):
    for take in (1, 2):
        come(world, day[0], seed=2, take=take)
    assert come(world, day[0]).state == "matched"


def test_a_capture_without_a_print_is_a_failed_try(world, day):
    row = verify(world.door, find(world.door, day[0].language.exam_number), picture(300, 400, "white", "PNG"), client())
    assert (row.state, row.score) == ("failed", 0)


def test_the_same_try_sent_twice_is_one_row(world, day):
    seat, once = find(world.door, day[0].language.exam_number), client()
    rows = [verify(world.door, seat, capture(2, 1), once) for _ in range(2)]
    assert rows[0] == rows[1] and CheckIn.select().count() == 1


def test_who_has_no_prints_on_file_goes_to_the_head_and_who_has_needs_a_reason(world, day):
    seat = find(world.door, day[0].language.exam_number)
    assert "请写明为什么不能验指纹" in refusal(ask_head, world.door, seat, "", client())
    assert ask_head(world.door, seat, "手指包扎", client()).state == "waiting"
    other = find(world.door, day[1].language.exam_number)
    FingerTemplate.update(finger=2, application=day[0].case).where(FingerTemplate.application == day[1].case).execute()
    assert "没有登记的指纹" in refusal(verify, world.door, other, capture(2), client())
    assert ask_head(world.door, other, "", client()).note == "没有登记的指纹"


# the head ---------------------------------------------------------------------------------------------------------------------------------
def test_the_head_of_the_site_decides_with_a_reason_and_may_change_a_refusal(world, day):
    row = ask_head(world.door, find(world.door, day[0].language.exam_number), "手指包扎", client())
    assert "请填写理由" in refusal(row.admit, by=world.site_head)
    row.turn_away(by=world.site_head, reason="照片不是本人")
    assert "考点负责人决定不准入场：实际 照片不是本人" in refusal(look, world.door, day[0].language.exam_number)
    row.admit(by=world.site_head, reason="补交证明")
    assert (row.state, row.decided_by, row.reason) == ("admitted", world.site_head, "补交证明") and "已经入场" in refusal(look, world.door, day[0].language.exam_number)


def test_nobody_else_decides(world, day):
    row = ask_head(world.door, find(world.door, day[0].language.exam_number), "手指包扎", client())
    for user in (world.door, world.exam, world.clerk, None, account("elsewhere", "site_head", site_ref=world.site.id + 1)):
        assert refusal(row.admit, by=user, reason="放行")
    assert CheckIn.get_by_id(row.id).state == "waiting"


def test_the_system_lets_nobody_in_whose_print_is_not_alike(world, day):
    row = come(world, day[0], seed=2)
    assert "指纹不相似：要求 不低于 48" in refusal(row.match) and "还可以再验指纹：要求 3 次，实际 1 次，差 2 次" in refusal(row.wait)
    assert "没有别的入场记录" in refusal(row.double)


def test_a_reason_that_is_too_long_is_told_so(world, day):
    row = ask_head(world.door, find(world.door, day[0].language.exam_number), "手指包扎", client())
    assert "理由太长：要求 不超过 200 字，实际 201 字，差 1 字" in refusal(row.admit, by=world.site_head, reason="长" * 201)


# without a network ------------------------------------------------------------------------------------------------------------------------
def test_who_came_in_without_a_network_is_replayed_once_at_his_time_and_waits_for_the_head(world, day):
    once, at = client(), MORNING.replace(minute=41)
    with clock.at(EVENING):
        rows = [replay(world.door, day[0].language.text, once, at) for _ in range(2)]
        assert rows[0] == rows[1] and CheckIn.select().count() == 1
        row = rows[0]
        assert (row.state, row.way, row.at, row.replayed_at) == ("waiting", "offline", at, EVENING)
        assert row.admit(by=world.site_head, reason="准考证与身份证相符").state == "admitted"


def test_a_second_entry_without_a_network_is_kept_as_such(world, day):
    come(world, day[0])
    row = replay(world.door, day[0].language.exam_number, client(), MORNING)
    assert (row.state, row.attempt) == ("double", 2)
    assert [replay(world.door, day[1].language.text, client(), MORNING).state for _ in range(2)] == ["waiting", "double"]


def test_a_try_whose_answer_was_lost_but_that_let_him_in_is_no_second_entry(world, day):
    lost = client()
    let_in = verify(world.door, find(world.door, day[0].language.exam_number), capture(1, 1), lost)
    assert replay(world.door, day[0].language.text, client(), MORNING, lost) == let_in and CheckIn.select().count() == 1


def test_a_time_that_cannot_be_is_refused_and_one_in_the_future_is_now(world, day):
    assert "终端的时间不对" in refusal(replay, world.door, day[0].language.text, client(), MORNING - dt.timedelta(days=2))
    assert replay(world.door, day[0].language.text, client(), MORNING + dt.timedelta(hours=1)).at == MORNING


# counts, scope, clearing --------------------------------------------------------------------------------------------------------------------
def test_counts_are_those_of_the_hour_room_by_room(world, day):
    come(world, day[0])
    ask_head(world.door, find(world.door, day[1].language.exam_number), "手指包扎", client())
    assert counts(world.door) == [{"room": day[0].language.room.id, "number": "001", "expected": 2, "inside": 1, "waiting": 1}]
    with clock.at(MORNING.replace(hour=12)):
        assert [(room["number"], room["expected"], room["inside"]) for room in counts(world.door)] == [("002", 2, 0)]
    with clock.at(EVENING):
        assert [room["number"] for room in counts(world.door)] == ["002"]
    with clock.at(EVENING + clock.days(1)):
        assert counts(world.door) == []


def test_the_door_of_another_site_sees_and_finds_nobody(world, day):
    other = ExamSite.create(province=world.site.province, code="002", name="北京第二考点")
    stranger = account("door9", "door", site_ref=other.id)
    assert not seats(stranger).exists() and "走错考点" in refusal(look, stranger, day[0].language.exam_number) and counts(stranger) == []
    assert refusal(look, account("door8", "door"), day[0].language.exam_number)


def test_a_session_that_is_only_prepared_has_no_door(world, day):
    ExamSession.update(state="draft").execute()
    assert not seats(world.door).exists() and counts(world.door) == []


def test_a_dismissal_takes_the_tries_along(world, day):
    come(world, day[0])
    Application.get_by_id(day[0].case.id).dismiss(by=world.clerk, ground="breach", reason="替考")
    assert not CheckIn.select().exists()
