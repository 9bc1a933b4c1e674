"""Stage 7: the periodic check of the register. A run lists every case with its verdict, the figures behind it, and what changed since."""
from peewee import Case, CharField, DateField, DateTimeField, ForeignKeyField, JSONField, fn

from models import clock
from models.applications import ON_REGISTER, Application
from models.outbox import tell
from models.parameters import in_force
from models.reference import Institution
from models.rules.book import REGISTER, Register, read
from models.rules.consistency import CONSISTENT
from models.rules.credits import CREDITS
from models.rules.exams import EXAMS
from models.rules.limit import LIMIT
from models.rules.sql import View, json_object
from models.workflow import Reason, Record, Step

VERDICTS = (("contradicts", "数据矛盾"), ("over_limit", "超期"), ("soon", "临近到期"), ("ready", "可以申请答辩"), ("in_defence", "答辩中"), ("on_the_way", "在途"))
COMPARED = (("new", "新列入"), ("changed", "结论有变"), ("gone", "不再列入"))
IN_DEFENCE = ("defence_requested", "defence_admitted", "defended")
TOLD = {"over_limit": "您的申请已超过规定的学习年限。有正当理由的请尽快向单位申请延长，否则单位可以清退。", "soon": "您的申请临近规定的学习年限，请在到期以前提出答辩申请。",
        "ready": "您已满足年限、统考、学分三项条件，可以提出答辩申请。"}


class Recheck(Record):
    """One run over the register of a unit, as of a day; a past day gives the answer that held then."""
    label, stage, readers, writers = "资格复核", 7, "clerk reviewer officer centre", "clerk reviewer"
    editable = ("name", "as_of")
    STATES = {"draft": ("待执行", "wait"), "done": ("已完成", "ok")}
    COUNTED = {"counts": dict(VERDICTS), "comparison": dict(COMPARED)}

    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=60, verbose_name="名称")
    as_of = DateField(default=clock.today, verbose_name="截止日期")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    counts = JSONField(default=dict, verbose_name="结果")
    run_at = DateTimeField(null=True, verbose_name="执行时间")
    previous = ForeignKeyField("self", null=True, backref="later", on_delete="RESTRICT", verbose_name="上一次复核")
    comparison = JSONField(default=dict, verbose_name="与上次比较")

    def __str__(self):
        return self.name

    def locks(self):
        return [] if self.state == "draft" else [Reason("已经执行，不能再改", "待执行", self.state_label)]

    @property
    def summary(self):
        """结果"""
        return "，".join(f"{title} {self.counts[code]}" for code, title in VERDICTS if self.counts.get(code))

    @property
    def compared(self):
        """与上次比较"""
        return "，".join(f"{title} {self.comparison[code]}" for code, title in COMPARED if self.comparison.get(code))

    def gone(self):
        """Query over the findings of the run before whose cases are not on the register any more."""
        again = Finding.alias()
        here = again.select(again.id).where(again.recheck == self.id, again.application == Finding.application)
        return Finding.select().where(Finding.recheck == self.previous_id, ~fn.EXISTS(here))

    def examine(self, act):
        """Write one Finding per case of the unit's register, in one statement, compare it with the run before, and tell whom it concerns."""
        self.run_at = act.at
        self.previous = (Recheck.select().where(Recheck.institution == self.institution_id, Recheck.state == "done", Recheck.id != self.id)
                         .order_by(Recheck.run_at.desc(), Recheck.id.desc()).first())
        view = View(self.as_of)
        register = Register(REGISTER, view, Application.institution == self.institution_id, view(Application.state).in_(ON_REGISTER))
        before = Finding.select(Finding.verdict).where(Finding.recheck == self.previous_id, Finding.application == register.id)
        rows = register.select(0, self.id, register.id, self.institution_id, verdict_of(register, view), fn.COALESCE(before, ""), json_object(register.columns))
        Finding.insert_from(rows, (Finding.edition, Finding.recheck, Finding.application, Finding.institution, Finding.verdict, Finding.previous,
                                   Finding.figures)).execute()
        found = self.findings
        self.counts = dict(Finding.select(Finding.verdict, fn.COUNT(Finding.id)).where(Finding.recheck == self).group_by(Finding.verdict).tuples())
        self.comparison = {"new": found.where(Finding.previous == "").count(), "gone": self.gone().count(),
                           "changed": found.where(Finding.previous != "", Finding.previous != Finding.verdict).count()} if self.previous else {}
        self.tell_persons()

    def tell_persons(self):
        """Those whose verdict asks for something and is another than at the run before."""
        concerned = self.findings.where(Finding.verdict.in_(tuple(TOLD)), Finding.verdict != Finding.previous)
        for finding in concerned:
            tell(finding.application.applicants(), "Recheck.found", f"资格复核：{dict(VERDICTS)[finding.verdict]}", f"{TOLD[finding.verdict]}（{finding.explained}）",
                 f"recheck.{self.id}.{finding.application_id}")

    run = Step("draft", "done", by="clerk|reviewer|centre", label="执行复核", stage=7, then=examine, awaits=True)


class Finding(Record):
    label, stage, readers, cleared_with_case = "复核结果", 7, "clerk reviewer officer centre", True
    TONES = {"verdict": {"contradicts": "bad", "over_limit": "bad", "soon": "wait", "ready": "ok", "in_defence": "busy", "on_the_way": "off"}}

    recheck = ForeignKeyField(Recheck, backref="findings", on_delete="RESTRICT", verbose_name="复核")
    application = ForeignKeyField(Application, backref="findings", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    verdict = CharField(max_length=12, choices=VERDICTS, verbose_name="结论")
    previous = CharField(max_length=12, default="", choices=(("", "新列入"), *VERDICTS), verbose_name="上次结论")
    figures = JSONField(default=dict, verbose_name="数据")

    class Meta:
        indexes = ((("recheck", "application"), True), (("institution", "verdict"), False))

    def __str__(self):
        return f"{self.application} {dict(VERDICTS)[self.verdict]}"

    @property
    def conditions(self):
        """The Conditions in the figures of the run."""
        return [rule.told(read(rule, self.figures)) for rule in REGISTER]

    @property
    def explained(self):
        """年限、统考、学分"""
        return "；".join(c.why or f"{c.title} {c.actual}" + (f"（差 {c.gap}）" if c.gap != "无" else "") for c in self.conditions if c.name != "consistent" or not c.met)


def verdict_of(register, view):
    """The verdict as an expression over a register of REGISTER: what contradicts itself first, in defence before over the limit."""
    soon = in_force("recheck.soon_days", view.day, register.institution)
    return Case(None, ((~register.holds(CONSISTENT), "contradicts"), (register.state.in_(IN_DEFENCE), "in_defence"), (~register.holds(LIMIT), "over_limit"),
                       (register.holds(EXAMS) & register.holds(CREDITS), "ready"), (register.columns["limit_left"] <= soon, "soon")), "on_the_way")


def verdict(case, on=None):
    """The verdict of one case on a day (default today)."""
    view = View(on or clock.today())
    register = Register(REGISTER, view, Application.id == case.id, few=True)
    return register.select(verdict_of(register, view)).scalar()
