"""Stage 6: what a person pays for his entries in a session."""
from peewee import CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField

from models import clock
from models.applications import Application
from models.exams.sessions import ExamSession
from models.workflow import Ask, Reason, Record, Step


class Payment(Record):
    """One payment for the entries of one case in one session. The books keep it when the case is dismissed."""
    label, stage, readers, seen_through = "缴费", 6, "applicant clerk exam", "application"
    STATES = {"open": ("待缴费", "wait"), "paid": ("已缴费", "ok"), "closed": ("已关闭", "off"), "refunded": ("已退费", "off")}

    application = ForeignKeyField(Application, backref="payments", on_delete="RESTRICT", verbose_name="姓名")
    session = ForeignKeyField(ExamSession, backref="payments", on_delete="RESTRICT", verbose_name="批次")
    amount = DecimalField(max_digits=8, decimal_places=2, verbose_name="金额")
    method = CharField(max_length=20, default="", verbose_name="方式")
    reference = CharField(max_length=60, default="", verbose_name="凭证号")
    paid_on = DateField(null=True, verbose_name="缴费日期")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    created_at = DateTimeField(default=clock.now, verbose_name="生成时间")

    class Meta:
        constraints = [Check("amount > 0")]
        indexes = ((("session", "state"), False),)

    def __str__(self):
        return f"{self.application} {self.amount} 元"

    def unpaid(self):
        """Query over the entries that this payment would pay."""
        return self.entries.where(self.entries.model.state == "unpaid")

    def recorded(self, act):
        self.method, self.reference, self.paid_on = "线下登记", act["reference"], act["paid_on"] or act.at.date()
        for entry in self.unpaid():
            entry.pay(by=act.by)

    def nothing_open(self, act):
        """没有待缴费的科目"""
        return None if self.unpaid().exists() else Reason("没有待缴费的科目")

    record = Step("open", "paid", by="exam", label="登记缴费", stage=6, tone="ok", unless=nothing_open, then=recorded, awaits=True,
                  asks=(Ask("reference", "凭证号", "line"), Ask("paid_on", "缴费日期", "date", required=False)))
    close = Step("open", "closed", by="applicant|system", label="关闭", stage=6, inner=True)
