"""Stage 5: the applicant doubts a published result; the unit answers, by a correction with its reason or by a rejection with one."""
import datetime as dt

from peewee import CharField, DateField, DecimalField, ForeignKeyField, TextField

from models import clock
from models.applications import Application
from models.base import writing
from models.courses import CourseResult
from models.outbox import tell
from models.parameters import value
from models.people import User, holders
from models.reference import Institution
from models.scores import not_another, number
from models.workflow import Ask, Reason, Record, Step


class Objection(Record):
    label, stage, readers, writers, cleared_with_case = "成绩异议", 5, "applicant clerk reviewer officer centre", "applicant", True
    seen_through = "application"
    STATES = {"open": ("待答复", "wait"), "upheld": ("已更正", "ok"), "rejected": ("维持原成绩", "bad"), "withdrawn": ("已撤回", "off")}
    clashes = {"one_open": "这个成绩已有一件待答复的异议", "result_id": "这个成绩已有一件待答复的异议"}

    application = ForeignKeyField(Application, backref="objections", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    result = ForeignKeyField(CourseResult, backref="objections", on_delete="RESTRICT", verbose_name="课程成绩")
    statement = TextField(verbose_name="异议的理由", help_text="写明哪里有误，例如漏改一题、登错分数")
    asked_on = DateField(default=clock.today, verbose_name="提出日期")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    score_before = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="原成绩")
    score_after = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="更正后成绩")
    answer = TextField(default="", verbose_name="答复")
    answered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="答复人")
    answered_on = DateField(null=True, verbose_name="答复日期")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} {self.result} 的异议"

    def follow(self):
        """Case and unit are those of the result."""
        if self.result_id:
            self.application, self.institution = self.result.application_id, self.result.institution_id

    def faults(self):
        return {} if self.id or self.result_id is None or not (closed := closed_for(self.result)) else {"result": str(closed)}

    def applicants(self):
        return self.application.applicants()

    def answered(self, act):
        self.answer, self.answered_by, self.answered_on, self.score_before = act.reason, act.by, act.at.date(), self.result.score

    def not_another_score(self, act):
        """没有写明更正后的成绩，或与原成绩相同"""
        return not_another(self.result, act["score"])

    def hidden_since(self, act):
        """成绩已经取消公布"""
        return None if self.result.state == "published" else Reason("成绩已经取消公布，请先重新公布", "已公布", self.result.state_label)

    def corrected(self, act):
        """The result is corrected for the reason of the answer."""
        self.answered(act)
        self.score_after = number(act["score"])
        self.result.change(act.by, reason=f"成绩异议成立：{act.reason}", score=self.score_after)

    uphold = Step("open", "upheld", by="clerk|reviewer", label="更正成绩", stage=5, tone="ok", unless=(hidden_since, not_another_score), then=corrected, tell=applicants,
                  asks=(Ask("score", "更正后的成绩", "number"), Ask("reason", "答复", help="写明核查的结果和更正的依据，本人可见")), awaits=True, done="异议成立，成绩已更正")
    reject = Step("open", "rejected", by="clerk|reviewer", label="维持原成绩", stage=5, tone="bad", sets=answered, tell=applicants,
                  asks=(Ask("reason", "答复", help="写明核查的结果，本人可见"),), done="经核查维持原成绩")
    withdraw = Step("open", "withdrawn", by="applicant", label="撤回异议", stage=5)


Objection.add_index(Objection.index(Objection.result, unique=True, name="objection_one_open").where(Objection.state == "open"))


def until(result):
    """The last day on which a published result can be doubted."""
    return result.published_at.date() + dt.timedelta(days=value("objection.days", institution=result.institution_id))


def closed_for(result):
    """The Reason why a result cannot be doubted now, or None."""
    if result.state != "published":
        return Reason("成绩还没有公布", "已公布", result.state_label)
    if result.locks():
        return result.locks()[0]
    last, today = until(result), clock.today()
    return Reason("提出异议的期限已过", f"不晚于 {last}", str(today), f"{(today - last).days} 天") if today > last else None


def object_to(result, statement, by):
    """Doubt a published result; the people of the unit are told."""
    with writing():
        row = Objection.add(by, result=result, statement=statement)
        tell(holders(("clerk", "reviewer"), row.application.college_id, institution=row.institution_id), "Objection.asked", f"成绩异议：{row.application.person}",
             f"{row.application.person} 对 {result.course} 的成绩提出异议，请核查后答复。", f"objection.{row.id}.asked")
        return row
