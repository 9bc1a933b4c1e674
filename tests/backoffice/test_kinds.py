"""Kinds of values: what is typed is understood or refused with what was required, and what is shown can be typed again."""
import datetime as dt
from decimal import Decimal

import pytest

from backoffice.fieldkinds import kind_of
from backoffice.kinds import Day, Kind, Long, Moment, Open, Sealed
from models.applications import Application
from models.courses import CourseResult
from models.defences import ThesisReviewer
from models.exams.results import ExamResult
from models.people import Person
from models.programmes import Course, Programme
from models.register import Recheck
from models.registry import ENTITIES

YEAR, CREDITS, STATE, GROUND = (kind_of(field, Application.STATES) for field in (Programme.year, Course.credits, Application.state, Application.degree_ground))


@pytest.mark.parametrize("kind, text, value", [
    (YEAR, " 2026 ", 2026), (YEAR, "２０２６", 2026), (YEAR, "1,000", 1000), (YEAR, "", None), (YEAR, "5.0", 5), (CREDITS, "2.5", Decimal("2.5")), (Day(), "2026-3-9", dt.date(2026, 3, 9)),
    (Day(), "20260309", dt.date(2026, 3, 9)), (Day(), "2026年3月9日", dt.date(2026, 3, 9)), (Day(), "2026/03/09", dt.date(2026, 3, 9)),
    (Moment(), "2026-03-09T08:30", dt.datetime(2026, 3, 9, 8, 30)), (Moment(), "2026-03-09", dt.datetime(2026, 3, 9)), (GROUND, "master", "master"), (GROUND, "", None)])
def test_what_is_typed_is_understood(kind, text, value):
    assert kind.read(text) == value


@pytest.mark.parametrize("kind, text, said", [
    (YEAR, "二", "要求数字，实际“二”"), (YEAR, "1.5", "要求整数"), (YEAR, "2147483648", "要求不超过 2147483647"), (YEAR, "Infinity", "要求"), (CREDITS, "1.25", "最多 1 位小数"),
    (CREDITS, "1000", "要求小于 1000"), (Day(), "2026-02-29", "要求真实的日期"), (Day(), "昨天", "实际“昨天”"), (Moment(), "2026-03-09 25:00", "要求日期和时间"), (GROUND, "x", "没有“x”这一项")])
def test_what_is_not_understood_is_refused_with_what_is_required(kind, text, said):
    with pytest.raises(ValueError, match=said):
        kind.read(text)


@pytest.mark.parametrize("kind, value", [(YEAR, 2026), (CREDITS, Decimal("2.5")), (Day(), dt.date(2026, 3, 9)), (Moment(), dt.datetime(2026, 3, 9, 8, 30)), (GROUND, "doctor")])
def test_what_stands_in_a_box_is_read_as_it_was(kind, value):
    assert kind.read(kind.typed(value)) == value


def test_states_have_words_and_tones():
    assert (STATE.text("registered"), STATE.tone("registered")) == ("在册", "busy")
    assert kind_of(ExamResult.outcome).text("absent") == "缺考"


def test_an_encrypted_number_is_masked_unless_the_screen_says_otherwise():
    number = "11010519491231002X"
    assert isinstance(kind_of(Person.document_number), Sealed) and kind_of(Person.document_number).text(number) == "110105********002X"
    assert isinstance(kind_of(Person.document_number, full=True), Open) and kind_of(Person.document_number, full=True).sheet(number) == number


def test_a_blind_index_is_never_shown():
    assert kind_of(Person.document_index) is None


def test_hundreds_are_not_written_as_powers():
    assert CREDITS.text(Decimal("100.0")) == "100"


@pytest.mark.parametrize("field, tones", [
    (ExamResult.outcome, {"pass": "ok", "fail": "bad", "absent": "off", "breach": "bad"}), (CourseResult.passed, {True: "ok", False: "bad"}),
    (ThesisReviewer.agrees, {True: "ok", False: "bad", None: None}), (Application.degree_ground, {"bachelor": None}), (Programme.published_at, {None: None})])
def test_a_value_that_users_know_by_its_colour_is_a_badge_of_that_colour(field, tones):
    assert {value: kind_of(field).tone(value) for value in tones} == tones


def test_every_colour_belongs_to_a_field_and_is_one_of_the_five():
    for kind in ENTITIES.values():
        for name, tones in kind.TONES.items():
            values = [value for value, _ in kind._meta.fields[name].choices or ((True, ""), (False, ""))]
            assert sorted(map(str, tones)) == sorted(map(str, values)) and set(tones.values()) <= {"ok", "bad", "wait", "busy", "off"}


def test_numbers_that_are_kept_by_code_read_as_what_they_count():
    assert kind_of(Recheck.counts).text({"ready": 2, "over_limit": 1}) == "超期 1，可以申请答辩 2"
    assert kind_of(Application.cleared).text({"课程成绩": 3}) == "课程成绩 3"


def test_a_line_is_one_line_and_a_text_keeps_its_lines_but_nothing_that_cannot_be_seen():
    assert Kind().read(" a\r\nBcc: b\u2028c\x00 ") == "a Bcc: b c"
    assert Long().read("一\n二\x00\x0b\n") == "一\n二"


def test_the_category_of_a_degree_of_any_level_is_shown_by_its_name(database):
    category = kind_of(Application.degree_category)
    assert [category.text(code) for code in ("302", "402", "202", "499", "")] == ["经济学", "经济学", "经济学", "499", ""]
