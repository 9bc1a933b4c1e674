"""Stage 6: who sits what - entries by the applicants, their payment, and what follows from them: seat, ticket, check-in."""
from peewee import BooleanField, CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, SQL

from models import clock
from models.applications import Application
from models.exams.sessions import ExamSession, ExamSite, Room, SessionSubject
from models.files import File
from models.parameters import within_window
from models.people import User
from models.reference import Institution, Province
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

    def recorded(self, act):
        self.method, self.reference, self.paid_on = "线下登记", act["reference"], act["paid_on"] or act.at.date()
        for entry in self.entries.where(ExamEntry.state == "unpaid"):
            entry.pay(by=act.by)

    def nothing_open(self, act):
        """没有待缴费的科目"""
        return None if self.entries.where(ExamEntry.state == "unpaid").exists() else Reason("没有待缴费的科目")

    record = Step("open", "paid", by="exam", label="登记缴费", stage=6, tone="ok", unless=nothing_open, then=recorded, awaits=True,
                  asks=(Ask("reference", "凭证号", "line"), Ask("paid_on", "缴费日期", "date", required=False)))
    close = Step("open", "closed", by="applicant|system", label="关闭", stage=6, inner=True)


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
        left = payment.entries.where(ExamEntry.state == "unpaid").count()
        if left:
            payment.change(act.by, verb="recount", verb_label="重算金额", amount=self.session.fee * left)
        else:
            payment.close(by=act.by)

    pay = Step("unpaid", "paid", by="exam", label="缴费", stage=6, inner=True)
    withdraw = Step("unpaid", "withdrawn", by="applicant", label="取消报考", stage=6, unless=too_late, then=leave_payment)
    void = Step("unpaid", "void", by="system", label="作废", stage=6, unless=past_the_end, then=leave_payment)


ExamEntry.add_index(ExamEntry.index(ExamEntry.application, ExamEntry.subject, unique=True, name="exam_entry_one_live").where(
    SQL("state IN ('unpaid', 'paid')")))


class Seat(Record):
    label, stage, readers, seen_through, cleared_with_case = "座位", 6, "exam site_head door", "entry", True

    entry = ForeignKeyField(ExamEntry, unique=True, backref="seats", on_delete="RESTRICT", verbose_name="报考")
    session = ForeignKeyField(ExamSession, on_delete="RESTRICT", verbose_name="批次")
    room = ForeignKeyField(Room, on_delete="RESTRICT", verbose_name="考场")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    number = IntegerField(verbose_name="座位号")

    class Meta:
        indexes = ((("session", "room", "number", "entry"), True),)


class AdmissionTicket(Record):
    label, stage, readers, seen_through, cleared_with_case = "准考证", 6, "applicant exam", "entry", True

    entry = ForeignKeyField(ExamEntry, unique=True, backref="tickets", on_delete="RESTRICT", verbose_name="报考")
    number = CharField(max_length=15, unique=True, verbose_name="准考证号")
    file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="文件")
    made_at = DateTimeField(default=clock.now, verbose_name="生成时间")


class CheckIn(Record):
    """One try at the door: three tries, then the site head decides and says why."""
    label, stage, readers, seen_through, cleared_with_case = "入场验证", 6, "exam site_head door", "entry", True

    entry = ForeignKeyField(ExamEntry, backref="check_ins", on_delete="RESTRICT", verbose_name="报考")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    attempt = IntegerField(verbose_name="第几次")
    matched = BooleanField(verbose_name="指纹相符")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    reason = CharField(max_length=200, default="", verbose_name="说明")
    at = DateTimeField(default=clock.now, verbose_name="时间")

    class Meta:
        indexes = ((("entry", "attempt"), True),)
