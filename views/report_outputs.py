"""Stage 10 in the office: the files of a report, from its page."""
from io import BytesIO

from flask import abort, flash, redirect, request, send_file, url_for
from flask_admin import expose

from backoffice.ordering import key_of
from models.workflow import Refused
from tasks.reporting import outputs
from tasks.reporting.lines import count_of


class Outputs:
    """What the grid of reports has for its files: the row comes through the scope of the grid."""

    @expose("/sheet/", methods=("GET", "POST"))
    def sheet(self):
        """One file of a report: at once, or as a job when it is long - that only by the button of the page."""
        row, name = self._row(request.values.get("id")), request.values.get("form", "xlsx")
        form, long = next(((form, long) for form, long in outputs.offered(row) if form.name == name), (None, False))
        if form is None:
            abort(404)
        if long and request.method == "GET":
            flash(f"{form.title}有 {count_of(row):,} 行，在后台生成：请按本页“导出”中的按钮。", "wait")
            return redirect(url_for(".details", id=row.id))
        if long:
            flash("正在后台生成，完成后在这里下载。", "ok")
            return redirect(url_for("jobs.show", id=outputs.order(row, form, self.user, key_of(form.name)).id))
        try:
            content = outputs.at_once(row, form, self.user)
        except Refused as refusal:
            flash(str(refusal), "bad")
            return redirect(url_for(".details", id=row.id))
        return send_file(BytesIO(content), mimetype=form.content_type, as_attachment=True, download_name=form.file_name(row))
