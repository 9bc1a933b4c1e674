"""Stage 10: the record that is reported, its widths in GBK bytes, and what keeps a record from being reported."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.awards import Award
from models.people import Person
from models.record import FIELDS, build, coded_names, gaps, width
from models.reports import passes_of


@pytest.fixture
def award(world):
    world.awarded()
    return Award.get()


def record(award, **person):
    if person:
        Person.update(person).where(Person.id == award.person_id).execute()
        award = Award.get_by_id(award.id)
    values = build(award, passes_of(award))
    return values, [text for _, text in gaps(award, values)]


def test_the_fields_are_those_of_the_handbook_once_each_with_a_width():
    codes = [field.code for field in FIELDS]
    assert len(set(codes)) == len(codes) == 49 and codes[0] == "XM" and codes[-1] == "BZ"
    assert {f.code: f.width for f in FIELDS if f.code in ("XM", "XMPY", "ZJHM", "CSRQ", "XWZSBH")} == {"XM": 40, "XMPY": 60, "ZJHM": 18, "CSRQ": 8, "XWZSBH": 17}
    assert all(field.type in "CDY" and field.width > 0 and field.name for field in FIELDS)


def test_a_complete_record_has_no_gap_and_every_field_as_text(award):
    values, missing = record(award)
    assert missing == [] and set(values) == {field.code for field in FIELDS} and all(isinstance(value, str) for value in values.values())
    wanted = {"XM": "林叙白", "XBM": "1", "CSRQ": "19900101", "ZJLXM": "01", "XWSYDWM": "10001", "XWLBM": "302", "XKMLM": "02", "YJXKM": "0202", "SFYJSY": "1",
              "HXXWRQ": "20120630", "HXMLM": "402", "LWDBRQ": "20260320", "ZHKSNF": "2026", "WYTKNF": "2026", "WYYZM": "01", "HXWRQ": "20260320",
              "XWZSBH": "1000132026000001", "JYBH": "校学位〔2026〕9 号", "SQRQ": "20260320", "SQH": "202610001000001"}
    assert {code: values[code] for code in wanted} == wanted


def test_each_coded_field_travels_with_its_name(award):
    names = coded_names(record(award)[0])
    assert (names["XBM"], names["MZM"], names["ZJLXM"], names["XWLBM"], names["WYYZM"]) == ("男性", "汉族", "居民身份证", "经济学", "英语")


@pytest.mark.parametrize("text, bytes_", [("abc", 3), ("北京", 4), ("a北", 3), ("𠮷", 4), ("\u00b7", 2), ("", 0)])
def test_width_is_counted_in_bytes_of_gbk_and_four_for_what_it_lacks(text, bytes_):
    assert width(text) == bytes_


@given(st.text(st.characters(codec="gbk"), max_size=30))
def test_width_is_that_of_gbk_wherever_gbk_has_the_characters(text):
    assert width(text) == len(text.encode("gbk"))


@pytest.mark.parametrize("name, sentence", [("阿" * 20, None), ("阿" * 19 + "ab", None), ("阿" * 20 + "a", "姓名：要求不超过 40 字节，实际 41 字节，差 1 字节"),
                                            ("𠮷" * 10, None), ("𠮷" * 10 + "a", "姓名：要求不超过 40 字节，实际 41 字节，差 1 字节")])
def test_a_value_that_is_wider_than_its_field_is_told_with_the_difference(award, name, sentence):
    assert record(award, name=name)[1] == ([sentence] if sentence else [])


@pytest.mark.parametrize("document, lacking", [("01", ["民族：没有填写", "政治面貌：没有填写"]), ("07", ["民族：没有填写"]), ("09", [])])
def test_what_is_mandatory_depends_on_the_kind_of_person(award, document, lacking):
    assert record(award, document_type=document, ethnic_group="", political_status="")[1] == lacking


def test_the_block_of_the_bachelor_degree_is_asked_of_those_who_came_with_one(award):
    block = {"degree_unit_code": "", "degree_category": "", "graduated_from_code": ""}
    Application.update(block).execute()
    assert len(record(Award.get())[1]) == 3
    Application.update(degree_ground="master").execute()
    values, missing = record(Award.get())
    assert missing == [] and values["HXZYDM"] == values["HXXWRQ"] == ""
    Application.update(degree_ground="bachelor", foreign_degree=True).execute()
    assert record(Award.get())[1] == []


def test_the_year_of_an_exam_is_reported_also_when_its_years_have_ended_since(world, award):
    world.programme.change(world.clerk, exam_valid_years=1)
    with clock.at(dt.date(2029, 1, 1)):
        values, missing = record(Award.get())
        assert missing == [] and values["WYTKNF"] == "2026"
