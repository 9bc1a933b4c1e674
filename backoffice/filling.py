"""The page of the fields that a site added to a row: filled by whom the configuration names, whether or not the row itself can be edited."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import CombinedMultiDict

from backoffice.editing import Editing
from backoffice.screens.pieces import Section
from backoffice.security import Guarded

REFUSED, STALE = 422, 409


class Filling(Editing):
    """The form of the added fields, on a row whose other values are not the user's to write, or not now."""
    with_lines = None

    def _sections(self):
        return (Section("补充字段", "", self.screen.extras),)

    def _change(self, values):
        return self.row.change(self.user, edition=self.edition, reason=(self.form.reason.data or ""), verb="fill", verb_label="填写补充字段", beside=True, **values)


class Fillable(Guarded):
    """What a grid has for added fields; it says `screen` and `user`, finds a row and shows a page."""

    def can_fill(self, row):
        """Whether the user fills fields that the site added, on this row."""
        return bool(self.screen.extras) and row.belongs_to(self.user)

    @expose("/fill/", methods=("GET", "POST"))
    def fill(self):
        """The form of the added fields of one row."""
        row = self._row(request.values.get("id"))
        if not self.can_fill(row):
            abort(403)
        posted = CombinedMultiDict([request.form, request.files]) if request.method == "POST" else None
        filling = Filling(self.screen, self.user, row, posted)
        if posted is not None and filling.save() is not None:
            flash(f"已保存“{row}”的补充字段。", "ok")
            return redirect(url_for(".details", id=row.id))
        return self._show(self.form_template, (STALE if filling.theirs else REFUSED) if posted is not None else 200, row=row, editing=filling, locks=[])
