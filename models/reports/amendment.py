"""Stage 10: after filing - 补报, 修改, 删除 and 换照片: asked for with a letter, opened by the office for exactly those persons, entered by the unit,
confirmed by the office; only then the lines have a new version."""
from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, TextField, fn

from models.files import File
from models.people import holders
from models.reference import Institution
from models.reports.line import ReportLine
from models.reports.report import Report
from models.workflow import Ask, Reason, Record, Refused, Step

KINDS = (("add", "补报"), ("change", "修改"), ("remove", "删除"), ("photo", "换照片"))


class Amendment(Record):
    label, stage, readers, writers = "备案后变更", 10, "clerk reviewer officer centre", "clerk"
    editable = ("report", "kind", "letter", "statement")
    STATES = {"draft": ("草稿", "off"), "asked": ("已申请", "wait"), "opened": ("已开放填写", "busy"), "entered": ("已填写，待确认", "wait"),
              "confirmed": ("已确认", "ok"), "refused": ("未同意", "bad")}

    report = ForeignKeyField(Report, backref="amendments", on_delete="RESTRICT", verbose_name="报送")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    kind = CharField(max_length=8, choices=KINDS, verbose_name="办理事项")
    letter = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="单位公函", help_text="PDF、JPEG 或 PNG")
    statement = TextField(default="", verbose_name="事由")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    asked_at = DateTimeField(null=True, verbose_name="申请时间")
    opened_at = DateTimeField(null=True, verbose_name="开放时间")
    entered_at = DateTimeField(null=True, verbose_name="填写时间")
    decided_at = DateTimeField(null=True, verbose_name="决定时间")
    opinion = TextField(default="", verbose_name="省级意见")
    version = IntegerField(null=True, verbose_name="形成的版次")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.report} {dict(KINDS)[self.kind]}"

    def follow(self):
        if self.report_id:
            self.institution = self.report.institution_id

    def faults(self):
        return {"report": f"备案以后才办理补报、修改和删除，这个报送现在是“{self.report.state_label}”"} if self.report_id and self.report.state != "filed" else {}

    def locks(self):
        return [] if self.state == "draft" else [Reason("已经提出申请，不能再改", "草稿", self.state_label)]

    # guards --------------------------------------------------------------------------------------------------------------------------
    def not_filed(self, act):
        """报送没有备案"""
        return None if self.report.state == "filed" else Reason("这个报送没有备案，按打回和重新提交办理", "已备案", self.report.state_label)

    def no_letter(self, act):
        """没有公函或名单"""
        found = [] if self.letter_id else [Reason("还没有上传单位公函")]
        return found + ([] if self.items.exists() else [Reason("名单里还没有人", "至少 1 人", "0 人", "1 人")])

    def wrong_items(self, act):
        """名单中有人不合这个事项"""
        return [Reason(f"{item.award}：{text}") for item in self.items for text in item.faults().values()]

    def not_ready(self, act):
        """填写的内容不完整、不对，或没有变化"""
        return [Reason(f"{item.award}：{reason}") for item in self.items for reason in item.lacking()]

    def overtaken_items(self, act):
        """名单中有人在此期间另有变更"""
        return [Reason(f"{item.award} 在填写以后另有变更，请退回重填") for item in self.items if item.overtaken()]

    # effects -------------------------------------------------------------------------------------------------------------------------
    def asked(self, act):
        self.asked_at = act.at

    def opened(self, act):
        self.opened_at, self.opinion = act.at, act.reason

    def entered(self, act):
        self.entered_at = act.at

    def proposed(self, act):
        """What was entered is frozen, so that the office confirms what it sees."""
        for item in self.items:
            item.change(act.by, verb="propose", verb_label="填写完成", values=item.proposal(), line=item.standing())

    def decided(self, act):
        self.decided_at, self.opinion = act.at, act.reason

    def applied(self, act):
        report = self.report.amend(by=act.by, amendment=self, reason=f"{dict(KINDS)[self.kind]} {self.items.count()} 人")
        self.version = report.version

    def write_lines(self, report):
        """End the lines that the items are about and write the new ones, as a version of the report that is under way."""
        if against := self.overtaken_items(None):           # asked again, now that the report is held
            raise Refused(against)
        lines, last = [item.frozen() for item in self.items], report.lines.select(fn.MAX(ReportLine.number)).scalar()
        ReportLine.end(report, ReportLine.award.in_([line.award_id for line in lines]))
        ReportLine.freeze(report, lines, last or 0)

    def officers(self):
        return list(holders(("officer",), office=self.institution.office_id))

    def reporters(self):
        return self.report.reporters()

    ask = Step("draft", "asked", by="clerk", label="提出申请", stage=10, unless=(not_filed, no_letter, wrong_items), sets=asked, tell=officers,
               done="已申请，等待省级学位办开放")
    open = Step("asked", "opened", by="officer", label="开放填写", stage=10, unless=(not_filed, wrong_items), sets=opened, tell=reporters, awaits=True,
                asks=(Ask("opinion", "意见", required=False),), done="已对名单中的人开放填写")
    enter = Step("opened", "entered", by="clerk", label="填写完成", stage=10, unless=(not_filed, not_ready), sets=entered,
                 then=proposed, tell=officers, awaits=True, done="已填写，等待省级学位办确认")
    confirm = Step("entered", "confirmed", by="officer", label="确认", stage=10, tone="ok", sets=decided, then=applied, tell=reporters,
                   unless=(not_filed, wrong_items, overtaken_items), awaits=True, asks=(Ask("opinion", "意见", required=False),), done="已确认，报送信息已有新的版次")
    send_back = Step("entered", "opened", by="officer", label="退回重填", stage=10, tone="bad", tell=reporters,
                     asks=(Ask("reason", "退回原因"),), done="请重新填写")
    refuse = Step("asked|opened|entered", "refused", by="officer", label="不同意", stage=10, tone="bad", sets=decided, tell=reporters,
                  asks=(Ask("reason", "理由"),), done="没有同意")
