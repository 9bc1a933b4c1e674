"""Stage 6 of the demo: a session that is sat today at the first site of Beijing, whose doors stand open all day; and who came in at an earlier one."""
from itertools import islice

from models import clock
from models.applications import Application
from models.exams.door import CheckIn
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.fingerprints.templates import enrol, judged
from models.parameters import Parameter
from models.people import User
from models.workflow import Refused
from tasks.demo import fingers
from tasks.demo.cases import days
from tasks.demo.exams import EXAM

PEOPLE = 20
OPEN = {"door.opens_minutes": 900, "door.closes_minutes": 900}       # on the day of the demo one may try the door at any hour


def sit_today(world, sitting):
    """People of the first site enter, pay, get seats and tickets, and their fingers are taken, so that the simulated reader knows them."""
    site = world.sites["11"][0]
    yield sitting.day + days(4)
    entered = list(islice(filter(None, (entering(world, case, sitting.row, site) for case in nearby(site))), PEOPLE))
    yield sitting.day + days(6)
    for entries in entered:
        if still_sits(entries[0]):
            entries[0].payment.record(by=world.exam, reference=f"汇款 {clock.today():%m%d}-{entries[0].application_id:04d}")
    yield world.today - days(14)
    for case in Application.select().where(Application.id.in_([entry.application_id for entry in seated(sitting.row, site)])):
        enrol(None, case, 1, judged(fingers.capture(fingers.seed_of(case.id, 1), 0)))
    for name, minutes in OPEN.items():
        shipped = Parameter.get(Parameter.name == name)
        Parameter.add(world.staff["centre"], name=name, title=f"{shipped.title}（演示当天）", value=minutes, valid_from=world.today, valid_to=world.today, source="演示")


def nearby(site):
    """Cases of the register near a site, of which a few will enter."""
    return [case for case in Application.select().where(Application.state == "registered").order_by(Application.id)
            if case.institution.province_id == site.province_id]


def entering(world, case, session, site):
    """The entries of a case for whatever it still has to pass; none where something stands against it."""
    subjects = [item for item, why in subjects_for(case, session) if why is None]
    try:
        return enter(case, session, subjects, site.province, site, case.applicants()[0])
    except (Refused, IndexError):
        return []


def still_sits(entry):
    return ExamEntry.select().where(ExamEntry.id == entry.id, ExamEntry.state == "unpaid").exists()


def seated(session, site):
    """The paid entries of a session that have a seat at a site."""
    with_seat = Seat.select(Seat.entry).where(Seat.session == session, Seat.site == site, Seat.room.is_null(False))
    return list(ExamEntry.select().where(ExamEntry.id.in_(with_seat), ExamEntry.state == "paid").order_by(ExamEntry.subject, ExamEntry.id))


def come_in(world, sitting):
    """What the doors of an earlier session saw, in every way in which it can end."""
    site = world.sites["11"][0]
    yield sitting.day + days(EXAM)
    door, head = (User.get(User.username == name) for name in ("door", "site_head"))
    entries = iter(seated(sitting.row, site))

    def attempt(entry, number=1, **values):
        return CheckIn.add(door, entry=entry, site=site, attempt=number, checked_by=door, **values)
    for entry, score in zip(entries, (131, 174, 96)):
        attempt(entry, score=score).match()
    for entry, decision in zip(entries, ("admit", "turn_away")):
        for number in (1, 2):
            attempt(entry, number, score=9 + number)
        getattr(attempt(entry, 3, score=14).wait(), decision)(by=head, reason="身份证原件、照片与本人" + ("一致" if decision == "admit" else "不一致"))
    for entry in entries:
        attempt(entry, way="offline", replayed_at=clock.now()).wait()
        attempt(entry, 2, way="offline", replayed_at=clock.now()).double()
        break
