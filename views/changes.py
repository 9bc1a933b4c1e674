"""Stage 7 in the office: requests for release with the way to the dismissal that answers them, and proposals with their rehearsal."""
from backoffice.grid import Grid
from models.applications import ON_REGISTER, Application
from models.rehearsals import rehearse_dismissal


class DismissalGrid(Grid):
    """A proposal shows what its approval would clear, and what speaks against it now."""
    details_template = "office/dismissal_proposal.html"

    def details_extra(self, row):
        open_ = row.state in ("proposed", "approved")
        return {"rehearsed": rehearse_dismissal([row.application_id], self.user)[0] if open_ else None,
                "by_name": row.application.STATES.get(row.frozen_state, ("",))[0]}


class ReleaseRequestGrid(Grid):
    """A request for release leads to the dismissal that grants it."""
    details_template = "office/release_request.html"

    def details_extra(self, row):
        case = row.application
        answerable = row.state == "open" and case.state in ON_REGISTER and Application.dismiss.offered_to(self.user) and "register" in self.screens
        return {"case": case, "answerable": answerable, "proposes": case.only_by_proposal(None) if answerable else None}
