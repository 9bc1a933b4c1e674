"""Stage 10: terms, the units' reports with frozen lines, return, and filing together with the annual report."""
import hashlib
import json

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField, fn

from models import clock
from models.awards import Award
from models.conditions import exam_passes
from models.people import Grant, Role, User
from models.record import build, coded_names, gaps
from models.reference import EVERYBODY, Discipline, Institution
from models.sealed import SealedJSONField
from models.workflow import Ask, Reason, Record, Step


class ReportTerm(Record):
    label, stage, readers, national, writers = "报送学期", 10, EVERYBODY, True, "centre"
    editable = ("name", "award_from", "award_until", "report_from", "report_until", "office_until")
    STATES = {"draft": ("草稿", "off"), "open": ("已开放", "busy"), "closed": ("已结束", "off")}
    clashes = {"name": "已有同名的报送学期"}

    name = CharField(max_length=40, unique=True, verbose_name="学期")
    award_from = DateField(verbose_name="授予日期起")
    award_until = DateField(verbose_name="授予日期止", help_text="最后一天计入")
    report_from = DateField(verbose_name="报送开始")
    report_until = DateField(verbose_name="单位报送截止", help_text="最后一天计入，到 24:00 为止")
    office_until = DateField(null=True, verbose_name="省级备案截止")
    state = CharField(max_length=10, default="draft", verbose_name="状态")

    def __str__(self):
        return self.name

    def faults(self):
        found = {}
        for first, last in (("award_from", "award_until"), ("report_from", "report_until")):
            start, end = getattr(self, first), getattr(self, last)
            if start and end and end < start:
                found[last] = f"{self._meta.fields[last].verbose_name}：要求不早于 {start}，实际 {end}"
        return found

    def opened(self, act):
        """Every unit that takes part gets its report and its annual report."""
        for unit in Institution.select().where(Institution.taking_part == True):      # noqa: E712
            Report.of(unit, self, act.by)

    open = Step("draft", "open", by="centre", label="开放", stage=10, then=opened, awaits=True)
    reopen = Step("closed", "open", by="centre", label="重新开放", stage=10, then=opened)
    close = Step("open", "closed", by="centre", label="结束", stage=10)


class Report(Record):
    """What one unit reports for one term. Its lines are frozen snapshots; the current ones are those of its `round`."""
    label, stage, readers = "报送学位授予信息", 10, "clerk reviewer officer centre"
    STATES = {"open": ("未报送", "wait"), "submitted": ("已提交", "busy"), "no_award": ("未授予确认", "busy"), "returned": ("已打回", "bad"), "filed": ("已备案", "ok")}
    clashes = {"term": "这个单位这一学期已有报送"}

    institution = ForeignKeyField(Institution, backref="reports", on_delete="RESTRICT", verbose_name="学位授予单位")
    term = ForeignKeyField(ReportTerm, backref="reports", on_delete="RESTRICT", verbose_name="报送学期")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    round = IntegerField(default=0, verbose_name="报送次数")
    line_count = IntegerField(default=0, verbose_name="人数")
    digest = CharField(max_length=64, default="", verbose_name="摘要")
    submitted_at = DateTimeField(null=True, verbose_name="报送时间")
    submitted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="报送人")
    returned_at = DateTimeField(null=True, verbose_name="打回时间")
    returned_reason = TextField(default="", verbose_name="打回原因")
    filed_at = DateTimeField(null=True, verbose_name="备案时间")

    class Meta:
        indexes = ((("institution", "term"), True), (("term", "state"), False))
        constraints = [Check("line_count >= 0"), Check("state in ('open','submitted','no_award','returned','filed')")]

    def __str__(self):
        return f"{self.institution} {self.term}"

    @classmethod
    def of(cls, institution, term, by):
        """The unit's report of a term, made together with its annual report where it is not there yet."""
        report = cls.get_or_none(cls.institution == institution, cls.term == term)
        if report is None:
            report = cls.add(by, institution=institution, term=term)
            AnnualReport.add(by, institution=institution, term=term, report=report)
        return report

    @property
    def stands(self):
        """Whether the report is with the office or filed: its lines and their awards are not edited."""
        return self.state in ("submitted", "no_award", "filed")

    def in_window(self):
        """Query over the unit's awards whose date lies in the term's window, by certificate number."""
        return Award.select().where(Award.institution == self.institution_id, Award.state == "awarded", Award.awarded_on >= self.term.award_from,
                                    Award.awarded_on <= self.term.award_until).order_by(Award.certificate_number)

    def current_lines(self):
        return self.lines.where(ReportLine.round == self.round).order_by(ReportLine.number)

    def left_out(self):
        """漏报: how many awards of the window are not among the lines of a report that stands."""
        if not self.stands:
            return 0
        return self.in_window().where(Award.id.not_in(ReportLine.select(ReportLine.award).where(
            ReportLine.report == self.id, ReportLine.round == self.round))).count()

    def records(self):
        """[(award, values, [(Field, sentence)])] of what would be reported now."""
        found = []
        for award in self.in_window():
            values = build(award, passes_of(award))
            found.append((award, values, gaps(award, values)))
        return found

    def compare(self):
        """What changed since the last returned round: (added, removed, {certificate number: {code: (before, after)}})."""
        lines = {n: {line.award_id: line for line in self.lines.where(ReportLine.round == n)} for n in (self.round - 1, self.round)}
        before, after = lines[self.round - 1], lines[self.round]
        changed = {}
        for award in before.keys() & after.keys():
            old, new = before[award].values, after[award].values
            differing = {code: (old.get(code, ""), new[code]) for code in new if old.get(code, "") != new[code]}
            if differing:
                changed[new["XWZSBH"]] = differing
        return ([after[a] for a in after if a not in before], [before[a] for a in before if a not in after], changed)

    def nothing_to_report(self, act):
        """本期没有学位授予记录"""
        return None if self.in_window().exists() else Reason("本期没有学位授予记录，不能提交，请办理“未授予学位确认”", "至少 1 人", "0 人", "1 人")

    def something_to_report(self, act):
        """本期有学位授予记录"""
        count = self.in_window().count()
        return Reason("本期有学位授予记录，不能办理“未授予学位确认”，请提交报送", "0 人", f"{count} 人", f"{count} 人") if count else None

    def outside_window(self, act):
        """不在报送时间内（打回的除外）"""
        if self.state == "returned":
            return None
        term, today = self.term, clock.today()
        if term.state != "open":
            return Reason("这个学期没有开放报送", "已开放", term.state_label)
        if clock.in_window(today, term.report_from, term.report_until):
            return None
        gap = (term.report_from - today).days if today < term.report_from else (today - term.report_until).days
        return Reason("不在报送时间内", f"{term.report_from} 至 {term.report_until}", str(today), f"{gap} 天")

    def incomplete_lines(self, act):
        """有人的必填信息不完整"""
        return [Reason(f"{award.person}（{award.certificate_number}）{'；'.join(text for _, text in found)}") for award, _, found in self.records() if found]

    def freeze_lines(self, act):
        """Freeze the awards of the window as the lines of a new round, with the digest of their canonical form."""
        self.round += 1
        rows = self.records()
        for number, (award, values, _) in enumerate(rows, 1):
            ReportLine.create(report=self, institution=self.institution_id, award=award, round=self.round, number=number, values=values,
                              names=coded_names(values), digest=digest_of(values))
        self.line_count, self.digest = len(rows), digest_of([values for _, values, _ in rows])
        self.signed(act)

    def confirm_nothing(self, act):
        self.round += 1
        self.line_count, self.digest = 0, ""
        self.signed(act)

    def signed(self, act):
        self.submitted_at, self.submitted_by = act.at, act.by

    def sent_back(self, act):
        self.returned_at, self.returned_reason = act.at, act.reason

    def filed_now(self, act):
        self.filed_at = act.at

    def reporters(self):
        return list(User.select().join(Grant).join(Role).where(User.institution == self.institution_id, Role.name == "clerk"))

    submit = Step("open|returned", "submitted", by="clerk", label="提交", stage=10, unless=(nothing_to_report, outside_window, incomplete_lines),
                  then=freeze_lines, awaits=True, done="已提交，等待省级学位办备案")
    confirm_no_award = Step("open|returned", "no_award", by="clerk", label="未授予学位确认", stage=10, unless=(something_to_report, outside_window),
                            sets=confirm_nothing)
    send_back = Step("submitted|no_award", "returned", by="officer", label="打回", stage=10, tone="bad", sets=sent_back, tell=reporters,
                     asks=(Ask("reason", "打回原因", help="错报、漏报等，写明哪些人、哪些项"),))
    file = Step("submitted|no_award", "filed", by="officer", label="备案", stage=10, sets=filed_now, tell=reporters, inner=True)


class ReportLine(Record):
    """One award as it was reported: code and name of every field, frozen, with its digest."""
    label, stage, readers = "报送明细", 10, "clerk reviewer officer centre"

    report = ForeignKeyField(Report, backref="lines", on_delete="RESTRICT", verbose_name="报送")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    award = ForeignKeyField(Award, backref="report_lines", on_delete="RESTRICT", verbose_name="学位授予")
    round = IntegerField(verbose_name="第几次报送")
    number = IntegerField(verbose_name="序号")
    values = SealedJSONField(verbose_name="数据")
    names = JSONField(default=dict, verbose_name="代码名称")
    digest = CharField(max_length=64, verbose_name="摘要")

    class Meta:
        indexes = ((("report", "round", "award"), True),)

    def __str__(self):
        return f"{self.values['XM']} {self.values['XWZSBH']}"

    @property
    def withdrawn(self):
        """学位撤销"""
        return f"{self.award.withdrawn_on} 撤销" if self.award.withdrawn_at else ""

    @property
    def intact(self):
        return digest_of(self.values) == self.digest


class AnnualReport(Record):
    """学位授予信息年报系统: its own record of a unit and term, filed together with the platform's report."""
    label, stage, readers = "年报备案", 10, "clerk reviewer officer centre"
    STATES = {"open": ("待备案", "wait"), "filed": ("已备案", "ok")}

    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    term = ForeignKeyField(ReportTerm, backref="annual_reports", on_delete="RESTRICT", verbose_name="报送学期")
    report = ForeignKeyField(Report, unique=True, backref="annual_reports", on_delete="RESTRICT", verbose_name="同力信息平台报送")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    filed_at = DateTimeField(null=True, verbose_name="备案时间")
    filed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="备案人")

    class Meta:
        indexes = ((("institution", "term"), True), (("term", "state"), False))

    def __str__(self):
        return f"{self.institution} {self.term} 年报"

    def not_reported(self, act):
        """同力信息平台没有提交或未授予学位确认"""
        if self.report.state in ("submitted", "no_award"):
            return None
        return Reason("同力信息平台还没有这个单位的报送", "已提交 或 未授予确认", self.report.state_label)

    def awards_left_out(self, act):
        """报送后又有新的学位授予记录（漏报）"""
        count = self.report.left_out()
        return Reason("报送之后窗口内又有学位授予记录（漏报），请先打回", "0 人", f"{count} 人", f"{count} 人") if count else None

    def filed_together(self, act):
        self.filed_at, self.filed_by = act.at, act.by
        self.report.file(by=act.by)

    file = Step("open", "filed", by="officer", label="备案", stage=10, tone="ok", unless=(not_reported, awards_left_out), then=filed_together, awaits=True)


def digest_of(values):
    """SHA-256 of the canonical form: sorted keys, no blanks, UTF-8."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def passes_of(award):
    """The exam passes that counted when the case was admitted to its defence; their years may have ended since."""
    requests = award.application.defence_requests
    admitted = requests.where(requests.model.state == "approved").order_by(requests.model.id.desc()).first()
    return exam_passes(award.application, admitted and admitted.decided_on)


def totals(report):
    """{discipline name: number} of the awards that a report covers or would cover."""
    rows = report.in_window().select(Discipline.name, fn.COUNT(Award.id)).join(Discipline, on=Award.discipline == Discipline.id)
    return dict(rows.group_by(Discipline.name).order_by(Discipline.name).tuples())
