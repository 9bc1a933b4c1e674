"""Stage 6: what a person pays for his entries in a session."""
from decimal import Decimal

from peewee import CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, fn

from models import clock
from models.applications import Application
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.sealed import BlindIndexField, SealedField
from models.workflow import Ask, Reason, Record, Step

OFFLINE = "线下登记"


def payment_ends(session):
    """The last day on which entries of a session are paid."""
    return session.payment_until or session.entry_until


def payment_over():
    """Query over the sessions of which the last day for paying is past."""
    return ExamSession.select().where(fn.COALESCE(ExamSession.payment_until, ExamSession.entry_until) < clock.today())


def fee_of(subject):
    """The fee in yuan for one subject of a session."""
    return subject.session.fee if subject.fee is None else subject.fee


class Payment(Record):
    """One payment for the entries of one case in one session. The books keep it when the case is dismissed."""
    label, stage, readers, seen_through = "缴费", 6, "applicant clerk exam", "application"
    STATES = {"open": ("待缴费", "wait"), "paid": ("已缴费", "ok"), "closed": ("已关闭", "off"), "refunding": ("退费中", "busy"), "refunded": ("已退费", "off")}

    application = ForeignKeyField(Application, backref="payments", on_delete="RESTRICT", verbose_name="姓名")
    session = ForeignKeyField(ExamSession, backref="payments", on_delete="RESTRICT", verbose_name="批次")
    amount = DecimalField(max_digits=8, decimal_places=2, verbose_name="金额")
    method = CharField(max_length=20, default="", verbose_name="方式")
    reference = SealedField(null=True, blind_index="reference_index", verbose_name="凭证号")
    reference_index = BlindIndexField(index=True)
    paid_on = DateField(null=True, verbose_name="缴费日期")
    refund_reference = SealedField(null=True, verbose_name="退费凭证号")
    refunded_on = DateField(null=True, verbose_name="退费日期")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    created_at = DateTimeField(default=clock.now, verbose_name="生成时间")

    class Meta:
        constraints = [Check("amount > 0")]
        indexes = ((("session", "state"), False),)

    def __str__(self):
        return f"{self.application} {self.amount} 元"

    def entries_in(self, state):
        """Query over its entries that are in a state, with their subjects, in the order in which places are taken."""
        entry = self.entries.model
        return (entry.select(entry, SessionSubject, Subject).join(SessionSubject).join(Subject).where(entry.payment == self.id, entry.state == state)
                .order_by(Subject.kind, entry.id))

    def recount(self, by):
        """What is owed follows from the entries that are still to be paid; with the last of them the payment closes."""
        owed = sum((fee_of(entry.subject) for entry in self.entries_in("unpaid")), Decimal(0))
        if not owed:
            self.close(by=by)
        elif owed != self.amount:
            self.change(by, verb="recount", verb_label="重算金额", amount=owed)

    def owes(self, amount, paid_at):
        """Whether money that was paid at a moment is what is owed now."""
        return self.state == "open" and amount == self.amount and paid_at.date() <= payment_ends(self.session)

    def nothing_open(self, act):
        """没有待缴费的科目"""
        return None if self.entries_in("unpaid").exists() else Reason("没有待缴费的科目")

    def sat(self, act):
        """已有考试成绩"""
        return Reason("已有考试成绩，不能退费") if any(entry.results.exists() for entry in self.entries_in("paid")) else None

    def by_provider(self, act):
        """由支付机构退回"""
        return None if self.method == OFFLINE else Reason(f"{self.method}的款由支付机构退回，完成后自动登记", OFFLINE, self.method)

    def recorded(self, act):
        self.method, self.reference, self.paid_on = OFFLINE, act["reference"], act["paid_on"] or act.at.date()

    def arrived(self, act):
        self.method, self.reference, self.paid_on = act["method"], act["reference"][:60], act["paid_on"]

    def pay_entries(self, act):
        for entry in self.entries_in("unpaid"):
            entry.pay(by=act.by)

    def taken_back(self, act):
        """The entries lose their places, and what came through a provider goes back through it."""
        for entry in self.entries_in("paid"):
            entry.drop(by=act.by)
        for attempt in self.tries.where(self.tries.model.state == "paid"):
            attempt.refund(by=act.by, reason=act.reason)

    def returned(self, act):
        self.refund_reference, self.refunded_on = act["reference"], act.at.date()

    def applicants(self):
        return self.application.applicants()

    record = Step("open", "paid", by="exam", label="登记缴费", stage=6, tone="ok", unless=nothing_open, sets=recorded, then=pay_entries, awaits=True,
                  asks=(Ask("reference", "凭证号", "line"), Ask("paid_on", "缴费日期", "date", required=False)))
    receive = Step("open", "paid", by="system", label="到账", stage=6, tone="ok", unless=nothing_open, sets=arrived, then=pay_entries,
                   tell=applicants, inner=True, done="报名费已到账，报考生效")
    close = Step("open", "closed", by="applicant|system", label="关闭", stage=6, inner=True)
    refund = Step("paid", "refunding", by="exam", label="退费", stage=6, tone="bad", danger=True, unless=sat, then=taken_back, tell=applicants,
                  asks=(Ask("reason", "退费原因", help="报考随之取消，本人可见"),), done="报考已取消，报名费退回中")
    record_refund = Step("refunding", "refunded", by="exam", label="登记退费", stage=6, unless=by_provider, sets=returned, tell=applicants,
                         awaits=True, asks=(Ask("reference", "退费凭证号", "line"),), done="报名费已退回")
    give_back = Step("refunding", "refunded", by="system", label="退费到账", stage=6, sets=returned, tell=applicants, inner=True, done="报名费已退回")
