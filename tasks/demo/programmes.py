"""Stage 1 of the demo: which unit opened which discipline in which year, with its plan of courses.

Every programme has a `day`: today, some years ago. Its windows lie around that day, so those of this year are open now.
"""
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from models import clock
from models.colleges import College
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline, Institution
from tasks.demo.accounts import COLLEGES

# unit: (years ago, first-level discipline, year limit, days by which it is later, how it stands)
OPENED = {
    "10001": ((5, "0202", 4, 0, "closed"), (4, "0202", 5, 0, "published"), (4, "0301", 4, 75, "published"), (1, "0202", 5, 0, "closed"),
              (0, "0202", 5, 0, "published"), (0, "0701", 5, 0, "published"), (0, "1204", 5, 20, "draft")),
    "10246": ((5, "0812", 4, 0, "closed"), (4, "0812", 5, 0, "published"), (1, "0812", 5, 0, "closed"), (0, "0812", 5, 0, "published"),
              (0, "1202", 5, 12, "draft")),
    "10002": ((4, "0301", 5, 0, "published"), (1, "0301", 6, 0, "published"), (0, "0301", 5, 0, "published")),
    "10003": ((4, "0808", 5, 0, "published"), (1, "0808", 5, 0, "closed"), (0, "0808", 5, 0, "published")),
    "10248": ((4, "1002", 6, 0, "published"), (1, "1002", 5, 0, "published"), (0, "1002", 5, 0, "published")),
    "10284": ((4, "0502", 5, 0, "published"), (1, "0502", 5, 0, "published"), (0, "0502", 5, 0, "published")),
    "10285": ((4, "0401", 5, 0, "closed"), (1, "0401", 5, 0, "closed"), (0, "0401", 5, 0, "published")),
    "10288": ((4, "0802", 5, 0, "published"), (1, "0802", 5, 0, "published"), (0, "0802", 5, 0, "published")),
    "10486": ((4, "0503", 5, 0, "published"), (1, "0503", 5, 0, "closed"), (0, "0503", 5, 0, "published")),
    "10487": ((4, "0811", 6, 0, "published"), (1, "0811", 5, 0, "published"), (0, "0811", 5, 0, "published")),
    "10497": ((4, "1202", 5, 0, "published"), (1, "1202", 5, 0, "published")),
    "10504": ((4, "0901", 5, 0, "published"), (1, "0901", 5, 0, "published")),
}
COMMON = (("GG01", "中国特色社会主义理论与实践", 3, True), ("GG02", "第一外国语", 5, True), ("ZY01", "{}前沿", 4, True), ("ZY02", "{}研究方法", 4, True),
          ("ZY03", "{}专题一", 4, True), ("ZY04", "{}专题二", 4, True), ("XX01", "文献研读与论文写作", 4, False), ("XX02", "数据分析", 4, False))
DIALLING = {"11": "010", "31": "021", "32": "025", "42": "027"}
MATERIALS = "学士学位证书、学历证明、身份证原件及复印件；成果材料；单位推荐意见；签字的资格审查表。"


@dataclass
class Opened:
    """A programme with the day it lies around and its courses, once they are there."""
    unit: str
    day: dt.date
    row: Programme = None
    courses: tuple = ()


def opened(today):
    """{(unit, years ago, n): Opened} of all programmes with what will become of each; n counts within unit and year."""
    found = {}
    for unit, rows in OPENED.items():
        for years, code, limit, later, state in rows:
            n = sum(key[:2] == (unit, years) for key in found)
            found[unit, years, n] = (Opened(unit, clock.years_after(today, -years) + dt.timedelta(later)), code, limit, state)
    return found


def publish(plan, code, limit, state, clerk):
    """The story of one programme: drafted, planned, published, and in the older years closed after its windows."""
    day = plan.day
    yield day - dt.timedelta(70)
    unit = Institution.get(Institution.code == plan.unit)
    subject = discipline(code, day)
    college = College.get_or_none(College.institution == unit, College.name << [name for its, name, *_ in COLLEGES if its == code])
    plan.row = Programme.add(
        clerk, institution=unit, college=college, discipline=subject, year=day.year, year_limit=limit, min_credits=Decimal(30),
        apply_from=day - dt.timedelta(40), apply_until=day + dt.timedelta(20), confirm_from=day - dt.timedelta(36),
        confirm_until=day + dt.timedelta(30), place="研究生院 102 室", materials=MATERIALS,
        contact=f"{clerk.name[0]}老师", phone=f"{DIALLING[unit.province.code]}-6275{plan.unit[1:]}", direction=f"{subject.name}理论与应用")
    sheet = TrainingPlan.add(clerk, programme=plan.row)
    plan.courses = tuple(
        Course.add(clerk, plan=sheet, code=f"{code}{number}", name=name.format(subject.name), credits=Decimal(credits), required=required)
        for number, name, credits, required in COMMON)
    if state != "draft":
        yield day - dt.timedelta(60)
        plan.row.publish(by=clerk)
    if state == "closed":
        yield day + dt.timedelta(45)
        plan.row.close(by=clerk)


def discipline(code, day):
    """The discipline in the catalogue that was in force on a day."""
    return Discipline.select().where(Discipline.code == code, Discipline.valid_from <= day).order_by(Discipline.valid_from.desc()).get()
