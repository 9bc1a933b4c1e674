"""Stage 6: one attempt to pay through a provider, and what becomes of the money."""
import datetime as dt
import secrets

from peewee import CharField, Check, DateTimeField, DecimalField, ForeignKeyField, IntegerField

from models import clock
from models.base import writing
from models.exams.payments import Payment, payment_ends
from models.parameters import within_window
from models.sealed import BlindIndexField, SealedField
from models.workflow import Reason, Record, Refused, Step

PROVIDERS = (("alipay", "支付宝"), ("local", "演示支付"))
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 240))       # between two questions, or two attempts at a refund


class PaymentTry(Record):
    """A bill of its own at the provider, under a number that nobody guesses. Money that is not owed when it arrives goes back."""
    label, stage, readers, seen_through = "支付单", 6, "applicant exam", "payment"
    STATES = {"open": ("待支付", "wait"), "paid": ("已到账", "ok"), "closed": ("未支付关闭", "off"), "refunding": ("退款中", "busy"), "refunded": ("已退款", "off")}

    payment = ForeignKeyField(Payment, backref="tries", on_delete="RESTRICT", verbose_name="缴费")
    provider = CharField(max_length=10, choices=PROVIDERS, verbose_name="支付机构")
    number = CharField(max_length=32, unique=True, verbose_name="支付单号")
    amount = DecimalField(max_digits=8, decimal_places=2, verbose_name="金额")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    trade_number = SealedField(null=True, blind_index="trade_index", verbose_name="交易号")
    trade_index = BlindIndexField(index=True)
    paid_at = DateTimeField(null=True, verbose_name="支付时间")
    refund_reason = CharField(max_length=200, default="", verbose_name="退款原因")
    refunded_at = DateTimeField(null=True, verbose_name="退款时间")
    attempts = IntegerField(default=0, verbose_name="次数")
    due_at = DateTimeField(null=True, verbose_name="下次办理")
    error = CharField(max_length=200, default="", verbose_name="错误")
    created_at = DateTimeField(default=clock.now, verbose_name="发起时间")

    class Meta:
        table_name = "payment_try"
        constraints = [Check("amount > 0")]
        indexes = ((("state", "due_at"), False),)

    def __str__(self):
        return f"{self.provider_label} {self.number}"

    @property
    def provider_label(self):
        return dict(PROVIDERS)[self.provider]

    @classmethod
    def due(cls, state, now):
        """Query over those in a state whose next question or refund is due, the oldest first."""
        return cls.select().where(cls.state == state, cls.due_at.is_null() | (cls.due_at <= now)).order_by(cls.due_at, cls.id)

    def put_off(self, error=""):
        """Come back to it after a pause that grows."""
        pause = PAUSES[min(self.attempts, len(PAUSES) - 1)]
        PaymentTry.update(attempts=PaymentTry.attempts + 1, due_at=clock.now() + pause, error=error[:200]).where(PaymentTry.id == self.id).execute()

    def not_owed(self, act):
        """缴费已经完成、关闭，或金额、时间不符"""
        return None if self.payment.owes(self.amount, act["paid_at"]) else Reason("这笔款现在不欠", "待缴费", self.payment.state_label)

    def came(self, act):
        self.trade_number, self.paid_at, self.due_at, self.attempts = act["trade_number"], act["paid_at"], None, 0

    def came_in_vain(self, act):
        self.came(act)
        self.refund_reason = act.reason[:200]

    def pay(self, act):
        self.payment.receive(by=None, method=self.provider_label, reference=self.trade_number, paid_on=self.paid_at.date())

    def begun(self, act):
        self.refund_reason, self.due_at, self.attempts = act.reason[:200], None, 0

    def returned(self, act):
        self.refunded_at, self.due_at, self.error = act.at, None, ""

    def close_payment(self, act):
        """The payment that it settled is returned with it; money that came in vain settled none."""
        if self.payment.state == "refunding":
            self.payment.give_back(by=None, reference=self.trade_number)

    def applicants(self):
        return self.payment.applicants()

    book = Step("open|closed", "paid", by="system", label="到账", stage=6, tone="ok", unless=not_owed, sets=came, then=pay)
    send_back = Step("open|closed", "refunding", by="system", label="退回不欠的款", stage=6, sets=came_in_vain, tell=applicants, done="这笔款不再需要，原路退回中")
    expire = Step("open", "closed", by="system", label="关闭", stage=6)
    refund = Step("paid", "refunding", by="exam", label="退款", stage=6, sets=begun, inner=True)
    confirm_refund = Step("refunding", "refunded", by="system", label="退款完成", stage=6, sets=returned, then=close_payment, tell=applicants, done="款已原路退回")


def begin(payment, provider, by):
    """The bill under which an open payment is paid through a provider: the one that still asks for the same amount, else a new one."""
    with writing():
        payment = Payment.locked(payment.id)
        late = within_window(None, payment_ends(payment.session), "缴费")
        if payment.state != "open" or late:
            raise Refused([late or Reason("这笔缴费不能再付", "待缴费", payment.state_label)])
        same = payment.tries.where(PaymentTry.state == "open", PaymentTry.provider == provider, PaymentTry.amount == payment.amount).first()
        number = f"{clock.today():%Y%m%d}{secrets.token_hex(12)}"
        return same or PaymentTry.add(by, payment=payment, provider=provider, amount=payment.amount, number=number, due_at=clock.now() + PAUSES[0])
