"""A defence day of six in a real Chromium: planned on one page, entered on one sheet; one fails, and repeats on another day. Then the degree
committee decides all six at once, and they stand in the report."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.awards import Award, Meeting
from models.defences import Defence
from models.people import Person, User
from models.reports import Report, ReportLine
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in, take
from tests.world import DAY, World, picture

NAMES = ("温景行", "苏以宁", "陆远舟", "顾闻笛", "沈知微", "叶清和")
FAILS = "陆远舟"


@pytest.fixture
def six(database):
    """The world with six people who are admitted, their theses reviewed, and nobody's defence planned."""
    clock.stop(DAY)
    world = World()
    cases = [world.registered(world.applicant(name)) for name in NAMES]
    world.examined(*cases)
    for case in cases:
        world.studied(case)
        world.reviewed(world.admit(Application.get_by_id(case.id)))
    world.committee()
    User.update(password=SECRET).execute()
    return world


def test_a_defence_day_of_six_where_one_fails_and_repeats_leads_to_six_lines_in_the_report(six, settings, chromium, width):
    with served(settings) as address:
        clerk = log_in(BrowserVisitor(chromium, address, width=width), "clerk")
        plan(clerk, NAMES, DAY)
        clerk.sees("已安排 6 人答辩", "08:30–09:10", "11:50–12:30")
        enter(clerk, {name: (3, 2, "不合格", "未通过") if name == FAILS else (5, 0, "良好", "通过") for name in NAMES})
        clerk.sees("已登记 6 人的答辩")
        assert Award.select().count() == 5
        later = DAY + dt.timedelta(days=60)
        clock.stop(later)
        plan(clerk, [FAILS], later)
        clerk.sees("第 2 次")
        enter(clerk, {FAILS: (3, 2, "合格", "通过")})
        clerk.sees("1 人没有登记", "同意票不够", "4 票")
        enter(clerk, {FAILS: (4, 1, "合格", "通过")})
        clerk.sees("已登记 1 人的答辩")
        assert fits(clerk) and Award.select().where(Award.state == "proposed").count() == 6
        reviewer = log_in(BrowserVisitor(chromium, address, width=width), "reviewer")
        decide(clerk, reviewer, later)
        report = six.term(award_from=dt.date(2026, 3, 1), award_until=dt.date(2026, 8, 31), report_from=later, report_until=later).reports.where(
            Report.institution == six.unit).get()
        clerk.open(f"/office/report/details/?id={report.id}")
        take(clerk, "提交").sees("已提交", *NAMES, "1000132026000001", "1000132026000006")
        assert fits(clerk)
        clerk.close()
        reviewer.close()
    assert sorted(row.certificate_number for row in Award.select()) == [f"100013202600000{n}" for n in range(1, 7)]
    assert ReportLine.select().where(ReportLine.report == report).count() == 6
    assert {(row.attempt, row.state) for row in Defence.select().join(Application).join(Person).where(Person.name == FAILS)} == {(1, "failed"), (2, "passed")}


def fits(visitor):
    """Whether nothing of the page stands out to the right."""
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def decide(clerk, reviewer, day):
    """The meeting of a day: everybody who waits on its agenda, the ballot entered, the decision."""
    clerk.open("/office/meeting/create/")
    for label, value in {"会议": "2026 年第 2 次", "开会日期": str(day), "全体委员": "15"}.items():
        clerk.fill(label, value)
    clerk.press("新建学位评定委员会会议")
    page = f"/office/meeting/details/?id={Meeting.get().id}"
    clerk.open(page)
    take(clerk, "列入全部待授予的人").sees(*NAMES)
    assert fits(clerk)
    reviewer.open(page)
    reviewer.sees("到会的委员不够", "还没有上传会议决定文件")
    clerk.open(page.replace("details", "edit"))
    for label, value in {"到会委员": "14", "同意票": "13", "弃权票": "1"}.items():
        clerk.fill(label, value)
    clerk.attach("会议决定文件", "会议决定.png", picture(60, 80, form="PNG"), "image/png")
    clerk.press("保存")
    reviewer.open(page)
    take(reviewer, "决定授予", 学位评定委员会决定编号="校学位〔2026〕5 号").sees("已决定", *NAMES)
    assert fits(reviewer)


def plan(clerk, names, day):
    clerk.open("/office/defence_day/")
    assert fits(clerk)
    for label, value in {"答辩日期": str(day), "地点": "二教 301", "第一位开始时间": "08:30"}.items():
        clerk.fill(label, value)
    for name in names:
        clerk.tick(name)
    for n in range(5):
        clerk.tick(f"委员 委员{n}")
    clerk.tick("主席 委员0")
    clerk.press("安排答辩")


def enter(clerk, lines):
    for name, (agree, against, grade, outcome) in lines.items():
        clerk.fill(f"{name}的同意票", agree)
        clerk.fill(f"{name}的反对票", against)
        clerk.choose(f"{name}的成绩", grade)
        clerk.choose(f"{name}的结果", outcome)
        if outcome == "未通过":
            clerk.fill(f"{name}的说明", "论证不足")
    clerk.press("登记结果")
