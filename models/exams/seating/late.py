"""Stage 6: what comes after a plan is fixed - people who are added, a room that fails. Nobody who has a seat is moved for it."""
from peewee import fn

from models.exams.entries import ExamEntry
from models.exams.seating.halls import paid, sittings
from models.exams.seating.layout import alike, beside
from models.exams.seats import SeatedRoom, Seat
from models.exams.sites import ExamSite, Room
from models.exams.tickets import AdmissionTicket
from models.outbox import tell
from models.workflow import Reason, Refused


def unseated(session):
    """Query over the paid entries of a session that have no seat."""
    seat = Seat.select(Seat.id).where(Seat.entry == ExamEntry.id, Seat.room.is_null(False))
    return ExamEntry.select().where(paid(session), ~fn.EXISTS(seat)).order_by(ExamEntry.id)


def admit(session, by, reason):
    """Seat everybody who paid and has no seat; Refused, with nobody seated, when there is no place for somebody."""
    lacking = []
    for entry in list(unseated(session)):
        sites = [entry.site] if entry.site_id else list(ExamSite.select().where(ExamSite.province == entry.province_id).order_by(ExamSite.code))
        if not any(_seated(entry, site, by, reason) for site in sites):
            lacking.append(Reason(f"{entry} 在{entry.site or entry.province}没有空座位", "1 个", "0 个", "1 个"))
    if lacking:
        raise Refused(lacking)


def vacate(room, session, by, reason):
    """Move those who sit in a room to others of its site; Refused when they do not find place."""
    leaving = list(Seat.select().where(Seat.session == session, Seat.room == room).order_by(Seat.subject, Seat.number))
    Seat.update(room=None, number=None).where(Seat.id.in_([seat.id for seat in leaving])).execute()
    lacking = {}
    for seat in leaving:
        if not _seated(seat.entry, seat.site, by, reason):
            lacking[str(seat.subject)] = lacking.get(str(seat.subject), 0) + 1
    if lacking:
        whole = {name: sum(str(seat.subject) == name for seat in leaving) for name in lacking}
        raise Refused([Reason(f"{room.site} {name}没有足够的空座位改排", f"{whole[name]} 个", f"{whole[name] - count} 个", f"{count} 个")
                       for name, count in lacking.items()])
    for subject in {seat.subject_id for seat in leaving}:
        _recount(by, session, subject, room)
    return len(leaving)


def _seated(entry, site, by, reason):
    """Give one entry the free seat at a site with the fewest neighbours of the same unit; whether there was one."""
    free = _free_seats(entry, site)
    if not free:
        return False
    *_, room, number = min(free, key=lambda place: (place[0], place[1], place[3]))
    seat, values = entry.seats.first(), {"site": site, "room": room, "number": number}
    if seat is None:
        seat = Seat.add(by, reason, entry=entry, session=entry.session_id, subject=entry.subject_id, **values)
    else:
        seat.change(by, reason=reason, verb="move", verb_label="改排座位", **values)
        where = f"{room} {number} 号"
        tell(entry.application.applicants(), "Seat.moved", f"座位改变：{entry.subject}", f"{entry.subject} 的座位改为 {where}，请重新下载准考证。原因：{reason}",
             f"seat.{seat.id}.{seat.edition}", {"座位": where, "说明": reason})
    AdmissionTicket.renew(seat, by, reason)
    _recount(by, entry.session, entry.subject_id, room)
    return True


def _free_seats(entry, site):
    """[(neighbours alike, room number, room, seat number)]: free seats in rooms that have the subject; where there are none, the first
    seat of a room that is not used at that time."""
    rooms = list(Room.select().where(Room.site == site, Room.state == "ready", Room.special == entry.special_needs).order_by(Room.number))
    times, busy = sittings(entry.session), {}
    for used in SeatedRoom.select().where(SeatedRoom.session == entry.session_id, SeatedRoom.site == site, SeatedRoom.used == True):      # noqa: E712
        if times[used.subject_id] == times[entry.subject_id]:
            busy.setdefault(used.room_id, used.subject_id)
    found, units = [], units_of(entry.session_id, entry.subject_id, [room.id for room in rooms])
    for room in rooms:
        if busy.get(room.id) == entry.subject_id:
            there, links = units.get(room.id, {}), beside(room.seats, room.shape[0])
            found += [(sum(there.get(near + 1) == entry.institution_id for near in links[number - 1]), room.number, room, number)
                      for number in range(1, room.seats + 1) if number not in there]
    return found or [(0, room.number, room, 1) for room in rooms if room.id not in busy][:1]


def units_of(session, subject, rooms):
    """{room id: {seat number: institution id}} of the rooms as they are taken."""
    found = {}
    rows = Seat.select(Seat.room, Seat.number, ExamEntry.institution).join(ExamEntry).where(
        Seat.session == session, Seat.subject == subject, Seat.room.in_(rooms))
    for room, number, unit in rows.tuples():
        found.setdefault(room, {})[number] = unit
    return found


def _recount(by, session, subject, room):
    there = units_of(session, subject, [room.id]).get(room.id, {})
    seated, pairs = len(there), alike([there.get(number) for number in range(1, room.seats + 1)], room.shape[0])
    row = SeatedRoom.get_or_none(SeatedRoom.session == session, SeatedRoom.subject == subject, SeatedRoom.room == room)
    if row is None:
        SeatedRoom.add(by, session=session, subject=subject, site=room.site_id, room=room, seated=seated, neighbours_alike=pairs)
    else:
        row.change(by, seated=seated, neighbours_alike=pairs, used=seated > 0)
