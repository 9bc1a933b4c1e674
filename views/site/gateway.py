"""The payment provider of the demo, as its visitors meet it: a page on which one pays, and the address that answers signed requests. It exists in the
demo only, stands beside the platform and knows nothing of it."""
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from tasks.paying import till

rooms = Blueprint("gateway", __name__)


def side():
    return till.local_gateway(current_app.settings)


@rooms.get("/gateway")
def ask():
    """A signed request: the page of a payment for a payer, everything else answered in signed JSON."""
    gateway, values = side(), request.args.to_dict()
    if not gateway.genuine(values):
        abort(404)
    if values.get("method") == "alipay.trade.page.pay":
        return redirect(url_for("gateway.page", code=gateway.order(values)["out_trade_no"]))
    return Response(gateway.answer(values), mimetype="application/json")


@rooms.get("/gateway/pay/<code>")
def page(code):
    """What is to be paid, to whom, and the button."""
    trade = side().trade(code) or abort(404)
    return render_template("site/gateway.html", trade=trade)


@rooms.post("/gateway/pay/<code>")
def pay(code):
    """The payer pays: the platform is told, and he is sent back to it."""
    gateway = side()
    trade = gateway.pay(gateway.trade(code) or abort(404))
    if trade["trade_status"] == "TRADE_SUCCESS":
        gateway.call_back(trade)
    return redirect(gateway.way_back(trade))


@rooms.get("/gateway/bill/<code>")
def bill(code):
    """The bill of a day, for whoever has its signed address."""
    content = side().bill(code, request.args.get("sign", ""))
    return Response(content, mimetype="application/zip") if content else abort(404)
