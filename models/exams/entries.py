"""Stage 6: who sits what in a session, entered by the applicants."""
from peewee import SQL, BooleanField, CharField, DateTimeField, ForeignKeyField

from models import clock
from models.applications import Application
from models.exams.elsewhere import not_agreed
from models.exams.payments import Payment, payment_ends
from models.exams.places import Place
from models.exams.sessions import ExamSession, SessionSubject
from models.exams.sites import ExamSite
from models.parameters import within_window
from models.reference import Institution, Province
from models.workflow import Reason, Record, Refused, Step


class ExamEntry(Record):
    """One person in one subject of one session. From the entry on it holds a place at its site, until it is void or taken back."""
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
    special_needs = BooleanField(default=False, verbose_name="需要特殊安排")
    needs = CharField(max_length=200, default="", verbose_name="特殊需要", help_text="例如轮椅、大字试卷、延长时间")
    state = CharField(max_length=10, default="unpaid", verbose_name="状态")
    entered_at = DateTimeField(default=clock.now, verbose_name="报考时间")

    class Meta:
        indexes = ((("session", "state"), False), (("institution", "session"), False))

    def __str__(self):
        return f"{self.application.person} {self.subject}"

    @classmethod
    def locked(cls, id):
        """The payment is held before its entries, by whoever pays as by whoever leaves, so that they do not wait for each other."""
        payment = cls.select(cls.payment).where(cls.id == id).scalar()
        if payment is not None:
            Payment.locked(payment)
        return super().locked(id)

    @property
    def live(self):
        """Whether it is going to be sat, paid or not yet."""
        return self.state in ("unpaid", "paid")

    def past_the_end(self, act):
        """报考与缴费时间还没有结束"""
        last = payment_ends(self.session)
        if act.by is None and clock.today() <= last:
            return Reason("报考与缴费时间还没有结束", f"晚于 {last}", str(clock.today()))

    def too_late(self, act):
        """报考时间已过"""
        return within_window(self.session.entry_from, self.session.entry_until, "报考")

    def too_late_to_leave(self, act):
        """报考与缴费时间已过"""
        return within_window(self.session.entry_from, payment_ends(self.session), "报考")

    def not_agreed(self, act):
        """单位没有同意借考"""
        return not_agreed(self.application, self.session, act["province"])

    def moved(self, act):
        """To another place; the sites are gone through in one order, so that two who change places do not wait for each other."""
        before, after = self.site_id, act["site"] and act["site"].id
        self.province, self.site = act["province"], act["site"]
        for site in sorted({before, after} - {None}) if before != after else ():
            if site == before:
                self.leave_place(site)
            elif not Place.take(self.session_id, site, self.subject.subject.kind):
                raise Refused([full(act["site"])])

    def leave_place(self, site):
        """Give the place at a site back."""
        if site is not None:
            Place.give_back(self.session_id, site, self.subject.subject.kind)

    def left(self, act):
        """The place goes to somebody else; the payment shrinks with its entries and closes with the last one."""
        self.leave_place(self.site_id)
        if self.payment_id is not None and self.payment.state == "open":
            self.payment.recount(act.by)

    pay = Step("unpaid", "paid", by="exam|system", label="缴费", stage=6, inner=True)
    move = Step("unpaid", "unpaid", by="applicant", label="更换考点", stage=6, unless=(too_late, not_agreed), sets=moved)
    withdraw = Step("unpaid", "withdrawn", by="applicant", label="取消报考", stage=6, unless=too_late_to_leave, then=left)
    void = Step("unpaid", "void", by="system", label="作废", stage=6, unless=past_the_end, then=left)
    drop = Step("paid", "withdrawn", by="exam", label="退费取消", stage=6, then=left, inner=True)


ExamEntry.add_index(ExamEntry.index(ExamEntry.application, ExamEntry.subject, unique=True, name="exam_entry_one_live").where(
    SQL("state IN ('unpaid', 'paid')")))


def full(site):
    """The Reason against a site that has no place left."""
    return Reason(f"{site}没有空余名额，请另选考点", "还有名额", "已报满")
