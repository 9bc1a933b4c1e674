"""Beside a list: one row in a drawer without leaving the list, and how many rows a long list has in all."""
from flask import jsonify, request
from flask_admin import expose

from backoffice import history
from backoffice.actions import obstacles
from backoffice.listing import Listing
from backoffice.paths import load_owners, named_by
from backoffice.security import Guarded

LATEST = 3                # events of a row in its drawer


class Previewing(Guarded):
    """What a grid has for the drawer beside its list; it says `screen` and `user`, finds a row and shows a page."""
    preview_template = "admin/model/preview.html"

    def standing(self, row):
        """([(step, reasons against it)] that the state of the row allows, the same of other states)."""
        now, later = [], []
        for step in self.screen.steps_of(self.user) if row.belongs_to(self.user) else ():
            (now if row.state in step.sources else later).append((step, obstacles(step, row, self.user)))
        return now, later

    @expose("/preview/")
    def preview(self):
        """The drawer of one row: a part of a page."""
        screen, row = self.screen, self._row(request.args.get("id"))
        load_owners([row], [key for section in screen.details for column in section.items for key in column.keys] + named_by(screen.model))
        can_edit = self.can_edit(row) and not row.locks()
        return self._show(self.preview_template, row=row, now=self.standing(row)[0], can_edit=can_edit, screens_of=self._screens_of(), events=history.events(row, gone=screen.gone)[:LATEST])

    @expose("/count/")
    def count(self):
        """How many rows the list has, all counted, as JSON: a list itself counts no further than its cap."""
        return jsonify(rows=Listing(self.screen, self.user, request.args).query().count())
