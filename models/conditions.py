"""Stage 8: the three conditions of the defence request, computed and explained - within the limit, exams passed, credits reached."""
from dataclasses import asdict, dataclass
from decimal import Decimal

from models import clock
from models.courses import CourseResult
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.programmes import Course
from models.workflow import Reason

KINDS = {"language": "外国语水平考试", "comprehensive": "学科综合水平考试"}


@dataclass(frozen=True)
class Condition:
    """One condition for one case on one day: what is required, what is there, the gap, and why; `share` is 0 to 1 for the bar."""
    name: str
    title: str
    met: bool
    required: str
    actual: str
    gap: str
    why: str
    share: float

    @property
    def reason(self):
        return Reason(f"{self.title}：不满足", self.required, self.actual, self.gap)


def conditions(case, on=None):
    """The three Conditions of an Application on a day (default today), in their order."""
    day = on or clock.today()
    return [within_limit(case, day), exams_passed(case, day), credits_reached(case, day)]


def evidence(found):
    """The conditions as plain data, stored with the request they decided."""
    return [asdict(condition) for condition in found]


def within_limit(case, day):
    """The last day counts; a request handed in in time satisfies the limit for as long as it is under way."""
    title = "在规定年限内"
    if case.deadline is None:
        return Condition("limit", title, False, "已入册", case.state_label, "尚未入册", "年限从入册之日起算。", 0)
    requests = case.defence_requests.where(case.defence_requests.model.state.in_(("submitted", "approved")))
    request = None if case.state == "registered" else requests.order_by(requests.model.id.desc()).first()
    asked = request.requested_on if request else None
    reckoned = asked if asked and asked <= case.deadline else day
    left = (case.deadline - reckoned).days
    span = max(1, (case.deadline - case.registered_on).days)
    why = f"年限 {case.year_limit} 年，自 {case.registered_on} 入册起算，最后一天计入。" + (f"已于 {asked} 在期限内提出申请。" if asked and left >= 0 else "")
    return Condition("limit", title, left >= 0, f"不晚于 {case.deadline}", str(reckoned), f"还余 {left} 天" if left >= 0 else f"超过 {-left} 天", why,
                     min(1, max(0, (reckoned - case.registered_on).days / span)))


def exam_passes(case, on=None):
    """{kind: (subject name, passed on, source)} of the national exam passes that count for a case on a day."""
    day, years = on or clock.today(), case.programme.exam_valid_years
    found = {}
    results = (ExamResult.select(ExamResult, Subject.kind, Subject.name, ExamSession.name, ExamSession.exam_on)
               .join(SessionSubject).join(Subject).switch(ExamResult).join(ExamSession, on=ExamResult.session == ExamSession.id)
               .where(ExamResult.application == case.id, ExamResult.outcome == "pass", ExamSession.state == "published").objects())
    for row in results:
        if years is None or clock.years_after(row.exam_on, years) >= day:
            found[row.kind] = (row.name, row.exam_on, "统考成绩")
    for row in PriorPass.select().where(PriorPass.document_index == case.person.document_index):
        if years is None or clock.years_after(row.passed_on, years) >= day:
            found.setdefault(row.kind, (row.subject_name, row.passed_on, "合格库"))
    return found


def exams_passed(case, day):
    """The foreign language always; the comprehensive paper only where the discipline has one."""
    wanted = ["language"] + (["comprehensive"] if case.discipline.has_comprehensive_exam else [])
    passes = exam_passes(case, day)
    have = [kind for kind in wanted if kind in passes]
    missing = [KINDS[kind] for kind in wanted if kind not in passes]
    why = "；".join(f"{KINDS[kind]}（{passes[kind][0]}）{passes[kind][1]} 合格，{passes[kind][2]}" for kind in have)
    why += ("；" if why and missing else "") + ("还没有合格：" + "、".join(missing) if missing else "")
    if len(wanted) == 1:
        why += "。本学科没有综合水平考试"
    return Condition("exams", "通过国家统考", not missing, f"{len(wanted)} 科", f"{len(have)} 科", f"{len(missing)} 科" if missing else "无", why + "。",
                     len(have) / len(wanted))


def earned_credits(case, on=None):
    """Credits of courses passed: published, still valid, once per course."""
    day, years = on or clock.today(), case.programme.course_valid_years
    rows = (CourseResult.select(CourseResult.taken_on, Course.id, Course.credits).join(Course)
            .where(CourseResult.application == case.id, CourseResult.state == "published", CourseResult.passed == True).tuples())      # noqa: E712
    return sum({course: credits for taken, course, credits in rows if years is None or clock.years_after(taken, years) >= day}.values(), Decimal(0))


def credits_reached(case, day):
    have, need = earned_credits(case, day), case.min_credits or case.programme.min_credits
    short = max(Decimal(0), need - have)
    return Condition("credits", "修满学分", not short, in_credits(need), in_credits(have), in_credits(short) if short else "无",
                     "只计算已公布的合格成绩，每门课程计一次。", float(min(1, have / need)))


def in_credits(amount):
    """30 学分, 4.5 学分: the same whatever places the database keeps."""
    return f"{amount.normalize():f} 学分"
