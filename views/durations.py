"""All stages in the office: how many days the steps take, as medians - the steps of one unit, or one step over all the units in sight."""
from flask import request
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models import clock
from models.applications import Application
from models.durations import medians
from models.reference import Institution

ROLES = {"clerk", "reviewer", "officer", "centre"}
SPANS = {"90": "近 90 天", "365": "近一年", "": "全部"}


class Durations(Guarded):
    """One page for all: a unit sees its steps, whoever sees many units compares them step by step."""

    def __init__(self):
        super().__init__(name="办理时长", category="在册管理", endpoint="durations", url="/office/durations", menu_icon_type="svg", menu_icon_value="clock")

    def is_accessible(self):
        return super().is_accessible() and bool(ROLES & {role for role, _ in current_user.powers()})

    @expose("/")
    def index(self):
        span = request.args.get("days", "365")
        span = span if span in SPANS else "365"
        since = clock.now() - clock.days(int(span)) if span else None
        found = [line for line in medians(current_user._get_current_object(), since) if line.step in Application.steps]
        order = list(Application.steps)
        names = {unit.id: str(unit) for unit in Institution.select().where(Institution.id.in_([line.institution for line in found]))}
        steps = sorted({(line.step, line.label) for line in found}, key=lambda step: order.index(step[0]))
        chosen = request.args.get("step", "")
        if len(names) > 1:
            chosen = chosen if chosen in dict(steps) else steps[0][0]
            lines = sorted((line for line in found if line.step == chosen), key=lambda line: -line.days)
        else:
            chosen, lines = "", sorted(found, key=lambda line: order.index(line.step))
        longest = max((line.days for line in lines), default=0) or 1
        return self.render("office/durations.html", lines=lines, steps=steps, chosen=chosen, names=names, longest=longest, spans=SPANS, span=span)
