"""Paying through a provider that is there: the gateway of the demo answers over HTTP, and the program judges what it says with the code for the real
one. Every way in which a message can be wrong, late, doubled or lost."""
import datetime as dt
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from models import clock
from models.exams.arriving import PaymentNotice
from models.exams.entering import enter, subjects_for
from models.exams.payments import Payment
from models.exams.statements import Statement, StatementLine
from models.exams.tries import PaymentTry, begin
from tasks import upkeep
from tasks.paying import gateway, till
from tests import servers
from tests.cast import served
from tests.world import DAY, World

AFTER = DAY.replace(month=4, day=1)


@pytest.fixture
def program(settings, database):
    """The settings of a program that answers at the address that it gives to the provider, on the day of the world."""
    clock.stop(DAY)
    settings = replace(settings, port=servers.free_port())
    till.configure(settings)
    with served(settings, settings.port):
        yield settings
    clock.stop()


@pytest.fixture
def world(program):
    return World()


@pytest.fixture
def payment(world):
    case, session = world.registered(), world.session()
    entries = enter(case, session, [item for item, _ in subjects_for(case, session)], world.site.province, world.site, case.applicants()[0])
    return entries[0].payment


@pytest.fixture
def side(program):
    return till.local_gateway(program)


@pytest.fixture
def attempt(payment):
    return begin(payment, "local", payment.applicants()[0])


def ordered(side, attempt):
    """The trade at the provider, once the payer has opened its page."""
    values = dict(parse_qsl(urlsplit(till.provider("local").page(attempt, "http://127.0.0.1/back")).query))
    assert side.genuine(values)
    return side.order(values)


def paid(side, attempt):
    return side.pay(ordered(side, attempt))


def heard(form):
    """The verdict on a form, as it is posted to the program."""
    return till.receive("local", form, urlencode(form).encode(), "127.0.0.1")


def state():
    return Payment.get().state, PaymentTry.get().state


# messages -------------------------------------------------------------------------------------------------------------------------------
def test_a_message_over_http_books_the_money_and_is_kept(side, attempt):
    trade = paid(side, attempt)
    assert side.call_back(trade) and state() == ("paid", "paid")
    row = PaymentNotice.get()
    assert (row.verdict, row.way, row.number, row.attempt_id, row.amount, row.trade_number) == ("paid", "notify", attempt.number, attempt.id, 200, trade["trade_no"])
    assert len(row.digest) == 64 and row.origin == "127.0.0.1"
    assert side.call_back(trade) and [row.verdict for row in PaymentNotice.select().order_by(PaymentNotice.id)] == ["paid", "again"]


@pytest.mark.parametrize("change", [{"total_amount": "0.01"}, {"out_trade_no": "0" * 32}, {"sign": "AAAA"}, {"sign": "不是签名"}, {"sign": ""}, {"sign_type": "RSA"},
                                    {"extra": "1"}])
def test_a_message_that_was_tampered_with_is_not_believed(side, attempt, change):
    assert heard(side.notice(paid(side, attempt)) | change) == "signature"
    assert state() == ("open", "open") and PaymentNotice.get().amount is None


def test_a_message_without_a_signature_or_signed_by_somebody_else_is_not_believed(side, attempt, tmp_path):
    trade = paid(side, attempt)
    assert heard({name: value for name, value in side.notice(trade).items() if name != "sign"}) == "signature"
    assert heard(gateway.Gateway(tmp_path / "stranger", "").notice(trade)) == "signature"
    assert heard({}) == "signature" and PaymentNotice.select().count() == 3


@pytest.mark.parametrize("change, verdict", [({"app_id": "2026"}, "app"), ({"seller_id": "2088"}, "seller"), ({"currency": "USD"}, "currency"),
                                             ({"total_amount": "1.00"}, "amount"), ({"out_trade_no": "1" * 32}, "unknown"), ({"total_amount": "many"}, "unreadable"),
                                             ({"gmt_payment": ""}, "unreadable"), ({"trade_status": "WAIT_BUYER_PAY"}, "unpaid"), ({"trade_status": "TRADE_CLOSED"}, "unpaid")])
def test_a_genuine_message_about_something_else_books_nothing(side, attempt, change, verdict):
    assert heard(side.notice(paid(side, attempt), **change)) == verdict
    assert state() == ("open", "open") and PaymentNotice.get().verdict == verdict


@pytest.mark.parametrize("form, code", [({"id": "1"}, 400), ({"out_trade_no": "x" * 20_000}, 400)])
def test_the_address_for_messages_answers_failure_to_what_it_does_not_believe(program, form, code):
    with pytest.raises(OSError) as failed:
        urlopen(Request(f"{program.address}/pay/notify/local", urlencode(form).encode()))
    assert failed.value.code == code


# messages that are lost, and that come late -----------------------------------------------------------------------------------------------
def later(minutes):
    return clock.at(clock.now() + dt.timedelta(minutes=minutes))


def test_a_bill_of_which_nothing_was_heard_is_asked_about(side, attempt):
    paid(side, attempt)
    till.reconcile()
    assert state() == ("open", "open")            # it is not due yet
    with later(3):
        till.reconcile()
    assert state() == ("paid", "paid") and PaymentNotice.get().way == "query"


def test_a_bill_that_nobody_has_paid_is_asked_about_less_and_less(side, attempt):
    pauses = []
    for _ in range(4):
        with clock.at(PaymentTry.get().due_at):
            till.reconcile()
            pauses.append(PaymentTry.get().due_at - clock.now())
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1] and state() == ("open", "open")


def test_money_of_the_last_minute_is_asked_for_before_anything_is_void(side, attempt):
    with clock.at(dt.datetime(2026, 3, 31, 23, 59)):
        paid(side, attempt)
    with clock.at(AFTER):
        upkeep.void_unpaid_entries()
    assert state() == ("paid", "paid")


def test_a_bill_whose_time_is_over_is_closed_at_the_provider_and_the_entries_are_void(side, attempt):
    ordered(side, attempt)
    with clock.at(AFTER):
        upkeep.void_unpaid_entries()
    assert state() == ("closed", "closed") and {entry.state for entry in Payment.get().entries} == {"void"}
    assert side.pay(side.trade(attempt.number))["trade_status"] == "TRADE_CLOSED"


def test_while_the_provider_does_not_answer_nothing_is_void(program, attempt):
    till.configure(replace(program, port=servers.free_port()))
    with clock.at(AFTER):
        upkeep.void_unpaid_entries()
    assert state() == ("open", "open") and "URLError" in PaymentTry.get().error
    till.configure(program)
    with clock.at(AFTER):
        upkeep.void_unpaid_entries()
    assert state() == ("closed", "closed")


def test_late_money_goes_back_by_itself(side, attempt):
    trade = ordered(side, attempt)
    for entry in list(Payment.get().entries):
        entry.withdraw(by=Payment.get().applicants()[0])
    assert heard(side.notice(side.pay(trade))) == "late" and state() == ("closed", "refunding")
    till.refund_waiting()
    assert state() == ("closed", "refunded") and side.trade(attempt.number)["refunded"]


def test_a_bill_that_nobody_needs_any_more_is_closed_at_the_provider(world, side, attempt):
    ordered(side, attempt)
    Payment.get().record(by=world.exam, reference="1")
    with later(3):
        till.reconcile()
    assert state() == ("paid", "closed") and side.trade(attempt.number)["trade_status"] == "TRADE_CLOSED"


# refunds and statements -------------------------------------------------------------------------------------------------------------------
def test_a_refund_that_fails_is_tried_again_and_done_once(program, world, side, attempt):
    side.call_back(paid(side, attempt))
    Payment.get().refund(by=world.exam, reason="考试取消")
    till.configure(replace(program, port=servers.free_port()))
    till.refund_waiting()
    assert state() == ("refunding", "refunding") and PaymentTry.get().attempts == 1 and PaymentTry.get().due_at > clock.now()
    till.configure(program)
    till.provider("local").give_back(attempt.number, attempt.amount)          # as if the answer to the first had been lost
    till.refund_waiting()
    assert state() == ("refunding", "refunding")
    with later(3):
        till.refund_waiting()
    assert state() == ("refunded", "refunded")


def test_the_statement_of_a_day_is_made_from_the_bill_of_the_provider(world, side, attempt):
    side.call_back(paid(side, attempt))
    stranger = begin(world_payment(world), "local", world.applicant("旁人"))
    paid(side, stranger)                                                    # its message never came
    with clock.at(DAY + clock.days(1)):
        till.draw_up_statements()
        till.draw_up_statements()
    rows = {row.day: row for row in Statement.select()}
    assert len(rows) == till.DAYS and (rows[DAY].state, rows[DAY].ours, rows[DAY].theirs) == ("open", 1, 2)
    assert {row.state for day, row in rows.items() if day != DAY} == {"even"}
    line = StatementLine.get()
    assert (line.fault, line.number, line.their_amount, line.attempt_id) == ("theirs", stranger.number, 200, stranger.id)


def world_payment(world):
    """What a second person owes in the same session."""
    session, case = Payment.get().session, world.registered(world.applicant("苏以宁"))
    return enter(case, session, [item for item, _ in subjects_for(case, session)], world.site.province, world.site, case.applicants()[0])[0].payment
