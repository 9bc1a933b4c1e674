"""Stage 6: the books of a day beside those of the provider, and every line in which they differ."""
import datetime as dt
from decimal import Decimal

from peewee import CharField, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField

from models import clock
from models.base import Entity, writing
from models.exams.tries import PROVIDERS, PaymentTry
from models.workflow import Ask, Reason, Record, Step

KINDS = (("paid", "收款"), ("refunded", "退款"))
FAULTS = (("ours", "支付机构没有"), ("theirs", "平台没有"), ("amount", "金额不同"))


class Statement(Record):
    """One day at one provider. It is even, or the exam office says what became of the differences."""
    label, stage, readers = "对账单", 6, "exam"
    STATES = {"open": ("有差异", "bad"), "even": ("相符", "ok"), "settled": ("已处理", "off")}
    clashes = {"provider": "这一天已经对过账"}

    provider = CharField(max_length=10, choices=PROVIDERS, verbose_name="支付机构")
    day = DateField(verbose_name="日期")
    ours = IntegerField(verbose_name="平台笔数")
    theirs = IntegerField(verbose_name="机构笔数")
    our_amount = DecimalField(max_digits=12, decimal_places=2, verbose_name="平台净额")
    their_amount = DecimalField(max_digits=12, decimal_places=2, verbose_name="机构净额")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    remark = CharField(max_length=200, default="", verbose_name="处理说明")
    made_at = DateTimeField(default=clock.now, verbose_name="生成时间")

    class Meta:
        indexes = ((("provider", "day"), True),)

    def __str__(self):
        return f"{dict(PROVIDERS)[self.provider]} {self.day} 对账单"

    def differs(self, act):
        """有差异"""
        count = self.lines.count()
        return Reason("还有差异", "0 条", f"{count} 条", f"{count} 条") if count else None

    def explained(self, act):
        self.remark = act["remark"]

    agree = Step("open", "even", by="system", label="相符", stage=6, unless=differs)
    explain = Step("open", "settled", by="exam", label="差异已处理", stage=6, sets=explained, asks=(Ask("remark", "处理说明", "line"),), awaits=True)


class StatementLine(Entity):
    """A difference: what both sides say of one number, yuan."""
    label, stage, readers, seen_through = "对账差异", 6, "exam", "statement"

    statement = ForeignKeyField(Statement, backref="lines", on_delete="RESTRICT", verbose_name="对账单")
    kind = CharField(max_length=10, choices=KINDS, verbose_name="类别")
    number = CharField(max_length=64, verbose_name="支付单号")
    attempt = ForeignKeyField(PaymentTry, null=True, on_delete="RESTRICT", verbose_name="支付单")
    fault = CharField(max_length=10, choices=FAULTS, verbose_name="差异")
    our_amount = DecimalField(max_digits=12, decimal_places=2, null=True, verbose_name="平台金额")
    their_amount = DecimalField(max_digits=12, decimal_places=2, null=True, verbose_name="机构金额")

    class Meta:
        table_name = "statement_line"

    def __str__(self):
        return f"{dict(KINDS)[self.kind]} {self.number}"


def booked(provider, day):
    """{(kind, number): yuan} of what was received and returned on a day, as the platform has it."""
    first = dt.datetime.combine(day, dt.time())
    return {(kind, number): amount for kind, moment in (("paid", PaymentTry.paid_at), ("refunded", PaymentTry.refunded_at))
            for number, amount in PaymentTry.select(PaymentTry.number, PaymentTry.amount).where(
                PaymentTry.provider == provider, moment >= first, moment < first + clock.days(1)).tuples()}


def draw_up(provider, day, theirs):
    """The Statement of a day: `theirs` is {(kind, number): yuan} as the provider has it."""
    ours = booked(provider, day)
    differing = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
    known = dict(PaymentTry.select(PaymentTry.number, PaymentTry.id).where(PaymentTry.number.in_([number for _, number in differing])).tuples())
    with writing():
        row = Statement.add(None, provider=provider, day=day, ours=len(ours), theirs=len(theirs), our_amount=net(ours), their_amount=net(theirs))
        for key in differing:
            kind, number = key
            fault = "theirs" if key not in ours else "ours" if key not in theirs else "amount"
            StatementLine.create(statement=row, kind=kind, number=number, attempt=known.get(number), fault=fault, our_amount=ours.get(key),
                                 their_amount=theirs.get(key))
        return row if differing else row.agree(by=None)


def net(lines):
    """Yuan received less yuan returned."""
    return sum((amount if kind == "paid" else -amount for (kind, _), amount in lines.items()), Decimal(0))


def undrawn(provider, until, days):
    """The days up to `until`, the last so many, for which there is no statement yet."""
    first = until - clock.days(days - 1)
    done = {day for day, in Statement.select(Statement.day).where(Statement.provider == provider, Statement.day >= first).tuples()}
    return [day for n in range(days) if (day := first + clock.days(n)) not in done]
