"""Stage 6 in the office: the plan of the seats, drawn by a job; the rooms with their seat maps; the papers of a site."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.grid import Grid
from backoffice.ordering import key_of
from backoffice.paths import load_owners
from models.base import writing
from models.exams.seating.late import unseated
from models.exams.seating.layout import place
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom, Seat
from models.exams.sessions import ExamSession
from models.exams.sites import ExamSite
from models.jobs import Job
from tasks import seating
from tasks.print import seating as papers
from tasks.print import tickets

DRAWING = (SeatPlan.draw.name, SeatPlan.redraw.name)


class SeatPlanGrid(Grid):
    """The plans; drawing one is done by a job."""
    details_template = "office/seat_plan.html"

    def details_extra(self, row):
        job = row.job
        return {"job": job if job and Job.seen(self.user, job.id) else None,
                "late": unseated(row.session).count() if row.state in ("draft", "fixed") else 0,
                "prints": self.screens["seated_room"].printed_by(self.user)}

    @expose("/step/<step>/", methods=("GET", "POST"))
    def step(self, step):
        """As on every grid; a plan that is to be drawn gets its job in the same transaction."""
        with writing():
            answer = super().step(step)
            if step in DRAWING and request.method == "POST":
                for plan in SeatPlan.visible_to(self.user).where(SeatPlan.state == "drawing"):
                    seating.order(plan, self.user)
        return answer


class SeatedRoomGrid(Grid):
    """The rooms in use: who sits where, and the papers of their site."""
    details_template = "office/seated_room.html"

    def tools(self, user):
        return [("打印考点材料", url_for(".papers"), "print")] if self.screen.printed_by(user) else []

    def details_extra(self, row):
        rows, columns = row.room.shape
        seats = list(Seat.visible_to(self.user).where(Seat.session == row.session_id, Seat.subject == row.subject_id, Seat.room == row.room_id))
        load_owners(seats, [("entry", "application", "person"), ("entry", "institution")])
        there = {seat.number: seat for seat in seats}
        grid = [[None] * columns for _ in range(rows)]
        for number in range(1, row.room.seats + 1):
            line, column = place(number, rows)
            grid[line][column] = number, there.get(number)
        return {"map": grid, "here": len(seats)}

    @expose("/papers/", methods=("GET", "POST"))
    def papers(self):
        """Which papers of which site; each is made by a job."""
        user, used = self.user, SeatedRoom.visible_to(self.user)
        sites = list(ExamSite.visible_to(user).where(ExamSite.id.in_(used.select(SeatedRoom.site))).order_by(ExamSite.province, ExamSite.code))
        sessions = list(ExamSession.visible_to(user).where(ExamSession.id.in_(used.select(SeatedRoom.session))).order_by(ExamSession.exam_on.desc()))
        kinds = {name: form.label for name, form in self.screen.printed_by(user).items()}
        if not kinds:
            abort(403)
        if request.method == "POST":
            site, session = (next((row for row in rows if str(row.id) == request.form.get(name)), None)
                             for name, rows in (("site", sites), ("session", sessions)))
            kind, form = request.form.get("paper"), request.form.get("form", "pdf")
            if site is None or session is None or kind not in kinds or form not in papers.FORMS:
                abort(404)
            order_key = key_of(site.id, session.id, kind, form)
            job = tickets.order(session, site, self.user, order_key) if kind == "tickets" else papers.order(session, site, kind, form, self.user, order_key)
            flash("正在后台打印，完成后在这里下载。", "ok")
            return redirect(url_for("jobs.show", id=job.id))
        return self._show("office/site_papers.html", sites=sites, sessions=sessions, kinds=kinds, wrong=set(self.screens.laid_wrong) & set(kinds), forms=papers.FORMS)
