"""Stage 5 in the office: transcripts are printed - one at once, many as one file by a job - and listed with their verification codes."""
from io import BytesIO

from flask import abort, flash, redirect, request, send_file, url_for
from flask_admin import expose

from backoffice.choices import Choice
from backoffice.forms import Typed, TypedForm
from backoffice.grid import Grid
from backoffice.kinds import Long
from backoffice.ordering import key_of
from models.applications import ON_REGISTER, Application
from models.programmes import Programme
from models.workflow import Reason, Refused
from tasks.print import transcripts

HAVE_ONE = (*ON_REGISTER, "awarded")        # states in which somebody has a transcript
MOST = 5000


class TranscriptGrid(Grid):
    """The transcripts that were issued, and the page on which they are ordered."""

    def tools(self, user):
        return [("打印成绩单", url_for(".print"), "print")] if self.screen.printed_by(user) else []

    @expose("/print/", methods=("GET", "POST"))
    def print(self):
        """Whose transcripts: by register numbers, or all of a programme."""
        offered = self.screen.printed_by(self.user)
        if not offered:
            abort(403)
        programmes = Programme.kept_at(self.user).where(Programme.state != "draft").order_by(Programme.year.desc(), Programme.id)
        form = _form(programmes)(request.form if request.method == "POST" else None, user=self.user, meta={"csrf": False},
                                 data={"numbers": request.args.get("number", "")})
        refused = []
        if request.method == "POST" and form.validate():
            try:
                return self._print(self._chosen_cases(form.numbers.data or "", form.programme.data))
            except Refused as refusal:
                refused = [*refusal.reasons, *form.show(refusal)]
        return self._show("office/transcripts.html", 422 if request.method == "POST" else 200, form=form, refused=refused, forms={name: paper.label for name, paper in offered.items()}, wrong=set(self.screens.laid_wrong) & set(offered))

    def _chosen_cases(self, numbers, programme):
        """The cases that were asked for; Refused with the numbers that are nobody's."""
        wanted = list(dict.fromkeys(numbers.replace("，", " ").replace(",", " ").split()))
        if bool(wanted) == bool(programme):
            raise Refused(fields={"numbers": "请填写注册号，或选一个学科，两样选一样"})
        mine = Application.visible_to(self.user).where(Application.institution == self.user.institution_id, Application.state.in_(HAVE_ONE))
        chosen = Application.register_number.in_(wanted) if wanted else Application.programme == int(programme)
        cases = list(mine.where(chosen).order_by(Application.register_number).limit(MOST + 1))
        missing = [number for number in wanted if number not in {case.register_number for case in cases}]
        if missing:
            raise Refused(fields={"numbers": f"没有注册号为 {'、'.join(missing[:10])} 的人，或不在您的范围内"})
        if not cases:
            raise Refused([Reason("这个学科还没有在册或已授学位的人")])
        if len(cases) > MOST:
            raise Refused([Reason("一次打印的人太多，请分几次", f"不超过 {MOST} 人", "更多")])
        return cases

    def _print(self, cases):
        address = url_for("checks.ask", _external=True) + "/"
        if len(cases) == 1:
            row, content = transcripts.one(cases[0], self.user, address)
            return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"成绩单_{cases[0].register_number}.pdf")
        flash("正在后台打印，完成后在这里下载。", "ok")
        chosen = key_of(request.form.get("numbers"), request.form.get("programme"))
        return redirect(url_for("jobs.show", id=transcripts.order([case.id for case in cases], self.user, address, chosen).id))


def _form(programmes):
    """The form with the programmes of the unit."""
    choices = [("", ""), *((row.id, f"{row.discipline} {row.year} 年") for row in programmes)]
    return type("PrintForm", (TypedForm,), {
        "numbers": Typed("注册号", Long(), description="一行一个；只有一个的直接打开，多个的合成一个文件"),
        "programme": Typed("或一个学科的全部", Choice(None, choices))})
