"""What happens when unit and office act on a report at once, with real threads on both databases. Each protection has a twin that shows the race
without it."""
import threading

from models import clock
from models.audit import Entry
from models.awards import Award
from models.defences import Thesis
from models.legacy import DOOR
from models.outbox import Outbox
from models.reports import Amendment, AmendmentItem, Report, remind
from tests.models.test_amendments import TERM, annual, award_of, opened
from tests.models.test_legacy import draft, library
from tests.test_races import PATIENCE, entries, losers, together


def reported(world):
    """The first unit's report of a term with one award, submitted."""
    award_of(world, "甲子")
    return Report.get(Report.term == world.term(**TERM), Report.institution == world.unit).submit(by=world.clerk)


def fresh(row):
    return type(row).get_by_id(row.id)


def test_of_two_clerks_who_submit_at_once_one_does(world):
    award_of(world, "甲子")
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit)
    refused, = losers(together(*[lambda: fresh(report).submit(by=world.clerk)] * 2))
    assert refused.startswith("现在的状态不能“提交”") and report.lines.count() == 1 and fresh(report).intact()


def test_without_holding_the_report_both_would_freeze_a_round(world):
    """The twin: both read that nothing is reported, both count the next round."""
    award_of(world, "甲子")
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit)
    read = threading.Barrier(2, timeout=PATIENCE)

    def naive():
        row = fresh(report)
        assert row.state == "open"
        read.wait()
        return row.round + 1
    assert together(naive, naive) == [1, 1]


def test_a_return_and_a_filing_at_once_have_one_outcome(world):
    report = reported(world)
    refused, = losers(together(lambda: fresh(report).send_back(by=world.officer, reason="错报"), lambda: annual(report).file(by=world.officer)))
    states = fresh(report).state, annual(report).state
    assert states in (("returned", "open"), ("filed", "filed")) and refused
    assert entries("send_back") + entries("file") // 2 == 1


def test_a_return_while_the_unit_reports_more_leaves_one_whole_report(world):
    award_of(world, "甲子")
    report = Report.get(Report.term == world.term(**TERM, within_days=30), Report.institution == world.unit).submit(by=world.clerk)
    award_of(world, "乙丑")
    refused = losers(together(lambda: fresh(report).submit_more(by=world.clerk), lambda: fresh(report).send_back(by=world.officer, reason="漏报")))
    report = fresh(report)
    assert report.state == "returned" and report.intact() and report.line_count == report.current_lines().count() == 2 - len(refused)


def test_an_award_that_is_edited_while_it_is_reported_is_frozen_as_it_stays(world):
    award = award_of(world, "甲子")
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit)
    thesis = Thesis.get(Thesis.application == award.application_id)
    losers(together(lambda: fresh(report).submit(by=world.clerk), lambda: fresh(award).change(world.clerk, note="更正"), lambda: fresh(thesis).change(world.clerk, title="新题目")))
    line = report.lines.get()
    assert (line.values["BZ"], line.values["LWTM"]) == (fresh(award).note, fresh(thesis).title)


def test_without_holding_the_award_the_line_would_differ_from_it(world):
    """The twin: the record is read, the award is edited, the line is written as it was read."""
    award = award_of(world, "甲子")
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit)
    read, edited = threading.Event(), threading.Event()

    def naive():
        records = report.records()
        read.set()
        edited.wait(PATIENCE)
        return records[0].values["BZ"]

    def edit():
        read.wait(PATIENCE)
        fresh(award).change(world.clerk, note="更正")
        edited.set()
    assert together(naive, edit)[0] == "" != fresh(award).note


def test_of_two_officers_who_confirm_changes_of_one_line_at_once_one_does(world):
    report = reported(world)
    annual(report).file(by=world.officer)
    amendments = []
    for text in ("一", "二"):
        amendment = opened(world, fresh(report), "change", Award.get())
        amendment.items.get().give(world.clerk, {"BZ": text})
        amendments.append(amendment.enter(by=world.clerk))
    refused, = losers(together(*[lambda row=row: fresh(row).confirm(by=world.officer) for row in amendments]))
    report = fresh(report)
    assert "请退回重填" in refused and (report.version, report.line_count) == (2, 1) and report.intact()
    assert sorted(row.state for row in Amendment.select()) == ["confirmed", "entered"] and AmendmentItem.select().count() == 2


def test_a_filing_is_undone_or_its_report_changed_but_not_both(world):
    report = reported(world)
    annual(report).file(by=world.officer)
    amendment = opened(world, fresh(report), "remove", Award.get()).enter(by=world.clerk)
    losers(together(lambda: fresh(amendment).confirm(by=world.officer), lambda: annual(report).undo(by=world.centre, reason="有误")))
    report = fresh(report)
    assert (report.state == "filed") == (annual(report).state == "filed") and report.intact() and report.line_count == report.current_lines().count()


def test_a_legacy_record_is_entered_before_the_filing_or_not_at_all(world):
    world.term(name="2012—2013 学年第一学期", award_from=DOOR[0], award_until=DOOR[1], report_from=TERM["report_from"])
    report = Report.get(Report.institution == world.unit).confirm_no_award(by=world.clerk)
    library(world)
    row = draft(world, annual(report))
    refused = losers(together(lambda: fresh(row).enter(by=world.clerk), lambda: annual(report).file(by=world.officer)))
    row, entered = fresh(row), Entry.get_or_none(Entry.verb == "enter")
    assert annual(report).state == "filed" and (row.state == "draft") == bool(refused)
    assert entered is None or entered.id < Entry.get(Entry.verb == "file", Entry.entity == "annual_report").id


def test_two_who_remind_at_once_remind_each_unit_once(world):
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit)
    losers(together(*[lambda: remind([report.id], world.officer)] * 3))
    assert entries("remind") == 1 and Outbox.select().where(Outbox.template == "Report.remind").count() == 1
    assert fresh(report).reminded_on == clock.today()
