"""Stage 10: the record that is reported - its fields, what is mandatory for whom, widths in GBK bytes, what an award says of each field."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.awards import Award
from models.defences import DefenceRequest
from models.exams.results import PriorPass
from models.people import FormerDocument, Person
from models.record import BY_CODE, FIELDS, GROUND, applying, beyond_gbk, coded_names, differences, gaps, width, wrong, wrong_numbers
from models.reports import InstitutionHead, extract
from tests.models.refusals import refused
from tests.world import proposed


@pytest.fixture
def award(world):
    award = proposed(world)
    world.decide(award)
    return Award.get()


@pytest.fixture
def values(award):
    return record(award).values


def record(award, **person):
    if person:
        Person.update(person).where(Person.id == award.person_id).execute()
    found, = extract(Award.id == award.id)
    return found


def told(found):
    return [str(reason) for _, reason in found]


# the table --------------------------------------------------------------------------------------------------------------------------------
def test_the_fields_are_those_of_the_handbook_once_each_with_a_width():
    codes = [field.code for field in FIELDS]
    assert len(set(codes)) == len(codes) == 49 and codes[0] == "XM" and codes[-1] == "BZ"
    assert {f.code: f.width for f in FIELDS if f.code in ("XM", "XMPY", "ZJHM", "CSRQ", "XWZSBH")} == {"XM": 40, "XMPY": 60, "ZJHM": 18, "CSRQ": 8, "XWZSBH": 17}
    assert all(field.type in "CNDY" and field.width > 0 and field.name and field.source for field in FIELDS)


def test_mandatory_for_everybody_is_what_the_handbook_says():
    optional = {"ZSZYMC", "XZZW", "GZDW", "GZDWTXDZ", "GZDWYB", "GZNX", "ZYJSZCM", "DSZCM", "LWXTLY", "LWZS", "LWKSRQ", "ZHKSNF", "SQH", "BZ"}
    depends = {"MZM", "ZZMMM", "BKBYXXDM", "XSXWDWM", "HXMLM", "HXZYDM", "HXXWRQ", "EJXKM"}
    assert {field.code for field in FIELDS if field.mandatory == "never"} == optional
    assert {field.code for field in FIELDS if field.mandatory not in ("never", "always")} == depends


@pytest.mark.parametrize("document, country, asked", [("01", "156", {"MZM", "ZZMMM"}), ("07", "344", {"MZM"}), ("08", "158", {"MZM"}), ("09", "704", set()),
                                                      ("99", "156", {"MZM", "ZZMMM"}), ("99", "704", set())])
def test_what_is_mandatory_depends_on_the_kind_of_person(document, country, asked):
    assert {code for code in ("MZM", "ZZMMM") if applying(BY_CODE[code], {"ZJLXM": document, "GBM": country})} == asked


# what an award says -------------------------------------------------------------------------------------------------------------------------
def test_a_complete_record_lacks_nothing_and_has_every_field_as_text(award):
    found = record(award)
    assert found.faults == [] and found.group == "complete"
    assert set(found.values) == {*BY_CODE, GROUND} and all(isinstance(value, str) for value in found.values.values())
    wanted = {"XM": "林叙白", "XBM": "1", "CSRQ": "19900101", "ZJLXM": "01", "ZJHM": award.person.document_number, "ZP": f"{award.person.document_number}.jpg",
              "XWSYDWM": "10001", "XZXM": "柳一舟", "XWLBM": "302", "XKMLM": "02", "YJXKM": "0202", "EJXKM": "", "SFYJSY": "1", "HXXWRQ": "20100630", "HXMLM": "402",
              "LWDBRQ": "20260320", "ZHKSNF": "2010", "WYTKNF": "2010", "WYYZM": "01", "HXWRQ": "20260320", "XWZSBH": "1000132026000001", "JYBH": "校学位〔2026〕9 号",
              "SQRQ": "20260320", "SQH": "202610001000001", GROUND: "bachelor"}
    assert {code: found.values[code] for code in wanted} == wanted


def test_the_year_of_an_exam_is_that_of_the_platform_before_one_of_the_library(world):
    world.awarded()
    assert [record(Award.get()).values[code] for code in ("WYTKNF", "ZHKSNF")] == ["2026", "2026"]
    for kind in ("language", "comprehensive"):
        PriorPass.add(world.centre, name="林叙白", document_number=Award.get().person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2011, 5, 30))
    assert record(Award.get()).values["WYTKNF"] == "2026"


def test_the_year_of_an_exam_is_reported_also_when_its_years_have_ended_since(world, award):
    Application.update(submitted_at=dt.datetime(2012, 1, 1)).execute()
    world.programme.change(world.clerk, exam_valid_years=16)
    with clock.at(dt.date(2029, 1, 1)):
        assert record(award).values["WYTKNF"] == "2010"
    DefenceRequest.update(decided_on=dt.date(2026, 5, 31)).execute()         # the day after the last one of its years
    assert record(award).values["WYTKNF"] == ""


def test_a_pass_under_a_number_that_the_person_had_before_counts(award):
    old = PriorPass.get(PriorPass.kind == "language")
    FormerDocument.create(person=award.person, document_number="OLD1")
    row = PriorPass.get_by_id(old.id)
    row.document_number = "OLD1"
    row.save()
    assert record(award).values["WYTKNF"] == "2010"


def test_the_heads_are_those_of_the_day_of_the_award(world, award):
    first = InstitutionHead.get(InstitutionHead.institution == world.unit)
    first.change(world.clerk, valid_to=dt.date(2026, 3, 20))
    InstitutionHead.add(world.clerk, institution=world.unit, president="新校长", chair="新主席", valid_from=dt.date(2026, 3, 21))
    assert record(award).values["XZXM"] == "柳一舟"
    Award.update(awarded_on=dt.date(2026, 3, 21)).execute()
    assert [record(award).values[code] for code in ("XZXM", "ZXXM")] == ["新校长", "新主席"]
    Award.update(awarded_on=dt.date(2008, 1, 1)).execute()
    assert told(gaps(record(award).values)) == ["校长姓名：没有填写", "学位评定委员会主席姓名：没有填写"]


def test_periods_of_heads_do_not_overlap(world):
    found = refused(InstitutionHead.add, world.clerk, institution=world.unit, president="甲", chair="乙", valid_from=dt.date(2020, 1, 1))
    assert "与另一任期重叠" in found.fields["valid_from"]


def test_awards_of_many_units_come_in_one_statement_by_certificate_number(world):
    for unit, name in ((world.programme, "甲"), (world.publish(world.unit2, world.clerk2), "乙")):
        case = world.registered(world.applicant(name), unit)
        world.studied(case)
        Application.update(degree_date=dt.date(2010, 6, 30)).where(Application.id == case.id).execute()
        for kind in ("language", "comprehensive"):
            PriorPass.add(world.centre, name=name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2010, 5, 30))
        world.graduate(world.admit(case))
    assert [found.values["XWZSBH"] for found in extract(Award.state == "awarded")] == ["1000132026000001", "1024632026000001"]


@pytest.mark.parametrize("document, lacking", [("01", ["民族：没有填写", "政治面貌：没有填写"]), ("07", ["民族：没有填写"]), ("09", [])])
def test_what_is_missing_depends_on_the_kind_of_person(award, document, lacking):
    found = record(award, document_type=document, ethnic_group="", political_status="")
    assert told(gaps(found.values)) == lacking and found.group == ("incomplete" if lacking else "complete")


def test_the_block_of_the_bachelor_degree_is_asked_of_those_who_came_with_one(award):
    Application.update(degree_unit_code="", degree_category="", graduated_from_code="").execute()
    assert len(gaps(record(award).values)) == 3
    Application.update(degree_ground="master").execute()
    found = record(award)
    assert found.faults == [] and found.values["HXZYDM"] == found.values["HXXWRQ"] == ""
    Application.update(degree_ground="bachelor", foreign_degree=True).execute()
    assert record(award).faults == []


def test_each_coded_field_travels_with_its_name(values):
    names = coded_names(values)
    assert (names["XBM"], names["MZM"], names["ZJLXM"], names["XWLBM"], names["WYYZM"]) == ("男性", "汉族", "居民身份证", "经济学", "英语")


# what cannot stay ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name, sentence", [("阿" * 20, None), ("阿" * 19 + "ab", None), ("阿" * 20 + "a", "姓名：要求 不超过 40 字节，实际 41 字节，差 1 字节"),
                                            ("𠮷" * 10, None), ("𠮷" * 10 + "a", "姓名：要求 不超过 40 字节，实际 41 字节，差 1 字节")])
def test_a_value_that_is_wider_than_its_field_is_told_with_the_difference(values, name, sentence):
    assert told(wrong(values | {"XM": name})) == ([sentence] if sentence else [])


@pytest.mark.parametrize("change, sentence", [
    ({"MZM": "77"}, "民族没有“77”这个代码：要求 民族代码表中的代码，实际 77"), ({"CSRQ": "19900231"}, "出生日期：要求 CCYYMMDD 形式的真实日期，实际 19900231"),
    ({"WYTKNF": "10"}, "外国语统考年份：要求 四位年份，实际 10"), ({"GZDWYB": "1000"}, "单位邮编：要求 6 位数字，实际 1000"), ({"GZDWYB": ""}, None)])
def test_a_value_that_is_not_allowed_is_told_with_what_is(values, change, sentence):
    assert told(wrong(values | change)) == ([sentence] if sentence else [])


def test_a_record_with_something_wrong_and_nothing_missing_is_in_a_group_of_its_own(award):
    assert record(award, name="阿" * 21).group == "wrong"


def test_typed_numbers_are_checked_as_they_are_where_they_come_from(values):
    assert told(wrong_numbers(values)) == []
    assert "实际 1 位" in told(wrong_numbers(values | {"ZJHM": "1"}))[0]
    assert "证书编号的前缀不对" in told(wrong_numbers(values | {"XWZSBH": "T" + values["XWZSBH"]}))[0]


@pytest.mark.parametrize("text, bytes_", [("abc", 3), ("北京", 4), ("a北", 3), ("𠮷", 4), ("\u00b7", 2), ("", 0)])
def test_width_is_counted_in_bytes_of_gbk_and_four_for_what_it_lacks(text, bytes_):
    assert width(text) == bytes_


@given(st.text(st.characters(codec="gbk"), max_size=30))
def test_width_is_that_of_gbk_wherever_gbk_has_the_characters(text):
    assert width(text) == len(text.encode("gbk")) and beyond_gbk(text) == []


@pytest.mark.parametrize("text, lacking", [("赵𫖯", ["𫖯"]), ("李𠮷安𠮷", ["𠮷"]), ("周𬱖宁𫖯", ["𬱖", "𫖯"]), ("林叙白", []), ("", [])])
def test_the_characters_that_gbk_lacks_are_named_once_each(text, lacking):
    assert beyond_gbk(text) == lacking


def test_two_records_differ_in_their_fields_only():
    assert differences({"XM": "甲", "BZ": "x", GROUND: "a"}, {"XM": "乙", "BZ": "x", GROUND: "b"}) == {"XM": ("甲", "乙")}
