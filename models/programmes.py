"""Stage 1: an institution opens a discipline in a year, with its training plan and windows, and publishes it."""
from decimal import Decimal

from peewee import BooleanField, CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField, JSONField, TextField, fn

from models import clock
from models.audit import record_many
from models.colleges import College, elsewhere
from models.memory import recalled
from models.parameters import value
from models.reference import EVERYBODY, Discipline, Institution
from models.workflow import Ask, Reason, Record, Step, held, one_write


class Programme(Record):
    label, stage, readers, writers = "拟接受学科", 1, EVERYBODY, "clerk reviewer"
    editable = ("college", "discipline", "year", "direction", "year_limit", "min_credits", "apply_from", "apply_until", "confirm_from", "confirm_until",
                "place", "materials", "contact", "phone", "course_valid_years", "exam_valid_years")
    STATES = {"draft": ("草稿", "off"), "published": ("已发布", "ok"), "closed": ("已关闭", "off")}
    clashes = {"institution_id": "本单位这一年已经有这个学科，请直接修改那一行"}

    institution = ForeignKeyField(Institution, backref="programmes", on_delete="RESTRICT", verbose_name="学位授予单位")
    college = ForeignKeyField(College, null=True, backref="programmes", on_delete="RESTRICT", verbose_name="学院", help_text="空 = 属于全单位")
    discipline = ForeignKeyField(Discipline, backref="programmes", on_delete="RESTRICT", verbose_name="学科专业")
    year = IntegerField(verbose_name="接受年度")
    direction = CharField(max_length=120, default="", verbose_name="研究方向")
    year_limit = IntegerField(default=5, verbose_name="学习年限", help_text="年；以后修改只影响新入册的人")
    min_credits = DecimalField(max_digits=5, decimal_places=1, default=Decimal(30), verbose_name="最低学分", help_text="以后修改只影响新入册的人")
    apply_from = DateField(verbose_name="申请开始")
    apply_until = DateField(verbose_name="申请截止", help_text="最后一天计入，到 24:00 为止")
    confirm_from = DateField(verbose_name="现场确认开始")
    confirm_until = DateField(verbose_name="现场确认截止", help_text="最后一天计入，到 24:00 为止")
    place = CharField(max_length=120, default="", verbose_name="现场确认地点")
    materials = TextField(default="", verbose_name="应交材料")
    contact = CharField(max_length=60, default="", verbose_name="联系人")
    phone = CharField(max_length=60, default="", verbose_name="联系电话")
    course_valid_years = IntegerField(null=True, verbose_name="课程成绩有效年数", help_text="空 = 一直有效")
    exam_valid_years = IntegerField(null=True, verbose_name="统考成绩有效年数", help_text="空 = 一直有效")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    published_at = DateTimeField(null=True, verbose_name="发布时间")
    extra = JSONField(default=dict, verbose_name="补充字段")

    class Meta:
        indexes = ((("institution", "discipline", "year"), True), (("state", "year"), False))
        constraints = [Check("min_credits > 0"), Check("year_limit > 0"), Check("state in ('draft','published','closed')")]

    def __str__(self):
        return f"{self.institution} {self.discipline} {self.year}"

    @classmethod
    def within(cls, level, user):
        """A unit or an office sees its own programmes, and everybody's published ones."""
        rows = super().within(level, user)
        shown = cls.state != "draft"
        return rows if rows is True else shown if rows is None else rows | shown

    def belongs_to(self, user):
        """Everybody sees what is published; only the unit itself, or the college, writes it."""
        return user.institution_id == self.institution_id and user.college_id in (None, self.college_id)

    @classmethod
    def kept_at(cls, user):
        """Query over the programmes that the user's unit, or his college, keeps."""
        return cls.select().where(cls.institution == user.institution_id, *([cls.college == user.college_id] if user.college_id else ()))

    @classmethod
    def published(cls):
        """Query over what the public list shows."""
        return cls.select().where(cls.state == "published")

    def faults(self):
        found, limits = elsewhere(self), value("programme.year_limits")
        if self.year_limit not in limits:
            found["year_limit"] = f"学习年限：要求 {'、'.join(map(str, limits))} 年之一，实际 {self.year_limit} 年"
        if self.min_credits is not None and self.min_credits <= 0:
            found["min_credits"] = f"最低学分：要求大于 0，实际 {self.min_credits}"
        if self.year is not None and not 1990 <= self.year <= 2100:
            found["year"] = f"接受年度：要求 1990 到 2100，实际 {self.year}"
        for first, last, what in (("apply_from", "apply_until", "申请"), ("confirm_from", "confirm_until", "现场确认")):
            start, end = getattr(self, first), getattr(self, last)
            if start and end and end < start:
                found[last] = f"{what}截止：要求不早于{what}开始 {start}，实际 {end}，差 {(start - end).days} 天"
        if self.apply_until and self.confirm_until and self.confirm_until < self.apply_until:
            found.setdefault("confirm_until", f"现场确认截止：要求不早于申请截止 {self.apply_until}，实际 {self.confirm_until}，"
                                              f"差 {(self.apply_until - self.confirm_until).days} 天")
        return found

    def change(self, by, edition=None, reason="", **more):
        """Change values; all of its cases are of the college that it is of: one statement, an entry each."""
        with one_write(type(self)):
            before, kind = held(type(self), self.id).college_id, self.applications.model
            super().change(by, edition, reason, **more)
            if self.college_id != before:
                cases = list(kind.select(kind.id).where(kind.programme == self.id))
                kind.update(college=self.college_id, edition=kind.edition + 1).where(kind.programme == self.id).execute()
                record_many(by, [(case, "college", "随学科改学院", {"college": [before, self.college_id]}, reason) for case in cases])
        return self

    @property
    def latest_plan(self):
        """The last version of the training plan, published or not; None when there is none."""
        return self.plans.order_by(TrainingPlan.version.desc()).first()

    def plan_on(self, day):
        """The version of the training plan for those who enter the register on a day."""
        from_then = TrainingPlan.valid_from.is_null() | (TrainingPlan.valid_from <= day)
        return recalled((TrainingPlan, self.id, day), lambda: self.plans.where(TrainingPlan.state == "published", from_then)
                        .order_by(TrainingPlan.version.desc()).first())

    def plan_credits(self):
        """Credits of all courses that the last version of the training plan offers."""
        plan = self.latest_plan
        return plan.credits() if plan else 0

    def plan_too_small(self, act):
        """培养方案的学分合计少于最低学分"""
        total = self.plan_credits()
        if total < self.min_credits:
            return Reason("培养方案的学分不够", f"不少于最低学分 {self.min_credits}", str(total), str(self.min_credits - total))

    def nowhere_to_go(self, act):
        """没有写明现场确认地点和联系方式"""
        missing = [self._meta.fields[name].verbose_name for name in ("place", "contact", "phone") if not getattr(self, name)]
        return Reason("请先写明" + "、".join(missing)) if missing else None

    def not_taking_part(self, act):
        """单位没有参加同等学力工作"""
        return None if self.institution.taking_part else Reason(f"{self.institution} 没有参加同等学力工作，由学位中心开通")

    def dated(self, act):
        self.published_at = clock.now()

    def publish_plan(self, act):
        """The training plan is published with the programme."""
        for plan in self.plans.where(TrainingPlan.state == "draft"):
            plan.publish(by=act.by)

    publish = Step("draft", "published", by="clerk|reviewer", label="发布", stage=1,
                   unless=(plan_too_small, nowhere_to_go, not_taking_part), sets=dated, then=publish_plan, awaits=True)
    reopen = Step("closed", "published", by="clerk|reviewer", label="重新开放", stage=1, unless=(plan_too_small, nowhere_to_go, not_taking_part))
    close = Step("published", "closed", by="clerk|reviewer", label="关闭", stage=1, done="已关闭，不再接受新申请，已有申请不受影响")


class TrainingPlan(Record):
    """A version of the plan. Once it is published it stays as it is: what changes is a new version, for those who enter from a day on."""
    label, stage, readers, writers, seen_through = "课程培养方案", 1, EVERYBODY, "clerk reviewer", "programme"
    editable = ("programme", "name", "note", "second_language", "valid_from")
    STATES = {"draft": ("草稿", "off"), "published": ("已发布", "ok")}
    clashes = {"one_draft": "这个学科有一份没有发布的培养方案，请直接修改它", "version": "这个学科已经有培养方案；要改已发布的，请制定新版本",
               "programme": "这个学科已经有培养方案；要改已发布的，请制定新版本"}

    programme = ForeignKeyField(Programme, backref="plans", on_delete="RESTRICT", verbose_name="学科")
    version = IntegerField(default=1, verbose_name="第几版")
    name = CharField(max_length=80, default="课程培养方案", verbose_name="名称")
    note = TextField(default="", verbose_name="说明")
    second_language = CharField(max_length=2, default="", verbose_name="第二外国语", help_text="外国语言文学的培养方案填写，统考外国语考这一种")
    valid_from = DateField(null=True, verbose_name="适用起始日", help_text="这一天起入册的人用这一版，以前入册的人仍用原来的一版；空 = 第一版，一直适用")
    state = CharField(max_length=10, default="draft", verbose_name="状态")

    class Meta:
        indexes = ((("programme", "version"), True),)

    def __str__(self):
        return f"{self.programme} {self.name}" + (f" 第 {self.version} 版" if self.version > 1 else "")

    def belongs_to(self, user):
        return self.programme.belongs_to(user)

    def locks(self):
        return [Reason("已发布的培养方案不能修改，请制定新版本", "草稿", self.state_label)] if self.state != "draft" else []

    def faults(self):
        found = {}
        if self.version > 1 and self.valid_from is None:
            found["valid_from"] = "新版本须写明从哪一天起入册的人适用"
        if self.second_language and self.programme_id and not self.programme.discipline.is_foreign_literature:
            found["second_language"] = f"只有外国语言文学（0502）的培养方案填写第二外国语，这个学科是{self.programme.discipline}"
        return found

    def credits(self):
        """Credits of all courses that this version offers."""
        return self.courses.select(fn.COALESCE(fn.SUM(Course.credits), 0)).where(Course.offered == True).scalar()      # noqa: E712

    def too_small(self, act):
        """学分合计少于最低学分"""
        total, needed = self.credits(), self.programme.min_credits
        return Reason("培养方案的学分不够", f"不少于最低学分 {needed}", str(total), str(needed - total)) if total < needed else None

    def ahead_of_programme(self, act):
        """学科还没有发布（第一版随学科一起发布）"""
        return Reason("学科还没有发布，培养方案随学科一起发布") if self.programme.state == "draft" else None

    def too_late(self, act):
        """新版本的适用起始日已经过去"""
        today = clock.today()
        return (Reason("适用起始日已经过去，请改为今天或以后", f"不早于 {today}", str(self.valid_from), f"{(today - self.valid_from).days} 天")
                if self.valid_from and self.valid_from < today else None)

    def not_the_last(self, act):
        """已经有更新的一版"""
        last = self.programme.latest_plan
        return Reason(f"已经有第 {last.version} 版（{last.state_label}），请在那一版上办理") if last.version > self.version else None

    def copied(self, act):
        """The new version begins as a copy."""
        fresh = TrainingPlan.add(act.by, programme=self.programme_id, version=self.version + 1, name=self.name, note=self.note,
                                 second_language=self.second_language, valid_from=act["valid_from"])
        for course in self.courses.where(Course.offered == True).order_by(Course.id):      # noqa: E712
            Course.add(act.by, plan=fresh, **{name: getattr(course, name) for name in ("code", "name", "credits", "required", "pass_mark")})

    publish = Step("draft", "published", by="clerk|reviewer", label="发布", stage=1, unless=(too_small, ahead_of_programme, too_late))
    renew = Step("published", "published", by="clerk|reviewer", label="制定新版本", stage=1, unless=not_the_last, then=copied,
                 asks=(Ask("valid_from", "适用起始日", "date", help="这一天起入册的人用新版本"),), done="已制定新版本，修改后再发布")


TrainingPlan.add_index(TrainingPlan.index(TrainingPlan.programme, unique=True, name="training_plan_one_draft").where(TrainingPlan.state == "draft"))


class Course(Record):
    label, stage, readers, writers, seen_through = "课程", 1, EVERYBODY, "clerk reviewer", "plan"
    editable = ("plan", "code", "name", "credits", "required", "pass_mark", "offered")
    clashes = {"code": "培养方案里已经有这个课程代码"}

    plan = ForeignKeyField(TrainingPlan, backref="courses", on_delete="RESTRICT", verbose_name="培养方案")
    code = CharField(max_length=20, verbose_name="课程代码")
    name = CharField(max_length=60, verbose_name="课程名称")
    credits = DecimalField(max_digits=4, decimal_places=1, verbose_name="学分")
    required = BooleanField(default=True, verbose_name="必修")
    pass_mark = DecimalField(max_digits=4, decimal_places=1, default=Decimal(60), verbose_name="合格线")
    offered = BooleanField(default=True, verbose_name="开设")

    class Meta:
        indexes = ((("plan", "code"), True),)
        constraints = [Check("credits > 0"), Check("pass_mark >= 0 and pass_mark <= 100")]

    def __str__(self):
        return self.name

    def belongs_to(self, user):
        return self.plan.belongs_to(user)

    def locks(self):
        return self.plan.locks()

    def faults(self):
        found = {}
        if self.plan_id and self.plan.state != "draft":
            found["plan"] = "已发布的培养方案不能加课程，请制定新版本"
        if self.credits is not None and not 0 < self.credits <= 20:
            found["credits"] = f"学分：要求大于 0、不超过 20，实际 {self.credits}"
        if self.pass_mark is not None and not 0 <= self.pass_mark <= 100:
            found["pass_mark"] = f"合格线：要求 0 到 100，实际 {self.pass_mark}"
        return found
