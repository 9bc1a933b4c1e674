"""Stage 7 for the applicant: leaving the register by his own request, and ending the cool-off before its time."""
import unicodedata

from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.dismissals import Dismissal
from models.rehearsals import rehearse_dismissal
from models.workflow import Refused
from views.site.boxes import box, form_of
from views.site.mine import applicants_only, live_case, me, mine

rooms = Blueprint("leaving", __name__)
rooms.before_request(applicants_only)


@rooms.route("/me/exit", methods=("GET", "POST"))
def leave():
    """Ask to leave: what would be lost, the reason, and the register number typed again."""
    case = live_case()
    if case is None or not case.on_register:
        return redirect(url_for("asked.show"))
    form = form_of({"statement": box(Dismissal.statement, must=True, description="单位审核时看到")})(request.form if request.method == "POST" else None, user=me())
    reasons, fault = [], ""
    if request.method == "POST":
        fault = mistyped(case)
        if form.validate() and not fault:
            try:
                Dismissal.add(me(), application=case, statement=form.statement.data)
                flash(f"退出申请已提交，等待 {case.institution} 审核。", "ok")
                return redirect(url_for("asked.show"))
            except Refused as refused:
                reasons = [*refused.reasons, *form.show(refused)]
    return page(case, reasons, fault, form=form)


@rooms.route("/me/dismissals/<int:id>/end", methods=("GET", "POST"))
def end(id):
    """End the cool-off, so that the dismissal holds at once."""
    dismissal = mine(Dismissal, id)
    reasons, fault = [], ""
    if request.method == "POST":
        fault = mistyped(dismissal.application)
        if not fault:
            try:
                dismissal.end(by=me())
                flash("冷静期已结束，清退生效。您可以重新申请。", "ok")
                return redirect(url_for("cases.me"))
            except Refused as refused:
                reasons = refused.reasons
    elif dismissal.state not in Dismissal.end.sources:
        return redirect(url_for("asked.show"))
    return page(dismissal.application, reasons, fault, dismissal=dismissal)


def mistyped(case):
    """The sentence when the register number was not typed as it is, or ''."""
    typed = unicodedata.normalize("NFKC", request.form.get("again", "")).strip()
    return "" if typed == case.register_number else f"要求写注册号 {case.register_number}，实际{f'“{typed}”' if typed else '没有写'}"


def page(case, reasons, fault, **more):
    rehearsed, = rehearse_dismissal([case.id], me())
    return render_template("site/leave.html", case=case, rehearsed=rehearsed, reasons=reasons, fault=fault, **more), 422 if request.method == "POST" else 200
