"""Stages 8 and 9 in the office: the request with its check list, the thesis and the defence with the clocks that run."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.grid import Grid
from models import clock
from models.conditions import conditions
from models.defences import DefenceRequest
from models.rules.book import explain
from models.rules.thesis import CLOCKS
from models.workflow import Refused


class DefenceRequestGrid(Grid):
    """The request with its materials, the unit's check list, and the conditions as they were when it was handed in and as they are today."""
    details_template = "office/defence_request.html"

    def details_extra(self, row):
        return {"today": conditions(row.application), "checklist": row.checklist(), "documents": list(row.documents),
                "checks": row.state in DefenceRequest.approve.sources and DefenceRequest.approve.offered_to(self.user)}

    @expose("/check/", methods=("POST",))
    def check(self):
        """Note which items of the check list are met."""
        row = self._row(request.form.get("id"))
        if not DefenceRequest.approve.offered_to(self.user):
            abort(403)
        try:
            row.tick(self.user, request.form.getlist("item"))
            flash("核对项已保存。", "ok")
        except Refused as refused:
            flash(str(refused), "bad")
        return redirect(url_for(".details", id=row.id))


class ThesisGrid(Grid):
    """The thesis with what it lacks for a defence today."""
    details_template = "office/thesis.html"

    def details_extra(self, row):
        from_now = row.application.state == "defence_admitted"
        return {"lacking": row.lacking(clock.today()) if from_now else [], "clocks": explain(CLOCKS, row.application) if from_now else []}


class DefenceGrid(Grid):
    """The defence with the clocks of its thesis."""
    details_template = "office/defence.html"

    def details_extra(self, row):
        return {"clocks": row.clocks() if row.state == "planned" else []}

    def tools(self, user):
        return [("安排答辩日", url_for("defence_day.index"), "cap")] if self.screen.writable_by(user) else []
