"""Stage 6: writing a plan: each site and subject is one chunk, whose people are dealt on its rooms and seated by their lots. The same seed
gives the same plan on every database, as nothing but seed, register numbers, institutions and rooms decides."""
import hashlib

from models import bulk
from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.seating.halls import paid
from models.exams.seating.layout import arranged, deal, lot
from models.exams.seats import SeatedRoom, Seat
from models.reference import Institution

SEAT = ("edition", "entry", "session", "subject", "room", "site", "number")
MOVED = ("room", "site", "number")


def clear(session):
    """Take the seats of an earlier draft away; the rows wait for the seats to come."""
    Seat.update(room=None, number=None).where(Seat.session == session, Seat.room.is_null(False)).execute()
    SeatedRoom.update(used=False, seated=0, neighbours_alike=0).where(SeatedRoom.session == session).execute()


def seat(session, seed, halls, site, subject, digest):
    """Seat everybody of one site and subject; (how many, pairs of neighbours alike, the digest so far with these seats in it)."""
    placed, seats, used = halls.placed.get((site, subject), []), [], []
    for special in (False, True):
        people, rooms = _people(session, seed, site, subject, special, placed, halls.codes[subject]), halls.rooms(site, subject, special)
        if people:
            for room, sitting in zip(rooms, deal(people, [room.seats for room in rooms])):
                order, pairs = arranged(sitting, room.shape[0])
                seats += [(entry, room, number) for number, (_, entry, _) in enumerate(order, 1)]
                used.append({"session": session, "subject": subject, "site": site, "room": room, "seated": len(order), "neighbours_alike": pairs,
                             "used": True})
    _write(session, site, subject, seats)
    SeatedRoom.insert_many(used).on_conflict(conflict_target=(SeatedRoom.session, SeatedRoom.subject, SeatedRoom.room), preserve=(
        SeatedRoom.site, SeatedRoom.seated, SeatedRoom.neighbours_alike, SeatedRoom.used)).execute()
    said = "".join(f"{entry},{site},{subject},{room.number},{number};" for entry, room, number in seats)
    return len(seats), sum(room["neighbours_alike"] for room in used), hashlib.sha256((digest + said).encode()).hexdigest()


def _people(session, seed, site, subject, special, placed, code):
    """[(lot, entry, code of the institution)]."""
    here = (ExamEntry.site == site) | bulk.among([ExamEntry.id], placed) if placed else ExamEntry.site == site
    rows = ExamEntry.select(ExamEntry.id, Application.register_number, Institution.code).join(Application).switch(ExamEntry).join(Institution).where(
        paid(session), ExamEntry.subject == subject, ExamEntry.special_needs == special, here)
    return [(lot(seed, f"{number}.{code}"), entry, unit) for entry, number, unit in rows.tuples()]


def _write(session, site, subject, seats):
    there = {entry: (id, edition) for id, edition, entry in Seat.select(Seat.id, Seat.edition, Seat.entry).where(
        bulk.among([Seat.entry], [entry for entry, _, _ in seats])).tuples()}
    fresh = [(0, entry, session.id, subject, room.id, site, number) for entry, room, number in seats if entry not in there]
    if fresh:
        bulk.insert(Seat, SEAT, fresh)
    if there:
        bulk.update(Seat, MOVED, [(*there[entry], room.id, site, number) for entry, room, number in seats if entry in there])
