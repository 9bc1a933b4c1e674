"""Stage 8 for the applicant: the three conditions, the request for the defence, and what became of it."""
from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.conditions import conditions
from models.defences import Defence, DefenceRequest, request_defence
from models.workflow import Refused
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
    return render_template("site/defence.html", case=case, reasons=reasons, found=conditions(case) if case and case.on_register else [],
                           latest=latest, may_withdraw=latest is not None and latest.state in DefenceRequest.withdraw.sources,
                           may_ask=case is not None and case.state == "registered", defences=list(defences) if case else [])
