"""Stages 2 to 9: one case from draft to award - its fields, who sees it, and every step that it can take."""
from peewee import BooleanField, CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, JSONField, SQL, TextField

from models import clock
from models.applications.following import Following
from models.applications.reviewing import Reviewing
from models.applications.submitting import LIVE, ON_REGISTER, Submitting
from models.colleges import College
from models.files import File
from models.people import Person, User
from models.programmes import Programme, TrainingPlan
from models.reference import Discipline, Institution
from models.rules.degree import OldEnough
from models.workflow import Ask, Reason, Record, Step

DEGREES = (("bachelor", "学士"), ("master", "硕士"), ("doctor", "博士"))
GROUNDS = (("over_limit", "超过规定的学习年限"), ("breach", "考试违纪"), ("false_material", "材料不实"), ("own_request", "本人申请"))


class Application(Submitting, Reviewing, Following, Record):
    label, stage, readers, writers = "申请", 2, "applicant clerk reviewer officer centre", "applicant"
    editable = ("degree_ground", "degree_unit", "degree_unit_code", "degree_date", "degree_category", "degree_subject", "degree_number",
                "foreign_degree", "certification_number", "graduated_from", "graduated_from_code", "education_level", "language", "employer",
                "employer_address", "employer_postcode", "post", "professional_title", "years_of_work", "achievements", "address")
    STATES = {"draft": ("草稿", "off"), "submitted": ("待确认", "wait"), "returned": ("退回补正", "bad"), "confirmed": ("待审核", "wait"),
              "registered": ("在册", "busy"), "rejected": ("未通过", "bad"), "withdrawn": ("已撤回", "off"), "defence_requested": ("答辩待审", "wait"),
              "defence_admitted": ("待答辩", "busy"), "defended": ("已答辩", "busy"), "awarded": ("已授学位", "ok"), "frozen": ("已冻结", "off"),
              "dismissed": ("已清退", "off")}
    clashes = {"person": "一个人同时只能有一件在办的申请", "one_live": "一个人同时只能有一件在办的申请"}

    number = CharField(max_length=20, null=True, unique=True, verbose_name="申请号")
    person = ForeignKeyField(Person, backref="applications", on_delete="RESTRICT", verbose_name="姓名")
    programme = ForeignKeyField(Programme, backref="applications", on_delete="RESTRICT", verbose_name="拟接受学科")
    institution = ForeignKeyField(Institution, backref="applications", on_delete="RESTRICT", verbose_name="学位授予单位")
    college = ForeignKeyField(College, null=True, index=False, backref="applications", on_delete="RESTRICT", verbose_name="学院")
    discipline = ForeignKeyField(Discipline, on_delete="RESTRICT", verbose_name="学科专业")
    year = IntegerField(verbose_name="年度")
    state = CharField(max_length=20, default="draft", verbose_name="状态")
    degree_ground = CharField(max_length=10, default="bachelor", choices=DEGREES, verbose_name="已有最高学位")
    degree_unit = CharField(max_length=60, default="", verbose_name="学位授予单位", help_text="以学位证书为准")
    degree_unit_code = CharField(max_length=5, default="", verbose_name="学位授予单位代码")
    degree_date = DateField(null=True, verbose_name="学位授予日期", help_text="看学位证书右下角的日期，不是毕业证书的日期")
    degree_category = CharField(max_length=3, default="", verbose_name="学位门类")
    degree_subject = CharField(max_length=60, default="", verbose_name="学位专业")
    degree_number = CharField(max_length=40, default="", verbose_name="学位证书编号")
    foreign_degree = BooleanField(default=False, verbose_name="境外学位")
    certification_number = CharField(max_length=40, default="", verbose_name="境外学位认证书编号")
    graduated_from = CharField(max_length=60, default="", verbose_name="本科毕业学校")
    graduated_from_code = CharField(max_length=5, default="", verbose_name="本科毕业学校代码")
    education_level = CharField(max_length=2, default="", verbose_name="学历")
    language = CharField(max_length=2, default="", verbose_name="外国语语种")
    employer = CharField(max_length=80, default="", verbose_name="工作单位")
    employer_address = CharField(max_length=120, default="", verbose_name="单位地址")
    employer_postcode = CharField(max_length=6, default="", verbose_name="单位邮编")
    post = CharField(max_length=40, default="", verbose_name="行政职务")
    professional_title = CharField(max_length=40, default="", verbose_name="专业技术职务")
    years_of_work = IntegerField(null=True, verbose_name="工作年限")
    achievements = TextField(default="", verbose_name="成果说明")
    address = CharField(max_length=120, default="", verbose_name="通信地址")
    prepared = BooleanField(default=False, verbose_name="单位代填", help_text="单位按自己的记录填写，由本人核对、补齐并提交")
    photo = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="照片")
    created_at = DateTimeField(default=clock.now, verbose_name="建立时间")
    submitted_at = DateTimeField(null=True, verbose_name="提交时间")
    confirmed_at = DateTimeField(null=True, verbose_name="确认时间")
    reviewed_at = DateTimeField(null=True, verbose_name="审核时间")
    reviewer = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="审核人")
    opinion = TextField(default="", verbose_name="审核意见")
    returned_reason = TextField(default="", verbose_name="退回原因")
    register_number = CharField(max_length=24, null=True, unique=True, verbose_name="注册号")
    registered_on = DateField(null=True, verbose_name="入册日期")
    year_limit = IntegerField(null=True, verbose_name="学习年限")
    min_credits = DecimalField(max_digits=5, decimal_places=1, null=True, verbose_name="最低学分")
    plan = ForeignKeyField(TrainingPlan, null=True, backref="applications", on_delete="RESTRICT", verbose_name="培养方案")
    deadline = DateField(null=True, verbose_name="到期日")
    dismissed_at = DateTimeField(null=True, verbose_name="清退时间")
    dismissal_ground = CharField(max_length=16, default="", choices=(("", ""), *GROUNDS), verbose_name="清退依据")
    dismissal_reason = TextField(default="", verbose_name="清退说明")
    cleared = JSONField(default=dict, verbose_name="清除数量")
    extra = JSONField(default=dict, verbose_name="补充字段")

    class Meta:
        indexes = ((("institution", "state"), False), (("state", "deadline"), False), (("institution", "submitted_at"), False),
                   (("institution", "registered_on"), False), (("institution", "deadline"), False), (("submitted_at", "id", "state"), False), (("registered_on", "id", "state"), False),
                   (("state", "submitted_at"), False), (("state", "registered_on"), False), (("deadline",), False), (("dismissed_at",), False),
                   (("state", "id"), False), (("year", "id"), False), (("degree_date", "id"), False), (("person", "institution", "state"), False))
        constraints = [Check("state <> 'registered' or (registered_on is not null and deadline is not null and register_number is not null)")]

    def __str__(self):
        number = self.register_number or self.number
        return f"{self.person} {number}" if number else f"{self.person}（草稿）"

    @property
    def case_id(self):
        return self.id

    @classmethod
    def within(cls, level, user):
        """Whoever is not the person himself sees a case from its submission on; a unit or college also the drafts that were prepared there."""
        rows = super().within(level, user)
        if level == "own" or rows is None:
            return rows
        handed_in = cls.state != "draft"
        return handed_in if rows is True else rows & (handed_in | cls.prepared if level in ("unit", "college") else handed_in)

    @property
    def on_register(self):
        return self.state in ON_REGISTER

    @property
    def cleared_summary(self):
        """清除数量"""
        return "，".join(f"{label} {count}" for label, count in self.cleared.items())

    def locks(self):
        if self.state not in ("draft", "returned"):
            return [Reason(f"申请现在是“{self.state_label}”，填报内容不能修改", "草稿、退回补正", self.state_label)]
        return []

    def faults(self):
        found = {}
        if self.degree_date and self.degree_date > clock.today():
            found["degree_date"] = f"学位授予日期：要求不晚于今天 {clock.today()}，实际 {self.degree_date}"
        if self.employer_postcode and not (self.employer_postcode.isascii() and self.employer_postcode.isdigit() and len(self.employer_postcode) == 6):
            found["employer_postcode"] = "邮编：要求六位数字"
        if self.years_of_work is not None and not 0 <= self.years_of_work <= 60:
            found["years_of_work"] = f"工作年限：要求 0 到 60 年，实际 {self.years_of_work}"
        return found

    def degree_too_young(self, act):
        """学士学位未满规定年数"""
        return APPLYING.reason(self)

    def applicants(self):
        return list(self.person.users)

    submit = Step("draft|returned", "submitted", by="applicant", label="提交", stage=2, done="已提交，请按时到现场确认",
                  unless=(Submitting.incomplete, Submitting.outside_window, degree_too_young, Submitting.other_live_case), sets=Submitting.numbered)
    withdraw = Step("draft|submitted|returned", "withdrawn", by="applicant|system", label="撤回", stage=2, danger=True)
    purge = Step("withdrawn", "withdrawn", by="system", label="清除填报内容", stage=2, then=Following.purged, forgets=True, done="保留期满，填报内容已清除")
    send_back = Step("submitted|confirmed", "returned", by="clerk|reviewer", label="退回补正", stage=3, tone="bad", tell=applicants,
                     sets=Reviewing.sent_back, then=Reviewing.void_confirmation, then_many=Reviewing.void_confirmations,
                     asks=(Ask("reason", "退回原因"), Ask("void_confirmation", "原现场确认作废，须重新到场", "tick", required=False)))
    confirm = Step("submitted", "confirmed", by="clerk", label="确认", stage=3, tone="ok", unless=(Reviewing.not_confirmed, Reviewing.outside_confirmation),
                   sets=Reviewing.confirmed, gather=Reviewing.gathered, tell=applicants, awaits=True, done="现场确认完成，等待审核")
    approve = Step("confirmed", "registered", by="reviewer", label="通过", stage=4, tone="ok", unless=(Reviewing.not_confirmed, Reviewing.same_hands),
                   sets=Reviewing.enter_register, gather=Reviewing.gathered,
                   tell=applicants, awaits=True, asks=(Ask("opinion", "审核意见"),), done="资格审核通过，已入册")
    reject = Step("confirmed", "rejected", by="reviewer", label="不通过", stage=4, tone="bad", unless=Reviewing.same_hands, sets=Reviewing.judged, gather=Reviewing.gathered,
                  tell=applicants, asks=(Ask("opinion", "审核意见"),), done="资格审核未通过")
    request_defence = Step("registered", "defence_requested", by="applicant", label="申请答辩", stage=8, unless=Following.no_open_request, inner=True)
    admit_to_defence = Step("defence_requested", "defence_admitted", by="reviewer", label="准予答辩", stage=8, unless=Following.no_approved_request, inner=True)
    back_to_register = Step("defence_requested|defence_admitted|defended", "registered", by="reviewer|clerk|applicant", label="回到在册", stage=8, inner=True)
    defend = Step("defence_admitted", "defended", by="reviewer|clerk", label="答辩通过", stage=9, unless=Following.no_passed_defence, inner=True)
    award = Step("defended", "awarded", by="reviewer", label="授予学位", stage=9, unless=Following.no_award, inner=True)
    extend = Step("registered", "registered", by="reviewer", label="延长年限", stage=7, unless=Following.no_approved_change, sets=Following.extended, inner=True)
    move = Step("registered", "registered", by="reviewer", label="变更学科", stage=7, unless=Following.no_approved_change, sets=Following.moved, inner=True)
    freeze = Step("|".join(ON_REGISTER), "frozen", by="clerk|reviewer", label="冻结", stage=7, inner=True,
                  unless=(Following.already_awarded, Following.no_approved_dismissal), then=Following.let_go)
    restore = Step("frozen", "registered", by="reviewer", label="恢复", stage=7, unless=Following.no_restored_dismissal, sets=Following.as_before, inner=True)
    dismiss_proposed = Step("|".join((*ON_REGISTER, "frozen")), "dismissed", by="clerk|reviewer|applicant|system", label="按提议清退", stage=7, inner=True,
                            unless=(Following.already_awarded, Following.no_final_dismissal), then=Following.clear_case, tell=applicants, forgets=True, done="已清退，可以重新申请")
    dismiss = Step("|".join(ON_REGISTER), "dismissed", by="clerk|reviewer", label="清退", stage=7, danger=True, fresh=True, tone="bad",
                   unless=(Following.already_awarded, Following.only_by_proposal), then=Following.clear_case, tell=applicants, forgets=True,
                   asks=(Ask("ground", "依据", "choice", choices=GROUNDS), Ask("reason", "说明", help="写明依据的文件和事实，写入清退通知，本人可见")),
                   done="已清退，可以重新申请")


Application.add_index(Application.index(Application.person, unique=True, name="application_one_live").where(
    SQL("state IN ({})".format(", ".join(f"'{state}'" for state in LIVE)))))
for field in (Application.id, Application.state, Application.submitted_at, Application.registered_on, Application.deadline):
    Application.add_index(Application.index(Application.college, field).where(Application.college.is_null(False)))        # a unit without colleges pays nothing


APPLYING = OldEnough(Application, "apply", "学位已满年数", "申请", "application.bachelor_years")
