"""Stage 10: what follows after filing - for exactly the persons of the list, entered by the unit, confirmed by the office, as a new version."""
import datetime as dt

import pytest

from models.awards import Award
from models.base import db
from models.defences import Thesis
from models.exams.results import PriorPass
from models.files import File
from models.reports import Amendment, AmendmentItem, AnnualReport, Report, ReportLine
from tests.models.refusals import refused, sentences
from tests.world import picture, proposed

TERM = {"award_from": dt.date(2026, 3, 1), "award_until": dt.date(2026, 8, 31), "report_from": dt.date(2026, 3, 1), "report_until": dt.date(2026, 9, 30)}


def award_of(world, name):
    row = proposed(world, name)
    world.decide(row)
    return Award.get_by_id(row.id)


@pytest.fixture
def awards(world):
    return [award_of(world, name) for name in ("甲子", "乙丑")]


@pytest.fixture
def report(world, awards):
    """The first unit's report with two lines, filed."""
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit).submit(by=world.clerk)
    annual(report).file(by=world.officer)
    return Report.get_by_id(report.id)


def annual(report):
    return AnnualReport.get(AnnualReport.report == report)


def asked(world, report, kind, *awards):
    letter = File.keep(b"%PDF-1.4", "函.pdf", "letter", "application/pdf", institution=report.institution_id)
    amendment = Amendment.add(world.clerk, report=report, kind=kind, letter=letter)
    for award in awards:
        AmendmentItem.add(world.clerk, amendment=amendment, award=award)
    return amendment.ask(by=world.clerk)


def opened(world, report, kind, *awards):
    return asked(world, report, kind, *awards).open(by=world.officer)


def item(amendment):
    return amendment.items.get()


def done(world, amendment):
    amendment.enter(by=world.clerk)
    amendment.confirm(by=world.officer)
    return Report.get_by_id(amendment.report_id)


def names(report, version=None):
    return [line.values["XM"] for line in report.current_lines(version)]


# the way ------------------------------------------------------------------------------------------------------------------------------------
def test_it_needs_a_filed_report_a_letter_and_a_list(world, awards):
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit).submit(by=world.clerk)
    assert "备案以后才办理" in refused(Amendment.add, world.clerk, report=report, kind="change").fields["report"]
    annual(report).file(by=world.officer)
    amendment = Amendment.add(world.clerk, report=Report.get_by_id(report.id), kind="change")
    assert sentences(amendment.ask, by=world.clerk) == ["还没有上传单位公函", "名单里还没有人：要求 至少 1 人，实际 0 人，差 1 人"]


def test_a_change_is_entered_and_confirmed_and_every_version_stays(world, report, awards):
    before = report.digest
    amendment = opened(world, report, "change", awards[0])
    item(amendment).give(world.clerk, {"LWGJC": "过程控制"})
    report = done(world, amendment)
    assert (report.state, report.version, report.round, report.line_count) == ("filed", 2, 1, 2) and report.digest != before and report.intact()
    line = report.current_lines().where(ReportLine.award == awards[0]).get()
    assert line.values["LWGJC"] == "过程控制" and line.replaces.values["LWGJC"] != "过程控制" and [row.version for row in line.versions] == [1, 2]
    assert [row.values for row in report.current_lines(1)] == [line.replaces.values, report.current_lines(1)[1].values]
    assert report.compare()[2] == {line.certificate_number: {"LWGJC": (line.replaces.values["LWGJC"], "过程控制")}}
    assert Amendment.get_by_id(amendment.id).version == 2


def test_the_records_open_for_exactly_those_persons_and_close_again(world, report, awards):
    amendment = opened(world, report, "change", awards[0])
    first, second = (Thesis.get(Thesis.application == award.application_id) for award in awards)
    assert "已列入报送" in sentences(second.change, world.clerk, title="新题目")[0]
    first.change(world.clerk, title="新题目")
    amendment.enter(by=world.clerk)
    assert "已列入报送" in sentences(first.change, world.clerk, title="又一题目")[0]
    amendment.confirm(by=world.officer)
    assert Report.get_by_id(report.id).current_lines().where(ReportLine.award == awards[0]).get().values["LWTM"] == "新题目"


def test_the_list_is_closed_once_it_is_asked_for(world, report, awards):
    amendment = asked(world, report, "change", awards[0])
    assert refused(AmendmentItem.add, world.clerk, amendment=amendment, award=awards[1]).fields["award"] == "申请以后名单不能再改"
    amendment = amendment.open(by=world.officer)
    assert refused(item(amendment).change, world.clerk, award=awards[1]).fields["award"] == "申请以后名单不能再改"


def test_nothing_is_entered_before_the_office_opens_nor_for_an_unknown_field(world, report, awards):
    amendment = asked(world, report, "change", awards[0])
    assert "省级学位办开放填写以后才能填写" in sentences(item(amendment).give, world.clerk, {"BZ": "x"})[0]
    amendment.open(by=world.officer)
    assert sentences(item(amendment).give, world.clerk, {"NICHT": "x"}) == ["没有“NICHT”这个数据项"]


def test_what_is_entered_obeys_the_rules_of_every_field(world, report, awards):
    amendment = opened(world, report, "change", awards[0])
    assert sentences(amendment.enter, by=world.clerk)[0].endswith("与已备案的内容相同，没有修改")
    item(amendment).give(world.clerk, {"LWTM": "", "MZM": "77"})
    assert [text.partition("：")[2][:4] for text in sentences(amendment.enter, by=world.clerk)] == ["论文题目", "民族没有"]


def test_the_office_sends_back_or_refuses_with_a_reason_and_nothing_changes(world, report, awards):
    amendment = opened(world, report, "remove", awards[0]).enter(by=world.clerk)
    amendment.send_back(by=world.officer, reason="请核对").enter(by=world.clerk)
    amendment.refuse(by=world.officer, reason="不属实")
    report = Report.get_by_id(report.id)
    assert (report.version, report.line_count) == (1, 2) and report.intact()


def test_another_office_and_the_unit_itself_open_and_confirm_nothing(world, report, awards):
    amendment = asked(world, report, "remove", awards[0])
    assert sentences(amendment.open, by=world.officer2) == ["没有这一行，或不在您的范围内"]
    assert "您的角色不能" in sentences(amendment.open, by=world.clerk)[0]
    assert "不能单独操作" in sentences(report.amend, by=world.officer)[0]


def test_of_two_that_change_the_same_line_the_second_is_entered_anew(world, report, awards):
    first, second = (opened(world, report, "change", awards[0]) for _ in range(2))
    for amendment, text in ((first, "一"), (second, "二")):
        item(amendment).give(world.clerk, {"BZ": text})
        amendment.enter(by=world.clerk)
    first.confirm(by=world.officer)
    assert "请退回重填" in sentences(second.confirm, by=world.officer)[0]
    second.send_back(by=world.officer, reason="另有变更").enter(by=world.clerk).confirm(by=world.officer)
    assert [line.values["BZ"] for line in report.current_lines().get().versions] == ["", "一", "二"]


# kinds ---------------------------------------------------------------------------------------------------------------------------------------
def test_a_person_who_was_left_out_is_added(world, report, awards):
    late = award_of(world, "丙寅")
    assert Report.get_by_id(report.id).left_out() == 1 and not late.locks()
    report = done(world, opened(world, report, "add", late))
    assert names(report) == ["甲子", "乙丑", "丙寅"] and names(report, 1) == ["甲子", "乙丑"] and report.left_out() == 0 and report.intact()
    assert Award.get_by_id(late.id).locks()
    assert refused(asked, world, report, "add", late).fields["award"] == "已在备案的明细里，不能补报"


def test_a_line_is_taken_out_and_stays_in_the_history(world, report, awards):
    report = done(world, opened(world, report, "remove", awards[0]))
    assert names(report) == ["乙丑"] and names(report, 1) == ["甲子", "乙丑"] and (report.line_count, report.left_out()) == (1, 0) and report.intact()
    assert refused(asked, world, report, "change", awards[0]).fields["award"] == "不在已备案的明细里"


def test_who_was_taken_out_comes_back_by_an_addition_only(world, report, awards):
    """The filing is undone and the unit reports anew: the 删除 is neither lost nor undone by that."""
    report = done(world, opened(world, report, "remove", awards[0]))
    annual(report).undo(by=world.centre, reason="省级备案有误")
    Report.get_by_id(report.id).send_back(by=world.officer, reason="错报").submit(by=world.clerk)
    report = Report.get_by_id(report.id)
    assert names(report) == ["乙丑"] and report.left_out() == 0
    annual(report).file(by=world.officer)
    report = done(world, opened(world, Report.get_by_id(report.id), "add", awards[0]))
    assert names(report) == ["甲子", "乙丑"] and report.intact()
    last = report.current_lines().first()
    assert [row.removed for row in last.versions] == [False, True, False]


def test_what_was_entered_survives_an_undone_filing_and_a_new_submission(world, report, awards):
    amendment = opened(world, report, "change", awards[0])
    item(amendment).give(world.clerk, {"BZ": "以存档为准"})
    report = done(world, amendment)
    annual(report).undo(by=world.centre, reason="有误")
    Report.get_by_id(report.id).send_back(by=world.officer, reason="错报").submit(by=world.clerk)
    assert [line.values["BZ"] for line in Report.get_by_id(report.id).current_lines()] == ["以存档为准", ""]


def test_when_everybody_was_taken_out_an_undone_filing_leaves_a_unit_without_awards(world, report, awards):
    report = done(world, opened(world, report, "remove", *awards))
    annual(report).undo(by=world.centre, reason="有误")
    assert Report.get_by_id(report.id).state == "no_award"


def test_a_new_photo_obeys_the_rules_of_photos_and_old_versions_keep_theirs(world, report, awards):
    amendment = opened(world, report, "photo", awards[0])
    assert "照片的尺寸不对" in sentences(item(amendment).replace_photo, world.clerk, picture(100, 100))[0]
    assert sentences(amendment.enter, by=world.clerk)[0].endswith("还没有上传新照片")
    item(amendment).replace_photo(world.clerk, picture(colour="black"))
    report = done(world, amendment)
    line = report.current_lines().get()
    assert line.photo.read() != line.replaces.photo.read() and line.values == line.replaces.values and line.replaces.photo_id == awards[0].application.photo_id


# and the filing -------------------------------------------------------------------------------------------------------------------------------
def test_a_filing_is_not_undone_while_a_request_is_under_way(world, report, awards):
    amendment = asked(world, report, "remove", awards[0])
    assert sentences(annual(report).undo, by=world.centre, reason="x") == ["有正在办理的补报、修改或删除，请先办完：要求 0 件，实际 1 件，差 1 件"]
    amendment.refuse(by=world.officer, reason="x")
    annual(report).undo(by=world.centre, reason="x")
    both = annual(report), Report.get_by_id(report.id)
    assert [row.state for row in both] == ["open", "submitted"] and both[0].filed_at is both[1].filed_at is None


def test_the_filing_of_a_unit_without_awards_goes_back_to_that(world):
    report = Report.get(Report.term == world.term(**TERM), Report.institution == world.unit).confirm_no_award(by=world.clerk)
    annual(report).file(by=world.officer)
    assert "您的角色不能" in sentences(annual(report).undo, by=world.officer, reason="x")[0]
    assert refused(annual(report).undo, by=world.centre).fields == {"reason": "请填写撤销理由"}
    annual(report).undo(by=world.centre, reason="x")
    assert Report.get_by_id(report.id).state == "no_award"


def test_an_undoing_that_fails_halfway_undoes_neither(world, report, monkeypatch):
    monkeypatch.setattr(Report.unfile, "tell", lambda row: 1 / 0)
    with pytest.raises(ZeroDivisionError), db.atomic():
        annual(report).undo(by=world.centre, reason="x")
    assert (annual(report).state, Report.get_by_id(report.id).state) == ("filed", "filed")


def test_passes_that_come_later_change_no_line(world, report):
    PriorPass.update(passed_on=dt.date(2009, 5, 30)).execute()
    assert Report.get_by_id(report.id).intact()
