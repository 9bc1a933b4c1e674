"""Stage 7 in the office: a recheck runs as a job, and shows its verdicts beside those of the run before; a finding shows its figures."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from peewee import fn

from backoffice.forms import Typed, TypedForm
from backoffice.grid import Grid
from backoffice.kinds import Day, Kind
from backoffice.ordering import key_of
from backoffice.paths import load_owners
from models import clock
from models.applications import ON_REGISTER, Application
from models.conditions import conditions
from models.register import VERDICTS, Finding, Recheck, verdict
from models.workflow import Refused
from tasks import rechecks

TONES = {"contradicts": "bad", "over_limit": "bad", "soon": "wait", "ready": "ok", "in_defence": "busy", "on_the_way": "off"}
SHOWN = 20          # findings of one list on the page of a run


class NationForm(TypedForm):
    """A recheck of every unit that has somebody on its register."""
    name = Typed("名称", Kind(Recheck.name), must=True, description="各单位看到的是同一名称")
    as_of = Typed(Recheck.as_of.verbose_name, Day(Recheck.as_of), must=True, description="过去的日期按当时的情况判断")


class RecheckGrid(Grid):
    """The runs; `run` is done by a job, and the centre orders one for the whole nation."""
    details_template = "office/recheck.html"

    def tools(self, user):
        return [("全国复核", url_for(".nation"), "recheck")] if "centre" in user.role_names else []

    def details_extra(self, row):
        found = {code: (row.counts.get(code, 0), label, TONES[code]) for code, label in VERDICTS}
        shown = Finding.select().where(Finding.recheck == row.id).order_by(Finding.verdict, Finding.id)
        lists = [("新列入", shown.where(Finding.previous == "")), ("结论有变", shown.where(Finding.previous != "", Finding.previous != Finding.verdict)),
                 ("不再列入", row.gone())] if row.previous_id else []
        lists = [(title, list(query.limit(SHOWN)), query.count()) for title, query in lists]
        for _, findings, _ in lists:
            load_owners(findings, [("application", "person"), ("application", "discipline")])
        return {"verdicts": found, "total": sum(row.counts.values()), "changes": lists, "names": dict(VERDICTS), "tones": TONES,
                "job": rechecks.running(self.user, row) if row.state == "draft" else None}

    @expose("/step/<step>/", methods=("GET", "POST"))
    def step(self, step):
        """As on every grid, but that what is confirmed is done by a job."""
        if step != Recheck.run.name or request.form.get("confirm") != "1":
            return super().step(step)
        if not Recheck.run.offered_to(self.user):
            abort(403)
        rows = self._chosen(request.form.getlist("id"))
        if isinstance(rows, str) or not rows or any(row.state not in Recheck.run.sources or rechecks.running(self.user, row) for row in rows):
            flash("没有可以执行的复核：已经执行过，或正在执行", "bad")
            return redirect(url_for(".index"))
        job = rechecks.start(self.user, rows[0].name, rows, key_of(*[row.id for row in rows]))
        return redirect(url_for(".details", id=rows[0].id) if len(rows) == 1 else url_for("jobs.show", id=job.id))

    @expose("/nation/", methods=("GET", "POST"))
    def nation(self):
        """The order of a recheck of every unit, by the centre."""
        if "centre" not in self.user.role_names:
            abort(403)
        register = Application.select(fn.COUNT(Application.id), fn.COUNT(Application.institution.distinct())).where(Application.state.in_(ON_REGISTER))
        cases, units = register.tuples().get()
        form = NationForm(request.form if request.method == "POST" else None, user=self.user, data={"as_of": clock.today()}, meta={"csrf": False})
        refused = []
        if request.method == "POST" and form.validate():
            try:
                return redirect(url_for("jobs.show", id=rechecks.order(self.user, form.name.data, form.as_of.data, order_key=key_of(form.name.data, form.as_of.data)).id))
            except Refused as refusal:
                refused = refusal.reasons + form.show(refusal)
        return self._show("office/recheck_nation.html", 422 if request.method == "POST" else 200, form=form, cases=cases, units=units, refused=refused)


class FindingGrid(Grid):
    """A finding with the figures of its run, and what would be found today."""
    details_template = "office/finding.html"

    def details_extra(self, row):
        case = row.application
        shown = case.on_register
        return {"today": conditions(case) if shown else [], "verdict": dict(VERDICTS).get(verdict(case)) if shown else None,
                "names": dict(VERDICTS), "tones": TONES,
                "case_screen": next((name for name in ("register", "dismissed") if name in self.screens and self.screens[name].open_to(self.user)
                                     and self.screens[name].rows(self.user).where(Application.id == case.id).exists()), None)}
