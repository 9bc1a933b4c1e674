"""Stage 10: what a unit may submit, what stays frozen, what the office returns, and what is filed together."""
import datetime as dt

import pytest

from models import clock
from models.audit import Entry
from models.awards import Award
from models.base import db
from models.defences import Thesis
from models.exams.results import PriorPass
from models.outbox import Outbox
from models.people import Person
from models.reports import AnnualReport, Report, ReportLine, digest_of, totals
from tests.models.refusals import sentences

TERM = {"award_from": dt.date(2026, 3, 1), "award_until": dt.date(2026, 8, 31), "report_from": dt.date(2026, 3, 1), "report_until": dt.date(2026, 9, 30),
        "name": "2025—2026 学年第二学期"}


@pytest.fixture
def award(world):
    world.awarded()
    return Award.get()


@pytest.fixture
def report(world, award):
    """The first unit's report of a term in which it awarded one degree."""
    return report_of(world.term(**TERM), world.unit)


def report_of(term, unit):
    return Report.get(Report.term == term, Report.institution == unit)


def another(world, name):
    """One more award of the unit in the window."""
    case = world.registered(world.applicant(name, name_pinyin="X"))
    for kind in ("language", "comprehensive"):
        PriorPass.add(world.centre, name=name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2010, 5, 30))
    world.studied(case)
    return Award.get(Award.application == world.graduate(world.admit(case)))


def annual(report):
    return AnnualReport.get(AnnualReport.report == report)


# the window -----------------------------------------------------------------------------------------------------------------------------
def test_opening_a_term_gives_every_unit_that_takes_part_its_two_records_once(world):
    term = world.term(**TERM)
    assert Report.select().count() == AnnualReport.select().count() == 2
    term.close(by=world.centre).reopen(by=world.centre)
    assert Report.select().count() == 2


@pytest.mark.parametrize("day, inside", [(dt.date(2026, 2, 28), False), (dt.date(2026, 3, 1), True), (dt.date(2026, 8, 31), True), (dt.date(2026, 9, 1), False)])
def test_an_award_belongs_to_the_term_in_whose_window_its_date_lies(world, award, report, day, inside):
    Award.update(awarded_on=day).execute()
    assert report.in_window().exists() is inside


@pytest.mark.parametrize("moment, inside", [(dt.datetime(2026, 9, 30, 23, 59), True), (dt.datetime(2026, 10, 1), False)])
def test_units_report_until_the_last_day_is_over(world, report, moment, inside):
    with clock.at(moment):
        if inside:
            assert report.submit(by=world.clerk).state == "submitted"
        else:
            assert sentences(report.submit, by=world.clerk) == ["不在报送时间内：要求 2026-03-01 至 2026-09-30，实际 2026-10-01，差 1 天"]


# submit or no award ------------------------------------------------------------------------------------------------------------------------
def test_with_awards_the_unit_submits_and_cannot_say_that_there_are_none(world, report):
    assert sentences(report.confirm_no_award, by=world.clerk) == ["本期有学位授予记录，不能办理“未授予学位确认”，请提交报送：要求 0 人，实际 1 人，差 1 人"]
    report.submit(by=world.clerk)
    assert (report.state, report.line_count, report.round, report.submitted_by) == ("submitted", 1, 1, world.clerk)


def test_without_awards_the_unit_says_so_and_cannot_submit(world, report):
    empty = report_of(report.term, world.unit2)
    assert sentences(empty.submit, by=world.clerk2) == ["本期没有学位授予记录，不能提交，请办理“未授予学位确认”：要求 至少 1 人，实际 0 人，差 1 人"]
    empty.confirm_no_award(by=world.clerk2)
    assert (empty.state, empty.line_count) == ("no_award", 0)


def test_an_incomplete_record_stands_against_submitting_and_is_named(world, award, report):
    Person.update(ethnic_group="").where(Person.id == award.person_id).execute()
    assert sentences(report.submit, by=world.clerk) == ["林叙白（1000132026000001）民族：没有填写"]
    assert not ReportLine.select().exists()


def test_a_withdrawn_degree_is_not_reported(world, award, report):
    award.withdraw(by=world.reviewer, **world.withdrawal(award))
    assert report.confirm_no_award(by=world.clerk).state == "no_award"


def test_a_degree_that_is_withdrawn_after_it_was_reported_marks_its_line_and_leaves_it_as_it_was(world, award, report):
    report.submit(by=world.clerk)
    annual(report).file(by=world.officer)
    line = report.current_lines().get()
    before, digest = line.values, Report.get_by_id(report.id).digest
    assert not line.withdrawn
    Award.get_by_id(award.id).withdraw(by=world.reviewer, **world.withdrawal(award))
    line, report = report.current_lines().get(), Report.get_by_id(report.id)
    assert line.withdrawn == f"{clock.today()} 撤销" and (line.values, line.intact) == (before, True)
    assert (report.state, report.line_count, report.digest) == ("filed", 1, digest)
    told = {notice.user_id for notice in Outbox.select().where(Outbox.template == "Award.withdraw")}
    assert told == {world.officer.id, world.centre.id, award.application.applicants()[0].id}


# frozen -----------------------------------------------------------------------------------------------------------------------------------
def test_frozen_lines_do_not_follow_later_edits(world, award, report):
    report.submit(by=world.clerk)
    before = report.current_lines().get().values
    Person.get_by_id(award.person_id).change(award.application.applicants()[0], name_pinyin="LIN XU BAI")
    line = report.current_lines().get()
    assert line.values == before and line.values["XMPY"] == "LIN XUBAI" and line.names["XBM"] == "男性"
    assert report.records()[0].values["XMPY"] == "LIN XU BAI"


def test_an_award_and_its_thesis_are_locked_while_the_report_stands(world, award, report):
    report.submit(by=world.clerk)
    for row in (Award.get_by_id(award.id), Thesis.get()):
        assert "已列入报送" in sentences(row.change, world.clerk, note="x", title="新题目")[0]
    assert "已列入报送" in sentences(award.correct, by=world.reviewer, certificate_number="1000132026000900", reason="x")[0]
    report.send_back(by=world.officer, reason="错报")
    assert Award.get_by_id(award.id).change(world.clerk, note="更正").note == "更正"
    assert Thesis.get().change(world.clerk, title="新题目").title == "新题目"


def test_a_line_that_was_tampered_with_is_no_longer_intact(world, report):
    report.submit(by=world.clerk)
    line = report.current_lines().get()
    assert line.intact and report.digest == digest_of([line.values])
    line.values = line.values | {"XM": "别人"}
    line.save()
    assert not ReportLine.get_by_id(line.id).intact


def test_the_digest_depends_on_the_values_and_not_on_their_order():
    assert digest_of({"a": 1, "b": "北"}) == digest_of({"b": "北", "a": 1}) != digest_of({"a": 1, "b": "南"})


# left out --------------------------------------------------------------------------------------------------------------------------------
def test_an_award_that_comes_later_is_counted_as_left_out(world, report):
    report.submit(by=world.clerk)
    assert report.left_out() == 0
    another(world, "后授")
    assert report.left_out() == 1
    assert sentences(annual(report).file, by=world.officer) == ["报送之后窗口内又有学位授予记录（漏报），请先打回：要求 0 人，实际 1 人，差 1 人"]


def test_an_award_after_the_no_award_confirmation_is_left_out_as_well(world):
    report = report_of(world.term(**TERM), world.unit).confirm_no_award(by=world.clerk)
    another(world, "后授")
    assert report.left_out() == 1 and "漏报" in sentences(annual(report).file, by=world.officer)[0]


# return -----------------------------------------------------------------------------------------------------------------------------------
def test_a_return_needs_a_reason_reopens_the_one_report_and_tells_its_clerks(world, report):
    other = report_of(report.term, world.unit2).confirm_no_award(by=world.clerk2)
    report.submit(by=world.clerk)
    report.send_back(by=world.officer, reason="漏报一人")
    assert (report.state, report.returned_reason, Report.get_by_id(other.id).state) == ("returned", "漏报一人", "no_award")
    told = list(Outbox.select().where(Outbox.template == "Report.send_back"))
    assert [notice.user_id for notice in told] == [world.clerk.id] and "漏报一人" in told[0].body


def test_a_returned_report_is_submitted_again_also_after_the_window(world, report):
    with clock.at(dt.date(2026, 9, 30)):
        report.submit(by=world.clerk)
    with clock.at(dt.date(2026, 12, 1)):
        report.send_back(by=world.officer, reason="错报").submit(by=world.clerk)
    assert (report.state, report.round, report.lines.count()) == ("submitted", 2, 2)


def test_a_resubmission_shows_what_came_what_went_and_what_changed(world, award, report):
    gone, kept = another(world, "删去"), award
    report.submit(by=world.clerk).send_back(by=world.officer, reason="错报")
    gone.withdraw(by=world.reviewer, **world.withdrawal(gone))
    new = another(world, "补上")
    Award.get_by_id(kept.id).change(world.clerk, note="更正")
    report.submit(by=world.clerk)
    added, removed, changed = report.compare()
    assert ([line.award_id for line in added], [line.award_id for line in removed]) == ([new.id], [gone.id])
    assert changed == {kept.certificate_number: {"BZ": ("", "更正")}}


def test_an_office_returns_and_files_its_own_units_only(world, report):
    report.submit(by=world.clerk)
    assert sentences(report.send_back, by=world.officer2, reason="x") == ["没有这一行，或不在您的范围内"]
    assert sentences(annual(report).file, by=world.officer2) == ["没有这一行，或不在您的范围内"]
    assert "您的角色不能" in sentences(annual(report).file, by=world.clerk)[0]


# filing ------------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state, label", [("open", "未报送"), ("returned", "已打回")])
def test_filing_is_refused_while_the_unit_has_not_reported(world, report, state, label):
    if state == "returned":
        report.submit(by=world.clerk).send_back(by=world.officer, reason="错报")
    assert sentences(annual(report).file, by=world.officer) == [f"同力信息平台还没有这个单位的报送：要求 已提交 或 未授予确认，实际 {label}"]
    assert annual(report).state == "open"


@pytest.mark.parametrize("unit", ("unit", "unit2"))
def test_filing_files_both_records_in_one(world, report, unit):
    report = report_of(report.term, getattr(world, unit))
    if unit == "unit":
        report.submit(by=world.clerk)
    else:
        report.confirm_no_award(by=world.clerk2)
    officer = world.officer if unit == "unit" else world.officer2
    both = annual(report).file(by=officer)
    report = Report.get_by_id(report.id)
    assert (both.state, report.state, both.filed_by, both.filed_at, report.filed_at) == ("filed", "filed", officer, clock.now(), clock.now())
    assert Entry.select().where(Entry.verb == "file", Entry.row_id.in_([both.id, report.id])).count() == 2


def test_a_report_is_not_filed_without_its_annual_report(world, report):
    report.submit(by=world.clerk)
    assert "不能单独操作" in sentences(report.file, by=world.officer)[0]


def test_a_filing_that_fails_halfway_files_neither(world, report, monkeypatch):
    report.submit(by=world.clerk)
    monkeypatch.setattr(Report.file, "tell", lambda row: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        annual(report).file(by=world.officer)
    assert (annual(report).state, Report.get_by_id(report.id).state) == ("open", "submitted")


def test_after_filing_nothing_moves_any_more(world, award, report):
    report.submit(by=world.clerk)
    annual(report).file(by=world.officer)
    report = Report.get_by_id(report.id)
    for step, user, answers in ((report.submit, world.clerk, {}), (report.send_back, world.officer, {"reason": "x"}), (report.confirm_no_award, world.clerk, {}),
                                (annual(report).file, world.officer, {})):
        assert "现在的状态不能" in sentences(step, by=user, **answers)[0]
    assert "已备案" in sentences(Award.get_by_id(award.id).change, world.clerk, note="x")[0]
    assert Award.get_by_id(award.id).locks()


def test_totals_are_counted_by_discipline(world, report):
    another(world, "第二人")
    assert totals(report) == {"应用经济学": 2}


def test_one_unit_reports_a_term_once(world, report):
    values = {"institution": report.institution_id, "term": report.term_id}
    assert sentences(Report.add, world.clerk, **values) == ["这个单位这一学期已有报送"]
    with db.atomic() as savepoint:
        assert sentences(AnnualReport.add, world.clerk, report=report, **values)
        savepoint.rollback()
