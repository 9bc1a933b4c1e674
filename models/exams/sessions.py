"""Stage 6: the exam session with its subjects, sittings and windows. The exam office runs it for the whole nation."""
from peewee import CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, TextField, TimeField

from models import clock
from models.reference import EVERYBODY, rows_of
from models.workflow import Reason, Record, Step

ALL = EVERYBODY + " applicant"


class Subject(Record):
    """A paper: a language, or the comprehensive paper of one or more disciplines (codes joined by ';' per catalogue)."""
    label, stage, readers, national, writers = "统考科目", 6, ALL, True, "exam"
    editable = ("code", "name", "kind", "starts", "ends", "disciplines")
    clashes = {"code": "这个科目代码已经存在"}

    code = CharField(max_length=3, unique=True, verbose_name="科目代码")
    name = CharField(max_length=40, verbose_name="科目")
    kind = CharField(max_length=14, choices=(("language", "外国语水平"), ("comprehensive", "学科综合水平")), verbose_name="类别")
    starts = TimeField(verbose_name="开考")
    ends = TimeField(verbose_name="结束")
    disciplines = TextField(default="", verbose_name="适用学科代码", help_text="一级学科代码，分号分隔；语种科目留空")

    def __str__(self):
        return self.name

    def serves(self, discipline):
        """Whether this comprehensive paper is the one of a discipline (by its first-level code)."""
        return self.kind == "comprehensive" and discipline.code[:4] in self.disciplines.split(";")


class ExamSession(Record):
    label, stage, readers, national, writers = "统考批次", 6, ALL, True, "exam"
    editable = ("name", "year", "degree_by", "entry_from", "entry_until", "payment_until", "ticket_from", "ticket_until", "exam_on",
                "recheck_from", "recheck_until", "fee")
    STATES = {"draft": ("草稿", "off"), "open": ("报考中", "busy"), "closed": ("报考结束", "wait"), "published": ("成绩已公布", "ok")}
    clashes = {"name": "已有同名的统考批次"}

    name = CharField(max_length=40, unique=True, verbose_name="名称")
    year = IntegerField(verbose_name="年度")
    entry_from = DateField(verbose_name="报考开始")
    entry_until = DateField(verbose_name="报考截止", help_text="最后一天计入，到 24:00 为止")
    payment_until = DateField(null=True, verbose_name="缴费截止", help_text="空 = 与报考同时截止；没有缴费的到时作废")
    ticket_from = DateField(null=True, verbose_name="准考证下载开始")
    ticket_until = DateField(null=True, verbose_name="准考证下载截止")
    exam_on = DateField(verbose_name="考试日期")
    recheck_from = DateField(null=True, verbose_name="成绩复查开始")
    recheck_until = DateField(null=True, verbose_name="成绩复查截止")
    degree_by = DateField(null=True, verbose_name="学士学位不晚于", help_text="空 = 按参数计算，当年 3 月 31 日满规定年数")
    fee = DecimalField(max_digits=7, decimal_places=2, default=100, verbose_name="报名费（元/科）")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    published_at = DateTimeField(null=True, verbose_name="公布时间")
    seed_hash = CharField(max_length=64, default="", verbose_name="排座种子的摘要", help_text="SHA-256，开放报考时封存，排座后公开种子供核对")

    def __str__(self):
        return self.name

    def faults(self):
        found = {}
        if self.entry_from and self.entry_until and self.entry_until < self.entry_from:
            found["entry_until"] = f"报考截止：要求不早于报考开始 {self.entry_from}，实际 {self.entry_until}"
        if self.exam_on and self.entry_until and self.exam_on <= self.entry_until:
            found["exam_on"] = f"考试日期：要求晚于报考截止 {self.entry_until}，实际 {self.exam_on}"
        for first, last in (("entry_until", "payment_until"), ("payment_until", "exam_on"), ("ticket_from", "ticket_until"), ("exam_on", "recheck_from"),
                            ("recheck_from", "recheck_until")):
            start, end = getattr(self, first), getattr(self, last)
            if start and end and end < start and last not in found:
                found[last] = f"{self._meta.fields[last].verbose_name}：要求不早于{self._meta.fields[first].verbose_name} {start}，实际 {end}"
        return found

    def nothing_to_sit(self, act):
        """没有设科目"""
        return None if self.subjects.exists() else Reason("还没有设考试科目")

    def entry_still_open(self, act):
        """报考时间还没有结束"""
        today = clock.today()
        return Reason("报考时间还没有结束", f"晚于 {self.entry_until}", str(today), f"{(self.entry_until - today).days + 1} 天") if today <= self.entry_until else None

    def results_missing(self, act):
        """还有已缴费的报考没有成绩"""
        missing = self.entries.where(self.entries.model.state == "paid").count() - self.results.count()
        return Reason("还有已缴费的报考没有登记成绩", "0 条", f"{missing} 条", f"{missing} 条") if missing > 0 else None

    def outcomes_missing(self, act):
        """有座位的考生没有成绩"""
        return [reason for plan in self.plans for reason in plan.unanswered()]

    def dated(self, act):
        self.published_at = act.at

    def sealed(self, act):
        """The seed of the seats is drawn before anybody has entered; until the seats are drawn only its digest is known."""
        self.seed_hash = self.seeds.model.draw(self)

    def seating_begins(self, act):
        """The seats can be planned from now on."""
        self.plans.model.add(act.by, session=self)

    open = Step("draft", "open", by="exam", label="开放报考", stage=6, unless=nothing_to_sit, sets=sealed, awaits=True)
    close = Step("open", "closed", by="exam|system", label="结束报考", stage=6, unless=entry_still_open, then=seating_begins, awaits=True)
    publish = Step("closed", "published", by="exam", label="公布成绩", stage=6, tone="ok", unless=(results_missing, outcomes_missing), sets=dated,
                   danger=True, awaits=True, done="成绩已对所有人同时公布")


class SessionSubject(Record):
    """One subject sat in one session: when, for which fee, with which pass line. What is left open is as the subject and the session say."""
    label, stage, readers, national, writers, seen_through = "批次科目", 6, ALL, True, "exam", "session"
    editable = ("session", "subject", "sits_on", "starts", "ends", "fee", "pass_line")
    clashes = {"subject": "这个批次已经有这个科目"}

    session = ForeignKeyField(ExamSession, backref="subjects", on_delete="RESTRICT", verbose_name="批次")
    subject = ForeignKeyField(Subject, on_delete="RESTRICT", verbose_name="科目")
    sits_on = DateField(null=True, verbose_name="考试日期", help_text="空 = 批次的考试日期")
    starts = TimeField(null=True, verbose_name="开考", help_text="空 = 科目的开考时间")
    ends = TimeField(null=True, verbose_name="结束", help_text="空 = 科目的结束时间")
    fee = DecimalField(max_digits=7, decimal_places=2, null=True, verbose_name="报名费", help_text="空 = 批次的报名费")
    pass_line = DecimalField(max_digits=4, decimal_places=1, default=60, verbose_name="合格线")

    class Meta:
        indexes = ((("session", "subject"), True),)
        constraints = [Check("pass_line >= 0 and pass_line <= 100")]

    def __str__(self):
        return f"{self.subject}"

    @property
    def sitting(self):
        """(date, from, to) of the exam."""
        return self.sits_on or self.session.exam_on, self.starts or self.subject.starts, self.ends or self.subject.ends

    def faults(self):
        if self.session_id is None or self.subject_id is None:
            return {}
        day, starts, ends = self.sitting
        found = {} if starts < ends else {"ends": f"结束：要求晚于开考 {starts:%H:%M}，实际 {ends:%H:%M}"}
        if day <= self.session.entry_until:
            found["sits_on"] = f"考试日期：要求晚于报考截止 {self.session.entry_until}，实际 {day}"
        return found


def load():
    """The shipped list of papers; changed ones stay as they are."""
    for row in rows_of("exam_subject"):
        codes = ";".join(sorted({c for name in ("disciplines_1997", "disciplines_2011", "disciplines_2022") for c in row[name].split(";") if c}))
        Subject.get_or_create(code=row["code"], defaults={"name": row["name"], "kind": row["kind"], "starts": row["start"], "ends": row["end"], "disciplines": codes})
