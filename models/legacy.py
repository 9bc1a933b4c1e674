"""Stage 10: the legacy door - degrees of people who passed everything before the platform, entered in the annual report system instead."""
import datetime as dt
from heapq import merge

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, JSONField

from models.applications import Application
from models.awards import Award
from models.exams.results import PriorPass
from models.files import File
from models.identity import facts_of, normal_document, normal_name
from models.people import Person, User
from models.record import BY_CODE, FIELDS, GROUND, coded_names, digest_of, gaps, wrong, wrong_numbers
from models.reference import Discipline, Institution
from models.reports import AnnualReport
from models.sealed import BlindIndexField, SealedField, SealedTableField
from models.workflow import Reason, Record, Refused, Step

SHUT = dt.date(2011, 11, 1)                                  # passes of this day and later are the platform's
DOOR = (dt.date(2012, 9, 1), dt.date(2013, 2, 28))           # the one term: first semester 2012/2013
FILED = Reason("年报已备案，不能再补录或修改", "待备案", "已备案")
KINDS = {"language": "外国语水平", "comprehensive": "学科综合水平"}


def against(last_passed_on, in_platform, awarded_on, term, listed):
    """[Reason] why somebody cannot be entered in the annual report system; empty when the door is open to him.

    `last_passed_on` is the day of the last of all national exams, `in_platform` whether a case of his was ever confirmed there (a mere
    account is none), `term` has award_from and award_until, `listed` whether every exam stands in 合格库 with a day before November 2011."""
    found = []
    if (term.award_from, term.award_until) != DOOR:
        found.append(Reason("年报系统只在 2012—2013 学年第一学期受理，从第二学期起一律在同力信息平台办理", f"{DOOR[0]} 至 {DOOR[1]}",
                            f"{term.award_from} 至 {term.award_until}"))
    if last_passed_on is None:
        found.append(Reason("没有通过全部国家统考", f"早于 {SHUT}", "没有"))
    elif last_passed_on >= SHUT:
        found.append(Reason("通过全部国家统考太晚，应在同力信息平台办理", f"早于 {SHUT}", str(last_passed_on), f"{(last_passed_on - SHUT).days + 1} 天"))
    if in_platform:
        found.append(Reason("已在同力信息平台确认过，应在同力信息平台办理", "没有确认过", "确认过"))
    if awarded_on is None or not DOOR[0] <= awarded_on <= DOOR[1]:
        gap = "" if awarded_on is None else f"{(DOOR[0] - awarded_on).days if awarded_on < DOOR[0] else (awarded_on - DOOR[1]).days} 天"
        found.append(Reason("授予日期不在受理的范围内", f"{DOOR[0]} 至 {DOOR[1]}", str(awarded_on or "没有"), gap))
    if not listed:
        found.append(Reason("合格库（2011 年 11 月以前）中没有全部统考成绩", "每一科都有", "缺少"))
    return found


class LegacyRecord(Record):
    """One degree, with the same fields as a line of the platform's report; what else it says follows from them."""
    label, stage, readers, writers = "年报补录", 10, "clerk reviewer officer centre", "clerk"
    editable = ("annual", "passed_on")
    STATES = {"draft": ("草稿", "off"), "entered": ("已录入", "ok")}
    clashes = {"document_index": "这个人在这一年报里已有记录", "certificate_number": "这个证书编号已经录入过"}

    annual = ForeignKeyField(AnnualReport, backref="legacy_records", on_delete="RESTRICT", verbose_name="年报")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=40, verbose_name="姓名")
    document_number = SealedField(blind_index="document_index", verbose_name="证件号码")
    document_index = BlindIndexField(index=True)
    certificate_number = CharField(max_length=17, null=True, unique=True, verbose_name="学位证书编号")
    awarded_on = DateField(null=True, verbose_name="获学位日期")
    passed_on = DateField(null=True, verbose_name="通过全部统考日期", help_text="最后一科合格的日期，与合格库核对")
    values = SealedTableField(verbose_name="数据")
    names = JSONField(default=dict, verbose_name="代码名称")
    digest = CharField(max_length=64, default="", verbose_name="摘要")
    photo = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="照片")
    entered_at = DateTimeField(null=True, verbose_name="录入时间")
    entered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="录入人")
    state = CharField(max_length=10, default="draft", verbose_name="状态")

    class Meta:
        table_name = "legacy_record"
        indexes = ((("annual", "document_index"), True), (("annual", "state"), False))

    def __str__(self):
        return f"{self.name} {self.certificate_number or ''}".strip()

    def follow(self):
        """The record is whole and in one spelling; its other columns are what the record says."""
        if self.annual_id is None:
            return
        self.institution = self.annual.institution_id
        given = {code: " ".join(str(text or "").split()) for code, text in (self.values or {}).items()}
        values = {field.code: "" for field in FIELDS} | given | {GROUND: given.get(GROUND) or "bachelor"}
        values |= {"XM": normal_name(values["XM"]), "ZJHM": normal_document(values["ZJHM"]), "XWSYDWM": self.institution.code,
                   "PYDWM": values["PYDWM"] or self.institution.code, "XWZSBH": values["XWZSBH"].upper()}
        facts = facts_of(values["ZJLXM"], values["ZJHM"])
        values |= {"XBM": values["XBM"] or facts["sex"], "CSRQ": values["CSRQ"] or f"{facts['birth_date']:%Y%m%d}"} if facts else {}
        values["ZP"] = f"{values['ZJHM']}.jpg"
        self.values, self.name, self.certificate_number = values, values["XM"], values["XWZSBH"] or None
        if self.document_number != values["ZJHM"]:
            self.document_number = values["ZJHM"]
        self.awarded_on = day_of(values["HXWRQ"])

    def faults(self):
        unknown = [code for code in self.values or {} if code not in BY_CODE and code != GROUND]
        found = {"values": f"没有“{unknown[0]}”这个数据项"} if unknown else {}
        return found | ({"annual": str(FILED)} if self.id is None and self.annual_id and self.annual.state == "filed" else {})

    def locks(self):
        if self.annual.state == "filed":
            return [FILED]
        return [] if self.state == "draft" else [Reason("已经录入，请先撤回再修改", "草稿", self.state_label)]

    @property
    def intact(self):
        return digest_of(self.values) == self.digest

    # what the door asks ----------------------------------------------------------------------------------------------------------------
    def in_platform(self):
        """Whether a case of the person was ever confirmed in the platform."""
        person = Person.by_document(self.document_number)
        confirmed = Application.confirmed_at.is_null(False) | Application.register_number.is_null(False)
        return person is not None and person.applications.where(confirmed).exists()

    def needed(self):
        """The exams that the discipline asks for."""
        codes = (self.values["YJXKM"], self.values["EJXKM"])
        paper = Discipline.select().where(Discipline.code.in_(codes), Discipline.has_comprehensive_exam == True)      # noqa: E712
        return {"language", "comprehensive"} if paper.exists() else {"language"}

    def passes(self, *where):
        """The kinds of exam that 合格库 has of the person."""
        return {row.kind for row in PriorPass.select(PriorPass.kind).where(PriorPass.document_index == self.document_index, *where)}

    # guards ----------------------------------------------------------------------------------------------------------------------------
    def not_admitted(self, act):
        """不符合在年报系统补录的条件"""
        listed = self.needed() <= self.passes(PriorPass.passed_on < SHUT)
        return against(self.passed_on, self.in_platform(), self.awarded_on, self.annual.term, listed)

    def wrong_library(self, act):
        """统考成绩只在 2011 年 11 月以后的合格库中"""
        late = self.passes(PriorPass.passed_on >= SHUT) - self.passes(PriorPass.passed_on < SHUT)
        return [Reason(f"{KINDS[kind]}的成绩在 2012 年合格库中，年报系统不接受这个库", f"早于 {SHUT}") for kind in KINDS if kind in late & self.needed()]

    def record_incomplete(self, act):
        """必填信息不完整，或有不对的项"""
        return [reason for _, reason in (*gaps(self.values), *wrong(self.values), *wrong_numbers(self.values))]

    def known_certificate(self, act):
        """证书编号已在同力信息平台使用"""
        used = Award.select().where(Award.certificate_number == self.certificate_number, Award.certificate_number.is_null(False)).exists()
        return Reason(f"证书编号 {self.certificate_number} 已在同力信息平台使用") if used else None

    def already_filed(self, act):
        """年报已备案"""
        return FILED if self.annual.state == "filed" else None

    # effects ---------------------------------------------------------------------------------------------------------------------------
    def hold_annual(self):
        """The annual report is not filed meanwhile."""
        if AnnualReport.locked(self.annual_id).state == "filed":
            raise Refused([FILED])

    def sealed(self, act):
        self.hold_annual()
        self.names, self.digest, self.entered_at, self.entered_by = coded_names(self.values), digest_of(self.values), act.at, act.by

    def unsealed(self, act):
        self.hold_annual()
        self.digest, self.entered_at, self.entered_by = "", None, None

    enter = Step("draft", "entered", by="clerk", label="录入", stage=10, tone="ok", sets=sealed,
                 unless=(already_filed, not_admitted, wrong_library, record_incomplete, known_certificate), done="已录入年报")
    withdraw = Step("entered", "draft", by="clerk", label="撤回修改", stage=10, unless=already_filed, sets=unsealed, done="已撤回为草稿")


def day_of(text):
    """The date behind CCYYMMDD, or None."""
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None


def lines_of(report):
    """What a report and its annual report tell together: the platform's lines as they stand and the legacy records, by certificate number; each has
    values, names, digest and photo."""
    legacy = (LegacyRecord.select().join(AnnualReport).where(AnnualReport.report == report, LegacyRecord.state == "entered")
              .order_by(LegacyRecord.certificate_number))
    return merge(report.current_lines(), legacy, key=lambda line: line.values["XWZSBH"])
