"""Stage 2: the last page lists everything and what still stands against it; submitting, what happens then, and taking back."""
from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.applications import Application, Document
from models.parameters import value
from models.workflow import Act, Refused
from views.site.boxes import form_of
from views.site.filling import address, progress
from views.site.mine import applicants_only, me, my_case
from views.site.pages import PAGES, page_of

rooms = Blueprint("submitting", __name__)
rooms.before_request(applicants_only)


@rooms.route("/apply/<int:id>/check", methods=("GET", "POST"))
def check(id):
    """Everything on one page. A GET says what would be refused, a POST submits or is refused with every reason."""
    case, refused = my_case(id), None
    if request.method == "POST":
        try:
            case.submit(by=me())
            return redirect(url_for("submitting.done", id=case.id))
        except Refused as refusal:
            refused = refusal
            case = my_case(id)
    against = refused.reasons if refused else Application.submit.reasons(case, Act(me(), {})) if not case.locks() else []
    missing = case.missing_fields() if not case.locks() else {}
    return render_template("site/check.html", case=case, parts=parts(case), against=against, refused=refused is not None,
                           missing=[(label, address(case, page_of(name))) for name, label in missing.items()], lacking=set(missing),
                           documents=list(documents(case)), link=address, **progress(case, "check")), 422 if refused else 200


def parts(case):
    """[(page, [(field name, label, text)])] of all that was filled."""
    found = []
    for page in PAGES.values():
        form = form_of(page.boxes(case))(None, obj=page.row(case))
        found.append((page, [(field.name, field.label.text, field.kind.text(field.data)) for field in form]))
    return found


def documents(case):
    return Document.visible_to(me()).where(Document.application == case).order_by(Document.id)


@rooms.get("/apply/<int:id>/done")
def done(id):
    """What happens now, and what to bring."""
    case = my_case(id)
    if case.state != "submitted":
        return redirect(url_for("cases.me"))
    return render_template("site/done.html", case=case, originals=value("confirmation.originals", institution=case.institution_id))


@rooms.route("/apply/<int:id>/withdraw", methods=("GET", "POST"))
def withdraw(id):
    """Take the application back, after a page that says what that means."""
    case, against = my_case(id), []
    if request.method == "POST":
        try:
            case.withdraw(by=me())
            flash("申请已撤回。您可以重新选择学科申请。", "ok")
            return redirect(url_for("cases.me"))
        except Refused as refused:
            against, case = refused.reasons, my_case(id)
    else:
        against = Application.withdraw.reasons(case, Act(me(), {}))
    return render_template("site/withdraw.html", case=case, against=against), 422 if request.method == "POST" else 200
