"""Stage 6: who sits what in a session, entered by the applicants."""
from peewee import CharField, DateTimeField, ForeignKeyField, SQL

from models import clock
from models.applications import Application
from models.exams.payments import Payment
from models.exams.sessions import ExamSession, ExamSite, SessionSubject
from models.parameters import within_window
from models.reference import Institution, Province
from models.workflow import Reason, Record, Step


class ExamEntry(Record):
    """One person in one subject of one session."""
    label, stage, readers, cleared_with_case = "统考报考", 6, "applicant clerk reviewer officer centre exam", True
    seen_through = "application"
    STATES = {"unpaid": ("待缴费", "wait"), "paid": ("已缴费", "ok"), "void": ("已作废", "off"), "withdrawn": ("已取消", "off")}
    clashes = {"one_live": "这一科已经报考", "application": "这一科已经报考"}

    session = ForeignKeyField(ExamSession, backref="entries", on_delete="RESTRICT", verbose_name="批次")
    application = ForeignKeyField(Application, backref="exam_entries", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    subject = ForeignKeyField(SessionSubject, backref="entries", on_delete="RESTRICT", verbose_name="科目")
    province = ForeignKeyField(Province, on_delete="RESTRICT", verbose_name="考试省份")
    site = ForeignKeyField(ExamSite, null=True, on_delete="RESTRICT", verbose_name="考点")
    payment = ForeignKeyField(Payment, null=True, backref="entries", on_delete="RESTRICT", verbose_name="缴费")
    state = CharField(max_length=10, default="unpaid", verbose_name="状态")
    entered_at = DateTimeField(default=clock.now, verbose_name="报考时间")

    class Meta:
        indexes = ((("session", "state"), False), (("institution", "session"), False))

    def __str__(self):
        return f"{self.application.person} {self.subject}"

    def past_the_end(self, act):
        """报考与缴费时间还没有结束"""
        if act.by is None and clock.today() <= self.session.entry_until:
            return Reason("报考与缴费时间还没有结束", f"晚于 {self.session.entry_until}", str(clock.today()))

    def too_late(self, act):
        """报考时间已过"""
        return within_window(self.session.entry_from, self.session.entry_until, "报考")

    def leave_payment(self, act):
        """The open payment shrinks with its entries and closes with the last one."""
        payment = self.payment
        if payment is None or payment.state != "open":
            return
        left = payment.unpaid().count()
        if left:
            payment.change(act.by, verb="recount", verb_label="重算金额", amount=self.session.fee * left)
        else:
            payment.close(by=act.by)

    pay = Step("unpaid", "paid", by="exam", label="缴费", stage=6, inner=True)
    withdraw = Step("unpaid", "withdrawn", by="applicant", label="取消报考", stage=6, unless=too_late, then=leave_payment)
    void = Step("unpaid", "void", by="system", label="作废", stage=6, unless=past_the_end, then=leave_payment)


ExamEntry.add_index(ExamEntry.index(ExamEntry.application, ExamEntry.subject, unique=True, name="exam_entry_one_live").where(
    SQL("state IN ('unpaid', 'paid')")))
