"""What the faults fall upon: a world with many course results, an import at each of its jobs, an export that was ordered, drafts to submit."""
import datetime as dt
import random
from decimal import Decimal

import xlsxwriter
from passlib.hash import argon2

from models import bulk, clock
from models.applications import Application
from models.base import writing
from models.courses import CourseResult
from models.people import Person, User
from models.programmes import Course, TrainingPlan
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS
from tests.torture import KILLS, ROWS
from tests.world import DAY, PASSWORD, World

COURSES = 16
KEPT = ROWS * 3 // 5          # results that are there already and change


def populate(folder):
    """Fill the open database; returns (user name of the clerk, path of the workbook, ids of drafts that can be submitted today)."""
    today = clock.today()
    with clock.at(DAY):
        world = World()
    begun = today - dt.timedelta(days=400)
    programme = world.publish(world.unit, world.clerk, code="0201", year=begun.year, apply_from=begun, confirm_from=begun,
                              apply_until=today + dt.timedelta(days=2), confirm_until=today + dt.timedelta(days=30))
    numbers = cases(world, programme)
    with writing():
        drafts = [world.draft(world.applicant(), programme).id for _ in range(KILLS + 1)]
        User.update(password=argon2.hash(PASSWORD)).where(User.password.is_null()).execute()
    path = folder / "results.xlsx"
    write(path, numbers, today - dt.timedelta(days=100))
    return world.clerk.username, path, drafts


def cases(world, programme):
    """Persons on the register with results; returns [(register number, course code)] of all that the workbook says."""
    plan, begun = TrainingPlan.get(TrainingPlan.programme == programme), clock.today() - dt.timedelta(days=200)
    with writing():
        for n in range(4, COURSES + 1):
            Course.create(plan=plan, code=f"EC5{n:02d}", name=f"课程{n}", credits=Decimal(2))
    courses = list(plan.courses.order_by(Course.id))
    case = world.registered(programme=programme, on=begun)
    with writing():
        people = list(zip(bulk.reserve(Person, ROWS // COURSES), bulk.reserve(Application, ROWS // COURSES)))
        repeat(case.person, [{"id": person, "document_index": f"torture{n}", "phone_index": None} for n, (person, _) in enumerate(people)])
        numbers = [f"10001-{begun.year}-{n + 10:05d}" for n in range(len(people))]
        repeat(case, [{"id": id, "person": person, "number": f"T{n:09d}", "register_number": numbers[n]} for n, (person, id) in enumerate(people)])
        pairs = [(n, course) for n in range(len(people)) for course in courses]
        random.Random(7).shuffle(pairs)
        result = CourseResult(institution=world.unit, score=Decimal("59.5"), taken_on=begun, application=case, course=courses[0])
        repeat(result, [{"id": id, "application": people[n][1], "course": course.id} for id, (n, course) in zip(bulk.reserve(CourseResult, KEPT), pairs)])
    return [(numbers[n], course.code) for n, course in pairs]


def repeat(row, differing):
    """Insert copies of a row that differ in the values given."""
    kind = type(row)
    names = [name for name in kind._meta.fields if name != "edition"]
    stored = bulk.storing(kind, names)
    rows = []
    for values in differing:
        row.__data__.update(values)
        rows.append((0, *stored(row)))
    bulk.insert(kind, ("edition", *names), rows)


def write(path, pairs, day):
    """The workbook of the import."""
    book, chance = xlsxwriter.Workbook(path, {"constant_memory": True}), random.Random(8)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("registered_no", "course_code", "score", "passed_on"))
    for n, (number, code) in enumerate(pairs, 1):
        sheet.write_row(n, 0, (number, code, 60 + chance.randrange(40), f"{day + dt.timedelta(days=n % 28)}"))
    book.close()


def order_rehearsal(clerk, path):
    """Bring the workbook in and order its rehearsal."""
    user = User.get(User.username == clerk)
    run = bring(IMPORTS["course_result"], user, path.name, path.read_bytes())
    return runs.begin(run, "rehearse", "import_check", user).id


def order_commit(clerk):
    """Order the commit of the import that was rehearsed."""
    user = User.get(User.username == clerk)
    return runs.begin(user.importrun_set.get(), "commit", "import_commit", user, good_only=False).id
