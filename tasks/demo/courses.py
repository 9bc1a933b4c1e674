"""Stage 5 of the demo: courses that are exempted, results that are doubted, each with every answer; a transcript; a plan with a second version."""
import datetime as dt
from decimal import Decimal

from models import clock
from models.courses import CourseResult
from models.exemptions import Exemption
from models.objections import object_to
from models.printouts import issue as issue_paper, says
from models.programmes import Course, Programme
from models.transcripts import contents, issue, new_code
from tasks.demo.cases import days
from tasks.demo.changes import owner, proof, settled

ASKED, DECIDED = 11, 1             # days before today
EXEMPTED = (None, "approve", "refuse", "withdraw", "revoke")
DOUBTED = (None, "uphold", "reject", "withdraw")


def ask(world, code):
    """The story of one unit in which everything is asked for and answered in every way."""
    yield world.today - days(ASKED)
    clerk, reviewer = world.staff[code, "clerk"], world.staff[code, "reviewer"]
    cases = ((case, course) for case in reversed(settled(clerk.institution_id)) if (course := untaken(case)))
    exempted = [(turn, exempt(world, clerk, *next(cases))) for turn in EXEMPTED]
    doubted = [(turn, doubt(clerk, *next(cases))) for turn in DOUBTED]
    case = exempted[1][1].application
    renew(clerk)
    yield world.today - days(DECIDED)
    for turn, row in exempted:
        answer_exemption(row, turn, clerk, reviewer)
    for turn, row in doubted:
        answer_doubt(row, turn, clerk)
    said = contents([case])[case.id]
    issue(case, said, clerk, new_code())
    issue_paper("review", case, says("review", case), clerk, new_code())


def untaken(case):
    """A course of the case's plan in which it has no result, or None."""
    taken = CourseResult.select(CourseResult.course).where(CourseResult.application == case.id)
    return Course.select().where(Course.plan == case.plan_id, Course.id.not_in(taken)).order_by(Course.id.desc()).first()


def exempt(world, clerk, case, course):
    return Exemption.add(clerk, application=case, course=course, ground="equal_course", statement="在职期间已在本校修过同一门课程", document=proof(world, case, case.id))


def doubt(clerk, case, course):
    """A result that was failed and published, and the doubt about it."""
    result = CourseResult.add(clerk, application=case, course=course, score=Decimal(54), taken_on=clock.today()).publish(by=clerk)
    return object_to(result, "估分在 60 分以上，请核查是否漏计最后一题", owner(case))


def renew(clerk):
    """A published programme of the unit gets a second version of its plan, for those who enter later."""
    programme = Programme.select().where(Programme.institution == clerk.institution_id, Programme.state == "published").order_by(Programme.id.desc()).first()
    programme.latest_plan.renew(by=clerk, valid_from=clock.today() + dt.timedelta(60))
    fresh = programme.latest_plan
    Course.add(clerk, plan=fresh, code="XS701", name="学术规范与论文写作", credits=Decimal(1))
    fresh.publish(by=clerk)


def answer_exemption(row, turn, clerk, reviewer):
    """What becomes of an exemption; None: it still waits."""
    if turn in ("approve", "revoke"):
        row.approve(by=reviewer, opinion="成绩证明属实，同意")
    if turn == "revoke":
        row.revoke(by=reviewer, reason="经复核，原课程不足规定学时")
    elif turn == "refuse":
        row.refuse(by=reviewer, reason="原课程与本课程内容不同")
    elif turn == "withdraw":
        row.withdraw(by=clerk)


def answer_doubt(row, turn, clerk):
    """What becomes of a doubt; None: it still waits."""
    if turn == "uphold":
        row.uphold(by=clerk, score="58", reason="核查试卷，漏计 4 分，更正后仍不合格")
    elif turn == "reject":
        row.reject(by=clerk, reason="核查试卷，评分和合计无误")
    elif turn == "withdraw":
        row.withdraw(by=owner(row.application))
