"""Stages 2 to 4: one case from draft to award. The application, its documents, the on-site confirmation and the review."""
import datetime as dt

from peewee import (BooleanField, CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, JSONField, SQL,
                    TextField)

from models import clock
from models.base import writing
from models.clearing import clear
from models.files import File
from models.identity import RESIDENT_CARD
from models.parameters import value, values, within_window
from models.people import Person, User
from models.programmes import Programme, TrainingPlan
from models.reference import Discipline, Institution
from models.rules.degree import OldEnough
from models.serials import Serial
from models.workflow import Ask, Reason, Record, Refused, Step

LIVE = ("draft", "submitted", "returned", "confirmed", "registered", "defence_requested", "defence_admitted", "defended")
ON_REGISTER = ("registered", "defence_requested", "defence_admitted", "defended")
DEGREES = (("bachelor", "学士"), ("master", "硕士"), ("doctor", "博士"))
GROUNDS = (("over_limit", "超过规定的学习年限"), ("breach", "考试违纪"), ("false_material", "材料不实"), ("own_request", "本人申请"))
ALWAYS_NEEDED = ("degree_unit", "degree_date", "degree_subject", "degree_number", "graduated_from", "language", "employer")


class Application(Record):
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
                   (("institution", "registered_on"), False), (("submitted_at",), False), (("registered_on",), False),
                   (("state", "submitted_at"), False), (("state", "registered_on"), False), (("deadline",), False), (("dismissed_at",), False),
                   (("state", "id"), False), (("year", "id"), False), (("degree_date", "id"), False))
        constraints = [Check("state <> 'registered' or (registered_on is not null and deadline is not null and register_number is not null)")]

    def __str__(self):
        return f"{self.person} {self.register_number or self.number or '（草稿）'}"

    @property
    def case_id(self):
        return self.id

    @classmethod
    def within(cls, level, user):
        """Whoever is not the person himself sees a case from its submission on; a unit also the drafts that it prepared itself."""
        rows = super().within(level, user)
        if level == "own" or rows is None:
            return rows
        handed_in = cls.state != "draft"
        return handed_in if rows is True else rows & (handed_in | cls.prepared if level == "unit" else handed_in)

    @property
    def on_register(self):
        return self.state in ON_REGISTER

    @property
    def confirmation(self):
        """The confirmation on site that holds; None when there is none."""
        return next((row for row in self.confirmations if row.valid), None)

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

    # what may stand against submitting -------------------------------------------------------------------------------------
    def missing_fields(self):
        """{field name: label} of what must be filled before submitting; depends on the kind of person and of degree."""
        needed = [name for name in ALWAYS_NEEDED if not getattr(self, name)]
        if self.foreign_degree and not self.certification_number:
            needed.append("certification_number")
        if self.degree_ground == "bachelor" and not self.foreign_degree and not self.degree_category:
            needed.append("degree_category")
        found = {name: self._meta.fields[name].verbose_name for name in needed}
        person = self.person
        wanted = {"mainland": ("ethnic_group", "political_status"), "hongkong_macau": ("ethnic_group",), "taiwan": ("ethnic_group",)}.get(person.kind, ())
        found.update({name: person._meta.fields[name].verbose_name for name in ("sex", "birth_date", "name_pinyin", "country", *wanted) if not getattr(person, name)})
        if self.photo_id is None:
            found["photo"] = "照片"
        return found

    def incomplete(self, act):
        """必填内容没有填完"""
        missing = self.missing_fields()
        return Reason(f"还有 {len(missing)} 项没有填写：{'、'.join(missing.values())}") if missing else None

    def outside_window(self, act):
        """不在申请时间内"""
        if self.state == "returned":
            return None                # the unit itself sent it back, and may do so when its windows are over
        if self.programme.state != "published":
            return Reason("这个学科已经关闭，不再接受申请")
        return within_window(self.programme.apply_from, self.programme.apply_until, "申请")

    def degree_too_young(self, act):
        """学士学位未满规定年数"""
        return APPLYING.reason(self)

    def other_live_case(self, act):
        """本人另有在办的申请"""
        other = (Application.select().where(Application.person == self.person_id, Application.state.in_(LIVE), Application.id != self.id).first())
        if other is None:
            return None
        if other.state in ON_REGISTER:
            return Reason(f"已入册：您在 {other.institution} 在册（{other.discipline}），不能再申请；请先在该单位办理退出")
        return Reason(f"您在 {other.institution} 已有一件申请（{other.state_label}），一人同时只能有一件")

    # effects ------------------------------------------------------------------------------------------------------------------
    def numbered(self, act):
        self.submitted_at, self.returned_reason = act.at, ""
        if self.number is None:
            key = f"{self.year}{self.institution.code}"
            self.number = f"{key}{Serial.take('application.' + key):06d}"

    def sent_back(self, act):
        self.returned_reason = act.reason
        if act["void_confirmation"]:
            self.void_confirmation(act.by, act.reason)

    def void_confirmation(self, by, reason):
        for confirmation in self.confirmations.where(Confirmation.valid == True):      # noqa: E712
            confirmation.change(by, reason=reason, verb="void", verb_label="作废", valid=False)

    def confirmed(self, act):
        self.confirmed_at = act.at

    def judged(self, act):
        self.reviewed_at, self.reviewer, self.opinion = act.at, act.by, act["opinion"]

    def enter_register(self, act):
        """Passing and entering the register are one step: number, date of entry, and the limits in force now."""
        self.judged(act)
        programme = self.programme
        self.registered_on, self.year_limit, self.min_credits = act.at.date(), programme.year_limit, programme.min_credits
        self.deadline, self.plan = clock.years_after(self.registered_on, self.year_limit), programme.plan_on(self.registered_on)
        key = f"{self.institution.code}-{self.registered_on.year}"
        self.register_number = f"{key}-{Serial.take('register.' + key):05d}"

    def not_confirmed(self, act):
        """没有完整有效的现场确认记录"""
        confirmation = self.confirmation
        return Reason("还没有现场确认记录，请先登记现场确认") if confirmation is None else confirmation.gaps()

    def outside_confirmation(self, act):
        """不在现场确认时间内（已经确认过一次的除外）"""
        return None if self.confirmed_at else within_window(self.programme.confirm_from, self.programme.confirm_until, "现场确认")

    def same_hands(self, act):
        """现场确认人与审核人是同一账号（单位要求四眼时）"""
        if not value("review.four_eyes", institution=self.institution_id):
            return None
        confirmation = self.confirmation
        if confirmation and act.by and confirmation.confirmed_by_id == act.by.id:
            return Reason("现场确认和审核要求由两个人办理")

    # effects of other records: inner steps, guarded by what those records say -----------------------------------------------------
    def no_open_request(self, act):
        """没有已提交的答辩申请"""
        return None if self._has("defence_requests", "submitted") else Reason("没有已提交的答辩资格申请")

    def no_approved_request(self, act):
        """答辩申请没有审核通过"""
        return None if self._has("defence_requests", "approved") else Reason("答辩资格申请没有审核通过")

    def no_passed_defence(self, act):
        """论文答辩没有通过"""
        return None if self._has("defences", "passed") else Reason("论文答辩没有通过")

    def no_award(self, act):
        """没有学位授予记录"""
        return None if self._has("awards", "awarded") else Reason("没有学位授予记录")

    def _has(self, backref, state):
        return any(row.state == state for row in getattr(self, backref))

    def already_awarded(self, act):
        """已授予学位"""
        return Reason("已授予学位的人不能清退") if self._has("awards", "awarded") else None

    def only_by_proposal(self, act):
        """单位要求清退由两人办理或设有冷静期"""
        rules = (("dismissal.four_eyes", "本单位的清退须由两人办理"), ("dismissal.cool_off_days", "本单位的清退设有冷静期"))
        asked = values(*dict(rules), institution=self.institution_id)
        found = [sentence for name, sentence in rules if asked[name]]
        return Reason(f"{'；'.join(found)}：请先提出清退，再由审核人决定") if found else None

    def no_approved_change(self, act):
        """没有批准的延长年限或变更学科"""
        return None if self._has("extensions", "approved") or self._has("programme_changes", "approved") else Reason("没有批准的延长或变更")

    def no_approved_dismissal(self, act):
        """没有批准的清退"""
        return None if self._has("dismissals", "approved") else Reason("没有批准的清退")

    def no_final_dismissal(self, act):
        """清退没有办结"""
        return None if self._has("dismissals", "done") else Reason("清退没有办结")

    def no_restored_dismissal(self, act):
        """清退没有撤销"""
        return None if self._has("dismissals", "restored") else Reason("清退没有撤销")

    def extended(self, act):
        self.deadline = act["until"]

    def moved(self, act):
        """Another programme of the unit: its credits are the measure from now on, the date of entry and the deadline stay."""
        programme = act["programme"]
        self.programme, self.discipline, self.min_credits, self.plan = programme, programme.discipline_id, programme.min_credits, programme.plan_on(act.at.date())

    def as_before(self, act):
        """Back in exactly the state in which it was frozen."""
        self.state = act["state"]

    def let_go(self, act):
        """Whoever asked for the release has his answer."""
        for request in self.release_requests.where(self.release_requests.model.state == "open"):
            request.release(by=act.by)

    def _emptied(self):
        """Nothing that was filled in stays."""
        for name in (*self.editable, "opinion", "returned_reason", "extra", "photo"):
            default = self._meta.fields[name].default
            setattr(self, name, default() if callable(default) else default)

    def purged(self, act):
        """A withdrawn case that was kept long enough: its contents and papers go, the stump stays."""
        self._emptied()
        self.save()                # let go of the photo before its file row goes
        self.cleared = clear(self) or {"填报内容": 1}

    def clear_case(self, act):
        """Remove the case's work in this transaction and keep the stump: who, unit, ground, when, counts of what was cleared."""
        self.let_go(act)
        self._emptied()
        for payment in self.payments.where(self.payments.model.state == "open"):
            payment.close()        # nothing is left to be paid for
        for entry in self.exam_entries:
            if entry.live:
                entry.leave_place(entry.site_id)
        self.dismissed_at, self.dismissal_ground, self.dismissal_reason = act.at, act["ground"], act.reason
        self.save()                # let go of the photo before its file row goes
        self.cleared = clear(self)

    def applicants(self):
        return list(self.person.users)

    submit = Step("draft|returned", "submitted", by="applicant", label="提交", stage=2, done="已提交，请按时到现场确认",
                  unless=(incomplete, outside_window, degree_too_young, other_live_case), sets=numbered)
    withdraw = Step("draft|submitted|returned", "withdrawn", by="applicant|system", label="撤回", stage=2, danger=True)
    purge = Step("withdrawn", "withdrawn", by="system", label="清除填报内容", stage=2, then=purged, forgets=True, done="保留期满，填报内容已清除")
    send_back = Step("submitted|confirmed", "returned", by="clerk|reviewer", label="退回补正", stage=3, tone="bad", then=sent_back, tell=applicants,
                     asks=(Ask("reason", "退回原因"), Ask("void_confirmation", "原现场确认作废，须重新到场", "tick", required=False)))
    confirm = Step("submitted", "confirmed", by="clerk", label="确认", stage=3, tone="ok", unless=(not_confirmed, outside_confirmation), sets=confirmed,
                   tell=applicants, awaits=True, done="现场确认完成，等待审核")
    approve = Step("confirmed", "registered", by="reviewer", label="通过", stage=4, tone="ok", unless=(not_confirmed, same_hands), sets=enter_register,
                   tell=applicants, awaits=True, asks=(Ask("opinion", "审核意见"),), done="资格审核通过，已入册")
    reject = Step("confirmed", "rejected", by="reviewer", label="不通过", stage=4, tone="bad", unless=same_hands, sets=judged, tell=applicants,
                  asks=(Ask("opinion", "审核意见"),), done="资格审核未通过")
    request_defence = Step("registered", "defence_requested", by="applicant", label="申请答辩", stage=8, unless=no_open_request, inner=True)
    admit_to_defence = Step("defence_requested", "defence_admitted", by="reviewer", label="准予答辩", stage=8, unless=no_approved_request, inner=True)
    back_to_register = Step("defence_requested|defence_admitted|defended", "registered", by="reviewer|clerk|applicant", label="回到在册", stage=8, inner=True)
    defend = Step("defence_admitted", "defended", by="reviewer|clerk", label="答辩通过", stage=9, unless=no_passed_defence, inner=True)
    award = Step("defended", "awarded", by="reviewer", label="授予学位", stage=9, unless=no_award, inner=True)
    extend = Step("registered", "registered", by="reviewer", label="延长年限", stage=7, unless=no_approved_change, sets=extended, inner=True)
    move = Step("registered", "registered", by="reviewer", label="变更学科", stage=7, unless=no_approved_change, sets=moved, inner=True)
    freeze = Step("|".join(ON_REGISTER), "frozen", by="clerk|reviewer", label="冻结", stage=7, unless=(already_awarded, no_approved_dismissal), then=let_go,
                  inner=True)
    restore = Step("frozen", "registered", by="reviewer", label="恢复", stage=7, unless=no_restored_dismissal, sets=as_before, inner=True)
    dismiss_proposed = Step("|".join((*ON_REGISTER, "frozen")), "dismissed", by="clerk|reviewer|applicant|system", label="按提议清退", stage=7, inner=True,
                            unless=(already_awarded, no_final_dismissal), then=clear_case, tell=applicants, forgets=True, done="已清退，可以重新申请")
    dismiss = Step("|".join(ON_REGISTER), "dismissed", by="clerk|reviewer", label="清退", stage=7, danger=True, fresh=True, tone="bad",
                   unless=(already_awarded, only_by_proposal), then=clear_case, tell=applicants, forgets=True,
                   asks=(Ask("ground", "依据", "choice", choices=GROUNDS), Ask("reason", "说明", help="写明依据的文件和事实，写入清退通知，本人可见")),
                   done="已清退，可以重新申请")


Application.add_index(Application.index(Application.person, unique=True, name="application_one_live").where(
    SQL("state IN ({})".format(", ".join(f"'{state}'" for state in LIVE)))))


APPLYING = OldEnough(Application, "apply", "学位已满年数", "申请", "application.bachelor_years")


class Document(Record):
    """A scanned material of a case: certificate, proof, recommendation."""
    label, stage, readers, writers, seen_through = "申请材料", 2, "applicant clerk reviewer", "applicant clerk", "application"
    cleared_with_case = True
    editable = ("application", "title", "file")

    application = ForeignKeyField(Application, backref="documents", on_delete="RESTRICT", verbose_name="申请")
    title = CharField(max_length=40, verbose_name="材料")
    file = ForeignKeyField(File, on_delete="RESTRICT", verbose_name="文件")
    created_at = DateTimeField(default=clock.now, verbose_name="上传时间")

    def __str__(self):
        return self.title


class Confirmation(Record):
    """What was done on site: originals seen, camera image and two fingerprints captured (encrypted) or 'cannot be taken' seen by two."""
    label, stage, readers, writers, cleared_with_case = "现场确认", 3, "clerk reviewer", "clerk", True
    editable = ("application", "originals", "scene", "finger_one", "finger_two", "no_fingers_reason", "witness", "form_scan", "biometric_consent", "biometric_refused", "note")
    clashes = {"one_valid": "这件申请已有有效的现场确认", "application": "这件申请已有有效的现场确认"}

    application = ForeignKeyField(Application, backref="confirmations", on_delete="RESTRICT", verbose_name="申请")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    originals = JSONField(default=list, verbose_name="已核对的原件")
    biometric_consent = BooleanField(default=False, verbose_name="本人同意采集指纹和现场照片")
    biometric_refused = BooleanField(default=False, verbose_name="本人不同意采集", help_text="凭身份证件原件人工核对；统考入场由考点负责人决定")
    scene = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="现场照片")
    finger_one = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="指纹一")
    finger_two = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="指纹二")
    no_fingers_reason = CharField(max_length=120, default="", verbose_name="不能采集指纹的原因")
    witness = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="见证人")
    form_scan = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="签字的资格审查表")
    confirmed_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="经办人")
    confirmed_at = DateTimeField(default=clock.now, verbose_name="确认时间")
    valid = BooleanField(default=True, verbose_name="有效")
    note = TextField(default="", verbose_name="备注")

    def __str__(self):
        return f"{self.application} 现场确认"

    def gaps(self):
        """Reasons why this confirmation is not complete."""
        found = []
        wanted = value("confirmation.originals", institution=self.institution_id)
        missing = [name for name in wanted if name not in self.originals]
        if missing:
            found.append(Reason("原件没有核对完：" + "、".join(missing), f"{len(wanted)} 件", f"{len(wanted) - len(missing)} 件", f"{len(missing)} 件"))
        if not self.biometric_refused:
            found += self._uncaptured()
        if self.form_scan_id is None:
            found.append(Reason("没有签字的资格审查表扫描件"))
        return found

    def _uncaptured(self):
        """Reasons why picture and prints of somebody who did not refuse them are not complete."""
        found = [] if self.scene_id else [Reason("没有现场照片")]
        if not self.no_fingers_reason:
            taken = sum(f is not None for f in (self.finger_one_id, self.finger_two_id))
            if taken < 2:
                found.append(Reason("指纹没有采集完；不能采集的要写明原因并有第二人见证", "2 枚", f"{taken} 枚", f"{2 - taken} 枚"))
        elif self.witness_id is None:
            found.append(Reason("不能采集指纹时须有第二人见证"))
        elif self.witness_id == self.confirmed_by_id:
            found.append(Reason("见证人必须是另一个人"))
        if not self.biometric_consent and not self.no_fingers_reason:
            found.append(Reason("没有本人对采集指纹和照片的同意"))
        return found

    def faults(self):
        if self.biometric_refused and self.biometric_consent:
            return {"biometric_refused": "同意和不同意采集只能选一项"}
        if self.biometric_refused and any((self.scene_id, self.finger_one_id, self.finger_two_id)):
            return {"biometric_refused": "本人不同意采集，不能保存现场照片和指纹"}
        return {}

    def locks(self):
        return [] if self.application.state in ("submitted", "returned") else [Reason("这件申请已经确认，现场确认记录不能再改", "待确认", self.application.state_label)]


Confirmation.add_index(Confirmation.index(Confirmation.application, unique=True, name="confirmation_one_valid").where(Confirmation.valid))


def latest_bachelor_date(year, years=3):
    """31 March, `years` before the year of application or exam: the last day on which a bachelor's degree counts."""
    return dt.date(year - years, 3, 31)


def start(person, programme, by):
    """Open a draft of `person` for `programme`; refused when the programme is not published or another case lives.

    A case of the person that is frozen until its dismissal is final is given up by it."""
    if programme.state != "published":
        raise Refused([Reason("这个学科没有发布或已经关闭，不能申请")])
    closed = within_window(programme.apply_from, programme.apply_until, "申请")
    if closed:
        raise Refused([closed])
    draft = Application(person=person, programme=programme)
    other = draft.other_live_case(None)
    if other:
        raise Refused([other])
    with writing():
        for frozen in person.applications.where(Application.state == "frozen"):
            frozen.dismissals.where(frozen.dismissals.model.state == "approved").get().end(by=by)
        return Application.add(by, person=person, programme=programme, institution=programme.institution_id, discipline=programme.discipline_id,
                               year=programme.year, language="01" if person.document_type == RESIDENT_CARD else "")
