"""Thousands of admission tickets of one site as one file by the job, with photo, bar code and signed square: pages a second of one core.

`python -m tests.bench.tickets` prints the rows of `measure()`; a number after it is that of the candidates.
"""
import io
import random
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

import config
from models import clock
from models.applications import Application
from models.base import db
from models.exams.seating.plan import SeatPlan
from models.exams.tickets import AdmissionTicket
from models.files import File
from models.jobs import Job
from tasks import seating, setup
from tasks.print import tickets
from tests.crowd import crowd, hall
from tests.world import DAY, World

CANDIDATES, GOAL = 1_000, 100


def measure(candidates=CANDIDATES):
    """The rows for SQLite; what the database does is the smaller part of it."""
    with tempfile.TemporaryDirectory() as folder:
        setup.open_all(config.load(environ={}, demo=True, instance_dir=Path(folder)), immediate=True)
        setup.bring_up_to_date()
        db.connect(reuse_if_open=True)
        with clock.at(DAY):
            world = World()
            session, site = world.session(), hall(world, rooms=-(-candidates // 30))
            cases = crowd(world, session, [(site.id, world.unit.id, False)] * candidates)
            for case in cases:
                Application.update(photo=photo(world, random.Random(case))).where(Application.id == case).execute()
        with clock.at(session.exam_on):
            session.close(by=world.exam)
            plan = SeatPlan.get().draw(by=world.exam)
            seating.order(plan, world.exam)
            SeatPlan.get().fix(by=world.exam)
            begun = time.process_time()
            job = Job.get_by_id(tickets.order(session, site, world.exam).id)
            taken = time.process_time() - begun
            assert job.state == "done", job.error
            one = time.process_time()
            tickets.one(AdmissionTicket.get())
            one = time.process_time() - one
        size = job.result.size / candidates / 2 / 1024
        db.close()
        db.initialize(None)
        speed = 2 * candidates / taken
        return [row(f"{2 * candidates} tickets as one file", speed, "/s", GOAL, speed >= GOAL), row("size of a ticket in it", size, "KiB", 100, size <= 100),
                row("one ticket by itself, downloaded", one * 1000, "ms", 1000, one <= 1)]


def photo(world, rng):
    """A photo with as much detail as a face has."""
    small, data = Image.frombytes("RGB", (39, 57), rng.randbytes(39 * 57 * 3)), io.BytesIO()
    small.resize((390, 567), Image.Resampling.BICUBIC).save(data, "JPEG", quality=88)
    return File.keep(data.getvalue(), "photo.jpg", "photo", "image/jpeg", institution=world.unit)


def row(name, value, unit, goal, met):
    return {"name": name, "database": "sqlite", "value": round(value, 2), "unit": unit, "reference": None, "ratio": None, "goal": goal, "met": met}


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CANDIDATES):
        print(f"{line['database']:<11}{line['name']:<55}{line['value']:>10} {line['unit']:<4} goal {line['goal']:<8}{'met' if line['met'] else 'not met'}")
