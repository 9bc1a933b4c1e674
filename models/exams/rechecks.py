"""Stage 6: an applicant asks to have a published result looked at again; the exam office keeps it or corrects it, each with its reason."""
from peewee import CharField, DateField, DecimalField, ForeignKeyField, TextField

from models import clock
from models.applications import Application
from models.exams.results import ExamResult, correcting
from models.exams.sessions import ExamSession
from models.parameters import within_window
from models.people import User
from models.reference import Institution
from models.scores import not_another, number
from models.workflow import Ask, Reason, Record, Step


class ResultRecheck(Record):
    label, stage, readers, writers, cleared_with_case = "统考成绩复查", 6, "applicant clerk reviewer officer centre exam", "applicant", True
    seen_through = "application"
    STATES = {"asked": ("待答复", "wait"), "kept": ("维持原成绩", "bad"), "corrected": ("已更正", "ok")}
    clashes = {"result": "这个成绩已经申请过复查"}

    application = ForeignKeyField(Application, backref="result_rechecks", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    session = ForeignKeyField(ExamSession, on_delete="RESTRICT", verbose_name="批次")
    result = ForeignKeyField(ExamResult, unique=True, backref="rechecks", on_delete="RESTRICT", verbose_name="统考成绩")
    statement = TextField(verbose_name="复查的理由", help_text="写明疑问，例如漏评、合分有误；复查只核对评卷和登分，不重新评卷")
    asked_on = DateField(default=clock.today, verbose_name="申请日期")
    state = CharField(max_length=10, default="asked", verbose_name="状态")
    score_before = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="原成绩")
    score_after = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="更正后成绩")
    answer = TextField(default="", verbose_name="答复")
    answered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="答复人")
    answered_on = DateField(null=True, verbose_name="答复日期")

    class Meta:
        indexes = ((("session", "state"), False),)

    def __str__(self):
        return f"{self.application} {self.result} 的复查"

    def follow(self):
        """Case, unit and session are those of the result."""
        if self.result_id:
            result = self.result
            self.application, self.institution, self.session = result.application_id, result.institution_id, result.session_id

    def faults(self):
        return {} if self.id or self.result_id is None or not (closed := closed_for(self.session)) else {"result": str(closed)}

    def applicants(self):
        return self.application.applicants()

    def not_another_score(self, act):
        """没有写明更正后的成绩，或与原成绩相同"""
        return not_another(self.result, act["score"])

    def answered(self, act):
        self.answer, self.answered_by, self.answered_on, self.score_before = act.reason, act.by, act.at.date(), self.result.score

    def corrected(self, act):
        """The published result becomes the right one, for the reason of the answer."""
        self.score_after = number(act["score"])
        with correcting():
            self.result.change(act.by, reason=f"成绩复查：{act.reason}", score=self.score_after)

    keep = Step("asked", "kept", by="exam", label="维持原成绩", stage=6, sets=answered, tell=applicants, awaits=True,
                asks=(Ask("reason", "答复", help="写明复查的结果，本人可见"),), done="经复查维持原成绩")
    correct = Step("asked", "corrected", by="exam", label="更正成绩", stage=6, tone="ok", unless=not_another_score, sets=answered, then=corrected,
                   tell=applicants, asks=(Ask("score", "更正后的成绩", "number"), Ask("reason", "答复", help="写明复查的结果和更正的依据，本人可见")), done="经复查，成绩已更正")


def closed_for(session):
    """The Reason why results of a session cannot be rechecked now, or None."""
    if session.state != "published":
        return Reason("成绩还没有公布", "成绩已公布", session.state_label)
    if session.recheck_from is None:
        return Reason("这个批次没有开放成绩复查")
    return within_window(session.recheck_from, session.recheck_until, "成绩复查")
