"""The case page: the whole person - photo, data, time line, conditions, deadlines, results, documents, what was decided (stages 2 to 9)."""
from flask_admin import expose

from backoffice.grid import Grid
from models.applications import ON_REGISTER, Application, Confirmation, Document
from models.awards import Award
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.conditions import conditions
from models.courses import CourseResult
from models.deadlines import ahead, held_by
from models.defences import Defence, DefenceRequest, Thesis
from models.dismissals import Dismissal
from models.exemptions import Exemption
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.results import ExamResult
from models.releases import ReleaseRequest
from models.timeline import timeline
from views import dismissing

PARTS = {"documents": Document, "confirmations": Confirmation, "courses": CourseResult, "exemptions": Exemption, "entries": ExamEntry, "payments": Payment, "results": ExamResult,
         "requests": DefenceRequest, "theses": Thesis, "defences": Defence, "awards": Award}
CHANGES = {"extension": Extension, "programme_change": ProgrammeChange, "dismissal": Dismissal, "release_request": ReleaseRequest}


class CaseGrid(Grid):
    """Screens over Application; a details page shows the whole case as far as the user may see it, and a dismissal is rehearsed."""
    details_template = "office/case.html"
    reads = True

    def details_extra(self, row):
        user = self.user
        parts = {name: list(kind.visible_to(user).where(kind.application == row.id).order_by(kind.id)) for name, kind in PARTS.items()}
        changes = [(name, item) for name, kind in CHANGES.items() for item in kind.visible_to(user).where(kind.application == row.id).order_by(kind.id)]
        changes += [("data_change", item) for item in DataChange.visible_to(user).where(DataChange.person == row.person_id).order_by(DataChange.id)]
        explained = row.registered_on and row.state != "dismissed"
        return parts | {
            "stages": timeline(row), "found": conditions(row) if explained else [], "changes": changes, "ahead": ahead(row), "held": held_by(row),
            "screens": {name for name, screen in self.screens.items() if screen.open_to(user)}, "desk": "clerk" in user.role_names,
            "frozen": row.dismissals.where(Dismissal.state == "approved").first() if row.state == "frozen" else None,
            "proposes": row.only_by_proposal(None) if row.state in ON_REGISTER and self.dismissal else None}

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
