"""Names and document numbers as they stand on real documents: what is right, what follows from them, and what is refused with its reason."""
import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064.mod_11_2 import calc_check_digit

from models import clock
from models.identity import birth_date, document_faults, facts_of, masked, normal_document, normal_name, normal_phone, suggest_pinyin
from models.people import Person, find_account
from models.workflow import Refused
from tests.models.refusals import refused

ABOLISHED = "510202"          # a district of Chongqing when it still belonged to Sichuan: on real cards


def card(area="110105", born="19491231", serial="002"):
    body = f"{area}{born}{serial}"
    return body + calc_check_digit(body)


def fault(kind, number):
    return document_faults(kind, number).get("document_number", "")


AREAS = st.integers(110000, 659999).map(str)
BIRTHS = st.dates(dt.date(1925, 1, 1), dt.date(2005, 12, 31))
SERIALS = st.integers(0, 999).map("{:03d}".format)


def test_the_example_of_the_standard_is_right():
    assert fault("01", "11010519491231002X") == ""
    assert facts_of("01", "11010519491231002X") == {"sex": "2", "birth_date": dt.date(1949, 12, 31)}


@given(AREAS, BIRTHS, SERIALS)
def test_a_number_with_its_check_digit_is_right_whatever_its_area(area, born, serial):
    number = card(area, f"{born:%Y%m%d}", serial)
    assert document_faults("01", number) == {}
    assert facts_of("01", number) == {"sex": "1" if int(serial) % 2 else "2", "birth_date": born}


@given(AREAS, BIRTHS, SERIALS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_never_taken_for_right(area, born, serial, place, character):
    number = card(area, f"{born:%Y%m%d}", serial)
    assume(number[place] != character)
    assert "document_number" in document_faults("01", number[:place] + character + number[place + 1:])


@given(AREAS, st.dates(dt.date(1925, 1, 1), dt.date(1999, 12, 31)), SERIALS)
def test_a_number_of_fifteen_digits_becomes_its_form_of_eighteen(area, born, serial):
    new = card(area, f"{born:%Y%m%d}", serial)
    assert normal_document(f"{area}{born:%y%m%d}{serial}") == new
    assert document_faults("01", f"{area}{born:%y%m%d}{serial}") == {}


@pytest.mark.parametrize("area", (ABOLISHED, "429005", "820000", "999999"))
def test_abolished_and_unknown_area_codes_are_accepted(area):
    assert fault("01", card(area)) == ""


@pytest.mark.parametrize("kind, area, right", [
    ("07", "810000", True), ("07", "820000", True), ("08", "830000", True),
    ("07", "830000", False), ("08", "810000", False), ("07", "110105", False)])
def test_residence_permits_begin_with_the_code_of_their_region(kind, area, right):
    assert (fault(kind, card(area)) == "") is right
    if not right:
        assert f"实际以 {area[:2]} 开头" in fault(kind, card(area))


def test_a_residence_permit_says_sex_and_birth_as_a_card_does():
    assert facts_of("07", card("810000", "19880229", "117")) == {"sex": "1", "birth_date": dt.date(1988, 2, 29)}


def test_a_birth_today_is_right_and_one_tomorrow_is_not():
    with clock.at(dt.date(2026, 3, 20)):
        assert fault("01", card(born="20260320")) == ""
        assert "2026-03-21 晚于今天" in fault("01", card(born="20260321"))


@pytest.mark.parametrize("born", ("19000229", "20230230", "19901301", "19900100"))
def test_a_birth_that_is_no_day_is_named(born):
    assert f"{born} 不是真实的日期" in fault("01", card(born=born))
    assert birth_date(card(born=born)) is None


def test_a_wrong_check_digit_is_told_with_the_right_one():
    assert "应为 X，实际为 1" in fault("01", "110105194912310021")


def test_full_width_digits_blanks_and_a_small_x_are_the_same_number():
    assert normal_document(" １１０１０５ 19491231　００２ｘ ") == "11010519491231002X"
    assert fault("01", "１１０１０５１９４９１２３１００２ｘ") == ""


def test_digits_of_other_scripts_are_no_digits_of_a_document():
    assert fault("01", "11010519491231002X".replace("1", "\u0661")) != ""


@pytest.mark.parametrize("text", ("", "   ", "11010519491231002", "1101051949123100", "A1010519491231002X", "11010519491231002Y"))
def test_what_has_not_the_form_of_a_number_is_refused_with_a_sentence(text):
    assert fault("01", text)


def test_a_passport_is_letters_and_digits():
    assert fault("09", "e12345678") == "" and fault("02", "军字第123号") and fault("09", "1234")


@pytest.mark.parametrize("dot", "\u00b7\u2022\u2027\u22c5\u30fb\uff65\u2219")
def test_every_dot_between_the_parts_of_a_name_becomes_the_middle_dot(dot):
    assert normal_name(f" 阿卜杜热西提 {dot}阿卜杜热合曼 ") == "阿卜杜热西提\u00b7阿卜杜热合曼"


def test_the_normal_form_of_a_name_is_stable():
    for name in ("John  Smith", "段𬭎", "乐\u3000正", "阿依努尔・买买提"):
        assert normal_name(normal_name(name)) == normal_name(name)


@pytest.mark.parametrize("name, reading", [("单田芳", "SHAN TIANFANG"), ("仇英", "QIU YING"), ("解缙", "XIE JIN"), ("曾巩", "ZENG GONG"), ("查良镛", "ZHA LIANGYONG"),
                                           ("区大相", "OU DAXIANG"), ("朴成焕", "PIAO CHENGHUAN"), ("欧阳修", "OUYANG XIU"), ("王安石", "WANG ANSHI"),
                                           ("李𠮷安", "")])
def test_surnames_that_a_library_reads_wrongly_are_read_as_surnames(name, reading):
    assert suggest_pinyin(name) == reading


def test_the_middle_of_a_number_is_hidden_and_never_the_whole_shown():
    assert masked("11010519491231002X") == "110105********002X" and masked("13800138000") == "138****8000" and masked("1234") == "****"


@pytest.mark.parametrize("typed, kept", [("138 0013 8000", "13800138000"), ("+86 13800138000", "13800138000"), ("１３８００１３８０００", "13800138000"),
                                         ("+852 5123 4567", "+85251234567"), ("12345", ""), ("", ""), (None, "")])
def test_a_phone_is_kept_in_one_form(typed, kept):
    assert normal_phone(typed) == kept


def test_characters_beyond_the_basic_plane_survive_the_database(world):
    for name in ("段𬭎", "𠮷田", "㑳𫍯", "阿卜杜热西提\u00b7阿卜杜热合曼"):
        person = world.applicant(name).person
        assert Person.get_by_id(person.id).name == name and Person.get(Person.name == name).id == person.id


def test_one_number_is_one_person_however_it_is_written(world):
    user = world.applicant(document_number="11010519491231002X")
    for text in ("11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105491231002"):
        assert Person.by_document(text).id == user.person_id and find_account(text).id == user.id
    error = refused(Person.add, None, name="另一人", document_number="11010519491231002X", phone="13800138000")
    assert "这个证件号已经注册过账号，请直接登录或找回密码" in str(error)


def test_an_account_is_found_by_name_mail_or_number_and_nobody_by_nothing(world):
    user = world.applicant()
    assert {find_account(text).id for text in (user.username, user.email.upper(), f" {user.person.document_number} ")} == {user.id}
    assert [find_account(text) for text in ("", None, "  ", "nobody")] == [None] * 4


def test_a_person_without_a_name_or_a_number_is_refused_at_the_field(database):
    with pytest.raises(Refused) as found:
        Person.add(None, name="  ", document_number="")
    assert {"name", "document_number"} <= found.value.fields.keys()
