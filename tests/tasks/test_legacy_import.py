"""The xlsx import of legacy records: a reason for every line that the door does not let in, and nothing for anybody above the unit."""
import datetime as dt

import pytest

from models.legacy import DOOR, LegacyRecord
from models.reports import AnnualReport
from tasks.imports.catalogue import IMPORTS, open_to
from tests.models.test_legacy import VALUES, library
from tests.tasks.test_imports import counts, imported, rehearsed, sheet
from tests.world import number_for

CODES = [code for code in VALUES if code != "HXWRQ"] + ["HXWRQ", "passed_on"]


@pytest.fixture
def annual(world):
    world.term(name="2012—2013 学年第一学期", award_from=DOOR[0], award_until=DOOR[1], report_from=dt.date(2026, 3, 1))
    library(world)
    return AnnualReport.get(AnnualReport.institution == world.unit)


def line(passed_on="2010-05-30", **values):
    return [(VALUES | values).get(code, passed_on) for code in CODES]


def test_right_lines_are_entered_and_wrong_ones_come_back_with_the_reason(world, annual, tmp_path):
    other = {"ZJHM": number_for(2, born="19700101"), "XWZSBH": "T1000132012000002"}
    path = sheet(tmp_path, CODES, line(), line(**other), line("2011-11-01", **{"ZJHM": number_for(3, born="19700101"), "XWZSBH": "T1000132012000003"}))
    run = imported(path, "legacy_record", world.clerk, good_only=True)
    assert counts(run) == (0, 1, 0, 2)
    row = LegacyRecord.get()
    assert (row.state, row.name, row.values["XWLBM"], row.awarded_on, row.annual) == ("entered", "裘国栋", "307", dt.date(2012, 12, 20), annual) and row.intact
    faults = [found["faults"][""] for found in run.findings["wrong"]]
    assert faults[0].startswith("合格库（2011 年 11 月以前）中没有全部统考成绩") and "通过全部国家统考太晚" in faults[1]
    assert counts(rehearsed(path, "legacy_record", world.clerk)) == (0, 0, 1, 2)


def test_the_number_is_masked_in_what_the_rehearsal_keeps(world, annual, tmp_path):
    run = rehearsed(sheet(tmp_path, CODES, line()), "legacy_record", world.clerk)
    assert VALUES["ZJHM"] not in str(run.findings)


def test_a_term_that_is_not_of_the_door_is_refused(world, annual, tmp_path):
    world.term(name="2012—2013 学年第二学期", award_from=dt.date(2013, 3, 1), award_until=dt.date(2013, 8, 31), report_from=dt.date(2026, 3, 1))
    path = sheet(tmp_path, [*CODES, "term"], [*line(), "2012—2013 学年第二学期"], [*line(ZJHM=number_for(2, born="19700101")), "没有的学期"])
    wrong = rehearsed(path, "legacy_record", world.clerk).findings["wrong"]
    assert "年报系统只在 2012—2013 学年第一学期受理" in wrong[0]["faults"][""] and "没有学期“没有的学期”的年报" in wrong[1]["faults"]["term"]


def test_nothing_is_imported_once_the_annual_report_is_filed(world, annual, tmp_path):
    annual.report.confirm_no_award(by=world.clerk)
    annual.file(by=world.officer)
    found = rehearsed(sheet(tmp_path, CODES, line()), "legacy_record", world.clerk).findings["wrong"][0]["faults"]
    assert "年报已备案" in " ".join(found.values())


def test_offices_and_the_centre_are_offered_no_such_import(world):
    for user in (world.officer, world.centre, world.exam, world.it):
        assert IMPORTS["legacy_record"] not in open_to(user)
    assert IMPORTS["legacy_record"] in open_to(world.clerk)
