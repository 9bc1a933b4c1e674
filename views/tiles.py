"""What the desk shows beside the work that waits: totals and the windows that are open."""
from flask import url_for
from peewee import fn

from backoffice.desk import Tile, Window, Work
from models import clock
from models.audit import Entry
from models.applications import ON_REGISTER, Application
from models.awards import Award
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.sessions import ExamSession
from models.exams.sites import Room
from models.jobs import Job
from models.outbox import Outbox
from models.people import User
from models.programmes import Programme
from models.releases import ReleaseRequest
from models.reports import Report, ReportTerm

CASES = "clerk reviewer officer centre"
SOON = 180        # days before the deadline from which a case is counted as running out


def register(desk):
    """Tell the desk."""
    for roles, function in ((CASES, on_register), (CASES, running_out), (CASES, awarded), ("officer centre", reports), ("exam", entries),
                            ("exam", unpaid), ("it security unit_admin", accounts)):
        desk.tile(roles, function)
    for roles, function in (("it", failed_jobs), ("it", failed_notices), ("security", locked_accounts), ("it unit_admin", unused_accounts),
                            ("auditor", grave_entries), ("site_head door", rooms), ("clerk reviewer", releases), ("centre", late_releases)):
        desk.work(roles, function)
    for step, title, endpoint in ((Application.confirm, "到确认台", "confirmation.desk"), (Application.approve, "到审核台", "review.index")):
        desk.place(step, title, endpoint)
    desk.window("clerk reviewer", programmes)
    desk.window("clerk reviewer officer centre exam", sessions)
    desk.window("clerk reviewer officer centre", terms)


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


# the saved view "grave" of the screen audit shows the same verbs
GRAVE = ("dismiss", "withdraw", "send_back", "reveal", "password_link", "grant", "revoke", "sheet", "export", "export_full", "disable")
LATELY = 7        # days of the log that the auditor is asked to look through


def failed_jobs(user):
    rows = Job.visible_to(user).where(Job.state == "failed")
    return Work("后台作业：失败", "查看原因", rows.count(), _days(rows.select(fn.MIN(Job.finished_at)).scalar()), url_for("job.index", **{"f.state": "failed"}))


def failed_notices(user):
    rows = Outbox.visible_to(user).where(Outbox.state == "failed")
    return Work("通知：发送失败", "查看原因", rows.count(), _days(rows.select(fn.MIN(Outbox.created_at)).scalar()), url_for("outbox.index", **{"f.state": "failed"}))


def locked_accounts(user):
    rows = User.visible_to(user).where(User.failed > 0)
    return Work("账号：登录失败", "核查", rows.count(), None, url_for("user.index", **{"f.failed.from": 1}))


def unused_accounts(user):
    """Accounts of staff that nobody has ever logged in with."""
    rows = User.visible_to(user).where(User.state == "active", User.last_login_at.is_null(), User.person.is_null())
    return Work("账号：从未登录", "核查", rows.count(), _days(rows.select(fn.MIN(User.create_datetime)).scalar()), url_for("user.index", view="unused"))


def grave_entries(user):
    """What an auditor looks through: the graver entries of the last days."""
    since = clock.today() - clock.days(LATELY)
    rows = Entry.visible_to(user).where(Entry.verb.in_(GRAVE), Entry.at >= since)
    return Work(f"操作日志：近 {LATELY} 天的重要操作", "查阅", rows.count(), None, url_for("audit.index", view="grave", **{"f.at.from": since}))


def releases(user):
    """Requests for release that the unit has to answer: by a dismissal, or by a refusal with its reason."""
    rows = ReleaseRequest.visible_to(user).where(ReleaseRequest.state == "open")
    late = rows.where(ReleaseRequest.due < clock.today()).count()
    return Work("放行申请：待答复" + (f"，{late} 件已逾期" if late else ""), "答复", rows.count(), _days(rows.select(fn.MIN(ReleaseRequest.asked_at)).scalar()),
                url_for("release_request.index", **{"f.state": "open"}))


def late_releases(user):
    """What units have left unanswered beyond the deadline."""
    rows = ReleaseRequest.overdue()
    return Work("放行申请：单位逾期未答复", "督促", rows.count(), _days(rows.select(fn.MIN(ReleaseRequest.asked_at)).scalar()),
                url_for("release_request.index", **{"f.state": "open", "f.due.to": clock.today() - clock.days(1)}))


def rooms(user):
    return Work("本考点考场", "核对", Room.visible_to(user).count(), None, url_for("room.index"))


def _days(moment):
    return (clock.now() - moment).days if moment else None


def programmes(user):
    """The own windows of the unit, or the college, of application and confirmation, the next to close of each."""
    rows = Programme.kept_at(user).where(Programme.state == "published")
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
    """The report of a unit is not handed in from a college."""
    if not Report.kept_by(user):
        return []
    today = clock.today()
    return [Window(f"报送 {row}", row.report_from, row.report_until, url_for("report.index", **{"f.term": row.id}))
            for row in ReportTerm.select().where(ReportTerm.state == "open", ReportTerm.report_from <= today, ReportTerm.report_until >= today)]
