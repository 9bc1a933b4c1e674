"""Stage 9: the degree. An award is proposed by the passed defence, granted by the degree committee, and reported in stage 10."""
import datetime as dt
import re

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, TextField

from models import clock
from models.applications import Application
from models.people import Person
from models.reference import Discipline, Institution
from models.serials import Serial
from models.workflow import Ask, Reason, Record, Step

T_BEFORE = dt.date(2016, 1, 1)      # awards dated before this day carry the prefix T


def certificate_faults(number, unit_code, awarded_on):
    """Reasons why a certificate number cannot be right: 16 digits = unit(5) 3 year(4) serial(6), prefix T before 2016-01-01."""
    found, digits = [], number.removeprefix("T")
    if not re.fullmatch(r"T?[0-9]{16}", number):
        return [Reason("证书编号的格式不对", "16 位数字（2016 年以前授予的前加 T）", number)]
    if number.startswith("T") != (awarded_on < T_BEFORE):
        found.append(Reason("证书编号的前缀不对", "2016-01-01 前授予的以 T 开头" if awarded_on < T_BEFORE else "2016-01-01 起授予的不加 T", number))
    if digits[:5] != unit_code:
        found.append(Reason("证书编号第 1—5 位是单位代码", unit_code, digits[:5]))
    if digits[5] != "3":
        found.append(Reason("证书编号第 6 位是学位级别", "3（硕士）", digits[5]))
    if digits[6:10] != str(awarded_on.year):
        found.append(Reason("证书编号第 7—10 位是授予年份", str(awarded_on.year), digits[6:10]))
    return found


class Award(Record):
    label, stage, readers, cleared_with_case = "学位授予", 9, "applicant clerk reviewer officer centre", True
    writers, editable = "clerk", ("note",)
    STATES = {"proposed": ("待授予", "wait"), "awarded": ("已授予", "ok"), "withdrawn": ("已撤销", "bad")}
    clashes = {"certificate_number": "这个证书编号已经用过"}

    application = ForeignKeyField(Application, unique=True, backref="awards", on_delete="RESTRICT", verbose_name="姓名")
    person = ForeignKeyField(Person, on_delete="RESTRICT", verbose_name="人员")
    institution = ForeignKeyField(Institution, backref="awards", on_delete="RESTRICT", verbose_name="学位授予单位")
    discipline = ForeignKeyField(Discipline, on_delete="RESTRICT", verbose_name="学科专业")
    state = CharField(max_length=10, default="proposed", verbose_name="状态")
    proposed_on = DateField(default=clock.today, verbose_name="提出日期")
    decision_number = CharField(max_length=40, default="", verbose_name="决定编号")
    awarded_on = DateField(null=True, verbose_name="授予日期")
    certificate_number = CharField(max_length=17, null=True, unique=True, verbose_name="证书编号")
    withdrawn_at = DateTimeField(null=True, verbose_name="撤销时间")
    withdrawal_reason = TextField(default="", verbose_name="撤销理由")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        indexes = ((("institution", "awarded_on"), False),)
        constraints = [Check("state = 'proposed' or (awarded_on is not null and certificate_number is not null and decision_number <> '')")]

    def __str__(self):
        return f"{self.person} {self.certificate_number or '（待授予）'}"

    def faults(self):
        if self.state == "proposed" and self.application_id and self.application.state != "defended":
            return {"application": f"论文答辩通过后才有学位授予，{self.application.person} 现在是“{self.application.state_label}”"}
        return {}

    def locks(self):
        """Award data in a report that stands cannot be edited."""
        line = self.report_lines.order_by(self.report_lines.model.id.desc()).first()
        if line is not None and line.report.stands and line.round == line.report.round:
            return [Reason(f"已列入报送（{line.report}，{line.report.state_label}），不能修改；请由省级学位办打回，备案后按补报、修改、删除办理")]
        return []

    def defence_not_passed(self, act):
        """论文答辩没有通过"""
        return None if self.application.state == "defended" else Reason("论文答辩没有通过，不能授予学位", "已答辩", self.application.state_label)

    def wrong_date(self, act):
        """授予日期晚于今天或早于答辩日期"""
        day = act["awarded_on"]
        if not day:
            return None
        if day > clock.today():
            return Reason("授予日期不能晚于今天", f"不晚于 {clock.today()}", str(day), f"{(day - clock.today()).days} 天")
        passed = self.application.defences.where(self.application.defences.model.state == "passed").first()
        if passed is None or day >= passed.held_on:
            return None
        return Reason("授予日期不能早于答辩日期", f"不早于 {passed.held_on}", str(day), f"{(passed.held_on - day).days} 天")

    def wrong_certificate(self, act):
        """证书编号的格式、单位、年份或前缀不对"""
        number, day = (act["certificate_number"] or "").strip().upper(), act["awarded_on"]
        return certificate_faults(number, self.institution.code, day) if number and day else None

    def granted(self, act):
        """Take the number given, or the unit's next one of the year."""
        self.decision_number, self.awarded_on = act["decision_number"].strip(), act["awarded_on"]
        self.certificate_number = (act["certificate_number"] or "").strip().upper() or self.next_number()

    def case_awarded(self, act):
        self.application.award(by=act.by)

    def next_number(self):
        """The next free number of unit and year; numbers typed by hand are skipped."""
        prefix = f"{'T' if self.awarded_on < T_BEFORE else ''}{self.institution.code}3{self.awarded_on.year}"
        while True:
            number = f"{prefix}{Serial.take('certificate.' + prefix):06d}"
            if not Award.select().where(Award.certificate_number == number).exists():
                return number

    def reported_and_filed(self, act):
        """已报送的学位信息，须先打回或按备案后修改办理"""
        return self.locks()

    def taken_back(self, act):
        self.withdrawn_at, self.withdrawal_reason = act.at, act.reason

    grant = Step("proposed", "awarded", by="reviewer", label="授予学位", stage=9, tone="ok", unless=(defence_not_passed, wrong_date, wrong_certificate),
                 sets=granted, then=case_awarded, awaits=True,
                 asks=(Ask("decision_number", "学位评定委员会决定编号", "line"), Ask("awarded_on", "授予日期", "date", help="决定的日期，也是学位的日期"),
                       Ask("certificate_number", "证书编号", "line", required=False, help="空 = 按单位和年份顺序取下一个号")))
    withdraw = Step("awarded", "withdrawn", by="reviewer", label="撤销学位", stage=9, tone="bad", danger=True, unless=reported_and_filed, sets=taken_back,
                    asks=(Ask("reason", "撤销理由"),))

    def applicants(self):
        return self.application.applicants()
