"""Stage 5: results in the courses of the training plan. Attempts are kept, the best passing published one counts."""
from peewee import BooleanField, CharField, Check, DateField, DateTimeField, DecimalField, ForeignKeyField, IntegerField

from models import clock
from models.applications import Application
from models.programmes import Course
from models.reference import Institution
from models.workflow import Ask, Reason, Record, Refused, Step

UNDER_WAY = ("defence_requested", "defence_admitted", "defended")       # states in which a defence is asked for or over, without a degree yet
NEEDS_REASON = "更正已公布的成绩须写明理由"


class CourseResult(Record):
    label, stage, readers, writers, cleared_with_case = "课程成绩", 5, "applicant clerk reviewer officer centre", "clerk", True
    seen_through = "application"
    editable = ("application", "course", "attempt", "score", "taken_on")
    STATES = {"draft": ("未公布", "wait"), "published": ("已公布", "ok")}
    TONES = {"passed": {True: "ok", False: "bad"}}
    clashes = {"attempt": "这门课程的这一次成绩已经登记"}

    application = ForeignKeyField(Application, backref="course_results", on_delete="RESTRICT", verbose_name="姓名")
    course = ForeignKeyField(Course, backref="results", on_delete="RESTRICT", verbose_name="课程")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    attempt = IntegerField(default=1, verbose_name="第几次")
    score = DecimalField(max_digits=4, decimal_places=1, verbose_name="成绩")
    passed = BooleanField(default=False, verbose_name="合格")
    taken_on = DateField(default=clock.today, verbose_name="考试日期")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    published_at = DateTimeField(null=True, verbose_name="公布时间")

    class Meta:
        indexes = ((("application", "course", "attempt"), True), (("institution", "state"), False), (("state", "id"), False), (("passed", "id"), False), (("taken_on", "id"), False))
        constraints = [Check("score >= 0 and score <= 100"), Check("attempt >= 1")]

    def __str__(self):
        return f"{self.course} 第 {self.attempt} 次"

    @classmethod
    def within(cls, level, user):
        """The person sees his published results only."""
        rows = super().within(level, user)
        return rows & (cls.state == "published") if level == "own" and rows is not None else rows

    @classmethod
    def add(cls, by, reason="", **values):
        """Enter one result; which attempt it is follows from those before."""
        if values.get("application") and values.get("course") and "attempt" not in values:
            values["attempt"] = 1 + cls.select().where(cls.application == values["application"], cls.course == values["course"]).count()
        return super().add(by, reason, **values)

    def change(self, by, edition=None, reason="", **values):
        """Correct a result; a published one only with a reason, the old value stays in the history."""
        if "score" in values and not reason.strip() and self.corrected_by(values["score"]):
            raise Refused(fields={"reason": NEEDS_REASON})
        return super().change(by, edition, reason, **values)

    def corrected_by(self, score):
        """Whether another score would correct one that is published."""
        return self.state == "published" and score != self.score

    def follow(self):
        """The institution is that of the case, and the course says whether the score passes."""
        if self.application_id and self.course_id and self.score is not None:
            self.institution, self.passed = self.application.institution_id, self.score >= self.course.pass_mark

    def faults(self):
        found = {}
        if self.score is not None and not 0 <= self.score <= 100:
            found["score"] = f"成绩：要求 0 到 100，实际 {self.score}"
        if self.taken_on and self.taken_on > clock.today():
            found["taken_on"] = f"考试日期：要求不晚于今天 {clock.today()}，实际 {self.taken_on}"
        if self.application_id and self.course_id:
            found |= {"course": fault} if (fault := foreign_course(self.application, self.course) or self.passed_before()) else {}
        if self.application_id and not self.application.on_register:
            found["application"] = f"只能给在册的人登记成绩，{self.application.person} 现在是“{self.application.state_label}”"
        return found

    def passed_before(self):
        """The sentence against one more attempt at a course that is passed and still valid; empty when there is nothing against it."""
        if self.id or self.attempt == 1:
            return ""
        last = (CourseResult.select().where(CourseResult.application == self.application_id, CourseResult.course == self.course_id, CourseResult.passed == True,      # noqa: E712
                                            CourseResult.attempt < self.attempt).order_by(CourseResult.taken_on.desc()).first())
        years = self.application.programme.course_valid_years
        if last is None or (years and clock.years_after(last.taken_on, years) < self.taken_on):
            return ""
        return f"第 {last.attempt} 次已经合格（{last.score.normalize():f} 分），不合格或已过有效期的课程才能重考"

    def locks(self):
        state = self.application.state
        return [Reason(f"这个人{self.application.state_label}，成绩不能再改")] if state in ("awarded", "frozen", "dismissed") else []

    def case_closed(self, act):
        """本人已授学位、已清退或在清退冷静期"""
        return self.locks()

    def carries_defence(self, act):
        """本人已申请答辩，这门成绩计入其学分"""
        if self.passed and self.application.state in UNDER_WAY:
            return Reason("这门成绩计入答辩申请的学分，答辩申请退回或撤回后才能取消公布", "没有在办的答辩", self.application.state_label)

    def dated(self, act):
        self.published_at = act.at

    def hidden(self, act):
        self.published_at = None

    publish = Step("draft", "published", by="clerk|reviewer", label="公布", stage=5, tone="ok", unless=case_closed, sets=dated, awaits=True)
    unpublish = Step("published", "draft", by="reviewer", label="取消公布", stage=5, tone="bad", unless=(case_closed, carries_defence), sets=hidden,
                     asks=(Ask("reason", "理由"),))


def foreign_course(case, course):
    """The sentence against a course that is not in the version of the plan under which a case entered; empty when it is."""
    if course.plan_id == case.plan_id or (case.plan_id is None and course.plan.programme_id == case.programme_id):
        return ""
    return f"这门课程不在 {case.programme} 的培养方案里" + (f"（入册时适用第 {case.plan.version} 版）" if case.plan_id else "")
