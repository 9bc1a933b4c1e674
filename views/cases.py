"""The case page: the whole person - photo, data, time line, conditions, deadlines, results, documents, what was decided (stages 2 to 9)."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.filling import REFUSED
from backoffice.grid import Grid
from models import clock
from models.applications import ON_REGISTER, Application, Confirmation, Document
from models.awards import Award
from models.belonging import gather, latest, shown
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
from models.exams.sessions import SessionSubject
from models.releases import ReleaseRequest
from models.register import Finding
from models.reports import Report, ReportLine
from models.rules.book import DEFENCE, figures_for
from models.rules.sql import View
from models.rules.thesis import CLOCKS
from models.timeline import timeline
from models.turns import turn
from models.workflow import Refused
from views import dismissing
from views.printing import Printing

PARTS = {"confirmations": Confirmation, "courses": CourseResult, "exemptions": Exemption, "entries": ExamEntry, "payments": Payment, "results": ExamResult,
         "requests": DefenceRequest, "theses": Thesis, "defences": Defence, "awards": Award, "comments": Comment}
CHANGES = {"extension": Extension, "programme_change": ProgrammeChange, "dismissal": Dismissal, "release_request": ReleaseRequest, "data_change": DataChange}
READ = {kind: () for kind in (*PARTS.values(), *CHANGES.values())} | {      # what belongs to a case, with the rows that it points to and that are shown with it
    Confirmation: (Confirmation.confirmed_by, Confirmation.form_scan), CourseResult: (CourseResult.course,), Exemption: (Exemption.course,),
    ExamEntry: (ExamEntry.session, ExamEntry.subject, SessionSubject.subject), Payment: (Payment.session,), Comment: (Comment.said_by,),
    Document: (Document.file,), Finding: (Finding.recheck,)}


class StumpGrid(Printing, Grid):
    """What is left of dismissed cases, and their notices."""
    details_template = "office/stump.html"

    def details_extra(self, row):
        return {"forms": self.papers_of(row)}


class CaseGrid(Printing, Grid):
    """Screens over Application; a details page shows the whole case as far as the user may see it, and a dismissal is rehearsed."""
    details_template = "office/case.html"
    reads = True

    def _owners(self):
        return [("person",), ("programme",), ("institution",), ("discipline",), *super()._owners()]

    def _details(self, row, status=200, **more):
        gather(row, self.user, READ)
        for award in row.awards:
            award.__dict__["report_lines"] = list(award.report_lines.along((ReportLine.report, Report.term)))
        return super()._details(row, status, **more)

    def details_extra(self, row):
        user = self.user
        view, parts = View(clock.today()), {name: shown(row, kind) for name, kind in PARTS.items()}
        changes = [(name, item) for name, kind in CHANGES.items() for item in shown(row, kind)]
        if row.state in ON_REGISTER:
            figures_for((*DEFENCE, *CLOCKS), row, view)
        found = conditions(row, view) if row.registered_on and row.state != "dismissed" else []
        return parts | {
            "papers": papers(row, user), "longest": LONGEST, "said": "", "unsaid": (), "talks": talks(user) and row.state != "dismissed",
            "stages": timeline(row, found), "found": found, "outlook": forecast(row, found) if row.state == "registered" else None, "turn": turn(row, found, view),
            "changes": changes, "ahead": ahead(row, view), "held": held_by(row),
            "screens": {name for name, screen in self.screens.items() if screen.open_to(user)}, "desk": "clerk" in user.role_names,
            "frozen": latest(item for item in row.dismissals if item.state == "approved") if row.state == "frozen" else None,
            "enters_results": row.on_register and self._enters_results(row, user), "forms": self.papers_of(row), "reviews": self._reviews(user), "proposes": row.only_by_proposal(None) if row.state in ON_REGISTER and self.dismissal else None}

    def _enters_results(self, row, user):
        """Whether the user enters results of the case on their screen."""
        screen = self.screens["course_result"].seen_by(user)
        return screen.open_to(user) and screen.create and screen.writable_by(user) and row.belongs_to(user)

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


def papers(row, user):
    """[(title, file, day)] of every paper of a case that one may see: what was handed in, the form that was signed, what came with the request."""
    found = [(item.title, item.file, item.created_at.date()) for item in shown(row, Document)]
    found += [("签字的资格审查表", item.form_scan, item.confirmed_at.date()) for item in shown(row, Confirmation) if item.valid and item.form_scan_id]
    if row.defence_requests:
        found += [(f"答辩：{item.title}", item.file, item.file.created_at.date()) for item in
                  RequestDocument.visible_to(user).along((RequestDocument.file,)).where(RequestDocument.request.in_(row.defence_requests)).order_by(RequestDocument.id)]
    return found
