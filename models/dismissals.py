"""Stage 7: a dismissal that is proposed before it is done - by the unit where four eyes or a cool-off are asked for, or by the person himself."""
import datetime as dt

from peewee import CharField, DateField, ForeignKeyField, TextField

from models import clock
from models.applications import GROUNDS, ON_REGISTER, Application
from models.changes.deciding import OPINION, WHY, decided
from models.parameters import value
from models.people import User
from models.reference import Institution
from models.workflow import Reason, Record, Step


class Dismissal(Record):
    """Approved, the case is cleared at once, or frozen for the days of the unit's parameter. It stays beside the stump."""
    label, stage, readers, writers = "清退提议", 7, "applicant clerk reviewer officer centre", "applicant clerk reviewer"
    seen_through = "application"
    editable = ("application", "ground", "statement")
    STATES = {"proposed": ("待决定", "wait"), "approved": ("冷静期", "busy"), "done": ("已清退", "off"), "refused": ("未同意", "bad"), "restored": ("已恢复", "ok"),
              "withdrawn": ("已撤回", "off")}
    clashes = {"one_open": "这件申请已有一件清退提议", "application": "这件申请已有一件清退提议"}

    application = ForeignKeyField(Application, backref="dismissals", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    ground = CharField(max_length=16, choices=GROUNDS, verbose_name="清退依据")
    statement = TextField(verbose_name="说明", help_text="写明依据的文件和事实，本人可见")
    state = CharField(max_length=10, default="proposed", verbose_name="状态")
    proposed_by = ForeignKeyField(User, null=True, backref="dismissals_proposed", on_delete="RESTRICT", verbose_name="提出人")
    proposed_on = DateField(default=clock.today, verbose_name="提出日期")
    opinion = TextField(default="", verbose_name="决定意见")
    decided_by = ForeignKeyField(User, null=True, backref="dismissals_decided", on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")
    frozen_state = CharField(max_length=20, default="", verbose_name="冻结前状态")
    until = DateField(null=True, verbose_name="冷静期至", help_text="最后一天计入")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application} 清退提议"

    @classmethod
    def add(cls, by, reason="", **values):
        """Propose it. The unit follows from the case; the person himself can only leave by his own request."""
        case = cls(**values).application if values.get("application") else None
        own = case is not None and by.person_id is not None and case.person_id == by.person_id
        values |= {"proposed_by": by} | ({"institution": case.institution_id} if case else {}) | ({"ground": "own_request"} if own else {})
        return super().add(by, reason, **values)

    def faults(self):
        if self.application_id and self.state == "proposed" and not self.application.on_register:
            return {"application": f"只能清退在册的人，{self.application.person} 现在是“{self.application.state_label}”"}
        return {}

    def locks(self):
        return [] if self.state == "proposed" else [Reason("已经决定，不能再改", "待决定", self.state_label)]

    def same_hands(self, act):
        """提出人与决定人是同一账号（单位要求两人办理时）"""
        if value("dismissal.four_eyes", institution=self.institution_id) and act.by.id == self.proposed_by_id:
            return Reason("本单位的清退由两个人办理：提出的人不能自己决定")

    def not_own(self, act):
        """不是本人提出的"""
        return None if act.by.id == self.proposed_by_id or "applicant" not in act.by.role_names else Reason("只能撤回自己提出的")

    def left_the_register(self, act):
        """本人已不在册"""
        case = self.application
        return None if case.on_register else Reason("本人已不在册", "、".join(case.STATES[state][0] for state in ON_REGISTER), case.state_label)

    def still_cooling(self, act):
        """冷静期还没有结束"""
        left = (self.until - act.at.date()).days if self.until else -1
        return Reason("冷静期还没有结束", f"晚于 {self.until}", str(act.at.date()), f"{left + 1} 天") if left >= 0 else None

    def agreed(self, act):
        """Freeze the case for the days of the parameter, or clear it at once."""
        decided(self, act)
        days = value("dismissal.cool_off_days", institution=self.institution_id)
        if days:
            self.frozen_state, self.until = self.application.state, act.at.date() + dt.timedelta(days=days)
            self.save()
            self.application.freeze(by=act.by, reason=f"清退冷静期至 {self.until}")
        else:
            self.save()
            self.finish(by=None)

    def cleared(self, act):
        self.application.dismiss_proposed(by=act.by, ground=self.ground, reason=self.statement)

    def thawed(self, act):
        self.application.restore(by=act.by, state=self.frozen_state, reason=act.reason)

    def applicants(self):
        return self.application.applicants()

    approve = Step("proposed", "approved", by="reviewer", label="同意", stage=7, danger=True, fresh=True, tone="bad", unless=(same_hands, left_the_register), then=agreed,
                   tell=applicants, asks=OPINION, awaits=True, done="同意清退")
    refuse = Step("proposed", "refused", by="reviewer", label="不同意", stage=7, tone="bad", unless=same_hands, sets=decided, tell=applicants, asks=WHY, done="没有同意清退")
    withdraw = Step("proposed", "withdrawn", by="applicant|clerk", label="撤回", stage=7, unless=not_own)
    end = Step("approved", "done", by="applicant", label="提前结束冷静期", stage=7, danger=True, then=cleared, done="已清退，可以重新申请")
    finish = Step("approved", "done", by="system", label="办结", stage=7, unless=still_cooling, then=cleared, done="已清退，可以重新申请")
    restore = Step("approved", "restored", by="reviewer", label="撤销清退", stage=7, then=thawed, tell=applicants, asks=WHY, done="清退已撤销，申请恢复原状")


Dismissal.add_index(Dismissal.index(Dismissal.application, unique=True, name="dismissal_one_open").where(Dismissal.state.in_(("proposed", "approved"))))
