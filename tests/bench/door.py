"""The door: milliseconds of a scan, of a try with its matcher, of the count, with a site of a thousand people on either database.

`python -m tests.bench.door [people]` prints the rows of `measure()`. Times are those of the whole request in this process by the wall clock
(on PostgreSQL the server's share is in them), the smallest and the median of fifty; the matcher is measured by itself beside them.
"""
import io
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import config
import views
from backoffice.app import create_app
from models import clock
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import Room
from models.exams.tickets import AdmissionTicket
from models.fingerprints.templates import enrol, enrolled, likeness
from models.applications import Application
from models.base import db
from models.reference import Province
from tasks import setup
from tests import servers
from tests.bench.rows import fill
from tests.doors import MORNING, capture, read
from tests.world import DAY, World, let_in

PEOPLE, RUNS, GOAL = 1_000, 50, 100


def measure(name, address, people=PEOPLE):
    """The rows for one database."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load(environ={}, demo=True, instance_dir=Path(folder), screens_dir=Path(folder) / "screens", database_url=address)
        setup.open_all(settings, immediate=True)
        setup.bring_up_to_date()
        app = create_app(settings, views.register)
        app.config["WTF_CSRF_ENABLED"] = False
        db.connect(reuse_if_open=True)
        with clock.at(DAY):
            world = World()
            tickets = seated(world, people)
        with clock.at(MORNING):
            client = app.test_client()
            let_in(client, world.door)
            rows = timed(client, tickets)
        db.close()
        db.initialize(None)
    return [{"database": name, **row} for row in rows]


def seated(world, people):
    """[(exam number, seat id, case id)] of a site where everybody sits the language in the morning; templates for those who are scanned."""
    fill(world, people * 12)
    cases = [case.id for case in Application.select(Application.id).where(Application.institution == world.unit, Application.state == "registered").limit(people)]
    session = ExamSession.create(name="统考", year=2026, entry_from=DAY, entry_until=DAY, exam_on=MORNING.date(), state="closed")
    item = SessionSubject.create(session=session, subject=Subject.get(Subject.code == "101"))
    rooms = [Room.create(site=world.site, number=f"{n:03d}") for n in range(1, people // 30 + 2)]
    place, found = Province.get(Province.code == "11"), []
    for n, case in enumerate(cases):
        entry = ExamEntry.create(session=session, application=case, institution=world.unit, subject=item, province=place, site=world.site, state="paid")
        seat = Seat.create(entry=entry, session=session, subject=entry.subject, room=rooms[n // 30], site=world.site, number=n % 30 + 1)
        number = f"2611001101{rooms[n // 30].number}{n % 30 + 1:02d}"
        AdmissionTicket.create(entry=entry, session=entry.session_id, number=number)
        if n < 2 * RUNS:
            for finger in (1, 2):
                enrol(None, Application.get_by_id(case), finger, read(finger))
        found.append((number, seat.id, case))
    return found


def timed(client, tickets):
    """The rows of what is measured."""
    def spent(call, args):
        taken = []
        for arg in args:
            start = time.perf_counter()
            call(*arg)
            taken.append((time.perf_counter() - start) * 1000)
        return taken

    def scan(number, seat, case):
        assert client.post("/office/door/scan/", data={"text": number}).status_code == 200

    def verify(number, seat, case):
        answer = client.post("/office/door/verify/", data={"seat": seat, "client": str(uuid4()), "image": (io.BytesIO(capture(1, 1)), "f.png")})
        assert answer.get_json()["state"] == "matched"
    scan(*tickets[-1])
    found = {"a scan": spent(scan, tickets[:RUNS]), "a try, matcher and all": spent(verify, tickets[:RUNS]),
             "the matcher alone": spent(lambda number, seat, case: likeness(enrolled(case), capture(1, 1)), tickets[:RUNS]),
             "the count of the site": spent(lambda *_: client.get("/office/door/count/"), tickets[:RUNS]),
             "the list for the browser": spent(lambda *_: client.get("/office/door/list/"), tickets[:5])}
    return [{"name": what, "value": round(min(times), 1), "median": round(statistics.median(times), 1), "unit": "ms",
             "goal": GOAL if what == "a scan" else None} for what, times in found.items()]


if __name__ == "__main__":
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        addresses = {"sqlite": f"sqlite:///{folder}/door.db", "postgresql": f"{stack.enter_context(servers.postgresql())}/postgres"}
        for name, address in addresses.items():
            for row in measure(name, address, people):
                print(f"{row['database']:<12}{row['name']:<28}{row['value']:>8} ms   median {row['median']:>8} ms{'   goal ' + str(row['goal']) if row['goal'] else ''}", flush=True)
