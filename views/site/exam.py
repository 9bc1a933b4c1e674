"""Stage 6 for the applicant: entering for the open session, another place, a sitting in another province, taking an entry back, and results."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from models.exams.elsewhere import GuestSitting, ask_elsewhere
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.payments import Payment, fee_of, payment_ends
from models.exams.places import Place
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession
from models.exams.sites import ExamSite
from models.reference import Province
from models.workflow import Reason, Refused
from views.site.mine import applicants_only, live_case, me, mine

rooms = Blueprint("exam", __name__)
rooms.before_request(applicants_only)


@rooms.get("/me/exam")
def show():
    """The open sessions, my entries and my results."""
    return page()


@rooms.post("/me/exam/<int:id>")
def apply(id):
    """Enter for the subjects chosen."""
    session, case = open_session(id), live_case()
    chosen = set(request.form.getlist("subject"))
    subjects = [item for item in session.subjects if str(item.id) in chosen]
    province, site, faults = asked_place()
    reasons = [] if case else [Reason("只有在册的人可以报考", "在册", "没有在办的申请")]
    if not faults and not reasons:
        try:
            entries = enter(case, session, subjects, province, site, me(), request.form.get("needs", "").strip())
            flash(f"已报考 {len(entries)} 科，请在 {payment_ends(session)} 前缴费 {entries[0].payment.amount:.0f} 元；到时没有缴费的作废。", "ok")
            return redirect(url_for("exam.show"))
        except Refused as refused:
            reasons, faults = refused.reasons, refused.fields
    return page(reasons=reasons, faults=faults, about=session.id, code=422)


@rooms.post("/me/exam/move/<int:id>")
def move(id):
    """Another site for an entry that is not paid yet."""
    entry, (province, site, faults) = mine(ExamEntry, id), asked_place()
    reasons = list(faults.values())
    if not reasons:
        try:
            entry.move(by=me(), province=province, site=site)
            flash(f"{entry.subject}已改在{site or province}考试。", "ok")
            return redirect(url_for("exam.show"))
        except Refused as refused:
            reasons = refused.reasons
    return page(wrong=reasons, code=422)


@rooms.post("/me/exam/withdraw/<int:id>")
def withdraw(id):
    """Take one entry back."""
    entry = mine(ExamEntry, id)
    try:
        entry.withdraw(by=me())
        flash(f"已取消报考：{entry.subject}。", "ok")
    except Refused as refused:
        return page(wrong=refused.reasons, code=422)
    return redirect(url_for("exam.show"))


@rooms.post("/me/exam/elsewhere/<int:id>")
def elsewhere(id):
    """Ask the unit for its consent to a sitting in another province."""
    session, case = open_session(id), live_case()
    try:
        if case is None:
            raise Refused([Reason("只有在册的人可以报考", "在册", "没有在办的申请")])
        ask_elsewhere(case, session, Province.get_or_none(Province.code == request.form.get("elsewhere")), request.form.get("statement", "").strip(), me())
        flash(f"借考申请已提交，等待 {case.institution} 答复。", "ok")
        return redirect(url_for("exam.show"))
    except Refused as refused:
        return page(wrong=[*refused.reasons, *refused.fields.values()], code=422)


@rooms.post("/me/exam/elsewhere/withdraw/<int:id>")
def stay(id):
    """Take the request for another province back."""
    try:
        mine(GuestSitting, id).withdraw(by=me())
        flash("借考申请已撤回。", "ok")
    except Refused as refused:
        return page(wrong=refused.reasons, code=422)
    return redirect(url_for("exam.show"))


def open_session(id):
    """The session with an id, 404 for none and for one that is not public yet."""
    session = ExamSession.seen(me(), id)
    return session if session is not None and session.state != "draft" else abort(404)


def asked_place():
    """(Province, ExamSite or None, {field: sentence}) of the form that was sent."""
    province = Province.get_or_none(Province.code == request.form.get("province"))
    site = ExamSite.seen(me(), request.form.get("site"))
    if province is None:
        return None, None, {"province": "请选择考试省份"}
    if request.form.get("site") and (site is None or site.province_id != province.id):
        return province, None, {"site": f"这个考点不在{province}，请在{province}的考点里选，或由组考部门安排"}
    return province, site, {}


def page(reasons=(), faults=(), about=None, wrong=(), code=200):
    """The one page; `about` is the session that the reasons and faults are about, `wrong` is about what was entered before."""
    case = live_case()
    sessions = list(ExamSession.visible_to(me()).where(ExamSession.state == "open").order_by(ExamSession.entry_from)) if case else []
    entries = list(ExamEntry.visible_to(me()).where(ExamEntry.application == case).order_by(ExamEntry.id.desc())) if case else []
    away = list(GuestSitting.visible_to(me()).where(GuestSitting.application == case).order_by(GuestSitting.id.desc())) if case else []
    own = {entry.subject_id: entry for entry in reversed(entries) if entry.live}
    return render_template(
        "site/exam.html", case=case, entries=entries, reasons=reasons, faults=dict(faults), about=about, wrong=wrong, away=away, payment_ends=payment_ends,
        offers=[offer(case, session, own, [row for row in away if row.session_id == session.id]) for session in sessions],
        provinces=list(Province.select().order_by(Province.code)), payments=list(Payment.visible_to(me()).where(Payment.application == case)) if case else [],
        results=list(ExamResult.visible_to(me()).where(ExamResult.application == case).order_by(ExamResult.id.desc())) if case else []), code


def offer(case, session, own, away):
    """What a session offers this person: `rows` of (SessionSubject, fee, reason against it or None, my live entry or None), where it may be sat,
    and {site id: places left} there."""
    rows = [(item, fee_of(item), why, own.get(item.id)) for item, why in subjects_for(case, session)]
    provinces = [case.institution.province, *(row.province for row in away if row.state == "agreed")]
    sites = list(ExamSite.visible_to(me()).where(ExamSite.province.in_(provinces)).order_by(ExamSite.province, ExamSite.code))
    taken, kinds = Place.taken_at(session, sites), {item.subject.kind for item, *_ in rows}
    left = {site.id: max(0, site.capacity - max((taken.get((site.id, kind), 0) for kind in kinds), default=0)) for site in sites}
    return {"session": session, "rows": rows, "provinces": provinces, "sites": sites, "left": left, "open": [row for row in rows if not row[2] and not row[3]],
            "asked": next((row for row in away if row.state in ("asked", "agreed")), None)}
