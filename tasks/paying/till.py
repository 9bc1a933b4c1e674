"""Stage 6: the providers of this installation, the messages they send, and what is asked of them by the clock."""
import hashlib
import logging
from pathlib import Path

from models import clock
from models.exams.arriving import PaymentNotice, arrive
from models.exams.statements import draw_up, undrawn
from models.exams.tries import PaymentTry
from models.workflow import Refused
from tasks.paying import gateway
from tasks.paying.alipay import FAILURES, Alipay, Untrue

log = logging.getLogger(__name__)
AT_ONCE = 200          # questions or refunds of one run
DAYS = 7               # statements that were not drawn up on their day are drawn up so long after it
_providers = {}


def configure(settings):
    """Open the providers that these settings name: Alipay, and in the demo a gateway of our own."""
    _providers.clear()
    if settings.alipay_app_id:
        own, theirs = (Path(path).read_text("utf-8") for path in (settings.alipay_private_key, settings.alipay_public_key))
        add(Alipay(settings.alipay_app_id, settings.alipay_seller_id, lambda: (own, theirs), settings.alipay_gateway, f"{settings.address}/pay/notify/alipay"))
    if settings.demo:
        side = local_gateway(settings)
        add(Alipay(gateway.APP, gateway.SELLER, side.keys, side.address, f"{settings.address}/pay/notify/local", "local", "演示支付"))


def add(provider):
    _providers[provider.name] = provider


def local_gateway(settings):
    """The other side of the demo."""
    return gateway.Gateway(settings.instance_dir / "gateway", f"{settings.address}/gateway")


def providers():
    """Those through which one can pay here."""
    return list(_providers.values())


def provider(name):
    """The provider of a name, or None."""
    return _providers.get(name)


# what they say --------------------------------------------------------------------------------------------------------------------------
def receive(name, form, raw, origin=""):
    """Judge a message that came in: its verdict, which is kept with the digest of its bytes whatever it is."""
    try:
        money = _providers[name].read(form)
        verdict = "unpaid" if money is None else judge(name, money)
    except Untrue as untrue:
        money, verdict = None, untrue.verdict
    keep(name, "notify", form.get("out_trade_no", ""), money, verdict, raw, origin)
    return verdict


def judge(name, money):
    """The verdict on money; 'busy' when somebody else held the rows, so that it is said again."""
    try:
        return arrive(name, money)
    except Refused as refusal:
        log.warning("money for %s not booked: %s", money.number, refusal)
        return "busy"


def keep(name, way, number, money, verdict, raw, origin=""):
    number = number.replace("\x00", "")[:32]
    attempt = PaymentTry.get_or_none(PaymentTry.number == number, PaymentTry.provider == name)
    PaymentNotice.create(provider=name, way=way, number=number, attempt=attempt, verdict=verdict, digest=hashlib.sha256(raw).hexdigest(), origin=origin,
                         amount=money and money.amount, trade_number=money.trade_number[:64] if money else "")


# what they are asked --------------------------------------------------------------------------------------------------------------------
def due(state):
    """The bills in a state that are to be looked after now, of providers that are here."""
    return list(PaymentTry.due(state, clock.now()).where(PaymentTry.provider.in_(list(_providers))).limit(AT_ONCE))


def reconcile():
    """Ask about bills of which nothing was heard; those that nobody needs any more are closed."""
    for attempt in due("open"):
        if attempt.payment.state == "open":
            inquire(attempt)
        else:
            end([attempt])


def inquire(attempt):
    """Ask about one bill, and book what there is; whether the provider answered."""
    try:
        money = _providers[attempt.provider].ask(attempt.number)
        verdict = "unpaid" if money is None else judge(attempt.provider, money)
    except (*FAILURES, Untrue) as error:
        attempt.put_off(f"{type(error).__name__}: {error}")
        return False
    if money is not None:
        keep(attempt.provider, "query", attempt.number, money, verdict, repr(money).encode())
    if verdict in ("unpaid", "busy", "amount"):
        attempt.put_off()
    return verdict != "busy"


def end(attempts):
    """Bills whose time is over: what was paid at the last moment is booked, the others are closed at the provider and here. Those whose
    provider does not answer stay open for now."""
    for attempt in list(attempts):
        side = _providers.get(attempt.provider)
        try:
            if side is not None:
                if not inquire(attempt) or PaymentTry.get_by_id(attempt.id).state != "open":
                    continue
                side.stop(attempt.number)
            attempt.expire(by=None)
        except FAILURES as error:
            attempt.put_off(f"{type(error).__name__}: {error}")
        except Refused as refusal:
            log.info("not closed: %s", refusal)


def refund_waiting():
    """Send back what has to go back; what fails is tried again after a pause."""
    for attempt in due("refunding"):
        try:
            _providers[attempt.provider].give_back(attempt.number, attempt.amount)
            attempt.confirm_refund(by=None)
        except FAILURES as error:
            log.warning("refund of %s: %s", attempt.number, error)
            attempt.put_off(f"{type(error).__name__}: {error}")
        except Refused as refusal:
            log.info("not taken: %s", refusal)


def draw_up_statements():
    """Compare the books with those of each provider, day by day until yesterday."""
    yesterday = clock.today() - clock.days(1)
    for side in providers():
        for day in undrawn(side.name, yesterday, DAYS):
            try:
                draw_up(side.name, day, side.bill(day))
            except FAILURES as error:
                log.warning("statement of %s for %s: %s", side.name, day, error)
            except Refused as refusal:
                log.info("not drawn up: %s", refusal)
