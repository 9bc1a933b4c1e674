"""Stage 10 of the demo: three terms of which two are filed and one is reported now, the next one as a draft; what each unit did; tokens for
programs."""
import datetime as dt

from models.defences import Thesis
from models.reference import Institution
from models.reports import Report, ReportTerm
from models.tokens import ApiToken
from tasks.demo.accounts import UNITS
from tasks.demo.cases import days

# what a unit does with the term that is reported now; the days count back from the end of the term
NOW = {"10001": "open", "10002": "submitted", "10003": "submitted", "10246": "open", "10248": "submitted", "10284": "submitted", "10285": "returned",
       "10288": "filed", "10486": "filed", "10487": "corrected", "10497": "filed", "10504": "open"}
SENT_BACK = {"returned": "错报：两人的论文答辩日期与答辩记录不一致，请核对后重新提交", "corrected": "错报：有一人的论文关键词不规范，请更正"}


def terms(today):
    """{name: (first, last)} of the award windows: half years that begin on 1 March and 1 September; 'current' is the one of today."""
    begins = [dt.date(year, month, 1) for year in range(today.year - 3, today.year + 2) for month in (3, 9)]
    now = max(day for day in begins if day <= today)
    place = begins.index(now)
    names = ("earlier", "last", "reported", "current")
    return {name: (begins[place - 3 + n], begins[place - 2 + n] - days(1)) for n, name in enumerate(names)}


def title(first):
    year, half = (first.year, "一") if first.month == 9 else (first.year - 1, "二")
    return f"{year}—{year + 1} 学年第{half}学期"


def hold(world, name):
    """The story of a term: opened towards the end of its window, reported by every unit, closed once everything is filed."""
    first, last = world.terms[name]
    yield min(last - days(30), world.today - days(14))
    centre = world.staff["centre"]
    term = ReportTerm.add(centre, name=title(first), award_from=first, award_until=last, report_from=last - days(29), report_until=last + days(190),
                          office_until=last + days(215))
    if name == "current":
        return
    yield last - days(29)
    term.open(by=centre)
    for n, code in enumerate(UNITS):
        world.timeline.tell(report(world, term, code, n, NOW[code] if name == "reported" else "filed"))
    if name != "reported":
        yield last + days(60)
        term.close(by=centre)


def report(world, term, code, n, ending):
    """What one unit and its office do with one term."""
    unit = Institution.get(Institution.code == code)
    row = Report.get(Report.term == term, Report.institution == unit)
    clerk, officer = world.staff[code, "clerk"], world.staff[unit.office_id]
    if ending == "open":
        return
    yield term.award_until - days(12 - n // 3)
    (row.submit if row.in_window().exists() else row.confirm_no_award)(by=clerk)
    if ending in SENT_BACK:
        yield term.award_until - days(5)
        row.send_back(by=officer, reason=SENT_BACK[ending])
    if ending == "corrected":
        yield term.award_until - days(3)
        thesis = Thesis.get(Thesis.application == row.in_window().first().application_id)
        thesis.change(clerk, keywords="过程控制；参数辨识；工程应用", reason="按打回意见更正")
        yield term.award_until - days(2)
        row.submit(by=clerk)
    if ending == "filed":
        yield term.award_until - days(4 - n // 3)
        row.annual_reports.get().file(by=officer)


def tokens(world):
    """Two programs read by themselves; the token of the one that was given up is revoked."""
    yield world.today - days(150)
    beijing, centre = world.staff[Institution.get(Institution.code == "10001").office_id], world.staff["centre"]
    old, _ = ApiToken.issue(beijing, "旧统计系统", world.today + days(200))
    ApiToken.issue(beijing, "北京市学位信息数据中心", world.today + days(200))
    ApiToken.issue(centre, "学位授予信息年报系统接口", world.today + days(150))
    yield world.today - days(90)
    old.revoke(by=beijing)
