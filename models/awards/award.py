"""Stage 9: one degree. It is proposed by the passed defence, granted by a decision of the degree committee, and reported in stage 10."""
from functools import cached_property

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, JSONField, TextField

from models import clock, many
from models.applications import Application
from models.awards.numbers import certificate_faults, prefix, typed_number
from models.bulk import among
from models.files import File
from models.memory import recalled
from models.people import Person, holders
from models.reference import Discipline, Institution
from models.serials import Serial
from models.workflow import Ask, Reason, Record, Step

REPRINTS = (("damaged", "损毁换发"), ("misprint", "印制差错换发"), ("correction", "信息更正换发"), ("lost", "遗失补发证明"))


class Award(Record):
    label, stage, readers, cleared_with_case = "学位授予", 9, "applicant clerk reviewer officer centre", True
    writers, editable = "clerk", ("note",)
    STATES = {"proposed": ("待授予", "wait"), "awarded": ("已授予", "ok"), "withdrawn": ("已撤销", "bad"), "noted": ("已撤销，省级已登记", "bad"),
              "recorded": ("已撤销，已登记", "bad")}
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
    withdrawn_at = DateTimeField(null=True, verbose_name="撤销办理时间")
    withdrawal_reason = TextField(default="", verbose_name="撤销理由")
    withdrawal_number = CharField(max_length=40, default="", verbose_name="撤销决定编号")
    withdrawn_on = DateField(null=True, verbose_name="撤销决定日期")
    withdrawal_document = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="撤销决定文件")
    note = TextField(default="", verbose_name="备注")
    extra = JSONField(default=dict, verbose_name="补充字段")

    class Meta:
        indexes = ((("institution", "awarded_on"), False), (("awarded_on",), False), (("state", "id"), False), (("decision_number", "id"), False))
        constraints = [Check("state = 'proposed' or (awarded_on is not null and certificate_number is not null and decision_number <> '')")]

    def __str__(self):
        return f"{self.person} {self.certificate_number or '（待授予）'}"

    def faults(self):
        if self.state == "proposed" and self.application_id and self.application.state != "defended":
            return {"application": f"论文答辩通过后才有学位授予，{self.application.person} 现在是“{self.application.state_label}”"}
        return {}

    def locks(self):
        """Award data in a report that stands cannot be edited, unless the office has opened a 修改 for this very award."""
        line = self.report_lines.model
        line = self.report_lines.where(line.ended.is_null(), line.removed == False).order_by(line.id.desc()).first()      # noqa: E712
        if line is None or not line.report.stands or self.opened_for_change():
            return []
        return [Reason(f"已列入报送（{line.report}，{line.report.state_label}），不能修改；请由省级学位办打回，备案后按补报、修改、删除办理")]

    def opened_for_change(self):
        amendment = self.amendment_items.model.amendment.rel_model
        return self.amendment_items.join(amendment).where(amendment.state == "opened", amendment.kind == "change").exists()

    # what the guards ask, for one award or for many at once -------------------------------------------------------------------------
    @cached_property
    def passed_on(self):
        """The day of the defence that was passed; None without one."""
        passed = self.application.defences.where(self.application.defences.model.state == "passed").first()
        return passed and passed.held_on

    @cached_property
    def objected(self):
        """The states of the objections to it."""
        return [objection.state for objection in self.objections]

    @staticmethod
    def gathered(rows):
        """The defences and objections that the guards of a grant ask for."""
        defence, objection = Application.defences.rel_model, Award.objections.rel_model
        passed = dict(defence.select(defence.application, defence.held_on).where(
            defence.state == "passed", among((defence.application,), [row.application_id for row in rows])).tuples())
        for row in rows:
            row.passed_on, row.objected = passed.get(row.application_id), []
        by_id = {row.id: row for row in rows}
        for id, state in objection.select(objection.award, objection.state).where(among((objection.award,), list(by_id))).tuples():
            by_id[id].objected.append(state)

    # guards ---------------------------------------------------------------------------------------------------------------------------
    def defence_not_passed(self, act):
        """论文答辩没有通过"""
        if self.application.state != "defended":
            return Reason("论文答辩没有通过，不能授予学位", "已答辩", self.application.state_label)
        return None if self.passed_on else Reason("没有通过的论文答辩记录，不能授予学位")

    def wrong_date(self, act):
        """授予日期晚于今天或早于答辩日期"""
        day = act["awarded_on"]
        if not day:
            return None
        if day > clock.today():
            return Reason("授予日期不能晚于今天", f"不晚于 {clock.today()}", str(day), f"{(day - clock.today()).days} 天")
        if self.passed_on is None or day >= self.passed_on:
            return None
        return Reason("授予日期不能早于答辩日期", f"不早于 {self.passed_on}", str(day), f"{(self.passed_on - day).days} 天")

    def wrong_certificate(self, act):
        """证书编号的格式、单位、年份或前缀不对"""
        number, day = self.typed(act), act["awarded_on"]
        return certificate_faults(number, self.institution.code, day) if number and day else None

    def under_objection(self, act):
        """有没有答复的异议，或成立的异议"""
        if "open" in self.objected:
            return Reason("公示异议还没有答复，不能授予学位")
        return Reason("公示异议成立，不能授予学位") if "upheld" in self.objected else None

    def reported_and_filed(self, act):
        """已报送的学位信息，须先打回或按备案后修改办理"""
        return self.locks()

    def wrong_correction(self, act):
        """新的证书编号不对，或与原编号相同"""
        number = typed_number(act["certificate_number"])
        if number == self.certificate_number:
            return Reason("新的证书编号与原编号相同")
        return certificate_faults(number, self.institution.code, self.awarded_on) if number else None

    def wrong_withdrawal(self, act):
        """撤销决定的日期早于授予日期或晚于今天"""
        day = act["decided_on"]
        if not day or clock.in_window(day, self.awarded_on, clock.today()):
            return None
        return Reason("撤销决定的日期不对", f"{self.awarded_on} 至 {clock.today()}", str(day))

    def from_a_college(self, act):
        """由学院的账号办理"""
        return Reason("撤销学位依据学位评定委员会的决定，由全单位的账号办理") if act.by is not None and act.by.college_id else None

    # effects --------------------------------------------------------------------------------------------------------------------------
    def typed(self, act):
        """The certificate number that was typed for it, or nothing."""
        return typed_number((act["numbers"] or {}).get(self.id))

    def granted(self, act):
        """Take the number typed, or the unit's next one of the year."""
        self.decision_number, self.awarded_on = act["decision_number"].strip(), act["awarded_on"]
        self.certificate_number = self.typed(act) or self.next_number()

    def next_number(self):
        """The next free number of unit and year; numbers typed by hand are skipped."""
        begin = prefix(self.institution.code, self.awarded_on)
        taken = recalled((Award, begin), lambda: {number for number, in Award.select(Award.certificate_number).where(
            Award.certificate_number.startswith(begin)).tuples()})
        while (number := f"{begin}{Serial.take('certificate.' + begin):06d}") in taken:
            pass
        return number

    def case_awarded(self, act):
        self.application.award(by=act.by)

    @staticmethod
    def cases_awarded(rows, act):
        """The same for many awards of one transaction."""
        for row in rows:
            row.application.__dict__["awards"] = [row]
        many.follow(Application.award, [row.application for row in rows], act.by)

    def corrected(self, act):
        self.replaced = self.certificate_number
        self.certificate_number = typed_number(act["certificate_number"])

    def printed_anew(self, act):
        """One more issue of the certificate, with what stood on the one before."""
        self.reissues.model.issue(self, act, act["ground"], self.certificate_number)

    def printed_corrected(self, act):
        self.reissues.model.issue(self, act, "correction", self.replaced)

    def taken_back(self, act):
        self.withdrawn_at, self.withdrawal_reason, self.withdrawal_number = act.at, act.reason, act["decision_number"].strip()
        self.withdrawn_on, self.withdrawal_document = act["decided_on"], act["document"]

    def applicants(self):
        return list(self.person.users)

    def authorities(self):
        """Whoever records a withdrawal, and the person himself."""
        return [*self.applicants(), *holders(("officer",), office=self.institution.office_id), *holders(("centre",))]

    grant = Step("proposed", "awarded", by="reviewer", label="授予学位", stage=9, tone="ok", inner=True, sets=granted, then=case_awarded, then_many=cases_awarded,
                 unless=(defence_not_passed, wrong_date, wrong_certificate, under_objection), gather=gathered, tell=applicants,
                 asks=(Ask("decision_number", "学位评定委员会决定编号", "line"), Ask("awarded_on", "授予日期", "date")))
    reissue = Step("awarded", "awarded", by="clerk|reviewer", label="换发证书", stage=9, then=printed_anew, done="已登记换发",
                   asks=(Ask("ground", "换发依据", "choice", choices=REPRINTS), Ask("reason", "说明")))
    correct = Step("awarded", "awarded", by="reviewer", label="更正证书编号", stage=9, unless=(reported_and_filed, wrong_correction), sets=corrected,
                   then=printed_corrected, tell=applicants, done="证书编号已更正",
                   asks=(Ask("certificate_number", "正确的证书编号", "line"), Ask("reason", "更正理由")))
    withdraw = Step("awarded", "withdrawn", by="reviewer", label="撤销学位", stage=9, tone="bad", danger=True, fresh=True, unless=(from_a_college, wrong_withdrawal), sets=taken_back,
                    tell=authorities, done="已撤销，等待省级学位办和学位中心登记",
                    asks=(Ask("decision_number", "撤销决定编号", "line"), Ask("decided_on", "撤销决定日期", "date"),
                          Ask("document", "撤销决定文件", "file", help="PDF、JPEG 或 PNG"), Ask("reason", "撤销理由")))
    note_withdrawal = Step("withdrawn", "noted", by="officer", label="登记撤销", stage=9, awaits=True, done="省级学位办已登记",
                           asks=(Ask("reason", "登记说明", required=False),))
    record_withdrawal = Step("noted", "recorded", by="centre", label="登记撤销（学位中心）", stage=9, awaits=True, done="学位中心已登记",
                             asks=(Ask("reason", "登记说明", required=False),))
