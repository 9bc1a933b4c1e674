"""Stage 6: the seat of each entry, which rooms are used for which subject, and the seed that nobody sees before the seats are drawn."""
import hashlib
import secrets

from peewee import BooleanField, ForeignKeyField, IntegerField

from models.base import Entity
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession, SessionSubject
from models.exams.sites import ExamSite, Room
from models.sealed import SealedField
from models.workflow import Record


class Seed(Entity):
    """The random seed of a session, kept sealed; its digest stands on the session."""
    label, stage = "排座种子", 6

    session = ForeignKeyField(ExamSession, unique=True, backref="seeds", on_delete="RESTRICT", verbose_name="批次")
    value = SealedField(verbose_name="种子")

    @classmethod
    def draw(cls, session):
        """Draw the seed of a session, once; returns its digest (SHA-256 in hex)."""
        seed = session.seeds.first() or cls.create(session=session, value=secrets.token_hex(16))
        return hashlib.sha256(seed.value.encode()).hexdigest()


class SeatedRoom(Record):
    """One room used for one subject of a session: how many sit there, and how many pairs of neighbours come from the same institution."""
    label, stage, readers = "考场安排", 6, "exam site_head door"

    session = ForeignKeyField(ExamSession, backref="seated_rooms", on_delete="RESTRICT", verbose_name="批次")
    subject = ForeignKeyField(SessionSubject, on_delete="RESTRICT", verbose_name="科目")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    room = ForeignKeyField(Room, on_delete="RESTRICT", verbose_name="考场")
    seated = IntegerField(default=0, verbose_name="考生")
    neighbours_alike = IntegerField(default=0, verbose_name="同单位相邻", help_text="相邻座位来自同一单位的对数")
    used = BooleanField(default=True, verbose_name="使用")

    class Meta:
        indexes = ((("session", "subject", "room"), True), (("session", "site"), False))

    def __str__(self):
        return f"{self.room} {self.subject}"


class Seat(Record):
    """Where somebody sits in one subject; without room and number he has lost his seat and waits for another."""
    label, stage, readers, seen_through, cleared_with_case = "座位", 6, "exam site_head door", "entry", True
    clashes = {"number": "这个座位已经有人"}

    entry = ForeignKeyField(ExamEntry, unique=True, backref="seats", on_delete="RESTRICT", verbose_name="报考")
    session = ForeignKeyField(ExamSession, backref="seats", on_delete="RESTRICT", verbose_name="批次")
    subject = ForeignKeyField(SessionSubject, backref="seats", on_delete="RESTRICT", verbose_name="科目")
    room = ForeignKeyField(Room, null=True, backref="taken", on_delete="RESTRICT", verbose_name="考场")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    number = IntegerField(null=True, verbose_name="座位号")

    class Meta:
        indexes = ((("subject", "room", "number"), True), (("session", "site"), False))

    def __str__(self):
        return f"{self.entry} {self.room} {self.number} 号" if self.room_id else f"{self.entry} 没有座位"
