"""Stage 7: the periodic check of the register. A run lists every case with its verdict and the figures behind it."""
from peewee import CharField, DateField, DateTimeField, ForeignKeyField, JSONField, fn

from models import clock
from models.applications import ON_REGISTER, Application
from models.conditions import conditions
from models.parameters import value
from models.reference import Institution
from models.workflow import Record, Step

VERDICTS = (("over_limit", "超期"), ("soon", "临近到期"), ("ready", "可以申请答辩"), ("in_defence", "答辩中"), ("on_the_way", "在途"))


class Recheck(Record):
    """One run over the register of a unit, as of a day."""
    label, stage, readers, writers = "资格复核", 7, "clerk reviewer officer centre", "clerk reviewer"
    editable = ("name", "as_of")
    STATES = {"draft": ("待执行", "wait"), "done": ("已完成", "ok")}

    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=60, verbose_name="名称")
    as_of = DateField(default=clock.today, verbose_name="截止日期")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    counts = JSONField(default=dict, verbose_name="结果")
    run_at = DateTimeField(null=True, verbose_name="执行时间")

    def __str__(self):
        return self.name

    @property
    def summary(self):
        """结果"""
        return "，".join(f"{title} {self.counts[code]}" for code, title in VERDICTS if self.counts.get(code))

    def examine(self, act):
        """Write one Finding per case of the unit's register."""
        self.run_at = act.at
        for case in Application.select().where(Application.institution == self.institution_id, Application.state.in_(ON_REGISTER)):
            found = conditions(case, self.as_of)
            Finding.create(recheck=self, application=case, institution=self.institution_id, verdict=verdict(case, found, self.as_of),
                           figures=[[c.title, c.required, c.actual, c.gap] for c in found])
        rows = Finding.select(Finding.verdict, fn.COUNT(Finding.id)).where(Finding.recheck == self).group_by(Finding.verdict).tuples()
        self.counts = dict(rows)

    run = Step("draft", "done", by="clerk|reviewer", label="执行复核", stage=7, then=examine, awaits=True)


class Finding(Record):
    label, stage, readers, cleared_with_case = "复核结果", 7, "clerk reviewer officer centre", True

    recheck = ForeignKeyField(Recheck, backref="findings", on_delete="RESTRICT", verbose_name="复核")
    application = ForeignKeyField(Application, backref="findings", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    verdict = CharField(max_length=12, choices=VERDICTS, verbose_name="结论")
    figures = JSONField(default=list, verbose_name="数据")

    class Meta:
        indexes = ((("recheck", "application"), True), (("institution", "verdict"), False))

    def __str__(self):
        return f"{self.application} {dict(VERDICTS)[self.verdict]}"

    @property
    def explained(self):
        """年限、统考、学分"""
        return "；".join(f"{title} {actual}（差 {gap}）" if gap not in ("", "无") else f"{title} {actual}" for title, _, actual, gap in self.figures)


def verdict(case, found, day):
    """The verdict of one case from its conditions: in defence before over the limit, ready before on the way."""
    limit, exams, credits = found
    if case.state in ("defence_requested", "defence_admitted", "defended"):
        return "in_defence"
    if not limit.met:
        return "over_limit"
    if exams.met and credits.met:
        return "ready"
    return "soon" if (case.deadline - day).days <= value("recheck.soon_days", institution=case.institution_id) else "on_the_way"
