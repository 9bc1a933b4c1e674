"""Stage 6: sitting the exam in another province than that of the unit (借考), which needs the unit's consent."""
from peewee import SQL, CharField, DateField, ForeignKeyField, TextField

from models.applications import Application
from models.changes.deciding import WHY, decided
from models.exams.sessions import ExamSession
from models.parameters import within_window
from models.people import User
from models.reference import Institution, Province
from models.workflow import Reason, Record, Step


class GuestSitting(Record):
    """Asked for by the person for one session and province, agreed to or refused by his unit."""
    label, stage, readers, cleared_with_case = "借考申请", 6, "applicant clerk reviewer officer centre exam", True
    seen_through = "application"
    STATES = {"asked": ("待答复", "wait"), "agreed": ("已同意", "ok"), "refused": ("未同意", "bad"), "withdrawn": ("已撤回", "off")}
    clashes = {"one_live": "这个批次已有一件借考申请", "application": "这个批次已有一件借考申请"}

    application = ForeignKeyField(Application, backref="guest_sittings", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    session = ForeignKeyField(ExamSession, backref="guest_sittings", on_delete="RESTRICT", verbose_name="批次")
    province = ForeignKeyField(Province, on_delete="RESTRICT", verbose_name="借考省份")
    statement = TextField(verbose_name="理由")
    state = CharField(max_length=10, default="asked", verbose_name="状态")
    opinion = TextField(default="", verbose_name="答复")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="答复人")
    decided_on = DateField(null=True, verbose_name="答复日期")

    class Meta:
        table_name = "guest_sitting"
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} 借考{self.province}"

    def faults(self):
        if not self.application.on_register:
            return {"application": f"只有在册的人可以申请借考，{self.application.person} 现在是“{self.application.state_label}”"}
        if self.session.state != "open":
            return {"session": f"这个批次没有开放报考：要求 报考中，实际 {self.session.state_label}"}
        if self.province_id == self.institution.province_id:
            return {"province": f"{self.province}就是单位所在的省份，不需要借考"}
        return {}

    def too_late(self, act):
        """报考时间已过"""
        return within_window(None, self.session.entry_until, "报考")

    def in_use(self, act):
        """已按借考报考"""
        rows = self.application.exam_entries
        used = any(entry.live and entry.session_id == self.session_id and entry.province_id == self.province_id for entry in rows)
        return Reason(f"已在{self.province}报考，请先取消报考") if used else None

    def answered(self, act):
        decided(self, act)

    def applicants(self):
        return self.application.applicants()

    agree = Step("asked", "agreed", by="clerk", label="同意", stage=6, tone="ok", unless=too_late, sets=answered, tell=applicants, awaits=True, done="同意借考")
    refuse = Step("asked", "refused", by="clerk", label="不同意", stage=6, tone="bad", sets=answered, tell=applicants, asks=WHY, done="没有同意借考")
    withdraw = Step("asked|agreed", "withdrawn", by="applicant", label="撤回", stage=6, unless=in_use)


GuestSitting.add_index(GuestSitting.index(GuestSitting.application, GuestSitting.session, unique=True, name="guest_sitting_one_live").where(
    SQL("state IN ('asked', 'agreed')")))


def ask_elsewhere(application, session, province, statement, by):
    """Ask the unit for its consent to a sitting in another province."""
    return GuestSitting.add(by, application=application, institution=application.institution_id, session=session, province=province, statement=statement)


def not_agreed(application, session, province):
    """The Reason against sitting in a province, or None: outside that of the unit the unit must have agreed."""
    if province.id == application.institution.province_id:
        return None
    last = (application.guest_sittings.where(GuestSitting.session == session.id, GuestSitting.province == province.id)
            .order_by(GuestSitting.id.desc()).first())
    if last is not None and last.state == "agreed":
        return None
    return Reason(f"在{application.institution.province}以外考试（借考）须经{application.institution}同意", "已同意", last.state_label if last else "没有申请")
