"""The case page: the whole person - photo, data, time line, conditions, deadlines, results, documents, what was decided (stages 2 to 9)."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.filling import REFUSED
from backoffice.grid import Grid
from models.applications import ON_REGISTER, Application, Confirmation, Document
from models.awards import Award
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.comments import LONGEST, TALKING, Comment, say
from models.conditions import conditions, forecast
from models.courses import CourseResult
from models.deadlines import ahead, held_by
from models.defences import Defence, DefenceRequest, RequestDocument, Thesis
from models.dismissals import Dismissal
from models.exemptions import Exemption
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.results import ExamResult
from models.files import File
from models.releases import ReleaseRequest
from models.timeline import timeline
from models.turns import turn
from models.workflow import Refused
from views import dismissing
from views.printing import Printing

PARTS = {"confirmations": Confirmation, "courses": CourseResult, "exemptions": Exemption, "entries": ExamEntry, "payments": Payment, "results": ExamResult,
         "requests": DefenceRequest, "theses": Thesis, "defences": Defence, "awards": Award, "comments": Comment}
CHANGES = {"extension": Extension, "programme_change": ProgrammeChange, "dismissal": Dismissal, "release_request": ReleaseRequest}


class StumpGrid(Printing, Grid):
    """What is left of dismissed cases, and their notices."""
    details_template = "office/stump.html"

    def details_extra(self, row):
        return {"forms": self.papers_of(row)}


class CaseGrid(Printing, Grid):
    """Screens over Application; a details page shows the whole case as far as the user may see it, and a dismissal is rehearsed."""
    details_template = "office/case.html"
    reads = True

    def details_extra(self, row):
        user = self.user
        parts = {name: list(kind.visible_to(user).where(kind.application == row.id).order_by(kind.id)) for name, kind in PARTS.items()}
        changes = [(name, item) for name, kind in CHANGES.items() for item in kind.visible_to(user).where(kind.application == row.id).order_by(kind.id)]
        changes += [("data_change", item) for item in DataChange.visible_to(user).where(DataChange.person == row.person_id).order_by(DataChange.id)]
        found = conditions(row) if row.registered_on and row.state != "dismissed" else []
        return parts | {
            "papers": papers(row, user, parts["confirmations"]), "longest": LONGEST, "said": "", "unsaid": (), "talks": talks(user) and row.state != "dismissed",
            "stages": timeline(row, found), "found": found, "outlook": forecast(row, found) if row.state == "registered" else None, "turn": turn(row, found),
            "changes": changes, "ahead": ahead(row), "held": held_by(row),
            "screens": {name for name, screen in self.screens.items() if screen.open_to(user)}, "desk": "clerk" in user.role_names,
            "frozen": row.dismissals.where(Dismissal.state == "approved").first() if row.state == "frozen" else None,
            "forms": self.papers_of(row), "reviews": self._reviews(user), "proposes": row.only_by_proposal(None) if row.state in ON_REGISTER and self.dismissal else None}

    def _reviews(self, user):
        """Whether the review desk is the user's place to go on to."""
        return self.screen_name == "application" and Application.approve.offered_to(user)

    def tools(self, user):
        desks = []
        if self.screen_name == "application":
            desks += [("确认台", url_for("confirmation.desk"), "camera")] if "clerk" in user.role_names else []
            desks += [("审核台", url_for("review.index"), "check")] if self._reviews(user) else []
        return desks + super().tools(user)

    @expose("/comment/", methods=("POST",))
    def comment(self):
        """Say something to the other role of the unit; what is refused stays typed."""
        row, text = self._row(request.form.get("id")), request.form.get("text", "")
        if not talks(self.user):
            abort(403)
        try:
            say(row, text, self.user)
        except Refused as refused:
            return self._details(row, REFUSED, said=text, unsaid=[*refused.fields.values(), *refused.reasons])
        flash("已留言，经手这件申请的同事会收到通知。", "ok")
        return redirect(self._way_to(row) + "#talk")

    @property
    def dismissal(self):
        """The step of dismissal as this screen offers it to the user; None where it does not."""
        return next((step for step in self.screen.steps_of(self.user) if step == Application.dismiss), None)

    @expose("/step/<step>/", methods=("GET", "POST"))
    def step(self, step):
        """As on every grid, but that a dismissal is rehearsed before it is confirmed."""
        if step == Application.dismiss.name and self.dismissal:
            return dismissing.page(self, self._asked())
        return super().step(step)


def talks(user):
    """Whether the user takes part in what clerk and reviewer say to each other."""
    return bool(set(TALKING) & set(user.role_names))


def papers(row, user, confirmations):
    """[(title, file, day)] of every paper of a case that one may see: what was handed in, the form that was signed, what came with the request."""
    found = [(item.title, item.file, item.created_at.date()) for item in
             Document.visible_to(user).select(Document, File).join(File).where(Document.application == row.id).order_by(Document.id)]
    found += [("签字的资格审查表", item.form_scan, item.confirmed_at.date()) for item in confirmations if item.valid and item.form_scan_id]
    found += [(f"答辩：{item.title}", item.file, item.file.created_at.date()) for item in
              RequestDocument.visible_to(user).select(RequestDocument, File).join(File).switch(RequestDocument).join(DefenceRequest)
              .where(DefenceRequest.application == row.id).order_by(RequestDocument.id)]
    return found
