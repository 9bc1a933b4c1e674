"""The case page: the whole person - photo, data, time line, the three conditions, results, documents, what was decided (stages 2 to 9)."""
from backoffice.grid import Grid
from models.applications import Confirmation, Document
from models.awards import Award
from models.conditions import conditions
from models.courses import CourseResult
from models.defences import Defence, DefenceRequest, Thesis
from models.exams.entries import ExamEntry, Payment
from models.exams.results import ExamResult
from models.timeline import timeline

PARTS = {"documents": Document, "confirmations": Confirmation, "courses": CourseResult, "entries": ExamEntry, "payments": Payment, "results": ExamResult,
         "requests": DefenceRequest, "theses": Thesis, "defences": Defence, "awards": Award}


class CaseGrid(Grid):
    """Screens over Application; a details page shows the whole case as far as the user may see it."""
    details_template = "office/case.html"

    def details_extra(self, row):
        user = self.user
        parts = {name: list(kind.visible_to(user).where(kind.application == row.id).order_by(kind.id)) for name, kind in PARTS.items()}
        return parts | {"stages": timeline(row), "found": conditions(row) if row.registered_on and row.state != "dismissed" else [],
                        "screens": {name for name, screen in self.screens.items() if screen.open_to(user)}, "desk": "clerk" in user.role_names}


class DefenceRequestGrid(Grid):
    """Stage 8: the request with the conditions as they were computed when it was handed in, and as they are today."""
    details_template = "office/defence_request.html"

    def details_extra(self, row):
        return {"today": conditions(row.application)}
