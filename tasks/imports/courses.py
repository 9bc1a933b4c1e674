"""Stages 1 and 5: the courses of training plans, and the results in them."""
from models.applications import Application
from models.bulk import among
from models.courses import NEEDS_REASON, CourseResult
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.looking import by


# what the rules about a case ask of it
OF_A_CASE = (Application.id, Application.person, Application.programme, Application.plan, Application.institution, Application.state)


# course results -----------------------------------------------------------------------------------------------------------------
def course_wanted(line):
    case = line.found.get("case")
    return (case.programme_id, case.plan_id, line.get("course_code")) if case is not None else None


def courses(user, wants):
    """{(programme, version of the plan, code): course}; a case without a version has the last one."""
    if not wants:
        return {}
    rows = list(Course.select(Course, TrainingPlan).join(TrainingPlan).order_by(TrainingPlan.version)
                .where(among([TrainingPlan.programme, Course.code], {(programme, code) for programme, _, code in wants})))
    found = {(row.plan.programme_id, plan, row.code): row for row in rows for plan in (row.plan_id, None)}
    return {want: found[want] for want in wants if want in found}


def correction(row, before, line):
    """A published score is corrected only with a reason."""
    if before is not None and before["state"] == "published" and before["score"] != row.score and not line.get("reason"):
        return {"reason": NEEDS_REASON}
    return {}


COURSE_RESULTS = Import(
    name="course_result", title="课程成绩", screen="course_result", roles=("clerk",),
    help="一行是一个人一门课程的一次成绩。已有的成绩按注册号、课程代码和第几次对上，不同的就修改；更正已公布的成绩要写明理由。",
    columns=(
        Column("registered_no", "注册号", required=True, sample="10001-2026-00012", width=22, aliases=("register_number", "在册编号", "学号")),
        Column("course_code", "课程代码", required=True, sample="EC501", width=14, aliases=("课程编号", "课程号")),
        Column("score", fills=CourseResult.score, sample="85", help="0 到 100", aliases=("分数", "得分")),
        Column("passed_on", "考试日期", fills=CourseResult.taken_on, sample="2026-06-20", aliases=("taken_on", "通过日期", "考核日期")),
        Column("attempt", fills=CourseResult.attempt, sample="1", help="空 = 第 1 次", width=10),
        Column("reason", "更正理由", sample="", help="更正已公布的成绩时必填", width=24)),
    looks=(
        Look("case", "registered_no", lambda line: line.get("registered_no"), by(Application.register_number, *OF_A_CASE), "没有注册号为“{}”的人，或不在您的范围内"),
        Look("course", "course_code", course_wanted, courses, "这个人的培养方案里没有课程代码“{}”")),
    parts=(Part(CourseResult, key=("application", "course", "attempt"), links={"application": "case", "course": "course"}, check=correction),))


# programmes with their training plans ---------------------------------------------------------------------------------------------
def of_today(user, wants):
    """The disciplines of the newest catalogue in which a code stands."""
    rows = Discipline.select().where(Discipline.code.in_(list(wants))).order_by(Discipline.catalogue) if wants else ()
    return {row.code: row for row in rows}


PROGRAMMES = Import(
    name="programme", title="学科与培养方案", screen="programme", roles=("clerk", "reviewer"),
    help="一行是一门课程。同一个学科的各行，学科的各列要填得一样；新的学科是草稿，检查后再发布。",
    columns=(
        Column("discipline_code", "学科代码", required=True, sample="0202", width=12),
        Column("year", fills=Programme.year, sample="2026"),
        Column("direction", fills=Programme.direction, sample="产业经济", width=20),
        Column("year_limit", fills=Programme.year_limit, sample="5"),
        Column("min_credits", fills=Programme.min_credits, sample="30"),
        Column("apply_from", fills=Programme.apply_from, sample="2026-03-01"),
        Column("apply_until", fills=Programme.apply_until, sample="2026-04-15"),
        Column("confirm_from", fills=Programme.confirm_from, sample="2026-03-01"),
        Column("confirm_until", fills=Programme.confirm_until, sample="2026-05-15"),
        Column("place", fills=Programme.place, sample="研究生院 102 室", width=20), Column("contact", fills=Programme.contact, sample="张老师"),
        Column("phone", fills=Programme.phone, sample="010-62750000", width=16),
        Column("course_code", fills=Course.code, sample="EC501"), Column("course_name", fills=Course.name, sample="中级微观经济学", width=24),
        Column("credits", fills=Course.credits, sample="4"), Column("course_required", fills=Course.required, sample="是"),
        Column("pass_mark", fills=Course.pass_mark, sample="60")),
    looks=(Look("discipline", "discipline_code", lambda line: line.get("discipline_code"), of_today, "没有代码为“{}”的学科专业"),),
    parts=(
        Part(Programme, key=("institution", "discipline", "year"), links={"discipline": "discipline"},
             given=lambda line, user: {"institution": user.institution_id}, fresh=lambda line, user: {"college": user.college_id}),
        Part(TrainingPlan, key=("programme",), links={"programme": Programme}),
        Part(Course, key=("plan", "code"), links={"plan": TrainingPlan})))
