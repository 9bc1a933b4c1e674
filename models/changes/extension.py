"""Stage 7: a longer limit for one case, with ground and document."""
from peewee import CharField, DateField, ForeignKeyField, TextField

from models.applications import Application
from models.changes.deciding import OPINION, STATES, WHY, AboutCase, decided
from models.files import File
from models.people import User
from models.reference import Institution
from models.workflow import Reason, Record, Step

GROUNDS = (("illness", "疾病"), ("maternity", "生育"), ("service", "服兵役"), ("other", "其他正当理由"))


class Extension(AboutCase, Record):
    label, stage, readers, writers, cleared_with_case = "延长年限申请", 7, "applicant clerk reviewer officer centre", "applicant clerk", True
    seen_through = "application"
    editable = ("application", "ground", "until", "statement", "document")
    STATES = STATES
    clashes = {"one_open": "已有一件待审的延长申请", "application": "已有一件待审的延长申请"}

    application = ForeignKeyField(Application, backref="extensions", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    ground = CharField(max_length=12, choices=GROUNDS, verbose_name="理由")
    until = DateField(verbose_name="延长至", help_text="最后一天计入")
    statement = TextField(default="", verbose_name="说明")
    document = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="证明文件")
    state = CharField(max_length=10, default="submitted", verbose_name="状态")
    before = DateField(null=True, verbose_name="原到期日")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} 延长至 {self.until}"

    def faults(self):
        found, case = {}, self.application if self.application_id else None
        if case is not None and self.state == "submitted":
            if case.state != "registered":
                found["application"] = f"只有在册的人可以延长年限，{case.person} 现在是“{case.state_label}”"
            elif self.until and self.until <= case.deadline:
                found["until"] = f"延长至：要求晚于现在的到期日 {case.deadline}，实际 {self.until}"
            if self.document_id is None:
                found["document"] = "请上传证明文件"
        return found

    def overtaken(self, act):
        """到期日在此期间已经变动，不早于申请的日期"""
        deadline = self.application.deadline
        return None if self.application.state != "registered" or deadline < self.until else Reason("现在的到期日已不早于申请的日期", f"晚于 {deadline}", str(self.until))

    def granted(self, act):
        decided(self, act)
        self.before = self.application.deadline
        self.save()
        self.application.extend(by=act.by, until=self.until, reason=f"延长年限：{dict(GROUNDS)[self.ground]}")

    approve = Step("submitted", "approved", by="reviewer", label="同意", stage=7, tone="ok", unless=overtaken, then=granted, tell=AboutCase.applicants, asks=OPINION,
                   awaits=True, done="同意延长年限")
    refuse = Step("submitted", "refused", by="reviewer", label="不同意", stage=7, tone="bad", sets=decided, tell=AboutCase.applicants, asks=WHY, done="没有同意延长年限")
    withdraw = Step("submitted", "withdrawn", by="applicant", label="撤回", stage=7)


Extension.add_index(Extension.index(Extension.application, unique=True, name="extension_one_open").where(Extension.state == "submitted"))
