"""Stage 7: somebody who is refused elsewhere because a unit still holds him asks to be released; the unit answers by a deadline."""
import datetime as dt

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, TextField

from models import clock
from models.applications import ON_REGISTER, Application
from models.base import writing
from models.outbox import tell
from models.parameters import value
from models.people import Person, User, holders
from models.programmes import Programme
from models.reference import Institution
from models.workflow import Ask, Reason, Record, Refused, Step


class ReleaseRequest(Record):
    """Answered by a dismissal of the case, or by a refusal with its reason. It stays beside the stump."""
    label, stage, readers, writers = "放行申请", 7, "applicant clerk reviewer officer centre", "applicant"
    STATES = {"open": ("待答复", "wait"), "released": ("已放行", "ok"), "refused": ("不放行", "bad"), "withdrawn": ("已撤回", "off")}
    clashes = {"one_open": "您已有一件待答复的放行申请", "person": "您已有一件待答复的放行申请"}

    person = ForeignKeyField(Person, backref="release_requests", on_delete="RESTRICT", verbose_name="姓名")
    application = ForeignKeyField(Application, backref="release_requests", on_delete="RESTRICT", verbose_name="在册的申请")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="在册单位")
    programme = ForeignKeyField(Programme, null=True, on_delete="RESTRICT", verbose_name="拟申请的学科")
    asked_at = DateTimeField(default=clock.now, verbose_name="提出时间")
    due = DateField(verbose_name="答复期限", help_text="最后一天计入")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    answer = TextField(default="", verbose_name="答复")
    answered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="答复人")
    answered_at = DateTimeField(null=True, verbose_name="答复时间")

    class Meta:
        table_name = "release_request"
        indexes = ((("institution", "state"), False), (("state", "due"), False))

    def __str__(self):
        return f"{self.person} 放行申请"

    @classmethod
    def overdue(cls, on=None):
        """Query over the requests whose deadline is past without an answer."""
        return cls.select().where(cls.state == "open", cls.due < (on or clock.today()))

    @property
    def days_late(self):
        """逾期天数"""
        return max(0, (clock.today() - self.due).days) if self.state == "open" else 0

    def answered(self, act):
        self.answer, self.answered_by, self.answered_at = act.reason, act.by, act.at

    def applicants(self):
        return list(self.person.users)

    refuse = Step("open", "refused", by="reviewer", label="不放行", stage=7, tone="bad", sets=answered, tell=applicants, done="没有同意放行",
                  asks=(Ask("reason", "不放行的理由", help="写明依据，本人和学位中心可见"),))
    release = Step("open", "released", by="clerk|reviewer|applicant|system", label="放行", stage=7, tone="ok", sets=answered, tell=applicants, inner=True,
                   done="已放行，可以向别的单位申请")
    withdraw = Step("open", "withdrawn", by="applicant", label="撤回", stage=7)


ReleaseRequest.add_index(ReleaseRequest.index(ReleaseRequest.person, unique=True, name="release_request_one_open").where(ReleaseRequest.state == "open"))


def holding_case(person):
    """The case by which a unit holds a person on its register, or None."""
    return person.applications.where(Application.state.in_(ON_REGISTER)).first()


def ask_release(person, programme, by):
    """Ask the unit that holds a person to let him go; its people are told. `programme` is the one he wants instead, or None."""
    case = holding_case(person)
    if case is None:
        raise Refused([Reason("没有单位把您列为在册，可以直接申请")])
    if programme is not None and programme.institution_id == case.institution_id:
        raise Refused([Reason(f"{case.institution} 就是您在册的单位：同一单位内请办理变更学科")])
    with writing():
        due = clock.today() + dt.timedelta(days=value("release.answer_days", institution=case.institution_id))
        request = ReleaseRequest.add(by, person=person, application=case, institution=case.institution_id, programme=programme, due=due)
        tell(holders(("clerk", "reviewer"), case.college_id, institution=case.institution_id), "ReleaseRequest.asked", f"放行申请：{person}",
             f"{person} 申请离开在册，请在 {due} 以前（含当天）清退放行，或说明理由不放行。", f"release.{request.id}.asked")
        return request
