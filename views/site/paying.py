"""Stage 6 for the applicant: paying for the entries of a session, how it stands, and the receipt. Nothing here says that money has come: only the
provider does, by its signed message or when it is asked."""
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for

from models.exams.payments import Payment, payment_ends
from models.exams.tries import begin
from models.workflow import Refused
from tasks.paying import till
from views.site.mine import applicants_only, me, mine

rooms = Blueprint("paying", __name__)
rooms.before_request(applicants_only)


@rooms.get("/me/exam/pay/<int:id>")
def show(id):
    """What is owed and the ways to pay it; once it is paid, the receipt."""
    return page(mine(Payment, id))


@rooms.post("/me/exam/pay/<int:id>")
def start(id):
    """Begin an attempt with a provider; its page is opened by the link that is shown then."""
    payment, side = mine(Payment, id), till.provider(request.form.get("provider"))
    if side is None:
        abort(404)
    try:
        begin(payment, side.name, me())
    except Refused as refused:
        return page(mine(Payment, id), refused.reasons, 422)
    return redirect(url_for("paying.show", id=payment.id))


@rooms.post("/me/exam/pay/check/<int:id>")
def check(id):
    """Ask the provider whether the money has come."""
    payment = mine(Payment, id)
    heard = [till.inquire(attempt) for attempt in open_tries(payment)]
    if not all(heard):
        flash("支付机构现在没有答复，稍后会自动再查，请不要重复付款。", "wait")
    elif mine(Payment, id).state == "open":
        flash("支付机构还没有收到这笔款。", "wait")
    return redirect(url_for("paying.show", id=id))


@rooms.get("/me/exam/pay/back/<int:id>")
def back(id):
    """Where the payer comes back to. What the address says of the payment is not looked at."""
    payment = mine(Payment, id)
    if payment.state == "open":
        flash("支付结果以支付机构的通知为准，通常几秒内到达。", "busy")
    return redirect(url_for("paying.show", id=id))


def open_tries(payment):
    """The attempts that may still be paid, of providers that are here."""
    return [attempt for attempt in payment.tries if attempt.state == "open" and till.provider(attempt.provider)]


def page(payment, reasons=(), code=200):
    tries = list(payment.tries.order_by(payment.tries.model.id.desc()))
    waiting = next((attempt for attempt in open_tries(payment) if attempt.amount == payment.amount), None) if payment.state == "open" else None
    way = till.provider(waiting.provider).page(waiting, f"{current_app.settings.address}{url_for('paying.back', id=payment.id)}") if waiting else ""
    entries = [entry for entry in payment.entries.order_by(payment.entries.model.id) if entry.live or payment.state in ("refunding", "refunded")]
    return render_template("site/payment.html", payment=payment, entries=entries, reasons=reasons, tries=tries, waiting=waiting, way=way,
                           providers=till.providers(), ends=payment_ends(payment.session)), code
