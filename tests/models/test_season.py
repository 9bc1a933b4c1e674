"""Stage 10: deadlines and who extends them, rolling terms, remarks, reminders, filing many at once, the next semester."""
import datetime as dt

import pytest

from models import clock, many
from models.audit import Entry
from models.awards import Award
from models.base import db
from models.outbox import Outbox
from models.reference import Institution
from models.reports import AnnualReport, Report, ReportLine, ReportTerm, remind
from tests.models.refusals import refused, sentences
from tests.models.test_amendments import TERM, annual, award_of


@pytest.fixture
def term(world):
    return world.term(**TERM, office_until=dt.date(2026, 10, 31))


def of(term, unit):
    return Report.get(Report.term == term, Report.institution == unit)


# terms -----------------------------------------------------------------------------------------------------------------------------------------
def test_the_next_semester_is_proposed_after_the_last(world, term):
    assert {name: str(value) for name, value in ReportTerm.propose().items()} == {
        "name": "2026—2027 学年第一学期", "award_from": "2026-09-01", "award_until": "2027-02-28", "report_from": "2027-03-01", "report_until": "2027-03-31",
        "office_until": "2027-04-30"}


def test_opening_takes_the_same_number_of_statements_for_many_units(world):
    world.term("以前", **TERM).close(by=world.centre)          # whoever opens has been asked for his roles
    counts = []
    for size in (2, 40):
        Institution.update(taking_part=Institution.id.in_(Institution.select(Institution.id).order_by(Institution.id).limit(size))).execute()
        seen, execute = [], db.obj.execute_sql
        db.obj.execute_sql = lambda *args, **named: seen.append(args[0]) or execute(*args, **named)
        try:
            term = world.term(f"{size}", **TERM)
        finally:
            del db.obj.execute_sql
        assert Report.select().where(Report.term == term).count() == AnnualReport.select().where(AnnualReport.term == term).count() == size
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert Entry.select().where(Entry.entity == "report", Entry.verb == "create").count() == 44


def test_the_centre_extends_for_everybody_with_a_reason(world, term):
    assert sentences(term.extend, by=world.centre, until=dt.date(2026, 9, 30), reason="x") == ["新的单位报送截止要求晚于原来的：要求 晚于 2026-09-30，实际 2026-09-30"]
    assert "省级备案截止不能早于单位报送截止" in sentences(term.extend, by=world.centre, until=dt.date(2026, 11, 1), reason="x")[0]
    term.extend(by=world.centre, until=dt.date(2026, 11, 1), office_until=dt.date(2026, 11, 30), reason="系统检修")
    with clock.at(dt.date(2026, 11, 1)):
        assert of(term, world.unit).confirm_no_award(by=world.clerk).state == "no_award"
    assert Entry.get(Entry.verb == "extend").reason == "系统检修"


def test_an_office_extends_for_one_of_its_units_up_to_its_own_deadline(world, term):
    row = of(term, world.unit)
    assert sentences(row.extend, by=world.officer, until=dt.date(2026, 11, 1), reason="x") == ["延长不能超过省级备案截止：要求 不晚于 2026-10-31，实际 2026-11-01，差 1 天"]
    assert sentences(row.extend, by=world.officer2, until=dt.date(2026, 10, 15), reason="x") == ["没有这一行，或不在您的范围内"]
    row.extend(by=world.officer, until=dt.date(2026, 10, 15), reason="校庆")
    with clock.at(dt.date(2026, 10, 15)):
        assert row.confirm_no_award(by=world.clerk).state == "no_award"
        assert "差 15 天" in sentences(of(term, world.unit2).confirm_no_award, by=world.clerk2)[0]


@pytest.mark.parametrize("day, late", [(dt.date(2026, 9, 30), 0), (dt.date(2026, 10, 1), 1), (dt.date(2026, 10, 10), 10)])
def test_days_late_count_from_the_day_after_the_deadline(world, term, day, late):
    with clock.at(day):
        assert of(term, world.unit).days_late == late


def test_days_late_stop_with_the_report(world, term):
    with clock.at(dt.date(2026, 9, 1)):
        row = of(term, world.unit).confirm_no_award(by=world.clerk)
    with clock.at(dt.date(2026, 12, 1)):
        assert row.days_late == 0


def test_after_the_deadline_of_the_office_nothing_is_filed(world, term):
    row = of(term, world.unit).confirm_no_award(by=world.clerk)
    with clock.at(dt.date(2026, 11, 2)):
        assert sentences(annual(row).file, by=world.officer) == ["已过省级备案截止，请学位中心延长：要求 不晚于 2026-10-31，实际 2026-11-02，差 2 天"]


# a rolling term ---------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def rolling(world):
    """The report of a term in which every award is reported within thirty days."""
    return of(world.term(**TERM, within_days=30), world.unit)


def test_new_awards_of_a_rolling_term_come_as_a_new_round_and_earlier_lines_stay(world, rolling):
    first = award_of(world, "甲子")
    rolling.submit(by=world.clerk)
    before = rolling.current_lines().get()
    assert sentences(rolling.submit_more, by=world.clerk) == ["没有新的学位授予记录，不能续报：要求 至少 1 人，实际 0 人，差 1 人"]
    second = award_of(world, "乙丑")
    assert rolling.left_out() == 1
    rolling.submit_more(by=world.clerk)
    lines = list(rolling.current_lines())
    assert [(line.award_id, line.round, line.version, line.number) for line in lines] == [(first.id, 1, 1, 1), (second.id, 2, 2, 2)]
    assert lines[0].__data__ == before.__data__ and (rolling.line_count, rolling.left_out()) == (2, 0) and rolling.intact()


def test_a_rolling_report_that_is_returned_is_frozen_anew_as_a_whole(world, rolling):
    award_of(world, "甲子")
    rolling.submit(by=world.clerk)
    award_of(world, "乙丑")
    rolling.submit_more(by=world.clerk).send_back(by=world.officer, reason="错报").submit(by=world.clerk)
    assert [line.version for line in rolling.current_lines()] == [3, 3] and rolling.intact() and rolling.compare() == ([], [], {})


def test_a_rolling_award_is_late_once_its_days_are_over(world, rolling):
    award_of(world, "甲子")
    days = {}
    for day in (dt.date(2026, 4, 19), dt.date(2026, 4, 20)):
        with clock.at(day):
            days[day.day] = rolling.days_late
    assert days == {19: 0, 20: 1}
    rolling.submit(by=world.clerk)
    assert rolling.days_late == 0


def test_a_semester_is_not_reported_in_parts(world, term):
    award_of(world, "甲子")
    row = of(term, world.unit).submit(by=world.clerk)
    award_of(world, "乙丑")
    assert "这个学期一次报送全部人员" in sentences(row.submit_more, by=world.clerk)[0]


# the office --------------------------------------------------------------------------------------------------------------------------------------
def test_the_office_writes_remarks_on_lines_that_are_submitted(world, term):
    award_of(world, "甲子")
    row = of(term, world.unit).submit(by=world.clerk)
    line = row.current_lines().get()
    line.change(world.officer, remark="论文题目请核对")
    assert ReportLine.get_by_id(line.id).remark == "论文题目请核对" and ReportLine.get_by_id(line.id).intact and Entry.get(Entry.entity == "report_line").user_id == world.officer.id
    assert "您只能查看" in sentences(line.change, world.clerk, remark="x")[0]
    row.send_back(by=world.officer, reason="错报")
    assert "只能在已提交、尚未备案的明细上写备注" in sentences(ReportLine.get_by_id(line.id).change, world.officer, remark="x")[0]


def test_units_that_have_not_reported_are_reminded_once_a_day(world, term):
    mine, theirs = of(term, world.unit), of(term, world.unit2)
    assert {id: str(why) for id, why in remind([mine.id, theirs.id], world.officer).items()} == {theirs.id: "没有这一行，或不在您的范围内"}
    assert str(remind([mine.id], world.officer)[mine.id]) == "今天已经催报过"
    told = list(Outbox.select().where(Outbox.template == "Report.remind"))
    assert [notice.user_id for notice in told] == [world.clerk.id] and Entry.select().where(Entry.verb == "remind").count() == 1
    with clock.at(clock.today() + dt.timedelta(days=1)):
        theirs.confirm_no_award(by=world.clerk2)
        assert {id: str(why) for id, why in remind([mine.id, theirs.id], world.centre).items()} == {theirs.id: "已经报送，不必催报"}
        assert str(remind([mine.id], world.clerk)[mine.id]) == "没有这一行，或不在您的范围内"
    assert Outbox.select().where(Outbox.template == "Report.remind").count() == 2


def test_many_are_filed_at_once_with_a_reason_for_each_that_is_not(world, term):
    reports = {unit: of(term, unit) for unit in (world.unit, world.unit2)}
    reports[world.unit].confirm_no_award(by=world.clerk)
    ids = {unit: annual(report).id for unit, report in reports.items()}
    refusals = many.take(AnnualReport.file, AnnualReport, list(ids.values()), world.officer, {})
    assert list(refusals) == [ids[world.unit2]] and of(term, world.unit).state == "filed" and AnnualReport.get_by_id(ids[world.unit]).filed_by == world.officer


def test_among_many_a_broken_and_a_left_out_report_are_not_filed(world, term):
    award_of(world, "甲子")
    row = of(term, world.unit).submit(by=world.clerk)
    ReportLine.update(digest="0" * 64).execute()
    award_of(world, "乙丑")
    text = many.take(AnnualReport.file, AnnualReport, [annual(row).id], world.officer, {})[annual(row).id]
    assert "漏报" in text and "与提交时的摘要不符" in text and sentences(annual(row).file, by=world.officer) == text.split("；")
    assert Report.left_out_of([row.id]) == {row.id: 1}


def test_the_order_of_lines_is_that_of_the_certificate_numbers(world, term):
    rows = [award_of(world, name) for name in ("甲子", "乙丑")]
    Award.update(certificate_number="1000132026000900").where(Award.id == rows[0].id).execute()
    row = of(term, world.unit).submit(by=world.clerk)
    assert [(line.number, line.values["XM"]) for line in row.current_lines()] == [(1, "乙丑"), (2, "甲子")]


def test_a_report_that_stands_is_not_edited(world, term):
    row = of(term, world.unit).confirm_no_award(by=world.clerk)
    assert "报送之后不能再改" in sentences(row.change, world.clerk, decision=None)[0]
    assert refused(row.send_back, by=world.officer).fields == {"reason": "请填写打回原因"}
