"""The pages of an export: what is wanted of a list - columns, form, codes, full numbers - and the file, or the job that writes it."""
from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from backoffice import export, fresh
from backoffice.listing import Listing
from backoffice.ordering import key_of
from backoffice.security import Guarded
from backoffice.sheets import FORMS
from models.limits import TooOften
from models.limits import count as tally
from models.parameters import value

REFUSED, TOO_OFTEN = 422, 429


class Exporting(Guarded):
    """What a grid has for the export of its list; it says `screen`, `user` and how a page is shown."""
    export_template = "admin/actions/export.html"

    @expose("/export/choose/")
    def choose(self):
        """What can be wanted of the list."""
        return self._ask(self._listing(), export.Wish())

    @expose("/export/", methods=("GET", "POST"))
    def export(self):
        """The list as a file: as it was wanted, or plainly as the screen has it; a long one only after a question, as a job."""
        screen, user, listing = self.screen, self.user, self._listing()
        wish, count = self._wish(), export.number_of(listing)
        faults = list(wish.faults(screen, user, count))
        if faults:
            return self._ask(listing, wish, faults, REFUSED)
        if request.method == "GET" and count > value("export.sync_rows"):
            return self._ask(listing, wish)
        if wish.full and (page := fresh.ask()):
            return page
        try:
            tally("export.per_account", f"account {user.id}", "导出")
        except TooOften as often:
            return self._ask(listing, wish, often.reasons, TOO_OFTEN)
        if count <= value("export.sync_rows"):
            content = export.at_once(listing, wish, user)
            return send_file(BytesIO(content), mimetype=FORMS[wish.form].content_type, as_attachment=True, download_name=export.file_name(screen, wish))
        job = export.order(listing, wish, user, count, key_of(wish))
        flash("正在后台导出，写完后在这里下载。", "ok")
        return redirect(url_for("jobs.show", id=job.id))

    def _listing(self):
        return Listing(self.screen, self.user, MultiDict((key, text) for key, text in request.args.items(multi=True)))

    def _wish(self):
        form = request.form.get("form", "xlsx")
        names = tuple(request.form.getlist("column")) or (("",) if request.form.get("chosen") else ())
        return export.Wish(names, form if form in FORMS else "xlsx", request.form.get("codes") == "1", request.form.get("full") == "1",
                           request.form.get("reason", "").strip()[:200])

    def _ask(self, listing, wish, faults=(), status=200):
        screen = self.screen
        return self._show(self.export_template, status, listing=listing, wish=wish, faults=faults, count=export.number_of(listing), limit=value("export.sync_rows"),
                          offered=export.offered(screen), ticked={column.name for column in wish.columns_of(screen)}, forms=FORMS,
                          full=export.may_show_numbers(self.user) and bool(export.sealed(export.offered(screen))))
