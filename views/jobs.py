"""Background jobs in the office: how far one is, and stopping or repeating it. Everybody sees his own, IT everybody's."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.grid import Grid
from models.workflow import Refused
from tasks import jobs

DO = {"cancel": (jobs.cancel, "已取消；正在进行的到下一段为止。"), "retry": (jobs.retry, "已重新排队。")}


class JobGrid(Grid):
    details_template = "office/job.html"

    @expose("/do/<what>/", methods=("POST",))
    def do(self, what):
        """Cancel or repeat one job."""
        row = self._row(request.form.get("id"))
        act, done = DO.get(what) or abort(404)
        try:
            act(row, self.user)
        except Refused as refused:
            flash(str(refused), "bad")
        else:
            flash(done, "ok")
        return redirect(url_for(".details", id=row.id))
