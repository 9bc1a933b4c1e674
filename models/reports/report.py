"""Stage 10: what a unit reports for a term - submitted, said to be nothing, returned, filed; its lines stand in versions."""
from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from models import bulk, clock
from models.audit import changes, record_many
from models.awards import Award
from models.files import File
from models.people import User, holders
from models.record import digest_of
from models.reference import Institution
from models.reports.checking import Checking
from models.reports.covering import Covering
from models.reports.term import ReportTerm
from models.workflow import Ask, Reason, Record, Step

class Report(Covering, Checking, Record):
    """Its lines are frozen snapshots. `round` counts how often the unit has reported, `version` every state of the lines: a round, or a
    change after filing."""
    label, stage, readers, writers = "报送学位授予信息", 10, "clerk reviewer officer centre", "clerk"
    editable = ("decision",)
    STATES = {"open": ("未报送", "wait"), "submitted": ("已提交", "busy"), "no_award": ("未授予确认", "busy"),
              "returned": ("已打回", "bad"), "filed": ("已备案", "ok")}
    clashes = {"term": "这个单位这一学期已有报送"}

    institution = ForeignKeyField(Institution, backref="reports", on_delete="RESTRICT", verbose_name="学位授予单位")
    term = ForeignKeyField(ReportTerm, backref="reports", on_delete="RESTRICT", verbose_name="报送学期")
    state = CharField(max_length=10, default="open", verbose_name="状态")
    round = IntegerField(default=0, verbose_name="报送次数")
    version = IntegerField(default=0, verbose_name="版次")
    line_count = IntegerField(default=0, verbose_name="人数")
    digest = CharField(max_length=64, default="", verbose_name="摘要")
    decision = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="学位评定委员会决定", help_text="扫描件，PDF、JPEG 或 PNG")
    extended_until = DateField(null=True, verbose_name="报送延长到")
    submitted_at = DateTimeField(null=True, verbose_name="报送时间")
    submitted_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="报送人")
    returned_at = DateTimeField(null=True, verbose_name="打回时间")
    returned_reason = TextField(default="", verbose_name="打回原因")
    reminded_on = DateField(null=True, verbose_name="催报日期")
    filed_at = DateTimeField(null=True, verbose_name="备案时间")
    checked_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="reports_checked", verbose_name="复核人")
    checked_digest = CharField(max_length=64, default="", verbose_name="复核的内容")

    class Meta:
        indexes = ((("institution", "term"), True), (("term", "state"), False))
        constraints = [Check("line_count >= 0"), Check("state in ('open','submitted','no_award','returned','filed')")]

    def __str__(self):
        return f"{self.institution} {self.term}"

    @classmethod
    def open_for(cls, term, units, by):
        """Give each unit its report of a term and the annual report beside it, where they are not there yet."""
        have = {unit for unit, in cls.select(cls.institution).where(cls.term == term).tuples()}
        units = [unit for unit in units if unit.id not in have]
        reports = [cls(id=id, institution=unit, term=term) for id, unit in zip(bulk.reserve(cls, len(units)), units)]
        annual = cls.annual_reports.rel_model
        annuals = [annual(id=id, institution=report.institution_id, term=term, report=report.id)
                   for id, report in zip(bulk.reserve(annual, len(units)), reports)]
        for kind, rows in ((cls, reports), (annual, annuals)):
            stored = bulk.storing(kind, kind._meta.fields)
            bulk.insert(kind, list(kind._meta.fields), [stored(row) for row in rows])
            record_many(by, [(row, "create", "新建", changes({}, row), "") for row in rows])

    def locks(self):
        return [] if self.state in ("open", "returned") else [Reason("报送之后不能再改", "未报送、已打回", self.state_label)]

    # deadlines -------------------------------------------------------------------------------------------------------------------------
    @property
    def due(self):
        """The last day on which the unit reports."""
        return self.extended_until or self.term.report_until

    @property
    def appends(self):
        """Whether a submission adds to the lines that stand."""
        return self.term.rolling and self.state in ("submitted", "no_award")

    @property
    def days_late(self):
        """Days from the deadline to the report, or to today where it has not come; of a rolling term those of the oldest award not reported."""
        if self.term.rolling:
            oldest = self.unreported().order_by(Award.awarded_on).first() if self.state != "filed" else None
            return max(0, (clock.today() - oldest.awarded_on).days - self.term.within_days) if oldest else 0
        reported = self.submitted_at.date() if self.submitted_at and self.stands else clock.today()
        return max(0, (reported - self.due).days)

    # guards ----------------------------------------------------------------------------------------------------------------------------
    def nothing_to_report(self, act):
        """本期没有学位授予记录"""
        return None if self.in_window().exists() else Reason("本期没有学位授予记录，不能提交，请办理“未授予学位确认”", "至少 1 人", "0 人", "1 人")

    def something_to_report(self, act):
        """本期有学位授予记录"""
        count = self.in_window().count()
        return Reason("本期有学位授予记录，不能办理“未授予学位确认”，请提交报送", "0 人", f"{count} 人", f"{count} 人") if count else None

    def nothing_new(self, act):
        """没有新的学位授予记录，或不是滚动报送"""
        if not self.term.rolling:
            return Reason("这个学期一次报送全部人员，不能续报；漏报的请省级学位办打回后重新提交")
        return None if self.unreported().exists() else Reason("没有新的学位授予记录，不能续报", "至少 1 人", "0 人", "1 人")

    def outside_window(self, act):
        """不在报送时间内（打回的除外）"""
        if self.state == "returned":
            return None
        term, today = self.term, clock.today()
        if term.state != "open":
            return Reason("这个学期没有开放报送", "已开放", term.state_label)
        if clock.in_window(today, term.report_from, self.due):
            return None
        gap = (term.report_from - today).days if today < term.report_from else (today - self.due).days
        return Reason("不在报送时间内", f"{term.report_from} 至 {self.due}", str(today), f"{gap} 天")

    def incomplete_lines(self, act):
        """有人的信息不完整，或有不对的项"""
        return [Reason(f"{row.values['XM']}（{row.values['XWZSBH']}）{'；'.join(str(reason) for _, reason in row.faults)}")
                for row in self.extracted if row.faults]

    def wrong_extension(self, act):
        """延长的日期不晚于现在的截止，或晚于省级备案截止"""
        until, last = act["until"], self.term.office_until
        if until and until <= self.due:
            return Reason("延长到的日期要求晚于现在的截止日期", f"晚于 {self.due}", str(until))
        if until and last and until > last:
            return Reason("延长不能超过省级备案截止", f"不晚于 {last}", str(until), f"{(until - last).days} 天")
        return None if last else Reason("这个学期没有规定省级备案截止，请学位中心延长")

    # effects ---------------------------------------------------------------------------------------------------------------------------
    def begin_round(self, act):
        self.round, self.version, self.submitted_at, self.submitted_by = self.round + 1, self.version + 1, act.at, act.by

    def freeze_lines(self, act):
        """Freeze the awards of the window as the lines of a new version. What an amendment entered against the records stays entered."""
        line = self.lines.model
        before = {row.award_id: row for row in self.current_lines().select(line.id, line.award, line.entered, line.photo)}
        self.begin_round(act)
        line.end(self, line.removed == False)      # noqa: E712
        frozen = line.freeze(self, [line.frozen(row, before.get(row.award_id)) for row in self.extracted])
        self.line_count, self.digest = len(frozen), digest_of(frozen)

    def append_lines(self, act):
        """Freeze the awards that are not reported yet as a new version behind the lines that stand."""
        line, rows = self.lines.model, self.extracted
        self.begin_round(act)
        line.freeze(self, [line.frozen(row, None) for row in rows], self.line_count)
        self.summed_up()

    def confirm_nothing(self, act):
        self.begin_round(act)
        self.line_count, self.digest = 0, ""
        self.lines.model.end(self, self.lines.model.removed == False)      # noqa: E712

    def sent_back(self, act):
        self.returned_at, self.returned_reason, self.checked_by = act.at, act.reason, None

    def filed_now(self, act):
        self.filed_at = act.at

    def unfiled(self, act):
        self.filed_at = None

    def extended(self, act):
        self.extended_until = act["until"]

    def amended(self, act):
        """Write the new lines of an amendment as the next version."""
        self.version += 1
        act["amendment"].write_lines(self)
        self.summed_up()

    def reporters(self):
        return list(holders(("clerk",), institution=self.institution_id))

    endorse = Step("open", "open", by="reviewer", label="复核", stage=10, unless=Checking.no_check_asked, sets=Checking.checked, done="已复核，可以报送")
    endorse_again = Step("returned", "returned", by="reviewer", label="复核", stage=10, unless=Checking.no_check_asked, sets=Checking.checked,
                         done="已复核，可以报送")
    endorse_more = Step("submitted", "submitted", by="reviewer", label="复核续报", stage=10, unless=(Checking.no_check_asked, nothing_new),
                        sets=Checking.checked, done="已复核，可以续报")
    endorse_first = Step("no_award", "no_award", by="reviewer", label="复核续报", stage=10, unless=(Checking.no_check_asked, nothing_new),
                         sets=Checking.checked, done="已复核，可以续报")
    submit = Step("open|returned", "submitted", by="clerk", label="提交", stage=10,
                  unless=(nothing_to_report, outside_window, incomplete_lines, Checking.unchecked), then=freeze_lines, awaits=True, done="已提交，等待省级学位办备案")
    submit_more = Step("submitted|no_award", "submitted", by="clerk", label="续报", stage=10,
                       unless=(nothing_new, outside_window, incomplete_lines, Checking.unchecked), then=append_lines, done="新的授予记录已报送")
    confirm_no_award = Step("open|returned", "no_award", by="clerk", label="未授予学位确认", stage=10,
                            unless=(something_to_report, outside_window, Checking.unchecked), sets=confirm_nothing)
    extend = Step("open", "open", by="officer", label="延长报送时间", stage=10, unless=wrong_extension, sets=extended, tell=reporters, done="报送时间已延长",
                  asks=(Ask("until", "延长到", "date", help="不晚于省级备案截止"), Ask("reason", "延长理由")))
    send_back = Step("submitted|no_award", "returned", by="officer", label="打回", stage=10, tone="bad", sets=sent_back, tell=reporters,
                     asks=(Ask("reason", "打回原因", help="错报、漏报等，写明哪些人、哪些项"),))
    file = Step("submitted|no_award", "filed", by="officer", label="备案", stage=10, sets=filed_now, tell=reporters, inner=True)
    unfile = Step("filed", "submitted", by="centre", label="撤销备案", stage=10, sets=unfiled, tell=reporters, inner=True, done="备案已撤销，回到已提交")
    unfile_empty = Step("filed", "no_award", by="centre", label="撤销备案（未授予）", stage=10, sets=unfiled, tell=reporters, inner=True,
                        done="备案已撤销，回到未授予确认")
    amend = Step("filed", "filed", by="officer", label="备案后变更", stage=10, then=amended, tell=reporters, inner=True, done="已备案的信息已变更")
