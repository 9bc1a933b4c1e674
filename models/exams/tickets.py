"""Stage 6: the admission ticket of each entry."""
from peewee import CharField, DateTimeField, ForeignKeyField

from models import clock
from models.exams.entries import ExamEntry
from models.files import File
from models.workflow import Record


class AdmissionTicket(Record):
    label, stage, readers, seen_through, cleared_with_case = "准考证", 6, "applicant exam", "entry", True

    entry = ForeignKeyField(ExamEntry, unique=True, backref="tickets", on_delete="RESTRICT", verbose_name="报考")
    number = CharField(max_length=15, unique=True, verbose_name="准考证号")
    file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="文件")
    made_at = DateTimeField(default=clock.now, verbose_name="生成时间")
