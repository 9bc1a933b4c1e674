"""Stage 8 for the applicant: the three conditions, the request for the defence, and what became of it."""
from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.conditions import conditions
from models.base import writing
from models.defences import CheckItem, Defence, DefenceRequest, RequestDocument, attach, request_defence
from models.photos import material
from models.workflow import Refused
from views.site.filling import keep
from views.site.mine import applicants_only, live_case, me, mine

rooms = Blueprint("requesting", __name__)
rooms.before_request(applicants_only)


@rooms.route("/me/defence", methods=("GET", "POST"))
def show():
    """Where the case stands; a POST requests the defence, refused with every condition that does not hold."""
    case, reasons = live_case(), []
    if request.method == "POST" and case:
        try:
            request_defence(case, me())
            flash("答辩资格申请已提交，等待单位审核。", "ok")
            return redirect(url_for("requesting.show"))
        except Refused as refused:
            reasons, case = refused.reasons, live_case()
    return page(case, reasons), 422 if reasons else 200


@rooms.post("/me/defence/materials")
def materials():
    """Hand in scans for the points that the unit checks; a new one takes the place of the old. Those that are refused stop none of the others."""
    case, reasons = live_case(), []
    for number, title in enumerate(CheckItem.wanted(case.institution_id) if case else ()):
        sent = request.files.get(f"file-{number}")
        if sent:
            try:
                hand_in(case, title, sent.read())
            except Refused as refused:
                reasons += [f"{title}：{text}" for text in [*map(str, refused.reasons), *refused.fields.values()]]
    return (page(live_case(), reasons), 422) if reasons else redirect(url_for("requesting.show"))


def hand_in(case, title, data):
    """Keep a scan with the request."""
    data, content_type, extension = material(data)
    with writing():
        attach(case, me(), title, keep(case, data, f"{title}.{extension}", "document", content_type))


@rooms.post("/me/defence/withdraw/<int:id>")
def withdraw(id):
    """Take a request back."""
    own = mine(DefenceRequest, id)
    try:
        own.withdraw(by=me())
        flash("答辩资格申请已撤回。", "ok")
    except Refused as refused:
        return page(live_case(), refused.reasons), 422
    return redirect(url_for("requesting.show"))


def page(case, reasons):
    requests = DefenceRequest.visible_to(me()).where(DefenceRequest.application == case).order_by(DefenceRequest.id.desc())
    defences = Defence.visible_to(me()).where(Defence.application == case).order_by(Defence.attempt.desc())
    latest = requests.first() if case else None
    found = conditions(case) if case and case.on_register else []
    may_hand_in = case is not None and case.state == "registered" and (latest is not None and latest.state in DefenceRequest.submit.sources
                                                                      or all(condition.met for condition in found))
    have = {row.title: row for row in RequestDocument.visible_to(me()).where(RequestDocument.request == latest)} if latest else {}
    return render_template("site/defence.html", case=case, reasons=reasons, found=found, have=have,
                           titles=CheckItem.wanted(case.institution_id) if may_hand_in else [],
                           latest=latest, may_withdraw=latest is not None and latest.state in DefenceRequest.withdraw.sources,
                           may_ask=case is not None and case.state == "registered", defences=list(defences) if case else [])
