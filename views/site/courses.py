"""Stage 5 for the applicant: published results and exemptions, and the objection to a result with its answer."""
from flask import Blueprint, flash, redirect, render_template, request, url_for

from models.courses import CourseResult
from models.exemptions import Exemption
from models.objections import Objection, closed_for, object_to, until
from models.rules.book import explain
from models.rules.credits import CREDITS
from models.workflow import Refused
from views.site.mine import applicants_only, me, mine, my_cases

rooms = Blueprint("courses", __name__)
rooms.before_request(applicants_only)


@rooms.get("/me/courses")
def show():
    """My results, exemptions and objections."""
    case = my_cases().first()
    mine_of = lambda kind: kind.visible_to(me()).where(kind.application == case)      # noqa: E731
    results = list(mine_of(CourseResult).order_by(CourseResult.course, CourseResult.attempt)) if case else []
    return render_template("site/courses.html", case=case, results=[(row, closed_for(row), until(row)) for row in results],
                           exemptions=list(mine_of(Exemption).order_by(Exemption.id)) if case else [],
                           objections=list(mine_of(Objection).order_by(Objection.id.desc())) if case else [],
                           found=explain([CREDITS], case) if case and case.on_register else [])


@rooms.route("/me/courses/<int:id>/objection", methods=("GET", "POST"))
def doubt(id):
    """The form of an objection to one result; a POST hands it in."""
    result, refused, statement = mine(CourseResult, id), None, request.form.get("statement", "").strip()
    if request.method == "POST":
        try:
            object_to(result, statement, me())
        except Refused as refusal:
            refused = refusal
        else:
            flash(f"异议已提交，等待 {result.institution} 核查答复。", "ok")
            return redirect(url_for("courses.show"))
    return render_template("site/objection.html", result=result, statement=statement, closed=closed_for(result), last=until(result) if result.published_at else None,
                           reasons=refused.reasons if refused else [], faults=refused.fields if refused else {}), 422 if refused else 200


@rooms.post("/me/objections/<int:id>/withdraw")
def withdraw(id):
    """Take an objection back."""
    row = mine(Objection, id)
    try:
        row.withdraw(by=me())
        flash("异议已撤回。", "ok")
    except Refused as refused:
        flash(str(refused), "bad")
    return redirect(url_for("courses.show"))
