"""Stage 10: 学位授予信息年报系统 - its own record of a unit and term, filed together with the platform's report, and taken back together."""
from functools import cached_property

from peewee import CharField, DateTimeField, ForeignKeyField, fn

from models import clock, many
from models.people import User
from models.reference import Institution
from models.reports.comparing import digests_of
from models.reports.report import Report
from models.reports.term import ReportTerm
from models.workflow import Ask, Reason, Record, Step


class AnnualReport(Record):
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

    @property
    def line_count(self):
        """人数"""
        return self.report.line_count + self.legacy_records.where(self.legacy_records.model.state == "entered").count()

    # what the guards ask, for one or for many at once ------------------------------------------------------------------------------
    @cached_property
    def left_out(self):
        return self.report.left_out()

    @cached_property
    def intact(self):
        return self.report.intact()

    @cached_property
    def legacy_intact(self):
        return all(record.intact for record in self.legacy_records.where(self.legacy_records.model.state == "entered"))

    @staticmethod
    def gathered(rows):
        """What the guards of filing ask of the reports, their lines and the legacy records."""
        ids, line, legacy = [row.report_id for row in rows], Report.lines.rel_model, AnnualReport.legacy_records.rel_model
        left = Report.left_out_of(ids)
        standing = line.select().where(line.report.in_(ids), line.ended.is_null(), line.removed == False)      # noqa: E712
        digests = digests_of(standing.order_by(line.report, line.certificate_number).iterator())
        entered = legacy.select().where(legacy.annual.in_([row.id for row in rows]), legacy.state == "entered")
        broken = {record.annual_id for record in entered if not record.intact}
        for row in rows:
            row.left_out, row.intact = left.get(row.report_id, 0), digests.get(row.report_id, "") == row.report.digest
            row.legacy_intact = row.id not in broken

    # guards ----------------------------------------------------------------------------------------------------------------------------
    def not_reported(self, act):
        """同力信息平台没有提交或未授予学位确认"""
        if self.report.state in ("submitted", "no_award"):
            return None
        return Reason("同力信息平台还没有这个单位的报送", "已提交 或 未授予确认", self.report.state_label)

    def awards_left_out(self, act):
        """报送后又有新的学位授予记录（漏报）"""
        count = self.left_out
        return Reason("报送之后窗口内又有学位授予记录（漏报），请先打回", "0 人", f"{count} 人", f"{count} 人") if count else None

    def tampered(self, act):
        """明细与提交时的摘要不符"""
        return None if self.intact and self.legacy_intact else Reason("报送的明细与提交时的摘要不符，不能备案，请立即报告学位中心")

    def too_late(self, act):
        """已过省级备案截止"""
        last, today = self.term.office_until, clock.today()
        if last is None or today <= last:
            return None
        return Reason("已过省级备案截止，请学位中心延长", f"不晚于 {last}", str(today), f"{(today - last).days} 天")

    def under_amendment(self, act):
        """有正在办理的备案后变更"""
        count = self.report.amendments.where(self.report.amendments.model.state.in_(("asked", "opened", "entered"))).count()
        return Reason("有正在办理的补报、修改或删除，请先办完", "0 件", f"{count} 件", f"{count} 件") if count else None

    # effects ---------------------------------------------------------------------------------------------------------------------------
    def signed(self, act):
        self.filed_at, self.filed_by = act.at, act.by

    def filed_together(self, act):
        self.report.file(by=act.by)

    @staticmethod
    def many_filed_together(rows, act):
        many.follow(Report.file, [row.report for row in rows], act.by)

    def cleared(self, act):
        self.filed_at = self.filed_by = None

    def undone_together(self, act):
        """The report goes back to where it stood: with lines submitted, without any 未授予学位确认."""
        step = self.report.unfile if self.report.line_count else self.report.unfile_empty
        step(by=act.by, reason=act.reason)

    file = Step("open", "filed", by="officer", label="备案", stage=10, tone="ok", sets=signed,
                unless=(not_reported, awards_left_out, tampered, too_late), then=filed_together, then_many=many_filed_together, gather=gathered, awaits=True,
                fresh=True)
    undo = Step("filed", "open", by="centre", label="撤销备案", stage=10, tone="bad", danger=True, fresh=True, unless=under_amendment, sets=cleared,
                then=undone_together, asks=(Ask("reason", "撤销理由"),), done="备案已撤销，平台报送一并恢复")


def totals(report):
    """{discipline name: number} of the awards that a report covers or would cover."""
    discipline = report.in_window().model.discipline.rel_model
    rows = report.in_window().order_by().select(discipline.name, fn.COUNT(discipline.id)).join(discipline)
    return dict(rows.group_by(discipline.name).order_by(discipline.name).tuples())
