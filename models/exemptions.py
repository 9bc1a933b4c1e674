"""Stage 5: a course that need not be taken, with its ground and document; approved it counts as the credits of the course."""
from peewee import CharField, DateField, ForeignKeyField, TextField

from models.applications import Application
from models.changes.deciding import OPINION, WHY, AboutCase, decided
from models.courses import UNDER_WAY, CourseResult, foreign_course
from models.files import File
from models.people import User
from models.programmes import Course
from models.reference import Institution
from models.workflow import Ask, Reason, Record, Step

GROUNDS = (("equal_course", "已修过相同或更高层次的课程"), ("language", "外语水平达到免修标准"), ("other_unit", "在其他学位授予单位取得学分"), ("other", "其他"))


class Exemption(AboutCase, Record):
    label, stage, readers, writers, cleared_with_case = "课程免修", 5, "applicant clerk reviewer officer centre", "clerk", True
    seen_through = "application"
    editable = ("application", "course", "ground", "statement", "document")
    STATES = {"submitted": ("待审", "wait"), "approved": ("已免修", "ok"), "refused": ("未同意", "bad"), "withdrawn": ("已撤回", "off"), "revoked": ("已撤销", "off")}
    clashes = {"one_live": "这门课程已有一件待审或已同意的免修", "application_id": "这门课程已有一件待审或已同意的免修"}

    application = ForeignKeyField(Application, backref="exemptions", on_delete="RESTRICT", verbose_name="姓名")
    course = ForeignKeyField(Course, backref="exemptions", on_delete="RESTRICT", verbose_name="课程")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    ground = CharField(max_length=12, choices=GROUNDS, verbose_name="理由")
    statement = TextField(default="", verbose_name="说明")
    document = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="证明文件")
    state = CharField(max_length=10, default="submitted", verbose_name="状态")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} 免修 {self.course}"

    def faults(self):
        found, case = {}, self.application if self.application_id else None
        if case is None or self.state != "submitted":
            return found
        if case.state != "registered":
            found["application"] = f"只有在册的人可以免修课程，{case.person} 现在是“{case.state_label}”"
        if self.course_id and (fault := foreign_course(case, self.course) or self.passed_already()):
            found["course"] = fault
        if self.document_id is None:
            found["document"] = "请上传证明文件"
        return found

    def passed_already(self):
        """The sentence against a course that was passed; empty when it was not."""
        passed = CourseResult.select().where(CourseResult.application == self.application_id, CourseResult.course == self.course_id, CourseResult.passed == True)      # noqa: E712
        return f"{self.course} 已经考试合格，不必免修" if passed.exists() else ""

    def case_moved(self, act):
        """本人已不在册，或已申请答辩"""
        case = self.application
        return None if case.state == "registered" else Reason("只有在册、没有申请答辩的人可以免修", "在册", case.state_label)

    def passed_since(self, act):
        """提交之后这门课程已经考试合格"""
        text = self.passed_already()
        return Reason(text) if text else None

    def carries_defence(self, act):
        """本人已申请答辩或已授学位，免修计入其学分"""
        state = self.application.state
        return Reason("免修计入答辩申请的学分，不能撤销", "没有在办的答辩", self.application.state_label) if state in (*UNDER_WAY, "awarded") else None

    approve = Step("submitted", "approved", by="reviewer", label="同意免修", stage=5, tone="ok", unless=(case_moved, passed_since), sets=decided,
                   tell=AboutCase.applicants, asks=OPINION, awaits=True, done="已同意免修，学分计入")
    refuse = Step("submitted", "refused", by="reviewer", label="不同意", stage=5, tone="bad", sets=decided, tell=AboutCase.applicants, asks=WHY, done="没有同意免修")
    withdraw = Step("submitted", "withdrawn", by="clerk", label="撤回", stage=5)
    revoke = Step("approved", "revoked", by="reviewer", label="撤销免修", stage=5, tone="bad", unless=carries_defence, sets=decided, tell=AboutCase.applicants,
                  asks=(Ask("reason", "撤销的理由", help="本人可见"),))


Exemption.add_index(Exemption.index(Exemption.application, Exemption.course, unique=True, name="exemption_one_live").where(
    Exemption.state.in_(("submitted", "approved"))))
