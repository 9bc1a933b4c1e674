"""The log, sealed day by day: a running digest over its entries, so that one that was changed, removed or slipped in is found by name.

Writers of entries know nothing of it. A task adds the row of a day that is over; each row also covers the one before.
"""
import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from peewee import CharField, DateField, DateTimeField, IntegerField, TextField

from models import clock
from models.audit import Entry
from models.base import Entity, writing

NUMBER, MARK = 8, 8         # bytes of an entry's number and of its mark, side by side for each entry of a day
CONTENT = tuple(field for field in Entry._meta.sorted_fields if field.name != "edition")
_key = None


def configure(key):
    """Take the 32 bytes that sign, or None: then the days are sealed without a signature."""
    global _key
    _key = Ed25519PrivateKey.from_private_bytes(key) if key else None


def public_key():
    """The 32 bytes by which others check the signatures; None without a key."""
    return _key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) if _key else None


class AuditDay(Entity):
    """The entries of one day as they stood when it was sealed. Days without entries have none."""
    label, readers = "日志封存", "auditor"

    day = DateField(unique=True, verbose_name="日期")
    count = IntegerField(verbose_name="条数")
    digest = CharField(max_length=64, verbose_name="摘要")
    marks = TextField(verbose_name="逐条标记")
    signature = CharField(max_length=128, default="", verbose_name="签名")
    sealed_at = DateTimeField(default=clock.now, verbose_name="封存时间")

    class Meta:
        table_name = "audit_day"

    def __str__(self):
        return f"{self.day} 日志"

    @property
    def line(self):
        """The day in one line of text, as it is signed and kept elsewhere."""
        return f"{self.day} {self.count} {self.digest}"

    def signed_by(self, key):
        """Whether the signature is that of a public key (32 bytes) over this very line."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(self.signature), self.line.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def entries_of(day):
    """Iterator over the entries of a day by number, as (number, bytes of the whole content)."""
    start = clock.start_of(day)
    rows = Entry.select(*CONTENT).where(Entry.at >= start, Entry.at < start + clock.days(1)).order_by(Entry.id)
    for row in rows.tuples().iterator():
        yield row[0], json.dumps([value if value is None or isinstance(value, int) else str(value) for value in row], ensure_ascii=False).encode()


def run_over(day, before):
    """(number of entries, digest, marks) of a day after the digest of the day before it."""
    running, marks, count = f"{before} {day}".encode(), [], 0
    for number, content in entries_of(day):
        running = hashlib.sha256(running + content).digest()
        marks.append(number.to_bytes(NUMBER) + running[:MARK])
        count += 1
    return count, running.hex() if count else "", b"".join(marks)


def unsealed_days():
    """The days before today that have entries and are after the last sealed one."""
    last = AuditDay.select(AuditDay.day).order_by(AuditDay.day.desc()).scalar()
    while True:
        after = Entry.at < clock.start_of(clock.today())
        if last is not None:
            after &= Entry.at >= clock.start_of(last) + clock.days(1)
        first = Entry.select(Entry.at).where(after).order_by(Entry.at).scalar()
        if first is None:
            return
        last = first.date()
        yield last


def seal():
    """Seal every day that is over; returns the rows that were added."""
    added = []
    for day in unsealed_days():
        with writing():
            last = AuditDay.select().order_by(AuditDay.day.desc()).first()
            count, digest, marks = run_over(day, last.digest if last else "")
            row = AuditDay(day=day, count=count, digest=digest, marks=base64.b64encode(marks).decode())
            if _key:
                row.signature = base64.b64encode(_key.sign(row.line.encode())).decode()
            row.save(force_insert=True)
            added.append(row)
    return added
