"""Stage 6: the seat of each entry."""
from peewee import ForeignKeyField, IntegerField

from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession, ExamSite, Room
from models.workflow import Record


class Seat(Record):
    label, stage, readers, seen_through, cleared_with_case = "座位", 6, "exam site_head door", "entry", True

    entry = ForeignKeyField(ExamEntry, unique=True, backref="seats", on_delete="RESTRICT", verbose_name="报考")
    session = ForeignKeyField(ExamSession, on_delete="RESTRICT", verbose_name="批次")
    room = ForeignKeyField(Room, on_delete="RESTRICT", verbose_name="考场")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    number = IntegerField(verbose_name="座位号")

    class Meta:
        indexes = ((("session", "room", "number", "entry"), True),)
