"""Stage 10: the legacy door - one function decides who may be entered in the annual report system; every edge of it, and the records themselves."""
import datetime as dt
from types import SimpleNamespace

import pytest

from models.audit import Version
from models.exams.results import PriorPass
from models.legacy import LegacyRecord, against, lines_of
from models.record import FIELDS
from models.reports import AnnualReport
from tasks.imports.catalogue import IMPORTS
from tests.models.refusals import refused, sentences
from tests.world import number_for

FIRST = SimpleNamespace(award_from=dt.date(2012, 9, 1), award_until=dt.date(2013, 2, 28))
SECOND = SimpleNamespace(award_from=dt.date(2013, 3, 1), award_until=dt.date(2013, 8, 31))
PASSED, AWARDED = dt.date(2010, 5, 30), dt.date(2012, 12, 20)
VALUES = {"XM": "裘国栋", "XMPY": "QIU GUODONG", "GBM": "156", "MZM": "01", "ZZMMM": "13", "ZJLXM": "01", "XZXM": "柳一舟", "ZXXM": "柳一舟", "XWLBM": "307", "XKMLM": "07",
          "YJXKM": "0701", "SFYJSY": "1", "BKBYXXDM": "10002", "XSXWDWM": "10002", "HXMLM": "407", "HXZYDM": "数学", "HXXWRQ": "19980701", "DSXM": "裴敬堂",
          "LWTM": "微分方程若干问题", "LWGJC": "微分方程", "LWLX": "2", "LWDBRQ": "20121120", "WYYZM": "01", "WYTKNF": "2010", "SQRQ": "20090320", "HXWRQ": "20121220",
          "XWZSBH": "T1000132012000001", "JYBH": "校学位〔2012〕9 号", "ZJHM": number_for(1, born="19700101")}


# the one function -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("passed_on, in_platform, awarded_on, term, listed, said", [
    (dt.date(2011, 10, 31), False, AWARDED, FIRST, True, []),
    (dt.date(2011, 11, 1), False, AWARDED, FIRST, True, ["通过全部国家统考太晚"]),
    (None, False, AWARDED, FIRST, True, ["没有通过全部国家统考"]),
    (PASSED, False, dt.date(2012, 8, 31), FIRST, True, ["授予日期不在受理的范围内：要求 2012-09-01 至 2013-02-28，实际 2012-08-31，差 1 天"]),
    (PASSED, False, dt.date(2012, 9, 1), FIRST, True, []),
    (PASSED, False, dt.date(2013, 2, 28), FIRST, True, []),
    (PASSED, False, dt.date(2013, 3, 1), FIRST, True, ["授予日期不在受理的范围内：要求 2012-09-01 至 2013-02-28，实际 2013-03-01，差 1 天"]),
    (PASSED, False, None, FIRST, True, ["授予日期不在受理的范围内"]),
    (PASSED, True, AWARDED, FIRST, True, ["已在同力信息平台确认过"]),
    (PASSED, False, AWARDED, FIRST, False, ["合格库（2011 年 11 月以前）中没有全部统考成绩"]),
    (PASSED, False, AWARDED, SECOND, True, ["年报系统只在 2012—2013 学年第一学期受理"]),
    (PASSED, False, dt.date(2013, 3, 1), SECOND, True, ["年报系统只在 2012—2013 学年第一学期受理", "授予日期不在受理的范围内"]),
    (dt.date(2011, 11, 1), True, dt.date(2013, 3, 1), SECOND, False, ["年报系统只在", "通过全部国家统考太晚", "已在同力信息平台确认过", "授予日期", "合格库"]),
], ids=str)
def test_the_door_at_every_edge(passed_on, in_platform, awarded_on, term, listed, said):
    found = [str(reason) for reason in against(passed_on, in_platform, awarded_on, term, listed)]
    assert len(found) == len(said) and all(text.startswith(begin) for text, begin in zip(found, said))


# the records --------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def annual(world):
    world.term(name="2012—2013 学年第一学期", award_from=FIRST.award_from, award_until=FIRST.award_until, report_from=dt.date(2026, 3, 1))
    return AnnualReport.get(AnnualReport.institution == world.unit)


def library(world, passed_on=PASSED, kind="language"):
    PriorPass.add(world.centre, name="裘国栋", document_number=VALUES["ZJHM"], kind=kind, subject_name=kind, passed_on=passed_on)


def draft(world, annual, passed_on=PASSED, **values):
    return LegacyRecord.add(world.clerk, annual=annual, passed_on=passed_on, values=VALUES | values)


def test_a_record_is_entered_with_its_digest_and_counts_in_the_annual_report(world, annual):
    library(world)
    row = draft(world, annual)
    assert (row.state, annual.line_count) == ("draft", 0)
    row.enter(by=world.clerk)
    assert (row.name, row.certificate_number, row.awarded_on, row.values["CSRQ"], row.names["XWLBM"]) == (
        "裘国栋", "T1000132012000001", AWARDED, "19700101", "理学") and row.intact and annual.line_count == 1
    report = annual.report.confirm_no_award(by=world.clerk)
    assert [line.values["XM"] for line in lines_of(report)] == ["裘国栋"]


def test_the_history_keeps_the_values_sealed(world, annual):
    draft(world, annual)
    assert all(VALUES["ZJHM"] not in str(version.values) for version in Version.select())


@pytest.mark.parametrize("met", ("account", "case", "confirmed", "dismissed"))
def test_a_mere_account_is_no_case_and_one_confirmation_closes_the_door(world, annual, met):
    library(world)
    user = world.applicant("裘国栋", document_number=VALUES["ZJHM"], birth_date=dt.date(1970, 1, 1))
    if met == "case":
        world.draft(user).submit(by=user)
    if met in ("confirmed", "dismissed"):
        case = world.confirmed(user)
        if met == "dismissed":
            case = case.approve(by=world.reviewer, opinion="同意")
            case.dismiss(by=world.reviewer, ground="breach", reason="违纪")
    row = draft(world, annual)
    if met in ("account", "case"):
        assert row.enter(by=world.clerk).state == "entered"
    else:
        assert sentences(row.enter, by=world.clerk) == ["已在同力信息平台确认过，应在同力信息平台办理：要求 没有确认过，实际 确认过"]


def test_passes_of_the_library_of_2012_do_not_count_and_are_named(world, annual):
    library(world, dt.date(2012, 5, 27))
    found = sentences(draft(world, annual).enter, by=world.clerk)
    assert found[0].startswith("合格库（2011 年 11 月以前）中没有") and found[1].startswith("外国语水平的成绩在 2012 年合格库中，年报系统不接受这个库")


def test_a_discipline_with_a_comprehensive_paper_asks_for_that_pass_too(world, annual):
    library(world)
    row = draft(world, annual, XWLBM="302", XKMLM="02", YJXKM="0202")
    assert sentences(row.enter, by=world.clerk)[0].startswith("合格库")
    library(world, kind="comprehensive")
    assert row.enter(by=world.clerk).state == "entered"


def test_what_is_missing_or_wrong_is_named_field_by_field(world, annual):
    library(world)
    row = draft(world, annual, LWTM="", MZM="77", XWZSBH="1000132012000001")
    found = sentences(row.enter, by=world.clerk)
    assert found[:2] == ["论文题目：没有填写", "民族没有“77”这个代码：要求 民族代码表中的代码，实际 77"] and found[2].startswith("证书编号的前缀不对")
    assert refused(draft, world, annual, NICHT="x").fields == {"values": "没有“NICHT”这个数据项"}


def test_an_entered_record_is_taken_back_to_be_changed_and_nothing_changes_once_filed(world, annual):
    library(world)
    row = draft(world, annual).enter(by=world.clerk)
    assert "请先撤回" in sentences(row.change, world.clerk, passed_on=dt.date(2009, 5, 30))[0]
    row.withdraw(by=world.clerk).change(world.clerk, passed_on=dt.date(2009, 5, 30))
    row.enter(by=world.clerk)
    annual.report.confirm_no_award(by=world.clerk)
    annual.file(by=world.officer)
    assert "年报已备案" in sentences(row.change, world.clerk, passed_on=PASSED)[0]
    assert "年报已备案" in sentences(row.withdraw, by=world.clerk)[0]
    assert "年报已备案" in refused(draft, world, AnnualReport.get_by_id(annual.id), ZJHM=number_for(2, born="19700101"), XWZSBH="T1000132012000002").fields["annual"]


def test_a_record_that_was_tampered_with_is_not_filed(world, annual):
    library(world)
    row = draft(world, annual).enter(by=world.clerk)
    LegacyRecord.update(values=row.values | {"XM": "别人"}).where(LegacyRecord.id == row.id).execute()
    annual.report.confirm_no_award(by=world.clerk)
    assert sentences(annual.file, by=world.officer) == ["报送的明细与提交时的摘要不符，不能备案，请立即报告学位中心"]


def test_the_door_of_another_term_is_shut(world):
    library(world)
    world.term(award_from=SECOND.award_from, award_until=SECOND.award_until, report_from=dt.date(2026, 3, 1))
    row = draft(world, AnnualReport.get(AnnualReport.institution == world.unit))
    assert sentences(row.enter, by=world.clerk)[0].startswith("年报系统只在 2012—2013 学年第一学期受理")


def test_nobody_above_the_unit_has_an_import_of_legacy_records(world):
    kinds = [imported for imported in IMPORTS.values() if imported.entity is LegacyRecord]
    assert [imported.name for imported in kinds] == ["legacy_record"] and LegacyRecord.writers == "clerk"
    assert kinds[0].open_to(world.clerk) and not any(kinds[0].open_to(user) for user in (world.officer, world.centre, world.it, world.exam))
    assert {field.code for field in FIELDS} - {column.code for column in kinds[0].columns} == {"XWSYDWM", "ZP"}
