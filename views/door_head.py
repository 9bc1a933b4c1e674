"""Stage 6 for the head of an exam site, on his own device under his own log-in: who is in, who waits for his decision, what came in later."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.paths import load_owners
from backoffice.security import Guarded
from models.exams.door import CheckIn
from models.exams.expected import counts, start_of_today
from models.exams.seats import Seat
from models.workflow import Refused

REFUSED = 422
SHOWN = 50             # of what is decided or replayed already
DECISIONS = {"admit": "准予入场", "turn_away": "不准入场"}
PATHS = [("entry", "application", "person"), ("entry", "subject", "subject"), ("checked_by",), ("decided_by",)]


class DoorHead(Guarded):
    """The page of a site's head."""

    def __init__(self):
        super().__init__(name="入场决定", category="国家统考", endpoint="door_head", url="/office/door_head", menu_icon_type="svg", menu_icon_value="shield")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and current_user.site_ref is not None and "site_head" in current_user.role_names

    @expose("/", methods=("GET", "POST"))
    def index(self):
        """Counts, what waits - each with a reason of its own - and what was decided or replayed today."""
        wrong = {}
        if request.method == "POST":
            row = CheckIn.seen(self.user, request.form.get("id")) or abort(404)
            step = request.form.get("step") if request.form.get("step") in DECISIONS else abort(400)
            try:
                getattr(row, step)(by=self.user, reason=request.form.get("reason", "").strip())
                flash(f"{row.entry.application.person}：{row.state_label}。", "ok")
                return redirect(url_for(".index"))
            except Refused as refused:
                wrong = {row.id: [*map(str, refused.reasons), *refused.fields.values()]}
        rows = CheckIn.visible_to(self.user)
        waiting = list(rows.where(CheckIn.state == "waiting").order_by(CheckIn.at))
        done = list(rows.where(CheckIn.state.in_(("admitted", "refused", "double")) | CheckIn.replayed_at.is_null(False), CheckIn.state != "waiting",
                               CheckIn.at >= start_of_today()).order_by(CheckIn.id.desc()).limit(SHOWN))
        load_owners(waiting + done, PATHS)
        places = {seat.entry_id: seat for seat in Seat.visible_to(self.user).where(Seat.entry.in_([row.entry_id for row in waiting + done]))}
        load_owners(list(places.values()), [("room",)])
        return self.render("office/door_head.html", rooms=counts(self.user), waiting=waiting, done=done, places=places, wrong=wrong, given=request.form,
                           decisions=DECISIONS), REFUSED if wrong else 200
