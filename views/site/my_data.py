"""What is held about me: download it, have it corrected, and see and change what I agreed to."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from backoffice import fresh
from backoffice.jobs import told
from backoffice.ordering import key_of
from models import clock
from models.base import writing
from models.clearing import forget_biometrics
from models.consents import KINDS, Consent, record_consent, standing, text_of
from models.jobs import Job
from models.limits import TooOften, count
from views import held
from views.site.changes import subject
from views.site.mine import applicants_only, me, my_cases

rooms = Blueprint("my_data", __name__)
rooms.before_request(applicants_only)


@rooms.get("/me/data")
def show(reasons=(), code=200):
    """The page, with the last file that was ordered and every consent."""
    person = me().person
    asked = [(kind, label, standing(person, kind), text_of(kind)) for kind, label in KINDS.items()]
    said = list(Consent.visible_to(me()).where(Consent.person == person).order_by(Consent.id.desc()))
    return render_template("site/my_data.html", job=last(), asked=asked, said=said, correctable=subject() is not None, reasons=reasons), code


def last():
    """The last file that was ordered, as its job."""
    return Job.visible_to(me()).where(Job.kind == held.KIND, Job.user_id == me().id).order_by(Job.id.desc()).first()


@rooms.get("/me/data/progress")
def progress():
    """How far it is, for the page that waits."""
    return told(last() or abort(404))


@rooms.post("/me/data/order")
def order():
    """Order the file, once it is sure who asks; one at a time."""
    if page := fresh.ask():
        return page
    job = last()
    if job is None or job.state not in ("queued", "running"):
        try:
            count("export.per_account", f"account {me().id}", "导出")
        except TooOften as often:
            return show(often.reasons, 429)
        held.order(me(), key_of())
    return redirect(url_for("my_data.show"))


@rooms.post("/me/data/consent/<any(privacy, biometrics):kind>")
def consent(kind):
    """Agree to the text in force; or take back the consent to be captured, after which nothing that was captured is kept."""
    given = request.form.get("given") == "1"
    if kind == "privacy" and not given:
        abort(400)
    if page := fresh.ask():
        return page
    with writing():
        record_consent(me(), me().person, kind, given)
        if kind == "privacy":
            me().person.change(me(), reason=f"同意{text_of(kind)}", consent_version=text_of(kind).version, consented_at=clock.now())
        gone = 0 if given else sum(forget_biometrics(case, me(), "本人撤回同意，销毁现场照片和指纹") for case in my_cases())
    flash(f"已记录您{'同意' if given else '不同意'}{KINDS[kind]}。" + ("已采集的指纹和现场照片已经销毁；统考入场凭身份证件原件，由考点负责人核对。" if gone else ""), "ok")
    return redirect(url_for("my_data.show"))
