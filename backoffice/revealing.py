"""Numbers with their middle hidden: whole where the work at hand needs them, else when somebody asks, with his reason where a parameter wants
one. Either way the log says who read them."""
from flask import abort, jsonify, request
from flask_admin import expose

from backoffice.kinds import Open, Sealed
from backoffice.security import Guarded
from models import audit
from models.parameters import value

REFUSED = 422


class Revealing(Guarded):
    """What a grid has for the numbers of its rows; it says `screen`, `user` and how a row is found."""
    reads = False         # whether whoever opens the page of one row reads all there is about somebody

    def whole(self, row):
        """Whether the numbers on the page of a row are shown whole: it waits for a step of this user's."""
        return any(step.awaits and row.state in step.sources for step in self.screen.steps_of(self.user)) and row.belongs_to(self.user)

    def note_reading(self, row):
        """Tell the log that the page of a row is opened, where it shows somebody's data in full."""
        kinds = [column.kind for section in self.screen.details for column in section.items if isinstance(column.kind, Sealed)]
        if self.reads or any(isinstance(kind, Open) for kind in kinds) or (kinds and self.whole(row)):
            audit.note_reading(self.user, row)

    @expose("/reveal/", methods=("POST",))
    def reveal(self):
        """A hidden number in full, as JSON; that it was shown is recorded, with the reason."""
        row, name, reason = self._row(request.form.get("id")), request.form.get("field", ""), request.form.get("reason", "").strip()[:200]
        shown = [*self.screen.columns, *(column for section in self.screen.details for column in section.items)]
        column = next((column for column in shown if column.name == name and isinstance(column.kind, Sealed)), None)
        if column is None:
            abort(404)
        if not reason and value("reveal.reason", institution=self.user.institution_id):
            return jsonify(title=f"查看完整{column.label}", asks="理由", error=f"查看完整{column.label}须写明理由，与您的姓名一起记入日志"), REFUSED
        audit.record(self.user, row, "reveal", f"查看完整{column.label}", reason=reason)
        return jsonify(value=column.get(row) or "")
