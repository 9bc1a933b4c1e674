"""Stage 4 in the office: the review desk. One case at a time, its papers beside the unit's check list, decided by keyboard; the next one follows."""
from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user
from peewee import fn

from backoffice.actions import obstacles
from backoffice.grid import REFUSED
from backoffice.security import Guarded
from models.applications import APPLYING, Application, Confirmation, Document
from models.audit import note_reading
from models.base import writing
from models.parameters import value
from models.rules.book import explain
from models.workflow import Refused, Stale, held
from views.queues import ahead, held_back

VERDICTS = {"approve": "opinion", "send_back": "reason", "reject": "opinion"}          # step -> what it asks
PASSED = "符合申请条件"


class Review(Guarded):
    """For reviewers, as far as the screen of applications offers them the decision."""

    def __init__(self, screens):
        self.screens = screens
        super().__init__(name="审核台", category="招生与申请", endpoint="review", url="/office/review", menu_icon_type="svg", menu_icon_value="check")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and "approve" in self.steps

    @property
    def steps(self):
        """{name: step} of the decisions that the user takes."""
        screen = self.screens["application"]
        offered = screen.seen_by(self.user).steps_of(self.user) if screen.open_to(self.user) else ()
        return {step.name: step for step in offered if step.name in VERDICTS and "confirmed" in step.sources}

    @expose("/", methods=("GET", "POST"))
    def index(self):
        """The case `id`, or the first that waits; `held` is one whose decision the browser has not sent yet."""
        if request.method == "POST":
            return self._decide()
        case = self._asked()
        return self._desk(case or ahead(waiting(self.user), Application.confirmed_at, held=held_back()))

    def _asked(self):
        """The case that the address names, if it waits; said when it does not."""
        if "id" not in request.args:
            return None
        case = Application.seen(self.user, request.args["id"]) or abort(404)
        if case.state == "confirmed":
            return case
        flash(f"{case.person}的申请现在是“{case.state_label}”，不在审核台办理", "bad")
        return None

    def _desk(self, case, refused=None, typed=None):
        user, steps, status = self.user, self.steps, REFUSED if refused else 200
        if case is None:
            return self.render("office/review_desk.html", case=None, waits=0), status
        note_reading(user, case)        # the number is compared with the papers: it is shown whole
        return self.render("office/review_desk.html", case=case, steps=steps, waits=waiting(user).where(Application.id != (held_back() or 0)).count(), refused=refused, typed=typed or {},
                           checked=typed.getlist("check") if typed else [], after=ahead(waiting(user), Application.confirmed_at, case, held_back()), checks=checks(user),
                           papers=papers(user, case), old_enough=explain((APPLYING,), case)[0],
                           against={name: obstacles(step, case, user) for name, step in steps.items()}), status

    def _decide(self):
        """Take the decision; answered as JSON to the script of the page, which has gone on to the next case."""
        user, form = self.user, request.form
        case = Application.seen(user, form.get("id")) or abort(404)
        step = self.steps.get(form.get("verdict")) or abort(400)
        by_script = request.accept_mimetypes.best == "application/json"
        try:
            with writing():
                unchanged(case, form.get("edition", ""))
                step.take(case, user, answers(user, step, form))
        except Refused as refused:
            if by_script:
                return jsonify(case=str(case.person), against=[str(reason) for reason in refused.reasons] + list(refused.fields.values())), REFUSED
            case = Application.seen(user, case.id)
            return self._desk(case, refused, form) if case and case.state == "confirmed" else self._gone(refused)
        if by_script:
            return jsonify(case=str(case.person), done=step.done)
        flash(f"{case.person}：{step.done}。", "ok")
        return redirect(url_for(".index"))

    def _gone(self, refused):
        flash(f"没有完成：{refused}", "bad")
        return redirect(url_for(".index"))


def waiting(user):
    """Query over the confirmed cases that the user may decide, the longest waiting first: where a unit wants two people, not those he confirmed."""
    rows = Application.visible_to(user).where(Application.state == "confirmed").order_by(Application.confirmed_at, Application.id)
    if value("review.four_eyes", institution=user.institution_id):
        own = Confirmation.select(Confirmation.id).where(Confirmation.application == Application.id, Confirmation.valid, Confirmation.confirmed_by == user)
        rows = rows.where(~fn.EXISTS(own))
    return rows


def checks(user):
    """What a reviewer looks at before he lets somebody pass, by the unit's own list."""
    return value("review.checks", institution=user.institution_id)


def papers(user, case):
    """[(title, file)] of what was handed in, and the signed form of the confirmation."""
    found = [(row.title, row.file) for row in Document.visible_to(user).where(Document.application == case).order_by(Document.id)]
    signed = Confirmation.visible_to(user).where(Confirmation.application == case, Confirmation.valid, Confirmation.form_scan.is_null(False)).first()
    return found + ([("签字的资格审查表", signed.form_scan)] if signed else [])


def unchanged(case, edition):
    """Refused where the case is no longer the one that was looked at. Its row is held until the transaction ends."""
    now = held(Application, case.id)
    if now.state == "confirmed" and str(now.edition) != edition:
        raise Stale(now, now.changed_since(edition) if edition.isascii() and edition.isdecimal() else {})


def answers(user, step, form):
    """What the step asks, from the form; refused where somebody shall pass whose points were not all looked at."""
    text = form.get("words", "").strip()
    if step.name == "approve":
        wanted, done = checks(user), form.getlist("check")
        if missing := [name for name in wanted if name not in done]:
            raise Refused([f"还没有核对：{'、'.join(missing)}。要求 {len(wanted)} 项，实际 {len(wanted) - len(missing)} 项，差 {len(missing)} 项"])
        text = f"{text or PASSED}（已核对：{'、'.join(wanted)}）" if wanted else text or PASSED
    return {VERDICTS[step.name]: text, "void_confirmation": "void_confirmation" in form}
