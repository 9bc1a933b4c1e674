"""The pages of a reporting season: the office's list of its units, filing and reminders of many, remarks, what follows after filing, legacy records."""
import datetime as dt
import re

import pytest

from models import clock
from models.audit import Entry
from models.base import db
from models.exams.results import PriorPass
from models.files import File
from models.legacy import LegacyRecord
from models.outbox import Outbox
from models.reports import Amendment, AmendmentItem, AnnualReport, Report, ReportLine
from models.reports.season import season
from tests.models.test_legacy import PASSED, VALUES
from tests.world import picture

AUTUMN = dt.date(2026, 10, 12)


@pytest.fixture
def term(world):
    clock.stop(AUTUMN)
    return world.term(report_until=dt.date(2027, 1, 10))


@pytest.fixture
def award(world, term):
    """A degree of the first unit."""
    return world.awarded().awards.get()


@pytest.fixture
def filed(world, award):
    """The report of the first unit, filed with that degree."""
    report(world).submit(by=world.clerk)
    AnnualReport.get(AnnualReport.institution == world.unit).file(by=world.officer)
    return report(world)


def report(world, unit=None):
    return Report.get(Report.institution == (unit or world.unit))


def annual(world, unit=None):
    return AnnualReport.get(AnnualReport.institution == (unit or world.unit))


# the list of units ------------------------------------------------------------------------------------------------------------------------
def test_an_office_sees_its_own_units_with_state_and_number_and_nobody_else_the_page(world, award, enter):
    report(world).submit(by=world.clerk)
    text = enter(world.officer).get("/office/season/")
    assert "北京大学" in text and "复旦大学" not in text and "已提交" in text
    assert "复旦大学" in enter(world.centre).get("/office/season/")
    for user in (world.clerk, world.reviewer, world.exam, world.it):
        enter(user).get("/office/season/", 403)


def test_a_term_is_compared_with_the_one_before(world, filed):
    later = world.term("2026—2027 学年第二学期", dt.date(2027, 3, 1), dt.date(2027, 8, 31), dt.date(2027, 9, 1), dt.date(2027, 9, 30))
    clock.stop(dt.date(2027, 9, 10))
    report_now = Report.get(Report.institution == world.unit, Report.term == later)
    report_now.confirm_no_award(by=world.clerk)
    unit, = season(later, world.officer)
    assert (unit.before, unit.difference, unit.report.line_count) == (1, -1, 0)


def test_units_past_the_deadline_are_counted_and_listed_with_their_days(world, term, enter):
    clock.stop(term.report_until + dt.timedelta(days=5))
    text = enter(world.centre).get(f"/office/season/?term={term.id}&state=late")
    assert "逾期未报" in text and len(re.findall(r'<span class="badge bad">5</span>', text)) == 2


def test_the_list_asks_the_same_number_of_questions_for_one_unit_and_for_all(world, term):
    asked = []
    for user in (world.officer, world.centre):
        user.powers()
        seen, execute = [], db.obj.execute_sql
        db.obj.execute_sql = lambda *args, **named: seen.append(args[0]) or execute(*args, **named)
        try:
            assert len(season(term, user)) == (1 if user is world.officer else 2)
        finally:
            del db.obj.execute_sql
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 6


def test_a_term_that_is_not_there_is_not_found(world, term, enter):
    enter(world.officer).get("/office/season/?term=999", 404)


# reminders and filing of many -------------------------------------------------------------------------------------------------------------
def test_a_reminder_reaches_the_clerks_once_a_day_and_says_why_not_otherwise(world, term, enter):
    officer = enter(world.officer)
    text = officer.post("/office/season/", 200, id=str(annual(world).id))
    assert "已催报 1 个单位" in text and Outbox.select().where(Outbox.subject.contains("催报")).count() == 1
    assert "今天已经催报过" in officer.post("/office/season/", 200, id=str(annual(world).id))
    assert Entry.select().where(Entry.verb == "remind").count() == 1
    assert "还没有选择任何单位" in officer.post("/office/season/", 200)


def test_units_of_another_office_are_not_reminded(world, term, enter):
    enter(world.officer).post("/office/season/", 404, id=str(annual(world, world.unit2).id))
    assert not Outbox.select().where(Outbox.subject.contains("催报")).exists()


def test_filing_of_many_says_for_each_unit_what_came_of_it(world, award, enter):
    report(world).submit(by=world.clerk)
    world.officer.change(None, office=world.unit.office)
    type(world.unit2).update(office=world.unit.office).where(type(world.unit2).id == world.unit2.id).execute()
    ids = [str(annual(world).id), str(annual(world, world.unit2).id)]
    text = enter(world.officer).post("/office/annual_report/step/file/", 200, id=ids)
    assert "同力信息平台还没有这个单位的报送" in text
    enter(world.officer).post("/office/annual_report/step/file/", 200, id=ids, confirm="1", shown=ids)
    assert (report(world).state, report(world, world.unit2).state) == ("filed", "open")


# the page of one report ---------------------------------------------------------------------------------------------------------------------
def test_remarks_of_the_office_stand_beside_the_lines_and_on_top_once_returned(world, award, enter):
    report(world).submit(by=world.clerk)
    line = ReportLine.get()
    enter(world.officer).post("/office/report_line/edit/", id=line.id, edition=line.edition, remark="姓名拼音有误")
    page = f"/office/report/details/?id={report(world).id}"
    assert "姓名拼音有误" in enter(world.clerk).get(page)
    enter(world.clerk).get(f"/office/report_line/edit/?id={line.id}", 403)
    report(world).send_back(by=world.officer, reason="见备注")
    text = enter(world.clerk).get(page)
    assert "省级学位办的备注" in text and "姓名拼音有误" in text


def test_lines_are_found_by_name_and_number(world, award, enter):
    report(world).submit(by=world.clerk)
    page, officer = f"/office/report/details/?id={report(world).id}", enter(world.officer)
    for word, found in ((str(award.person), True), (award.certificate_number[-6:], True), ("没有这个人", False)):
        text = officer.get(f"{page}&q={word}")
        assert (f'/office/report_line/details/?id={ReportLine.get().id}"' in text) == found and ("没有找到“" in text) != found


def test_what_is_wrong_stands_apart_from_what_is_missing(world, award, enter):
    award.application.theses.get().change(world.clerk, keywords="词" * 110)
    text = enter(world.clerk).get(f"/office/report/details/?id={report(world).id}")
    assert "<h2>信息不对</h2>" in text and "<h2>信息不完整</h2>" not in text and "不超过 200 字节" in text


# after filing --------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def opened(world, filed, award):
    """A 修改 that the office has opened; its one person."""
    letter = File.keep(picture(60, 80), "公函.jpg", "letter", "image/jpeg", institution=world.unit)
    amendment = Amendment.add(world.clerk, report=filed, kind="change", letter=letter, statement="题目有误")
    item = AmendmentItem.add(world.clerk, amendment=amendment, award=award)
    amendment.ask(by=world.clerk)
    amendment.open(by=world.officer)
    return item


def whole(item):
    """What the page of an item holds, as a browser would send it."""
    values = item.proposal()
    dates = {code: f"{values[code][:4]}-{values[code][4:6]}-{values[code][6:]}" for code in ("CSRQ", "HXXWRQ", "LWKSRQ", "LWDBRQ", "SQRQ", "HXWRQ") if values[code]}
    return {code: text for code, text in values.items() if code != "ground"} | dates


def test_what_is_entered_is_only_what_differs_from_the_records(world, opened, enter):
    text = enter(world.clerk).post("/office/amendment_item/enter/", **whole(opened) | {"id": opened.id, "LWTM": "改正的题目"})
    assert "改正的题目" in text and AmendmentItem.get().entered == {"LWTM": "改正的题目"}


def test_numbers_that_a_line_is_known_by_are_not_entered(world, opened, enter):
    enter(world.clerk).post("/office/amendment_item/enter/", **whole(opened) | {"id": opened.id, "LWTM": "改正的题目", "XWZSBH": "1000132026999999"})
    assert AmendmentItem.get().entered == {"LWTM": "改正的题目"}


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_typed_is_lost(world, opened, enter):
    text = enter(world.clerk).post("/office/amendment_item/enter/", 422, **whole(opened) | {"id": opened.id, "LWTM": "改正的题目", "CSRQ": "1990-13-40"})
    assert "要求真实的日期" in text and "改正的题目" in text and not AmendmentItem.get().entered


@pytest.mark.parametrize("who", ("officer", "reviewer", "clerk2", "centre"))
def test_nobody_else_enters(world, opened, enter, who):
    enter(getattr(world, who)).get(f"/office/amendment_item/enter/?id={opened.id}", 404 if who == "clerk2" else 403)


def test_a_line_shows_all_its_versions(world, opened, enter):
    opened.give(world.clerk, {"LWTM": "改正的题目"})
    opened.amendment.enter(by=world.clerk)
    opened.amendment.confirm(by=world.officer)
    line = ReportLine.get(ReportLine.ended.is_null())
    text = enter(world.clerk).get(f"/office/report_line/details/?id={line.id}")
    assert "第 1 版" in text and "第 2 版" in text and "<ins>改正的题目</ins>" in text
    text = enter(world.clerk).get(f"/office/report/details/?id={line.report_id}&version=1")
    assert "现在是第 2 版" in text


# legacy records --------------------------------------------------------------------------------------------------------------------------------
def test_a_legacy_record_is_typed_on_one_page_and_what_stands_against_it_is_said(world, enter):
    world.term(name="2012—2013 学年第一学期", award_from=dt.date(2012, 9, 1), award_until=dt.date(2013, 2, 28), report_from=dt.date(2026, 3, 1))
    clerk = enter(world.clerk)
    typed = {f"record-{code}": text for code, text in VALUES.items()}
    text = clerk.post("/office/legacy_record/create/", annual=annual(world).id, passed_on=PASSED, ground="bachelor", **typed)
    record = LegacyRecord.get()
    assert "裘国栋" in text and record.institution == world.unit and record.awarded_on == dt.date(2012, 12, 20)
    assert "合格库（2011 年 11 月以前）中没有全部统考成绩" in text
    for kind in ("language", "comprehensive"):
        PriorPass.add(world.centre, name="裘国栋", document_number=VALUES["ZJHM"], kind=kind, subject_name=kind, passed_on=PASSED)
    assert "/office/legacy_record/step/enter/" in clerk.get(f"/office/legacy_record/details/?id={record.id}")
    clerk.get(f"/office/legacy_record/edit/?id={record.id}")
    for user in (world.clerk2, world.officer2):
        enter(user).get(f"/office/legacy_record/details/?id={record.id}", 404)
