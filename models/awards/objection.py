"""Stage 9: an objection to a degree that is on public notice, raised by anybody who has logged in or entered by the unit, and its answer."""
from peewee import CharField, DateField, ForeignKeyField, TextField

from models import clock
from models.awards.award import Award
from models.outbox import tell
from models.people import Person, User, holders
from models.reference import Institution
from models.sealed import SealedField
from models.workflow import Ask, Reason, Record, Step


class AwardObjection(Record):
    """While one is open, or was upheld, the degree is not granted. `person` is who raised it, when he has an account of his own."""
    label, stage, readers, writers, cleared_with_case = "公示异议", 9, "applicant clerk reviewer", "clerk", True
    seen_through = "award"
    editable = ("award", "name", "contact", "statement")
    STATES = {"open": ("待答复", "wait"), "upheld": ("成立", "bad"), "rejected": ("不成立", "ok")}

    award = ForeignKeyField(Award, backref="objections", on_delete="RESTRICT", verbose_name="公示的人")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    person = ForeignKeyField(Person, null=True, backref="award_objections", on_delete="RESTRICT", verbose_name="提出人")
    raised_by = ForeignKeyField(User, null=True, backref="objections_raised", on_delete="RESTRICT", verbose_name="登记账号")
    name = CharField(max_length=40, verbose_name="提出人姓名或单位")
    contact = SealedField(null=True, verbose_name="联系方式", help_text="电话或邮箱，用于核实和答复")
    statement = TextField(verbose_name="异议内容", help_text="写明事实和依据")
    raised_on = DateField(default=clock.today, verbose_name="提出日期")
    answer = TextField(default="", verbose_name="答复")
    answered_by = ForeignKeyField(User, null=True, backref="objections_answered", on_delete="RESTRICT", verbose_name="答复人")
    answered_on = DateField(null=True, verbose_name="答复日期")
    state = CharField(max_length=10, default="open", verbose_name="状态")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"对 {self.award.person} 的异议"

    @classmethod
    def add(cls, by, reason="", **values):
        """Raise it; the unit is told."""
        row = super().add(by, reason, **values | {"raised_by": by, "person": by.person_id})
        tell(holders(("clerk", "reviewer"), row.award.application.college_id, institution=row.institution_id), "AwardObjection.raised", f"公示异议：{row.award.person}",
             f"收到对 {row.award.person} 授予学位的异议，请在作出决定以前答复。", f"award_objection.{row.id}.raised")
        return row

    @property
    def case_id(self):
        return self.award.application_id

    def follow(self):
        if self.award_id:
            self.institution = self.award.institution_id

    def faults(self):
        """It is raised before the decision: by the public while the notice runs, by the unit also when it came in by letter."""
        if self.id or self.award_id is None:
            return {}
        if self.award.state != "proposed":
            return {"award": f"只能对待授予的人提出异议，{self.award.person} 现在是“{self.award.state_label}”"}
        unit = self.raised_by is not None and self.raised_by.institution_id == self.institution_id
        return {} if unit or on_notice(self.award) else {"award": "不在公示时间内"}

    def locks(self):
        return [] if self.state == "open" else [Reason("异议已经答复，不能再改", "待答复", self.state_label)]

    def answered(self, act):
        self.answer, self.answered_by, self.answered_on = act.reason, act.by, act.at.date()

    def raiser(self):
        return [self.raised_by] if self.raised_by_id else []

    uphold = Step("open", "upheld", by="reviewer", label="异议成立", stage=9, tone="bad", sets=answered, tell=raiser, awaits=True,
                  asks=(Ask("reason", "答复", help="写明核查的结果，提出人可见"),), done="异议成立，不授予学位")
    reject = Step("open", "rejected", by="reviewer", label="异议不成立", stage=9, tone="ok", sets=answered, tell=raiser,
                  asks=(Ask("reason", "答复", help="写明核查的结果，提出人可见"),), done="异议不成立")


def on_notice(award):
    """Whether the award is on the agenda of a meeting whose public notice runs today."""
    item = award.items.model
    meeting, today = item.meeting.rel_model, clock.today()
    return award.items.join(meeting).where(item.state == "listed", meeting.state == "noticed", meeting.notice_from <= today,
                                           meeting.notice_until >= today).exists()
