"""Parameters in the office: before another value is saved, the cases that it would judge differently are counted and listed."""
from collections import Counter

from flask import request

from backoffice.editing import Editing
from backoffice.grid import Grid
from backoffice.paths import load_owners
from models import clock
from models.applications import Application
from models.rehearsals import rehearse_parameter
from models.rules.book import RULES

SHOWN = 50
REHEARSED = {"recheck.soon_days"} | {name for rule in RULES.values() for name in rule.parameters if not name.startswith("Programme.")}
CHUNK = 5_000


class ParameterGrid(Grid):
    """The form is saved at once where no case is judged differently; else after the list of them was seen."""
    template = "office/parameter_rehearsal.html"

    def _edit(self, row):
        if request.method == "POST" and request.form.get("confirm") != "1" and not (row is not None and row.locks()):
            editing = Editing(self.screen, self.user, row, request.form, self.defaults(self.user) if row is None else None)
            found, wrong = self._rehearsed(editing) if editing.form.validate() else ([], "")
            if found or wrong:
                return self._show(self.template, 422 if wrong else 200, row=row, editing=editing, wrong=wrong, **self._told(found))
        return super()._edit(row)

    def _rehearsed(self, editing):
        """([(case id, what, verdict now, verdict then)], why it cannot be said) of the value in the form."""
        given = {name: editing.form[name].data for name in ("name", "value", "valid_from", "valid_to", "institution")}
        since = max(given["valid_from"], clock.today())
        if given["name"] not in REHEARSED or (given["valid_to"] and given["valid_to"] < since):
            return [], ""
        if not isinstance(given["value"], int) or isinstance(given["value"], bool) or not 0 <= given["value"] <= 10_000:
            return [], f"值：要求 0 到 10,000 的整数，实际 {editing.form['value'].kind.text(given['value'])}"
        return rehearse_parameter(given["name"], given["value"], since, given["institution"]), ""

    def _told(self, found):
        """What the page says about the cases: in all, by what is judged, by unit, and the first of them."""
        units, ids = Counter(), sorted({id for id, *_ in found})
        for start in range(0, len(ids), CHUNK):
            units.update(unit for unit, in Application.select(Application.institution).where(Application.id.in_(ids[start:start + CHUNK])).tuples())
        listed = found[:SHOWN]
        cases = {case.id: case for case in Application.visible_to(self.user).where(Application.id.in_([id for id, *_ in listed]))}
        load_owners(list(cases.values()), [("person",), ("institution",)])
        names = {unit.id: unit for unit in Application.institution.rel_model.select().where(Application.institution.rel_model.id.in_(list(units)))}
        return {"cases": len(ids), "moves": Counter(tuple(move) for _, *move in found).most_common(),
                "units": [(names[unit], count) for unit, count in units.most_common()], "count": len(found),
                "listed": [(cases[id], self._screen_of(id), move) for id, *move in listed if id in cases]}

    def _screen_of(self, id):
        """The screen on which the user can open a case, or None."""
        return next((name for name in ("register", "application") if name in self.screens and self.screens[name].open_to(self.user)
                     and self.screens[name].rows(self.user).where(Application.id == id).exists()), None)
