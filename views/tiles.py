"""What the desk shows beside the work that waits: totals and the windows that are open."""
from flask import url_for
from peewee import fn

from backoffice import desk
from backoffice.desk import Tile, Window
from models import clock
from models.applications import ON_REGISTER, Application
from models.awards import Award
from models.exams.entries import ExamEntry, Payment
from models.exams.sessions import ExamSession
from models.people import User
from models.programmes import Programme
from models.reports import Report, ReportTerm

SOON = 180        # days before the deadline from which a case is counted as running out


def register():
    """Tell the desk."""
    for roles, function in ((CASES, on_register), (CASES, running_out), (CASES, awarded), ("officer centre", reports), ("exam", entries),
                            ("exam", unpaid), ("it security unit_admin", accounts)):
        desk.tile(roles, function)
    desk.window("clerk reviewer", programmes)
    desk.window("clerk reviewer officer centre exam", sessions)
    desk.window("clerk reviewer officer centre", terms)


CASES = "clerk reviewer officer centre"


def on_register(user):
    count = Application.visible_to(user).where(Application.state.in_(ON_REGISTER)).count()
    return Tile("在册申请人", count, url_for("register.index", **{"f.state": list(ON_REGISTER)}), "含答辩中的人")


def running_out(user):
    rows = Application.visible_to(user).where(Application.state == "registered", Application.deadline <= clock.today() + clock.days(SOON))
    over = rows.where(Application.deadline < clock.today()).count()
    return Tile("年限将满", rows.count(), url_for("register.index", **{"f.state": "registered", "f.deadline.to": clock.today() + clock.days(SOON)}),
                f"已超期 {over} 人" if over else f"{SOON} 天内", "wait" if over else "")


def awarded(user):
    since = clock.today().replace(month=1, day=1)
    count = Award.visible_to(user).where(Award.state == "awarded", Award.awarded_on >= since).count()
    return Tile("今年授予学位", count, url_for("award.index", **{"f.state": "awarded", "f.awarded_on.from": since}))


def reports(user):
    term = ReportTerm.select().where(ReportTerm.state == "open").order_by(ReportTerm.award_from.desc()).first()
    if term is None:
        return None
    rows = dict(Report.visible_to(user).select(Report.state, fn.COUNT(Report.id)).where(Report.term == term).group_by(Report.state).tuples())
    total, filed = sum(rows.values()), rows.get("filed", 0)
    return Tile("本期报送", total, url_for("report.index", **{"f.term": term.id}), f"已备案 {filed}，未报送 {rows.get('open', 0)}，打回 {rows.get('returned', 0)}")


def entries(user):
    session = ExamSession.select().where(ExamSession.state != "draft").order_by(ExamSession.exam_on.desc()).first()
    count = ExamEntry.visible_to(user).where(ExamEntry.session == session, ExamEntry.state.in_(("unpaid", "paid"))).count() if session else 0
    return Tile("本批次报考科次", count, url_for("exam_entry.index", **{"f.session": session.id, "f.state": ["unpaid", "paid"]})) if session else None


def unpaid(user):
    return Tile("待缴费", Payment.visible_to(user).where(Payment.state == "open").count(), url_for("payment.index", **{"f.state": "open"}))


def accounts(user):
    return Tile("启用的账号", User.visible_to(user).where(User.state == "active").count(), url_for("user.index", **{"f.state": "active"}))


def programmes(user):
    """The unit's own windows of application and confirmation, the next to close of each."""
    rows = Programme.select().where(Programme.institution == user.institution_id, Programme.state == "published")
    found = []
    for label, first, last in (("网上申请", "apply_from", "apply_until"), ("现场确认", "confirm_from", "confirm_until")):
        begin, end = getattr(Programme, first), getattr(Programme, last)
        row = rows.where(begin <= clock.today(), end >= clock.today()).order_by(end).first()
        if row:
            found.append(Window(label, getattr(row, first), getattr(row, last), url_for("programme.index", **{"f.state": "published"})))
    return found


def sessions(user):
    today = clock.today()
    return [Window(f"{row}报考与缴费", row.entry_from, row.entry_until, url_for("exam_session.details", id=row.id))
            for row in ExamSession.select().where(ExamSession.state == "open", ExamSession.entry_from <= today, ExamSession.entry_until >= today)]


def terms(user):
    today = clock.today()
    return [Window(f"报送 {row}", row.report_from, row.report_until, url_for("report.index", **{"f.term": row.id}))
            for row in ReportTerm.select().where(ReportTerm.state == "open", ReportTerm.report_from <= today, ReportTerm.report_until >= today)]
