"""Stage 6: what becomes of money, whenever and however often it is heard of."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.audit import Entry
from models.exams.arriving import Money, arrive
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.places import Place
from models.exams.results import ExamResult
from models.exams.statements import StatementLine, draw_up, undrawn
from models.exams.tries import PaymentTry, begin
from models.outbox import Outbox
from tests.models.refusals import refused, sentences


@pytest.fixture
def payment(world):
    """What one person owes for two subjects."""
    case, session = world.registered(), world.session()
    entries = enter(case, session, [item for item, _ in subjects_for(case, session)], world.site.province, world.site, case.applicants()[0])
    return entries[0].payment


def user(payment):
    return payment.applicants()[0]


def money(attempt, amount=None, at=None, number=None):
    return Money(number or attempt.number, amount or attempt.amount, "2026032022001", at or clock.now())


def states(payment):
    return Payment.get_by_id(payment.id).state, {entry.state for entry in payment.entries}, [row.state for row in payment.tries.order_by(PaymentTry.id)]


def test_money_that_is_owed_settles_the_payment_and_its_entries(payment):
    attempt = begin(payment, "alipay", user(payment))
    assert arrive("alipay", money(attempt)) == "paid"
    assert states(payment) == ("paid", {"paid"}, ["paid"])
    row = Payment.get_by_id(payment.id)
    assert (row.method, row.reference, row.paid_on) == ("支付宝", "2026032022001", clock.today())
    assert Outbox.select().where(Outbox.template == "Payment.receive").count() == 1
    assert {entry.user_name for entry in Entry.select().where(Entry.verb.in_(("book", "receive")))} == {"系统"}


def test_money_that_is_heard_of_again_changes_nothing(payment):
    attempt = begin(payment, "alipay", user(payment))
    assert [arrive("alipay", money(attempt)) for _ in range(3)] == ["paid", "again", "again"]
    assert Entry.select().where(Entry.verb == "receive").count() == 1


def test_the_number_of_a_bill_is_not_guessed_and_is_asked_for_again_while_it_is_open(payment):
    first = begin(payment, "alipay", user(payment))
    assert len(first.number) == 32 and begin(payment, "alipay", user(payment)).id == first.id
    assert begin(payment, "local", user(payment)).number != first.number


@pytest.mark.parametrize("end", ["void", "withdraw"])
def test_money_for_entries_that_are_gone_goes_back(payment, end):
    attempt = begin(payment, "alipay", user(payment))
    with clock.at(dt.date(2026, 4, 1) if end == "void" else clock.now()):
        for entry in list(payment.entries):
            entry.void(by=None) if end == "void" else entry.withdraw(by=user(payment))
        assert arrive("alipay", money(attempt)) == "late" and arrive("alipay", money(attempt)) == "again"
    assert states(payment) == ("closed", {"void" if end == "void" else "withdrawn"}, ["refunding"])
    PaymentTry.get().confirm_refund(by=None)
    assert states(payment)[0] == "closed" and PaymentTry.get().state == "refunded"
    assert "款到时缴费“已关闭”" in PaymentTry.get().refund_reason


def test_money_after_the_last_day_goes_back_even_when_nothing_is_void_yet(payment):
    attempt = begin(payment, "alipay", user(payment))
    assert arrive("alipay", money(attempt, at=dt.datetime(2026, 4, 1, 0, 1))) == "late"
    assert states(payment) == ("open", {"unpaid"}, ["refunding"])


def test_money_of_the_last_minute_counts_whenever_it_is_heard_of(payment):
    attempt = begin(payment, "alipay", user(payment))
    with clock.at(dt.datetime(2026, 4, 1, 0, 3)):
        assert arrive("alipay", money(attempt, at=dt.datetime(2026, 3, 31, 23, 59))) == "paid"


def test_a_bill_of_an_amount_that_is_no_longer_owed_goes_back_whole(payment):
    attempt = begin(payment, "alipay", user(payment))
    payment.entries.first().withdraw(by=user(payment))
    fresh = begin(payment, "alipay", user(payment))
    assert (fresh.amount, attempt.amount) == (100, 200) and arrive("alipay", money(attempt)) == "late"
    assert arrive("alipay", money(fresh)) == "paid"
    assert states(payment) == ("paid", {"withdrawn", "paid"}, ["refunding", "paid"])


def test_of_two_bills_that_are_both_paid_the_second_goes_back(payment):
    first, second = begin(payment, "alipay", user(payment)), begin(payment, "local", user(payment))
    assert arrive("local", money(second)) == "paid" and arrive("alipay", money(first)) == "late"
    assert states(payment) == ("paid", {"paid"}, ["refunding", "paid"])


def test_money_under_a_bill_that_was_closed_counts_while_it_is_owed(payment):
    attempt = begin(payment, "alipay", user(payment))
    attempt.expire(by=None)
    assert arrive("alipay", money(attempt)) == "paid"


def test_a_wrong_amount_and_an_unknown_number_are_not_booked(payment):
    attempt = begin(payment, "alipay", user(payment))
    assert arrive("alipay", money(attempt, Decimal("0.01"))) == "amount"
    assert arrive("alipay", money(attempt, number="0" * 32)) == "unknown"
    assert arrive("local", money(attempt)) == "unknown"        # the bill of another provider
    assert states(payment) == ("open", {"unpaid"}, ["open"])


def test_nobody_begins_to_pay_what_is_paid_or_over(payment, world):
    with clock.at(dt.date(2026, 4, 1)):
        assert "不在缴费时间内" in sentences(begin, payment, "alipay", user(payment))[0]
    payment.record(by=world.exam, reference="1")
    assert sentences(begin, payment, "alipay", user(payment)) == ["这笔缴费不能再付：要求 待缴费，实际 已缴费"]


# refunds --------------------------------------------------------------------------------------------------------------------------------
def test_a_refund_cancels_the_entries_frees_the_places_and_ends_when_the_provider_has_paid(payment, world):
    arrive("alipay", money(begin(payment, "alipay", user(payment))))
    payment.refund(by=world.exam, reason="考试取消")
    assert states(payment) == ("refunding", {"withdrawn"}, ["refunding"]) and {row.taken for row in Place.select()} == {0}
    assert sentences(payment.record_refund, by=world.exam, reference="x")[0].startswith("支付宝的款由支付机构退回")
    PaymentTry.get().confirm_refund(by=None)
    assert states(payment) == ("refunded", {"withdrawn"}, ["refunded"]) and Payment.get().refunded_on == clock.today()


def test_what_was_paid_offline_is_returned_offline(payment, world):
    payment.record(by=world.exam, reference="1")
    assert list(refused(payment.refund, by=world.exam).fields) == ["reason"]
    payment.refund(by=world.exam, reason="考试取消").record_refund(by=world.exam, reference="退-1")
    assert Payment.get().state == "refunded" and Payment.get().refund_reference == "退-1"


def test_whoever_has_a_result_gets_nothing_back(payment, world):
    payment.record(by=world.exam, reference="1")
    ExamResult.add(world.exam, entry=payment.entries.first(), score=Decimal(70))
    assert sentences(payment.refund, by=world.exam, reason="x") == ["已有考试成绩，不能退费"]


def test_the_books_stay_when_the_case_is_dismissed_and_late_money_goes_back(payment, world):
    attempt = begin(payment, "alipay", user(payment))
    payment.application.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert not ExamEntry.select().exists() and arrive("alipay", money(attempt)) == "late"
    assert Payment.get().state == "closed" and PaymentTry.get().state == "refunding"


# statements -----------------------------------------------------------------------------------------------------------------------------
def test_a_statement_lists_every_line_in_which_the_books_differ(payment, world):
    attempt = begin(payment, "alipay", user(payment))
    arrive("alipay", money(attempt))
    today = clock.today()
    theirs = {("paid", attempt.number): Decimal(199), ("paid", "0" * 32): Decimal(100), ("refunded", "1" * 32): Decimal(50)}
    row = draw_up("alipay", today, theirs)
    assert (row.state, row.ours, row.theirs, row.our_amount, row.their_amount) == ("open", 1, 3, 200, 249)
    assert sorted((line.fault, line.kind, line.our_amount, line.their_amount, line.attempt_id) for line in StatementLine.select()) == [
        ("amount", "paid", 200, 199, attempt.id), ("theirs", "paid", None, 100, None), ("theirs", "refunded", None, 50, None)]
    assert sentences(row.agree, by=None) == ["还有差异：要求 0 条，实际 3 条，差 3 条"]
    assert row.explain(by=world.exam, remark="已查明").state == "settled"


def test_a_day_that_is_even_says_so_and_is_drawn_up_once(payment):
    attempt = begin(payment, "alipay", user(payment))
    arrive("alipay", money(attempt))
    today = clock.today()
    assert draw_up("alipay", today, {("paid", attempt.number): Decimal("200.00")}).state == "even"
    assert sentences(draw_up, "alipay", today, {}) == ["这一天已经对过账"]
    assert undrawn("alipay", today, 3) == [today - clock.days(2), today - clock.days(1)]


def test_money_that_the_provider_does_not_know_is_a_difference(payment):
    arrive("alipay", money(begin(payment, "alipay", user(payment))))
    draw_up("alipay", clock.today(), {})
    assert [line.fault for line in StatementLine.select()] == ["ours"]
