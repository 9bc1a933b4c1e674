"""The log, proved: every sealed day is run over again, and the first entry that is not what it was is named."""
import base64
import hashlib
from dataclasses import dataclass

from models.audit import Entry
from models.auditdays import MARK, NUMBER, AuditDay, entries_of, unsealed_days


@dataclass(frozen=True)
class Proof:
    """What was found: days and entries that hold, those that wait to be sealed, and the sentences against the log."""
    days: int
    entries: int
    waiting: int
    against: list


def prove(key=None, kept=()):
    """Run over the whole log. `key` are the 32 bytes that check signatures; `kept` are lines of days that were kept elsewhere."""
    before, days, entries, against, seen = "", 0, 0, [], set()
    for row in AuditDay.select().order_by(AuditDay.day).iterator():
        found = _compare(row, before)
        if not found and key and not row.signed_by(key):
            found = f"{row.day} 的封存没有有效的签名"
        if found:
            against.append(found)
        else:
            days, entries = days + 1, entries + row.count
        before = row.digest         # what was sealed after an entry that is bad now still holds
        seen.add(row.line)
    against += [f"另存的 {line.split()[0]} 的封存与库中的不同，或库中没有" for line in kept if line.strip() and line.strip() not in seen]
    if not against:
        against += _slipped_in()
    waiting = sum(1 for day in unsealed_days() for _ in entries_of(day))
    return Proof(days, entries, waiting, against)


def _compare(row, before):
    """The sentence about the first entry of a day that is not what was sealed; empty when all are."""
    marks, running, place = base64.b64decode(row.marks), f"{before} {row.day}".encode(), 0
    step = NUMBER + MARK
    for number, content in entries_of(row.day):
        running = hashlib.sha256(running + content).digest()
        sealed = marks[place:place + step]
        expected = int.from_bytes(sealed[:NUMBER])
        if not sealed or number < expected:
            return f"{row.day}：日志 {number} 是封存之后加进来的"
        if number > expected:
            return f"{row.day}：日志 {expected} 不见了"
        if running[:MARK] != sealed[NUMBER:]:
            return f"{row.day}：日志 {number} 的内容与封存时不同"
        place += step
    if place < len(marks):
        return f"{row.day}：日志 {int.from_bytes(marks[place:place + NUMBER])} 不见了"
    return "" if running.hex() == row.digest and row.count * step == len(marks) else f"{row.day} 的封存本身被改动"


def _slipped_in():
    """Entries of days that were passed over when sealing: nothing was written on them then."""
    sealed, last = AuditDay.select(AuditDay.day), AuditDay.select().order_by(AuditDay.day.desc()).first()
    if last is None:
        return []
    days = {day for day, in sealed.tuples()}
    found = {at.date(): id for id, at in Entry.select(Entry.id, Entry.at).order_by(Entry.id.desc()).tuples().iterator()}
    return [f"{day}：日志 {id} 所在的一天没有封存" for day, id in sorted(found.items()) if day < last.day and day not in days]
