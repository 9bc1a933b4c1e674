"""A batch award of 2,000 cases by one meeting, with certificate numbers, history and notices, on both databases.

`python -m tests.bench.awards` prints the rows of `measure()`: {name, database, value, unit, reference, ratio, goal, met}.
"""
import sys
import time

from models import clock
from models.applications import Application
from models.audit import Entry
from models.awards import Award
from models.base import db
from models.defences import Defence
from models.outbox import Outbox
from models.people import User
from tests.bench.both import on_both, opened
from tests.bench.rows import fill
from tests.world import DAY, World

AWARDS = 2000
SHARE = 5                # a fifth of the cases belongs to the world's first unit


def measure(awards=AWARDS):
    """The rows for both databases."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, awards))


def _measured(name, address, folder, awards):
    with opened(address, folder), clock.at(DAY):
        world = World()
        fill(world, awards * SHARE)
        defended(world, awards)
        meeting = world.meeting()
        return [_row(name, f"{awards} persons put on an agenda", lambda: meeting.fill(by=world.clerk), 3), _decision(name, world, meeting, awards)]


def defended(world, awards):
    """So many cases of the first unit have passed their defence and wait for the degree; every person has an account."""
    cases = list(Application.select().where(Application.institution == world.unit).order_by(Application.id).limit(awards))
    Application.update(state="rejected").where(Application.institution == world.unit).execute()
    Application.update(state="defended").where(Application.institution == world.unit, Application.id <= cases[-1].id).execute()
    for start in range(0, len(cases), 500):
        part = cases[start:start + 500]
        Defence.insert_many([{"application": case.id, "institution": world.unit, "held_on": DAY, "state": "passed"} for case in part]).execute()
        Award.insert_many([{"application": case.id, "person": case.person_id, "institution": world.unit, "discipline": case.discipline_id}
                           for case in part]).execute()
        User.insert_many([{"name": "本人", "email": f"bulk{case.person_id}@example.cn", "fs_uniquifier": f"bulk{case.person_id}", "person": case.person_id}
                          for case in part]).execute()
    db.execute_sql("ANALYZE")


def _row(name, what, work, goal):
    begun = time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    return {"name": what, "database": name, "value": round(taken, 2), "unit": "s", "reference": None, "ratio": None, "goal": goal, "met": taken <= goal}


def _decision(name, world, meeting, awards):
    row = _row(name, f"award of {awards} cases with numbers, history, notices", lambda: meeting.decide(by=world.reviewer, decision_number="校学位〔2026〕1 号"), 5)
    numbers = sorted(number for number, in Award.select(Award.certificate_number).where(Award.state == "awarded").tuples())
    assert numbers == [f"1000132026{n:06d}" for n in range(1, awards + 1)]
    assert Application.select().where(Application.state == "awarded", Application.institution == world.unit).count() == awards
    assert Entry.select().where(Entry.verb.in_(("grant", "award"))).count() == 2 * awards
    assert Outbox.select().where(Outbox.template == "Award.grant").count() == awards
    return row


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS):
        print(f"{line['database']:<11}{line['name']:<55}{line['value']:>9} {line['unit']:<4} goal {line['goal']:<5}{'met' if line['met'] else 'not met'}")
