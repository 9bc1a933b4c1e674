"""Stage 7 in the office: a dismissal rehearsed before it is done - for every case why, what would be cleared, what speaks against it now.
Where the unit asks for four eyes or a cool-off the same page proposes it; more than a page full is done by a job."""
from collections import Counter
from functools import cached_property

from flask import abort, flash, redirect, request, url_for

from backoffice import fresh
from backoffice.actions import Taking
from backoffice.ordering import key_of
from backoffice.paths import load_owners, named_by
from models.applications import Application
from models.dismissals import Dismissal
from models.rehearsals import rehearse_dismissal
from models.workflow import Reason
from tasks import bulk_steps, dismissals
from tasks.jobs import ordered, submit

AT_ONCE = 200             # cases in one request, each with its tick; more are done by a job
SHOWN = 100               # of those the first so many are listed


class Rehearsal(Taking):
    """A dismissal about to be done, or proposed, of cases that have been rehearsed."""

    def __init__(self, user, lines, given=None, ticked=None, columns=(), offer=Application.dismiss):
        """`offer` is the step as the screen calls it."""
        self.offer = offer
        self.lines = {line.id: line for line in lines}
        cases = [line.case for line in lines]
        self.rule = cases[0].only_by_proposal(None)
        self.asked = {case for case, in Dismissal.select(Dismissal.application).where(
            Dismissal.institution == cases[0].institution_id, Dismissal.state.in_(("proposed", "approved"))).tuples()}
        load_owners(cases, [key for column in columns for key in column.keys] + named_by(Application))
        super().__init__(Application.dismiss, user, Application, list(self.lines), lambda: cases, given, None, ticked, columns)

    @property
    def label(self):
        """What is done here, in a word."""
        return f"提议{self.offer.label}" if self.rule else self.offer.label

    @property
    def many(self):
        """Whether a job does it."""
        return len(self.rows) > AT_ONCE

    def against(self, row):
        found = [reason for reason in self.lines[row.id].refused if reason != self.rule]
        return found + ([Reason("已有一件清退提议，等待审核人决定")] if row.id in self.asked and not found else [])

    @cached_property
    def cleared(self):
        """{kind: rows} that would go in all."""
        return sum((Counter(self.lines[id].cleared) for id in self.ticked), Counter())

    @cached_property
    def doubtful(self):
        """How many of the cases something speaks against now."""
        return sum(bool(self.lines[id].against) for id in self.ticked)

    @property
    def ticked(self):
        """Those against which the rehearsal has found nothing."""
        return [candidate.row.id for candidate in self.candidates if candidate.ticked]

    def take_on(self, row):
        if self.rule:
            Dismissal.add(self.user, application=row, ground=self.answers["ground"], statement=self.answers["reason"])
        else:
            super().take_on(row)

    def order(self):
        """The job that does it."""
        ids, title = self.ticked, f"{self.label} {self.number:,} 人"
        order_key = self.given.get("order_key", "")
        if self.rule:
            return submit(dismissals.KIND, title, self.user, order_key, ids=ids, ground=self.answers["ground"], statement=self.answers["reason"])
        return submit(bulk_steps.KIND, title, self.user, order_key, entity=Application.__name__, step=self.step.name, ids=ids, answers=self.answers)


def page(grid, ids):
    """The page of a dismissal on a grid over Application, for the cases with these ids; with confirm=1 it is done."""
    if job := ordered(grid.user, key_of()):
        return redirect(url_for("jobs.show", id=job.id))
    if len(ids) > bulk_steps.MOST or not ids:
        flash(f"一次最多 {bulk_steps.MOST:,} 人，实际 {len(ids):,} 人，请先筛选" if ids else "还没有选择任何人", "bad")
        return redirect(url_for(".index"))
    lines = rehearse_dismissal([int(id) for id in ids if id.isdecimal() and len(id) < 10], grid.user)
    if len(lines) < len(ids) or any(line.case is None for line in lines):
        abort(404)
    confirmed = request.method == "POST" and request.form.get("confirm") == "1"
    ticked = {int(id) for id in request.form.getlist("id")} if confirmed and len(lines) <= AT_ONCE else None
    rehearsal = Rehearsal(grid.user, lines, request.form if confirmed else None, ticked, grid.screen.brief, grid.dismissal)
    if not confirmed and request.args.get("ground") in dict(rehearsal.form.ground.kind.choices):
        rehearsal.form.ground.take(request.args["ground"])
    doubt = fresh.doubt(rehearsal.step.fresh, request.form if confirmed else None)
    if not (confirmed and rehearsal.ready() and doubt is None):
        return _show(grid, rehearsal, 422 if confirmed else 200, doubt=doubt)
    if rehearsal.many:
        return redirect(url_for("jobs.show", id=rehearsal.order().id))
    outcome = rehearsal.take()
    if len(lines) > 1:
        return grid._show("office/dismissal_report.html", rehearsal=rehearsal, outcome=outcome)
    if outcome.skipped:
        return _show(grid, rehearsal, 422, outcome.skipped[0][-1])
    flash(f"{outcome.done[0]}：{'已提议清退，等待审核人决定' if rehearsal.rule else rehearsal.step.done}。", "ok")
    return redirect(grid._after(outcome.done[0]))


def _show(grid, rehearsal, status, refused=(), doubt=None):
    listed = rehearsal.candidates[:SHOWN if rehearsal.many else None]
    return grid._show("office/dismissal.html", status, taking=rehearsal, refused=refused, listed=listed, list=request.values.get("list", ""),
                      doubt=doubt)
