"""Stages 3, 5, 7 and 8 in the office: papers of cases - one from the page of the case, those of a list as one file by a job."""
from io import BytesIO
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, send_file, url_for
from flask_admin import expose

from backoffice.grid import REFUSED
from backoffice.listing import Listing
from backoffice.ordering import key_of
from models.applications import Application
from models.printouts import forms_of
from models.transcripts import graded
from models.workflow import Reason, Refused
from tasks.print import cases, transcripts

MOST, TRANSCRIPT = 5000, "transcript"


class Printing:
    """What a grid of cases prints."""

    @property
    def prints(self):
        """{form: its name} of what the user prints here."""
        return {name: form.label for name, form in self.screen.printed_by(self.user).items()}

    def tools(self, user):
        return [("打印表格", url_for(".papers", list="?" + request.query_string.decode("ascii", "replace")), "print")] if self.prints else []

    def papers_of(self, case):
        """[(form, its name)] that the user prints of a case."""
        offered = self.prints if case.belongs_to(self.user) else {}
        has = {*forms_of(case), *([TRANSCRIPT] if TRANSCRIPT in offered and graded(case) else [])} if offered else ()
        return [(form, label) for form, label in offered.items() if form in has]

    @expose("/paper/<form>/", methods=("POST",))
    def paper(self, form):
        """One paper of the case `id`."""
        case = self._row(request.form.get("id"))
        if form not in dict(self.papers_of(case)):
            abort(404)
        return self._paper(form, case)

    @expose("/papers/", methods=("GET", "POST"))
    def papers(self):
        """Which paper of all in a list, whose address is `list`."""
        if not self.prints:
            abort(403)
        listing = Listing(self.screen, self.user, parse_qsl(request.values.get("list", "").lstrip("?")))
        ids, reasons, form = [id for part in listing.all_ids(MOST + 1) for id in part], [], request.form.get("form", "")
        if request.method == "POST":
            reasons = _against(form, ids, self.prints)
            if not reasons:
                try:
                    return self._print(form, ids)
                except Refused as refused:
                    reasons = refused.reasons
        return self._show("office/papers.html", REFUSED if reasons else 200, forms=self.prints, wrong=set(self.screens.laid_wrong) & set(self.prints), form=form, number=len(ids), refused=reasons,
                          list=request.values.get("list", ""))

    def _print(self, form, ids):
        if len(ids) == 1:
            return self._paper(form, Application.seen(self.user, ids[0]))
        flash("正在后台打印，完成后在这里下载。", "ok")
        job = transcripts.order(ids, self.user, _address(), key_of(form)) if form == TRANSCRIPT else cases.order(form, ids, self.user, _address(), key_of(form))
        return redirect(url_for("jobs.show", id=job.id))

    def _paper(self, form, case):
        row, content = transcripts.one(case, self.user, _address()) if form == TRANSCRIPT else cases.one(form, case, self.user, _address())
        return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{self.prints[form]}_{case.person.name}.pdf")


def _against(form, ids, offered):
    """Reasons against printing a form of so many."""
    found = [] if form in offered else [Reason("请选择要打印的表格")]
    if not ids:
        found.append(Reason("这个列表里没有人"))
    if len(ids) > MOST:
        found.append(Reason("一次打印的人太多，请用筛选分几次", f"不超过 {MOST:,} 人", f"多于 {MOST:,} 人"))
    return found


def _address():
    return url_for("checks.ask", _external=True) + "/"
