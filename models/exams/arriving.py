"""Stage 6: what a provider says about money, kept word for word as a digest, and what follows from it. Any message may come twice, late, or never."""
from dataclasses import dataclass
from decimal import Decimal

from peewee import CharField, DateTimeField, DecimalField, ForeignKeyField

from models import clock
from models.base import Entity, writing
from models.exams.payments import Payment
from models.exams.tries import PROVIDERS, PaymentTry
from models.sealed import BlindIndexField, SealedField

VERDICTS = (("paid", "入账"), ("again", "重复，已处理过"), ("late", "不欠，退回"), ("unpaid", "没有支付"), ("unknown", "没有这个支付单"), ("amount", "金额不符"),
            ("currency", "币种不符"), ("seller", "收款方不符"), ("app", "应用不符"), ("signature", "签名不对"), ("unreadable", "内容不全"), ("busy", "没有办完，等下一次"))
WAYS = (("notify", "异步通知"), ("query", "主动查询"))
DONE = ("paid", "again", "late", "unpaid")       # the provider need not say it again


class PaymentNotice(Entity):
    """One message of a provider, from whomever it came: never changed, never deleted."""
    label, stage, readers = "支付通知", 6, "exam"

    provider = CharField(max_length=10, choices=PROVIDERS, verbose_name="支付机构")
    way = CharField(max_length=6, choices=WAYS, verbose_name="来路")
    number = CharField(max_length=32, default="", index=True, verbose_name="支付单号")
    attempt = ForeignKeyField(PaymentTry, null=True, backref="notices", on_delete="RESTRICT", verbose_name="支付单")
    trade_number = SealedField(null=True, blind_index="trade_index", verbose_name="交易号")
    trade_index = BlindIndexField(index=True)
    amount = DecimalField(max_digits=10, decimal_places=2, null=True, verbose_name="金额")
    verdict = CharField(max_length=10, choices=VERDICTS, verbose_name="处理")
    digest = CharField(max_length=64, verbose_name="原文摘要")
    origin = CharField(max_length=45, default="", verbose_name="来源地址")
    at = DateTimeField(default=clock.now, index=True, verbose_name="时间")

    class Meta:
        table_name = "payment_notice"

    def __str__(self):
        return f"{dict(WAYS)[self.way]} {self.number}"


@dataclass(frozen=True)
class Money:
    """What a provider is known to have received: yuan, its own number of it, and when."""
    number: str
    amount: Decimal
    trade_number: str
    paid_at: object


def arrive(provider, money):
    """The verdict on money that a provider is known to have: it settles the payment, or goes back when it is not owed, once."""
    with writing():
        attempt = PaymentTry.get_or_none(PaymentTry.number == money.number, PaymentTry.provider == provider)
        if attempt is None:
            return "unknown"
        payment = Payment.locked(attempt.payment_id)        # the payment first, as everybody does, and then its tries
        attempt = PaymentTry.locked(attempt.id)
        if attempt.state not in PaymentTry.book.sources:
            return "again"
        if money.amount != attempt.amount:
            return "amount"
        facts = {"trade_number": money.trade_number, "paid_at": money.paid_at}
        if payment.owes(attempt.amount, money.paid_at):
            attempt.book(by=None, **facts)
            return "paid"
        attempt.send_back(by=None, reason=f"款到时缴费“{payment.state_label}”，应付 {payment.amount} 元", **facts)
        return "late"
