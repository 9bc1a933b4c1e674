"""Stage 10: one award as it was reported - frozen, with its digest; it stands from one version of its report to another."""
from dataclasses import dataclass

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, JSONField, TextField

from models import bulk
from models.awards import Award
from models.files import File
from models.memory import remembering
from models.record import coded_names, digest_of
from models.reference import Institution
from models.reports.report import Report
from models.sealed import SealedJSONField, SealedTableField
from models.workflow import Reason, Record


@dataclass(frozen=True)
class Frozen:
    """What becomes a line: values and photo of an award, the line that it replaces, what an amendment entered, its place in the list."""
    award_id: int
    values: dict
    photo_id: int | None
    replaces: int | None = None
    entered: dict | None = None
    number: int | None = None
    removed: bool = False


class ReportLine(Record):
    """Code and name of every field. It stands from `version` of its report until the version in `ended`; one that is `removed` stands for the
    fact that a 删除 took the award out, and is no line of the report. `entered` is what an amendment set against the records."""
    label, stage, readers, writers = "报送明细", 10, "clerk reviewer officer centre", "officer"
    editable = ("remark",)

    report = ForeignKeyField(Report, backref="lines", on_delete="RESTRICT", verbose_name="报送")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    award = ForeignKeyField(Award, backref="report_lines", on_delete="RESTRICT", verbose_name="学位授予")
    round = IntegerField(verbose_name="第几次报送")
    version = IntegerField(verbose_name="版次")
    ended = IntegerField(null=True, verbose_name="止于版次")
    removed = BooleanField(default=False, verbose_name="已删除")
    replaces = ForeignKeyField("self", null=True, backref="replaced_by", on_delete="RESTRICT", verbose_name="代替")
    number = IntegerField(verbose_name="序号")
    certificate_number = CharField(max_length=17, verbose_name="证书编号")
    values = SealedJSONField(verbose_name="数据")
    names = JSONField(default=dict, verbose_name="代码名称")
    digest = CharField(max_length=64, verbose_name="摘要")
    entered = SealedTableField(null=True, verbose_name="备案后填写的项")
    photo = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="照片")
    remark = TextField(default="", verbose_name="省级备注", help_text="报送单位在这一行旁边看到")

    class Meta:
        table_name = "report_line"
        indexes = ((("report", "version", "award"), True), (("report", "ended", "certificate_number"), False))

    def __str__(self):
        return f"{self.values['XM']} {self.values['XWZSBH']}"

    @property
    def withdrawn(self):
        """学位撤销"""
        return f"{self.award.withdrawn_on} 撤销" if self.award.withdrawn_at else ""

    @property
    def intact(self):
        return digest_of(self.values) == self.digest

    @property
    def versions(self):
        """Query over the lines of this award in the report, the first version first."""
        return self.report.lines.where(ReportLine.award == self.award_id).order_by(ReportLine.version)

    def belongs_to(self, user):
        """Remarks are the office's."""
        return "officer" in user.role_names

    def locks(self):
        if self.report.state == "submitted" and self.ended is None:
            return []
        return [Reason("只能在已提交、尚未备案的明细上写备注", "已提交", self.report.state_label)]

    @staticmethod
    def frozen(extracted, before):
        """What becomes of an award's line where `before` stood, if any: what an amendment entered there, and its photo, stay."""
        if before is None or before.entered is None:
            return Frozen(extracted.award_id, extracted.values, extracted.photo_id, before and before.id)
        return Frozen(extracted.award_id, extracted.values | before.entered, before.photo_id, before.id, before.entered)

    @classmethod
    def freeze(cls, report, records, begin=0):
        """Write [Frozen] as lines of the report's version, numbered after `begin` in the order of their certificate numbers; returns their values."""
        names = [name for name in cls._meta.fields if name != "id"]
        stored, rows, records = bulk.storing(cls, names), [], sorted(records, key=lambda record: record.values["XWZSBH"])
        with remembering():
            for number, record in enumerate(records, begin + 1):
                values = record.values
                rows.append(stored(cls(
                    report=report.id, institution=report.institution_id, award=record.award_id, round=report.round, version=report.version,
                    removed=record.removed, replaces=record.replaces, number=record.number or number, certificate_number=values["XWZSBH"],
                    values=values, names=coded_names(values), digest=digest_of(values), entered=record.entered, photo=record.photo_id)))
        bulk.insert(cls, names, rows)
        return [record.values for record in records]

    @classmethod
    def end(cls, report, *where):
        """The lines that stand do so no longer, from the report's version on."""
        cls.update(ended=report.version).where(cls.report == report.id, cls.ended.is_null(), *where).execute()
