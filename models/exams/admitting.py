"""Stage 6: what happens at the door. A ticket is read and its seat found; a print, the head of the site, or later a replay settles the entry."""
import re
import unicodedata
from dataclasses import dataclass

from models import clock
from models.base import writing
from models.exams import signed
from models.exams.door import INSIDE, SETTLED, CheckIn
from models.exams.entries import ExamEntry
from models.exams.expected import seats
from models.exams.sites import ExamSite, Room
from models.exams.sittings import sitting
from models.exams.tickets import AdmissionTicket
from models.fingerprints.templates import enrolled, likeness
from models.parameters import value
from models.reference import Province
from models.workflow import GONE, Reason, Refused

EARLY = clock.days(1)          # a clock of a door that goes wrong by more than this is not believed


@dataclass(frozen=True)
class Standing:
    """How it stands with one entry at the door: the try that settled it, if any, how many tries there were, how many are left."""
    settled: CheckIn | None
    tries: int
    left: int


def number_in(text):
    """The exam number in what was scanned: 15 digits, or the signed text of a QR code; Refused when it is neither."""
    text = "".join(unicodedata.normalize("NFKC", text or "").split())
    if text.startswith(signed.HEAD):
        try:
            return signed.read(text, signed.public_key())["n"]
        except ValueError as error:
            raise Refused([Reason(str(error))]) from None
    if re.fullmatch(r"\d{15}", text, re.ASCII):
        return text
    raise Refused([Reason("不是准考证号，也不是准考证上的二维码", "15 位数字", f"{len(text)} 位" if text else "没有内容")])


def find(user, number):
    """The seat with an exam number among those of the user's site that are sat today; Refused when there is none."""
    site = ExamSite.select(ExamSite, Province).join(Province).where(ExamSite.id == user.site_ref).first()
    if site is None:
        raise Refused([GONE])
    if number[2:7] != code_of(site):
        raise Refused([Reason("走错考点：不是本考点的准考证", f"{site}（{code_of(site)}）", number[2:7])])
    seat = seats(user).where(AdmissionTicket.number == number).first()
    if seat is None:
        raise Refused([Reason("今天本考点没有这张准考证", "今天的名单", number)])
    return seat


def code_of(site):
    """Province and site in an exam number: five digits."""
    return f"{site.province.code}{site.code}"


def standing(entry_id):
    """The Standing of an entry."""
    rows = list(CheckIn.select().where(CheckIn.entry == entry_id).order_by(CheckIn.attempt))
    failed = sum(row.state == "failed" for row in rows)
    return Standing(next((row for row in rows if row.state in SETTLED), None), len(rows), max(0, value("door.tries") - failed))


def against(seat, now, room_id=None):
    """Every reason why nobody comes in at this door, at this moment, with this seat."""
    found = [sitting(seat.entry.subject).closed()]
    if room_id is not None and seat.room_id != room_id:
        there = Room.get_or_none(Room.id == room_id, Room.site == seat.site_id)
        found.append(Reason("走错考场", f"{seat.room.number} 考场", f"{there.number} 考场" if there else "别的考点"))
    if seat.entry.state != "paid":
        found.append(Reason("这条报考不能参加考试", "已缴费", seat.entry.state_label))
    if now.settled is not None and now.settled.state in INSIDE:
        found.append(Reason("已经入场，不能再入", "", f"{now.settled.at:%H:%M} {now.settled.state_label}"))
    if now.settled is not None and now.settled.state == "refused":
        found.append(Reason("考点负责人决定不准入场", "", now.settled.reason))
    return [reason for reason in found if reason]


def look(user, text, room_id=None):
    """(seat, Standing) behind what was scanned at a door; Refused with every reason against coming in here and now."""
    seat = find(user, number_in(text))
    now = standing(seat.entry_id)
    reasons = against(seat, now, room_id)
    if reasons:
        raise Refused(reasons)
    return seat, now


def verify(user, seat, data, client, room_id=None):
    """Compare a new capture with the person's templates: the CheckIn of this try. The same `client` again gives the same row."""
    templates = enrolled(seat.entry.application_id)
    if not templates:
        raise Refused([Reason("没有登记的指纹，请交考点负责人决定")])
    score = likeness(templates, data)          # before the transaction: it takes longer than all the rest
    with writing():
        row, new = _tried(user, seat, client, room_id, score=score)
        if new:
            row = _settled(row)
    return row


def ask_head(user, seat, note, client, room_id=None):
    """Hand the decision to the head of the site without a print: the person has none on file, or the note says why none can be taken now."""
    if not note and enrolled(seat.entry.application_id):
        raise Refused(fields={"note": "请写明为什么不能验指纹"})
    with writing():
        row, new = _tried(user, seat, client, room_id, way="none", note=note or "没有登记的指纹")
        return row.wait() if new else row


def replay(user, text, client, at, lost=""):
    """Write down somebody who came in while there was no network, at the moment when he did: to be decided on, or a second entry of one person.
    `lost` is the try whose answer did not come through; where it let him in, nothing is added."""
    mine = CheckIn.visible_to(user)
    known = mine.where((CheckIn.client == client) | ((CheckIn.client == lost) & CheckIn.state.in_(SETTLED))).first()
    if known is not None:
        return known
    seat = find(user, number_in(text))
    begins = sitting(seat.entry.subject).opens
    if not begins - EARLY <= at <= clock.now() + EARLY:
        raise Refused([Reason("终端的时间不对", f"{begins:%Y-%m-%d %H:%M} 之后", f"{at:%Y-%m-%d %H:%M}")])
    with writing():
        ExamEntry.locked(seat.entry_id)
        now = standing(seat.entry_id)
        row = CheckIn.add(user, entry=seat.entry_id, site=seat.site_id, attempt=now.tries + 1, way="offline", checked_by=user, client=client,
                          at=min(at, clock.now()), replayed_at=clock.now())
        return row.double() if now.settled else row.wait()


def _tried(user, seat, client, room_id, **values):
    """(the try, whether it is new) under the lock of its entry; Refused when the entry is settled by now."""
    ExamEntry.locked(seat.entry_id)
    known = CheckIn.get_or_none(CheckIn.client == client)
    if known is not None and known.entry_id == seat.entry_id:
        return known, False
    now = standing(seat.entry_id)
    reasons = against(seat, now, room_id)
    if now.settled is not None and now.settled.state == "waiting":
        reasons.append(Reason("正在等待考点负责人决定"))
    if reasons:
        raise Refused(reasons)
    return CheckIn.add(user, entry=seat.entry_id, site=seat.site_id, attempt=now.tries + 1, checked_by=user, client=client, **values), True


def _settled(row):
    """The try as it ends: inside, with the head of the site after the last one, or failed."""
    if row.unlike(None) is None:
        return row.match()
    return row.wait() if row.tries_left(None) is None else row
