"""Stage 6 for the applicant: entering for the open session, the state of payment, taking an entry back, and published results."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession, ExamSite
from models.reference import Province
from models.workflow import Reason, Refused
from views.site.mine import applicants_only, live_case, me, mine

rooms = Blueprint("exam", __name__)
rooms.before_request(applicants_only)
LIVE = ("unpaid", "paid")


@rooms.get("/me/exam")
def show():
    """The open sessions, my entries and my results."""
    return page()


@rooms.post("/me/exam/<int:id>")
def apply(id):
    """Enter for the subjects chosen."""
    session, case = ExamSession.seen(me(), id), live_case()
    if session is None or session.state == "draft":
        abort(404)
    chosen = set(request.form.getlist("subject"))
    subjects = [item for item in session.subjects if str(item.id) in chosen]
    province = {province.code: province for province in Province.select()}.get(request.form.get("province"))
    site = ExamSite.seen(me(), request.form.get("site"))
    faults = {}
    if province is None:
        faults["province"] = "请选择考试省份"
    elif request.form.get("site") and (site is None or site.province_id != province.id):
        faults["site"] = f"这个考点不在{province}，请在{province}的考点里选，或由组考部门安排"
    reasons = [] if case else [Reason("只有在册的人可以报考", "在册", "没有在办的申请")]
    if not faults and not reasons:
        try:
            entries = enter(case, session, subjects, province, site, me())
            flash(f"已报考 {len(entries)} 科，请在 {session.entry_until} 前缴费 {entries[0].payment.amount:.0f} 元；到时没有缴费的作废。", "ok")
            return redirect(url_for("exam.show"))
        except Refused as refused:
            reasons, faults = refused.reasons, refused.fields
    return page(reasons=reasons, faults=faults, about=session.id, code=422)


@rooms.post("/me/exam/withdraw/<int:id>")
def withdraw(id):
    """Take one entry back."""
    entry = mine(ExamEntry, id)
    try:
        entry.withdraw(by=me())
        flash(f"已取消报考：{entry.subject}。", "ok")
    except Refused as refused:
        return page(reasons=refused.reasons, about=entry.session_id, code=422)
    return redirect(url_for("exam.show"))


def page(reasons=(), faults=(), about=None, code=200):
    """The one page; `about` is the session that the reasons and faults are about."""
    case = live_case()
    sessions = list(ExamSession.visible_to(me()).where(ExamSession.state == "open").order_by(ExamSession.entry_from)) if case else []
    entries = list(ExamEntry.visible_to(me()).where(ExamEntry.application == case).order_by(ExamEntry.id.desc())) if case else []
    own = {entry.subject_id: entry for entry in reversed(entries) if entry.state in LIVE}
    offers = [(session, offered(case, session, own)) for session in sessions]
    sites = ExamSite.visible_to(me()).join(Province).order_by(Province.code, ExamSite.code)
    return render_template(
        "site/exam.html", case=case, offers=offers, entries=entries, reasons=reasons, faults=dict(faults), about=about, sites=list(sites),
        provinces=list(Province.select().order_by(Province.code)), payments=list(Payment.visible_to(me()).where(Payment.application == case)) if case else [],
        results=list(ExamResult.visible_to(me()).where(ExamResult.application == case).order_by(ExamResult.id.desc())) if case else []), code


def offered(case, session, own):
    """[(SessionSubject, reason against it or None, my live entry or None)] of what this person may sit in a session."""
    return [(item, why, own.get(item.id)) for item, why in subjects_for(case, session)]
