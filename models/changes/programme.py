"""Stage 7: another programme of the same unit for a case on the register."""
from peewee import CharField, DateField, DecimalField, ForeignKeyField, TextField

from models.applications import Application
from models.changes.deciding import OPINION, STATES, WHY, AboutCase, decided
from models.files import File
from models.people import User
from models.programmes import Programme
from models.reference import Institution
from models.workflow import Reason, Record, Step


class ProgrammeChange(AboutCase, Record):
    """The date of entry and the deadline stay; the credits are those of the new programme, results of the old one still count."""
    label, stage, readers, writers, cleared_with_case = "变更学科申请", 7, "applicant clerk reviewer officer centre", "applicant clerk", True
    seen_through = "application"
    editable = ("application", "programme", "statement", "document")
    STATES = STATES
    clashes = {"one_open": "已有一件待审的变更申请", "application": "已有一件待审的变更申请"}

    application = ForeignKeyField(Application, backref="programme_changes", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    programme = ForeignKeyField(Programme, on_delete="RESTRICT", verbose_name="变更为", help_text="本单位已发布的学科")
    statement = TextField(default="", verbose_name="说明")
    document = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="证明文件")
    state = CharField(max_length=10, default="submitted", verbose_name="状态")
    before = ForeignKeyField(Programme, null=True, backref="left_by", on_delete="RESTRICT", verbose_name="原学科")
    credits_before = DecimalField(max_digits=5, decimal_places=1, null=True, verbose_name="原最低学分")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} 变更为 {self.programme.discipline}"

    def faults(self):
        found = {}
        if self.application_id is None or self.state != "submitted":
            return found
        if self.application.state != "registered":
            found["application"] = f"只有在册的人可以变更学科，{self.application.person} 现在是“{self.application.state_label}”"
        if self.programme_id and self.programme.institution_id != self.application.institution_id:
            found["programme"] = f"只能变更为 {self.application.institution} 的学科；到别的单位请办理退出后重新申请"
        elif self.programme_id == self.application.programme_id:
            found["programme"] = "与现在的学科相同"
        return found

    def not_open(self, act):
        """新学科没有发布或已经关闭"""
        return None if self.programme.state == "published" else Reason("新学科不接受申请", "已发布", self.programme.state_label)

    def exam_pending(self, act):
        """已报考的统考还没有公布成绩"""
        entries = self.application.exam_entries
        entry = next((row for row in entries.where(entries.model.state.in_(("unpaid", "paid"))) if row.session.state != "published"), None)
        return Reason(f"{entry.session}的报考（{entry.subject}）还没有公布成绩，公布后再办理") if entry else None

    def to_another_college(self, act):
        """由一个学院转到另一个学院，而办理人只属于一个学院"""
        if act.by is None or act.by.college_id in (None, self.programme.college_id):
            return None
        return Reason(f"{self.programme.discipline}属于{self.programme.college or '全单位'}：转出本学院的变更，由全单位的账号办理")

    def granted(self, act):
        decided(self, act)
        self.before, self.credits_before = self.application.programme_id, self.application.min_credits
        self.save()
        self.application.move(by=act.by, programme=self.programme, reason="变更学科")

    approve = Step("submitted", "approved", by="reviewer", label="同意", stage=7, tone="ok", unless=(not_open, exam_pending, to_another_college), then=granted, tell=AboutCase.applicants,
                   asks=OPINION, awaits=True, done="同意变更学科")
    refuse = Step("submitted", "refused", by="reviewer", label="不同意", stage=7, tone="bad", sets=decided, tell=AboutCase.applicants, asks=WHY, done="没有同意变更学科")
    withdraw = Step("submitted", "withdrawn", by="applicant", label="撤回", stage=7)


ProgrammeChange.add_index(ProgrammeChange.index(ProgrammeChange.application, unique=True, name="programme_change_one_open")
                          .where(ProgrammeChange.state == "submitted"))
