"""2,000 transcripts as one file by a job, with their codes noted: pages a second of one core.

`python -m tests.bench.transcripts` prints the rows of `measure()`.
"""
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import config
from models import clock
from models.applications import Application
from models.base import db
from models.courses import CourseResult
from models.jobs import Job
from models.programmes import Course
from tasks import setup
from tasks.print import transcripts
from tests.bench.rows import fill
from tests.world import World

SHEETS, COURSES, GOAL = 2_000, 14, 100


def measure(sheets=SHEETS):
    """The row for SQLite; what the database does is the smaller part of it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(environ={}, demo=True, instance_dir=Path(folder))
        setup.open_all(settings, immediate=True)
        db.connect(reuse_if_open=True)
        setup.bring_up_to_date()
        db.connect(reuse_if_open=True)
        world = World()
        fill(world, sheets * 12)
        cases = list(Application.select().where(Application.institution == world.unit, Application.state == "registered").limit(sheets))
        plan = world.programme.plans.get()
        courses = [Course.create(plan=plan, code=f"B{n:02d}", name=f"专业选修课程之{n}", credits=Decimal(2)) for n in range(COURSES)]
        for start in range(0, len(cases), 500):
            CourseResult.insert_many([{"application": case.id, "course": course.id, "institution": world.unit.id, "score": 60 + (case.id + course.id) % 40, "passed": True,
                                       "state": "published", "published_at": clock.now()} for case in cases[start:start + 500] for course in courses]).execute()
        before = time.process_time()
        job = transcripts.order([case.id for case in cases], world.clerk, "https://tongli.example/check/")
        taken = time.process_time() - before
        job = Job.get_by_id(job.id)
        assert job.state == "done", job.error
        db.close()
        db.initialize(None)
    speed = len(cases) / taken
    return [{"name": f"{len(cases)} transcripts as one file", "database": "sqlite", "value": round(speed, 1), "unit": "pages/s", "reference": None, "ratio": None,
             "goal": GOAL, "met": speed >= GOAL}]


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else SHEETS):
        print(f"{line['database']:<11}{line['name']:<50}{line['value']:>9} {line['unit']:<8}goal {line['goal']:<5}{'met' if line['met'] else 'not met'}")
