"""Stages 5 and 8: the credits. Published passing results that are still valid count, and approved exemptions, each course once."""
from decimal import Decimal

from peewee import Select, Value, fn

from models import clock
from models.applications import Application
from models.courses import CourseResult
from models.exemptions import GROUNDS, Exemption
from models.programmes import Course, Programme, TrainingPlan
from models.rules.rule import Found, Rule, contact, in_credits
from models.rules.sql import View, day_from, flag, months_after, of_cases
from models.written import ask, blank


class Credits(Rule):
    name, title, clause = "credits", "修满学分", "同等学力申请硕士学位规定：通过学位授予单位按培养方案组织的全部课程考试，修满规定的学分"
    text = "已公布、合格、在有效期内的课程成绩和已同意的免修，每门课程计一次，合计不少于入册时的最低学分。"
    parameters = ("Programme.min_credits", "Programme.course_valid_years")

    def tables(self, view, cases):
        return {"credits_earned": earned(view, cases)}

    def dated(self, view, cases):
        """The further table of whoever asks for the day of the last thing that counts."""
        return {"credits_last": latest(view, cases)}

    def figures(self, view, tables):
        needed = fn.COALESCE(view(Application.min_credits), Programme.min_credits)
        return {"needed": tenths(needed), "earned": tenths(fn.COALESCE(tables["credits_earned"].c.credits, 0))}

    def holds(self, figures):
        return figures["earned"] >= figures["needed"]

    def told(self, figures):
        needed, earned = int(figures["needed"]), int(figures["earned"])
        return self.condition(figures, in_credits(needed), in_credits(earned), in_credits(needed - earned) if earned < needed else "无", earned / needed)

    def explained(self, case, figures, view):
        rows, short = list(attempts(case, view)), int(figures["needed"]) - int(figures["earned"])
        found = [Found(row["course"], f"{row['score']}，{in_credits(row['worth'])}", str(row["day"]), row["counts"], row["note"]) for row in rows]
        lapsed = dict.fromkeys(row["course"] for row in rows if row["lapsed"])
        why = "只计算已公布的合格成绩和已同意的免修，每门课程计一次。" + (f"{'、'.join(lapsed)}的成绩已过有效期，不再计入。" if lapsed else "")
        if short <= 0:
            return self.with_reasons(figures, why, found, view.day, "", contact(case))
        left = untaken(case, rows)
        worth = int(sum(course.credits for course in left) * 10)
        words = (f"，培养方案中还可以修：{'、'.join(course.name for course in left[:6])}{' 等' if len(left) > 6 else ''}" if left else
                 "；培养方案中的课程都已修过，请与单位联系")
        return self.with_reasons(figures, why, found, view.day if worth >= short else None, f"还须修 {in_credits(short)}{words}；成绩公布当天起计入。", contact(case),
                                 f"再修满 {in_credits(short)}并公布成绩" if worth >= short else
                                 f"还差 {in_credits(short)}，培养方案中还没有合格的课程只有 {in_credits(worth)}")


def earned(view, cases):
    """Query over (owner, credits): the credits of every case that has some, each course once."""
    course = Course.id.alias("course"), Course.credits.alias("worth")
    courses = (results(view, cases, *course) | exemptions(view, cases, *course)).alias("courses")
    return Select((courses,), (courses.c.owner, fn.SUM(courses.c.worth).alias("credits"))).group_by(courses.c.owner)


def latest(view, cases):
    """Query over (owner, day): the day of the last thing that counts."""
    days = results(view, cases, view(CourseResult.taken_on).alias("day")).union_all(exemptions(view, cases, view(Exemption.decided_on).alias("day"))).alias("days")
    return Select((days,), (days.c.owner, fn.MAX(days.c.day).alias("day"))).group_by(days.c.owner)


def results(view, cases, *columns):
    """Query over (owner, columns) of the results that count."""
    query = of_cases(cases, CourseResult.select(cases.c.id.alias("owner"), *columns), CourseResult.application, cases.c.id)
    return query.join_from(CourseResult, Course).where(*counted(view), valid(view(CourseResult.taken_on), cases.c.course_valid_years, view))


def exemptions(view, cases, *columns):
    """The same of the exemptions."""
    query = of_cases(cases, Exemption.select(cases.c.id.alias("owner"), *columns), Exemption.application, cases.c.id)
    return query.join_from(Exemption, Course).where(*freed_from(view))


def tenths(amount):
    """An amount of credits in tenths, so that both databases compare whole numbers."""
    return fn.ROUND(amount * 10).cast("integer")


def counted(view):
    """What makes a result count, but for its age."""
    return (view(CourseResult.state) == "published", view.passed(CourseResult.published_at), view(CourseResult.passed) == True)      # noqa: E712


def freed_from(view):
    """What makes an exemption count."""
    return view(Exemption.state) == "approved", (view(Exemption.decided_on) <= view.date) if view.past else Value(1) == 1


def valid(taken, years, view):
    """Whether a result of a day is still within the years of the programme; the last day counts."""
    return years.is_null() | (months_after(taken, years * 12) >= view.date)


def attempts(case, view):
    """{course, id, score, worth, day, counts, lapsed, note} of the exemptions of one case, and of every published attempt in the order of the courses."""
    years, seen = case.programme.course_valid_years, set()
    for course, name, credits, day, ground in ask(_exempt, *view.shape, case=case.id):
        seen.add(course)
        yield {"course": name, "id": course, "score": "免修", "worth": int(credits * 10), "day": day_from(day), "counts": True, "lapsed": False,
               "note": dict(GROUNDS)[ground]}
    for course, name, credits, score, day, good in ask(_published, *view.shape, case=case.id):
        last = years and clock.years_after(day_from(day), years)
        lapsed = bool(good and last and last < view.day)
        counts = bool(good and not lapsed and course not in seen)
        seen |= {course} if counts else set()
        note = ("不合格" if not good else f"有效期至 {last}，已过期，不计入" if lapsed else "同一门课程只计一次" if not counts else f"有效期至 {last}" if last else "")
        yield {"course": name, "id": course, "score": f"{Decimal(score).normalize():f} 分", "worth": int(credits * 10), "day": day_from(day), "counts": counts,
               "lapsed": lapsed, "note": note}


def _exempt(day, past):
    view = View.shaped(day, past)
    return (Exemption.select(Course.id, Course.name, Course.credits, view(Exemption.decided_on), Exemption.ground).join(Course)
            .where(Exemption.application == blank("case"), *freed_from(view)).order_by(Course.code).tuples())


def _published(day, past):
    view = View.shaped(day, past)
    published, moment, passed = counted(view)
    return (CourseResult.select(Course.id, Course.name, Course.credits, view(CourseResult.score), view(CourseResult.taken_on), flag(passed)).join(Course)
            .where(CourseResult.application == blank("case"), published, moment).order_by(Course.code, CourseResult.attempt.desc()).tuples())


def untaken(case, rows):
    """The courses of the plan that are not passed yet, those that are required first."""
    have = {row["id"] for row in rows if row["counts"]}
    return [course for course in ask(_offered, case.plan_id is None, plan=case.plan_id, programme=case.programme_id) if course.id not in have]


def _offered(latest):
    """Query over the courses of a plan, or of the latest one of a programme."""
    plans = TrainingPlan.select(TrainingPlan.id).where(TrainingPlan.programme == blank("programme")).order_by(TrainingPlan.version.desc()).limit(1)
    return (Course.select().where(Course.plan == (plans if latest else blank("plan")), Course.offered == True)      # noqa: E712
            .order_by(Course.required.desc(), Course.code))


CREDITS = Credits()
