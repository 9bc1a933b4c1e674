"""Stage 6: who is expected at a site today - the seats behind its tickets, the list for its doors, and how many are inside."""
import datetime as dt

from peewee import JOIN, Case, fn

from models import clock
from models.applications import Application
from models.exams.door import INSIDE, SETTLED, CheckIn
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import Room
from models.exams.sittings import on_day, sittings
from models.exams.tickets import AdmissionTicket
from models.identity import masked
from models.people import Person


def seats(user):
    """Query over the seats of the user's site that are sat today, with room, person, subject and ticket."""
    return (Seat.visible_to(user).select(Seat, Room, ExamEntry, Application, Person, SessionSubject, Subject, ExamSession, AdmissionTicket)
            .join(Room).switch(Seat).join(ExamEntry).join(Application).join(Person).switch(ExamEntry).join(SessionSubject).join(Subject)
            .switch(SessionSubject).join(ExamSession).switch(ExamEntry).join(AdmissionTicket, on=(AdmissionTicket.entry == ExamEntry.id), attr="ticket")
            .where(on_day(clock.today()), ExamSession.state != "draft"))


def listed(user):
    """What the browsers at the doors of the user's site know of everybody who sits there today, as dicts: no templates, no photos."""
    settled = dict(CheckIn.visible_to(user).select(CheckIn.entry, CheckIn.state).where(CheckIn.state.in_(SETTLED), CheckIn.at >= start_of_today()).tuples())
    subjects = {item.id: {"subject": str(item), "opens": times.opens, "closes": times.closes} for item, times in sittings()}
    rows = seats(user).select(Seat.id.alias("seat"), ExamEntry.id.alias("entry"), AdmissionTicket.number, Person.name, Person.document_number.alias("document"), Room.number.alias("room"),
                              Room.id.alias("room_id"), Seat.number.alias("place"), ExamEntry.subject.alias("subject_id")).where(ExamEntry.state == "paid").dicts()
    return [{**row, **subjects[row["subject_id"]], "document": masked(row["document"]), "state": settled.get(row["entry"], "")} for row in rows]


def start_of_today():
    return dt.datetime.combine(clock.today(), dt.time())


def expected_now():
    """The subjects whose doors are open; when none are, those that open next today, else the last ones."""
    items = sittings()
    found = [item for item, times in items if times.on]
    if items and not found:
        ahead = [times.starts for _, times in items if times.opens > clock.now()]
        start = min(ahead) if ahead else max(times.starts for _, times in items)
        found = [item for item, times in items if times.starts == start]
    return found


def counts(user):
    """[{room, number, expected, inside, waiting}] of the rooms of the user's site for the subjects of the hour, in one query."""
    def number(states):
        return fn.SUM(Case(None, [(CheckIn.state.in_(states), 1)], 0))
    return list(Seat.visible_to(user).select(Room.id.alias("room"), Room.number, fn.COUNT(Seat.id).alias("expected"), number(INSIDE).alias("inside"),
                                             number(("waiting",)).alias("waiting"))
                .join(Room).switch(Seat).join(ExamEntry).join(CheckIn, JOIN.LEFT_OUTER, on=((CheckIn.entry == ExamEntry.id) & CheckIn.state.in_(SETTLED)))
                .where(ExamEntry.subject.in_([item.id for item in expected_now()]), ExamEntry.state == "paid").group_by(Room.id, Room.number).order_by(Room.number).dicts())
