"""An exam site on the day of the exam: people with seats, tickets and enrolled fingers, for the tests of the door."""
import datetime as dt
from functools import cache
from types import SimpleNamespace
from uuid import uuid4

from models import clock
from models.exams import signed
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.exams.sessions import ExamSession
from models.exams.sites import Room
from models.exams.tickets import AdmissionTicket
from models.fingerprints import matcher
from models.fingerprints.templates import enrol
from models.reference import Province
from tasks.demo import fingers

MORNING = dt.datetime(2026, 5, 23, 8, 30)            # the doors of the language papers are open
AFTERNOON = dt.datetime(2026, 5, 23, 14, 0)
EVENING = dt.datetime(2026, 5, 23, 20, 0)


@cache
def capture(seed, take=0):
    """A capture of the finger of a seed: the seeds of the people here are 1, 2, 3 … in the order of their names."""
    return fingers.capture(seed, take)


@cache
def read(seed):
    return matcher.read(capture(seed))


def client():
    """The number that a browser gives a try."""
    return str(uuid4())


def exam_day(world, *names, printed=True):
    """[one person of each name]: case, and by subject kind the seat with its exam number and QR text. Language in room 001, the other paper in 002."""
    session, found = world.session(), []
    rooms = {kind: Room.add(world.exam, site=world.site, number=number) for kind, number in (("language", "001"), ("comprehensive", "002"))}
    for place, name in enumerate(names, 1):
        case = world.registered(world.applicant(name))
        if printed:
            enrol(world.clerk, case, 1, read(place))
        with clock.at(session.entry_from):
            entries = enter(case, session, [item for item, _ in subjects_for(case, session)], Province.get(Province.code == "11"), world.site, case.applicants()[0])
            entries[0].payment.record(by=world.exam, reference="线下")
        found.append(SimpleNamespace(name=name, case=case, seed=place, **{
            entry.subject.subject.kind: seat(ExamEntry.get_by_id(entry.id), rooms[entry.subject.subject.kind], place) for entry in entries}))
    with clock.at(session.entry_until + clock.days(1)):
        ExamSession.get_by_id(session.id).close(by=world.exam)
    return found


def seat(entry, room, place):
    """The seat of an entry with its ticket; `number` is the exam number, `text` what stands in the QR code."""
    code = f"{room.site.province.code}{room.site.code}"
    number = f"26{code}{entry.subject.subject.code}{room.number}{place:02d}"
    row = Seat.add(None, entry=entry, session=entry.session_id, subject=entry.subject_id, room=room, site=room.site_id, number=place)
    AdmissionTicket.add(None, entry=entry, number=number)
    text = signed.sign({"n": number, "s": entry.session_id, "e": entry.id, "u": entry.subject.subject.code, "t": code, "r": room.number, "p": place})
    return SimpleNamespace(row=row, entry=entry, room=room, exam_number=number, text=text)
