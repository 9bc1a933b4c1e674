"""Stage 9 in the office: one defence day for many candidates - planned on one page, their ballots entered on another."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.choices import Choice
from backoffice.forms import Typed, TypedForm
from backoffice.grid import REFUSED
from backoffice.kinds import Day, Hour, Kind, Number
from backoffice.security import Guarded
from backoffice.telling import said
from models import clock
from models.defences import Defence
from models.defences.day import on_day, plan_day, settle, waiting
from models.parameters import value
from models.staff import Expert
from models.workflow import Refused

OUTCOMES = (("passed", "通过"), ("failed", "未通过"))
BALLOT = ("votes_for", "votes_against", "votes_abstain")
VOTES = {name: Number(getattr(Defence, name)) for name in BALLOT}


class When(TypedForm):
    """When and where the candidates are heard."""
    held_on = Typed("答辩日期", Day(), must=True)
    place = Typed("地点", Kind(), must=True)
    first = Typed("第一位开始时间", Hour(), must=True)
    minutes = Typed("每人分钟", Number(), must=True)


class DefenceDay(Guarded):
    """For whoever keeps the defences of a unit."""

    def __init__(self, screens):
        self.screens = screens
        super().__init__(name="答辩日", category="答辩与学位", endpoint="defence_day", url="/office/defence_day", menu_icon_type="svg", menu_icon_value="cap")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and self.screens["defence"].writable_by(current_user)

    @expose("/", methods=("GET", "POST"))
    def index(self):
        """The days ahead, and the plan of a new one."""
        user, sent = self.user, request.form if request.method == "POST" else None
        form, reasons = When(sent, user=user, data={"minutes": 40}, meta={"csrf": False}), []
        cases = list(waiting(user))
        experts = list(Expert.visible_to(user).where(Expert.available == True).order_by(Expert.external, Expert.name))      # noqa: E712
        members, chosen = (self._ticked(name, rows) for name, rows in (("member", experts), ("case", cases)))
        if sent is not None and form.validate():
            try:
                chair = next((member for member in members if str(member.id) == sent.get("chair")), None)
                plan_day(user, form.held_on.data, form.place.data, form.first.data, int(form.minutes.data), members, chair, chosen)
            except Refused as refused:
                reasons = refused.reasons
            else:
                flash(f"已安排 {len(chosen)} 人答辩。", "ok")
                return redirect(url_for(".sheet", on=form.held_on.data, place=form.place.data))
        return self.render("office/defence_day.html", form=form, cases=cases, experts=experts, members=members, chosen=chosen, reasons=reasons,
                           days=self._days(user), given=request.form), REFUSED if sent is not None else 200

    @staticmethod
    def _ticked(name, rows):
        """The rows that are ticked, in the order of the page; 404 for one that is not on it and not in sight."""
        asked = request.form.getlist(name)
        found = [row for row in rows if str(row.id) in asked]
        if len(found) < len(set(asked)):
            abort(404)
        return found

    @staticmethod
    def _days(user):
        """[(day, place, number)] of what is planned and has no result yet."""
        found = {}
        for row in Defence.visible_to(user).where(Defence.state == "planned").order_by(Defence.held_on, Defence.place):
            found[row.held_on, row.place] = found.get((row.held_on, row.place), 0) + 1
        return [(*key, number) for key, number in found.items()]

    @expose("/sheet/", methods=("GET", "POST"))
    def sheet(self):
        """The candidates of one day and place; ballots, grades and outcomes are entered for all of them, each written by itself."""
        try:
            day, place = Day().read(request.values.get("on", "")), request.values.get("place", "")
        except ValueError:
            abort(404)
        rows, wrong, done = list(on_day(self.user, day, place)), {}, 0
        if not rows:
            abort(404)
        if request.method == "POST":
            for row in rows:
                if row.state == "planned" and self._filled(row):
                    wrong[row.id] = self._settle(row)
                    done += not wrong[row.id]
            wrong = {id: texts for id, texts in wrong.items() if texts}
            if not wrong:
                flash(said(f"已登记 {done} 人的答辩。", "通过的人等待学位授予", url_for("award.index")) if done else "没有填写任何一人", "ok" if done else "bad")
                return redirect(url_for(".sheet", on=day, place=place))
            rows = list(on_day(self.user, day, place))
        return self.render("office/defence_sheet.html", rows=rows, wrong=wrong, done=done, given=request.form, day=day, place=place, outcomes=OUTCOMES,
                           ballot=[(name, VOTES[name].field.verbose_name) for name in BALLOT], today=clock.today(),
                           grades=value("defence.grades", institution=rows[0].institution_id)), REFUSED if wrong else 200

    @staticmethod
    def _filled(row):
        """Whether anything was typed for a defence that differs from what it holds."""
        sent = {name: request.form.get(f"{name}-{row.id}", "").strip() for name in (*BALLOT, "grade", "outcome")}
        return bool(sent["outcome"]) or sent["grade"] != row.grade or any(sent[name] != str(getattr(row, name)) for name in BALLOT)

    def _settle(self, row):
        """The sentences against the line of one defence."""
        said = {name: request.form.get(f"{name}-{row.id}", "").strip() for name in (*BALLOT, "grade", "outcome", "reason")}
        try:
            votes = {name: VOTES[name].read(said[name]) or 0 for name in BALLOT}
            Choice(None, OUTCOMES).read(said["outcome"])
            settle(self.user, row, said["outcome"], said["reason"], edition=request.form.get(f"edition-{row.id}"), grade=said["grade"], **votes)
        except ValueError as error:
            return [str(error)]
        except Refused as refused:
            return [*map(str, refused.reasons), *refused.fields.values()]
        return []
