"""A reporting season in a real Chromium: the centre opens a term; of three units one submits, one has nothing, one is returned and submits again; the
office files all three at once, and one unit reports somebody afterwards."""
import datetime as dt

import pytest

from models import clock
from models.awards import Award
from models.people import User
from models.reference import Institution
from models.reports import AnnualReport, InstitutionHead, Report, ReportLine, ReportTerm
from models.defences import Thesis
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in, take
from tests.world import World, account, picture

SPRING, SEASON, AFTER = dt.date(2026, 6, 20), dt.date(2026, 9, 10), dt.date(2026, 11, 2)


@pytest.fixture
def units(database):
    """Three units of one office: 10001 with two degrees, of which one still lacks something, 10246 with one, 10002 with none."""
    clock.stop(SPRING)
    world = World()
    Institution.update(office=world.unit.office).where(Institution.code == "10246").execute()
    Institution.update(taking_part=True).where(Institution.code == "10002").execute()
    world.unit2, world.unit3 = (Institution.get(Institution.code == code) for code in ("10246", "10002"))
    world.clerk3 = account("clerk3", "clerk", institution=world.unit3)
    world.late = world.registered(world.applicant("方未迟"))
    first, second, third = (world.registered(world.applicant(name), programme) for name, programme in (
        ("卫长庚", None), ("江离", None), ("秦朔", world.publish(world.unit2, world.clerk2))))
    world.examined(world.late, first, second, third)
    for case in (world.late, first, second, third):
        world.studied(case)
    for unit, clerk in ((world.unit, world.clerk), (world.unit2, world.clerk2)):
        if not InstitutionHead.select().where(InstitutionHead.institution == unit).exists():
            InstitutionHead.add(clerk, institution=unit, president="郝平川", chair="龚旗", valid_from=dt.date(2020, 1, 1))
    for case in (first, second, third):
        world.graduate(world.admit(type(case).get_by_id(case.id)))
    world.defence(world.admit(type(first).get_by_id(world.late.id))).record_pass(by=world.clerk)
    thesis = Thesis.select().where(Thesis.application == second.id).get()
    thesis.change(world.clerk, keywords="")
    User.update(password=SECRET).execute()
    return world


def report(unit):
    return Report.get(Report.institution == unit)


def page(unit):
    return f"/office/report/details/?id={report(unit).id}"


def fits(visitor):
    """Whether nothing of the page stands out to the right."""
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_season_of_three_units(units, settings, chromium, width):
    with served(settings) as address:
        def enter(name):
            return log_in(BrowserVisitor(chromium, address, width=width), name)
        clock.stop(SEASON)
        centre, clerk, clerk2, clerk3, officer = map(enter, ("centre", "clerk", "clerk2", "clerk3", "officer"))
        open_term(centre)
        submits(clerk, units)
        confirms_none(clerk3, units)
        is_returned(clerk2, officer, units)
        files_all(officer)
        reports_one_more(clerk, officer, units)
        for visitor in (centre, clerk, clerk2, clerk3, officer):
            visitor.close()
    assert {row.state for row in Report.select()} == {"filed"} and {row.state for row in AnnualReport.select()} == {"filed"}
    assert all(row.intact() for row in Report.select()) and ReportLine.select().where(ReportLine.ended.is_null()).count() == 4


def open_term(centre):
    centre.open("/office/term/create/")
    assert fits(centre)
    for label, value in {"学期": "2025—2026 学年第二学期", "授予日期起": "2026-03-01", "授予日期止": "2026-08-31", "报送开始": "2026-09-01", "单位报送截止": "2026-09-30",
                         "省级备案截止": "2026-12-31"}.items():
        centre.fill(label, value)
    centre.press("新建报送学期")
    centre.open(f"/office/term/details/?id={ReportTerm.get().id}")
    take(centre, "开放").sees("已开放")


def submits(clerk, units):
    """What is missing is mended where the page leads to, then everything is submitted."""
    clerk.open(page(units.unit))
    clerk.sees("信息不完整", "江离", "论文关键词", "卫长庚", "改好后才能提交")
    assert fits(clerk)
    clerk.press("论文关键词")
    clerk.press("修改")
    clerk.fill("关键词", "货币；政策")
    clerk.press("保存")
    clerk.open(page(units.unit))
    take(clerk, "提交").sees("已提交", "卫长庚", "江离", report(units.unit).digest)
    assert fits(clerk)


def confirms_none(clerk, units):
    clerk.open(page(units.unit3))
    clerk.sees("本期没有学位授予记录")
    take(clerk, "未授予学位确认").sees("已确认本期未授予学位")


def is_returned(clerk, officer, units):
    """The office writes a remark on the line and returns the report; the unit sees both, mends and submits again; the office sees what changed."""
    clerk.open(page(units.unit2))
    take(clerk, "提交").sees("已提交", "秦朔")
    officer.open("/office/season/")
    officer.sees("同力信息平台报送数据", "北京大学", "复旦大学", "已提交", "未授予确认")
    assert fits(officer)
    officer.open(page(units.unit2))
    officer.press("写备注")
    officer.fill("省级备注", "题目与论文不符")
    officer.press("保存")
    officer.open(page(units.unit2))
    take(officer, "打回", 打回原因="秦朔的论文题目错报").sees("已打回")
    clerk.open(page(units.unit2))
    clerk.sees("秦朔的论文题目错报", "省级学位办的备注", "题目与论文不符")
    assert fits(clerk)
    clerk.open(f"/office/thesis/edit/?id={Thesis.select().join(Award, on=Award.application == Thesis.application).where(Award.institution == units.unit2).get().id}")
    clerk.fill("论文题目", "改正后的题目")
    clerk.press("保存")
    clerk.open(page(units.unit2))
    take(clerk, "提交").sees("与上一版相比", "改变 1", "改正后的题目")
    officer.open(page(units.unit2))
    officer.sees("改变 1", "改正后的题目", "第 2 版")
    assert fits(officer)


def files_all(officer):
    """Three units are filed together, each with its result."""
    officer.open("/office/season/")
    for name in ("北京大学", "中国人民大学", "复旦大学"):
        officer.tick(f"选择 {name}")
    officer.press("备案")
    officer.sees("备案：请核对后再确认", "北京大学", "中国人民大学", "复旦大学")
    officer.press("备案 3 项")
    officer.sees("3")
    officer.open("/office/season/?state=filed")
    officer.sees("北京大学", "中国人民大学", "复旦大学")
    assert Report.select().where(Report.state == "filed").count() == 3


def reports_one_more(clerk, officer, units):
    """补报: somebody whose degree of the window came too late is asked for with a letter, opened, entered and confirmed."""
    clock.stop(AFTER)
    units.decide(units.late.awards.get(), on=dt.date(2026, 8, 30))
    clerk.open(page(units.unit))
    clerk.sees("漏报 1 人", "只能按补报办理")
    clerk.press("申请备案后变更")
    clerk.choose("办理事项", "补报")
    clerk.fill("事由", "学位评定委员会决定补登")
    clerk.attach("单位公函", "公函.png", picture(60, 80, form="PNG"), "image/png")
    clerk.press("加一行人员")
    clerk.choose("第 新 行：学位授予", "方未迟")
    clerk.press("新建备案后变更")
    clerk.sees("方未迟", "草稿")
    assert fits(clerk)
    take(clerk, "提出申请").sees("已申请")
    amendment = clerk.page.url
    officer.open(amendment)
    take(officer, "开放填写").sees("已开放填写")
    clerk.open(amendment)
    clerk.press("填写内容")
    assert fits(clerk)
    clerk.fill("备注", "补报")
    clerk.press("保存")
    clerk.sees("已保存", "补报")
    assert fits(clerk)
    clerk.open(amendment)
    take(clerk, "填写完成").sees("待确认")
    officer.open(amendment)
    take(officer, "确认").sees("已确认")
    clerk.open(page(units.unit))
    clerk.sees("方未迟", "第 2 版", "增加 1", report(units.unit).digest)
    assert fits(clerk)
