"""The seats of 300,000 candidates in two subjects over 600 sites, drawn by the job and numbered: seconds, and how much memory the drawing takes.

`python -m tests.bench.seating` prints the rows of `measure()`; a number after it is that of the candidates.
"""
import random
import resource
import sys
import time

from models import bulk, clock
from models.base import db
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom, Seat
from models.exams.sites import ExamSite, Room
from models.exams.tickets import AdmissionTicket
from models.jobs import Job
from models.reference import Institution, Province
from tasks import seating
from tests.bench.both import on_both, opened
from tests.crowd import crowd
from tests.world import DAY, World

CANDIDATES, SITES, SEATS, GOAL, MEMORY = 300_000, 600, 30, 30, 1024


def measure(candidates=CANDIDATES):
    """The rows for both databases."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, candidates))


def _measured(name, address, folder, candidates):
    with opened(address, folder):
        with clock.at(DAY):
            world = World()
            session = world.session()
            _fill(world, session, candidates)
        with clock.at(session.exam_on):
            session.close(by=world.exam)
            return _drawn(name, world, SeatPlan.get(), candidates)


def _fill(world, session, candidates):
    """Sites all over the nation with rooms for a tenth more than come; one in six hundred leaves the site to the office, one in two
    hundred has special needs."""
    rng, provinces, each = random.Random(2013), list(Province.select().order_by(Province.code)), -(-candidates // SITES)
    rooms = -(-each * 11 // 10 // SEATS) + 1
    sites = [ExamSite.create(province=provinces[n % len(provinces)], code=f"{500 + n // len(provinces)}", name=f"考点 {n}", capacity=rooms * SEATS) for n in range(SITES)]
    names = ("site", "number", "seats", "special", "state", "edition")
    bulk.insert(Room, names, [(site.id, f"{n:03d}", SEATS, n > rooms, "ready", 0) for site in sites for n in range(1, rooms + 2)])
    units = [unit.id for unit in Institution.select(Institution.id).order_by(Institution.code).limit(400)]
    crowd(world, session, [(None if n % 20 == 19 and n % SITES < len(provinces) else sites[n % SITES].id, units[int(rng.random() ** 2 * len(units))], rng.random() < .005)
                           for n in range(candidates)])
    db.execute_sql("ANALYZE")


def _drawn(name, world, plan, candidates):
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    plan.draw(by=world.exam)
    job = seating.order(plan, world.exam)
    drawn = time.perf_counter()
    SeatPlan.get().fix(by=world.exam)
    fixed, after = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    job, plan = Job.get_by_id(job.id), SeatPlan.get()
    assert job.state == "done", job.error
    assert plan.seats_count == Seat.select().count() == AdmissionTicket.select().count() == 2 * candidates
    assert not SeatedRoom.select().join(Room).where(SeatedRoom.seated > Room.seats).exists()
    rows = [(f"seats of {candidates} candidates in 2 subjects drawn", drawn - begun, "s", GOAL), ("their tickets numbered", fixed - drawn, "s", GOAL),
            ("memory of the process at its most", after / 1024, "MiB", MEMORY), ("of it before the drawing", before / 1024, "MiB", MEMORY),
            ("pairs of neighbours alike", plan.neighbours_alike, "", 2 * candidates)]
    return [{"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": None, "ratio": None, "goal": goal, "met": value <= goal}
            for what, value, unit, goal in rows]


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CANDIDATES):
        print(f"{line['database']:<11}{line['name']:<55}{line['value']:>10} {line['unit']:<4} goal {line['goal']:<8}{'met' if line['met'] else 'not met'}")
