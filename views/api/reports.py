"""What the interface answers: reports, one report, its lines page by page, and the figures; all through the scope of the token's owner."""
from peewee import fn

from models import statistics
from models.reference import Institution
from models.reports import Report, ReportTerm
from models.workflow import Refused
from tasks.reporting.lines import places, shows_numbers, told
from tasks.reporting.machine import line_of, report_of
from views.api import added
from views.api.declaring import Asked, refuse, route

STATES = tuple(Report.STATES)
PAGE = (Asked("after", "上一页的 next，从它之后开始", "integer", default=0), Asked("limit", "一页的行数", "integer", most=500, default=100))


@route("/reports", "报送列表，按编号", Asked("term", "报送学期编号", "integer"), Asked("state", "报送状态", choices=STATES), Asked("unit", "单位代码"), *PAGE,
       shape="Reports")
def reports(user, term, state, unit, after, limit):
    """Reports of the units in sight."""
    rows = (Report.visible_to(user).select(Report, Institution, ReportTerm).join(Institution).switch(Report).join(ReportTerm)
            .where(Report.id > after).order_by(Report.id).limit(max(1, limit) + 1))
    for column, wanted in ((Report.term, term), (Report.state, state), (Institution.code, unit)):
        if wanted is not None:
            rows = rows.where(column == wanted)
    found, further = _page(list(rows), limit)
    return {"reports": [_report(row, user) for row in found], "next": found[-1].id if further else None}, None


@route("/reports/{id}", "一份报送", shape="Report")
def report(user, id):
    """One report; the same answer for a foreign and for a missing one."""
    row = _seen(user, id)
    return _report(row, user), row


@route("/reports/{id}/lines", "一份报送现在的明细，按序号", *PAGE, shape="Lines")
def lines(user, id, after, limit):
    """The frozen lines of the version that counts."""
    row, full = _seen(user, id), shows_numbers(user)
    found, further = _page(places(row)[max(0, after):], limit)
    try:
        found = told(found, max(0, after))
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


def _page(rows, limit):
    """(the rows of this page, whether more follow); one more than the page holds was asked for."""
    most = max(1, limit)
    return rows[:most], len(rows) > most
