"""What the interface answers: reports, one report, its lines page by page, and the figures; all through the scope of the token's owner."""
from peewee import fn

from models import statistics
from models.applications import Application
from models.awards import Award
from models.reference import Institution
from models.reports import Report, ReportLine, ReportTerm
from models.workflow import Refused
from tasks.reporting.lines import places, shows_numbers, told
from tasks.reporting.machine import line_of, report_of
from views.api import added
from views.api.declaring import Asked, refuse, route
from views.api.narrowing import beyond, in_order

STATES = tuple(Report.STATES)
PAGE = (Asked("after", "上一页的 next，从它之后开始", "integer", default=0), Asked("limit", "一页的行数", "integer", most=500, default=100))


@route("/reports", "报送列表，按编号", Asked("term", "报送学期编号", "integer"), Asked("state", "报送状态", choices=STATES), Asked("unit", "单位代码"), *PAGE,
       shape="Reports", added={"unit.extra": Institution})
def reports(user, term, state, unit, after, limit, wanted, order):
    """Reports of the units in sight."""
    last = Report.visible_to(user).join(Institution).select(order[0]).where(Report.id == after).scalar() if order and after else None
    named = [column == value for column, value in ((Report.term, term), (Report.state, state), (Institution.code, unit)) if value is not None]
    rows = (Report.visible_to(user).select(Report, Institution, ReportTerm).join(Institution).switch(Report).join(ReportTerm)
            .where(beyond(order, last, Report.id, after) if after else Report.id > 0, *named, *wanted).order_by(*in_order(order, Report.id)).limit(max(1, limit) + 1))
    found, further = _page(list(rows), limit)
    return {"reports": [_report(row, user) for row in found], "next": found[-1].id if further else None}, None


@route("/reports/{id}", "一份报送", shape="Report")
def report(user, id):
    """One report; the same answer for a foreign and for a missing one."""
    row = _seen(user, id)
    return _report(row, user), row


@route("/reports/{id}/lines", "一份报送现在的明细，按序号", *PAGE, shape="Lines", added={"extra.award": Award, "extra.application": Application})
def lines(user, id, after, limit, wanted, order):
    """The frozen lines of the version that counts."""
    row, full = _seen(user, id), shows_numbers(user)
    numbered = list(enumerate(places(row), 1))
    if wanted or order:
        numbered = _narrowed(row, user, numbered, wanted, order)
    found, further = _page(_following(numbered, after, order), limit)
    try:
        found = told(found)
    except Refused as refused:
        refuse(409, str(refused))
    more = added.of_awards([line.award for line in found if line.award], user)
    return {"report": _report(row, user), "lines": [line_of(line, full) | {"extra": more.get(line.award, added.NONE)} for line in found], "next": found[-1].number if further else None}, row


@route("/terms", "报送学期", shape="Terms")
def terms(user):
    """The terms, the last first, with the number of reports in sight."""
    numbers = dict(Report.visible_to(user).select(Report.term, fn.COUNT(Report.id)).group_by(Report.term).tuples())
    return {"terms": [{"id": row.id, "name": row.name, "award_from": str(row.award_from), "award_until": str(row.award_until), "state": row.state,
                       "reports": numbers.get(row.id, 0)} for row in ReportTerm.select().order_by(ReportTerm.award_from.desc())]}, None


@route("/statistics", "授予、报送、备案的人数", Asked("by", "按什么统计", choices=tuple(statistics.BY), default="unit"), Asked("term", "报送学期编号，没有 = 全部", "integer"),
       shape="Statistics")
def figures(user, by, term):
    """The figures of the page of statistics."""
    return {"by": by, "rows": [vars(row) for row in statistics.counts(user, by, term)]}, None


def _report(row, user):
    told = report_of(row)
    return told | {"unit": told["unit"] | {"extra": added.of_row(row.institution, user)}}


def _seen(user, id):
    return Report.seen(user, id) or refuse(404, "没有这份报送，或不在您的范围内")


def _narrowed(report, user, numbered, wanted, order):
    """The lines whose awards and cases, as far as they are in sight, answer to what is wanted; those that cannot be ordered, such as legacy records, come last."""
    rows = (report.current_lines().select(ReportLine.id).join(Award).join(Application)
            .where(Award.id.in_(Award.visible_to(user).select(Award.id)), Application.id.in_(Application.visible_to(user).select(Application.id)), *wanted)
            .order_by(*in_order(order, ReportLine.certificate_number)))
    known = {place: number for number, place in numbered}
    found = [(known[ReportLine, id], (ReportLine, id)) for id, in rows.tuples()]
    return found if wanted else found + sorted({*numbered} - {*found}, key=lambda item: item[0])


def _following(numbered, after, order):
    """The lines that come after the one with this number, in the order that is asked for."""
    if not (order and after):
        return [item for item in numbered if item[0] > after]
    at = next((place for place, (number, _) in enumerate(numbered, 1) if number == after), None)
    return numbered[at:] if at else refuse(422, f"after：第 {after} 行已不在筛选的结果里，请从头再读")


def _page(rows, limit):
    """(the rows of this page, whether more follow); one more than the page holds was asked for."""
    most = max(1, limit)
    return rows[:most], len(rows) > most
