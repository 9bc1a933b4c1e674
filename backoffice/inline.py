"""One value changed without leaving the list: the form of a single box, the same rules, edition and log as the form of the whole row."""
from flask import abort, request
from flask_admin import expose

from backoffice.choosing import chosen
from backoffice.editing import Editing
from backoffice.filling import REFUSED, STALE
from backoffice.listing import Listing
from backoffice.screens.pieces import Section
from backoffice.security import Guarded


class InCell(Editing):
    """The form of one box of a row that is there."""
    with_lines = None

    def __init__(self, screen, user, row, box, given=None):
        self.box = box
        super().__init__(screen, user, row, given)

    def _sections(self):
        return (Section("", "", (self.box,)),)


class Inlining(Guarded):
    """What a grid has for values that its screen lets be changed in the list; it says `screen` and `user`, finds a row and shows a page."""
    inline_template = "admin/model/inline.html"

    def inlined(self):
        """The boxes that the user may change in the list, by name: none where the form of the row does more than to write it."""
        if not (self.screen.inline and self.plain and self.screen.writable_by(self.user)):
            return {}
        return {box.name: box for box in self.screen.boxes if box.name in self.screen.inline}

    @expose("/inline/", methods=("GET", "POST"))
    def inline(self):
        """The form of one value, as a part of a page; once it is saved, the row of the list as it is now."""
        screen, user = self.screen, self.user
        box = self.inlined().get(request.values.get("field")) or abort(404)
        row = self._row(request.values.get("id"))
        if not self.can_edit(row):
            abort(403)
        posted, locks = request.form if request.method == "POST" else None, row.locks()
        editing = InCell(screen, user, row, box, posted)
        if posted is not None and not locks and editing.save() is not None:
            columns = chosen(screen, user)
            return self._show(self.inline_template, saved=Listing(screen, user, columns=columns).rows([row.id]), **self.row_context(columns))
        status = 200 if posted is None else STALE if editing.theirs else REFUSED
        return self._show(self.inline_template, status, row=row, editing=editing, box=box, locks=locks, saved=None)
