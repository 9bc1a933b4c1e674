"""Stage 6: who came in at the door of an exam site, try by try."""
from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSite
from models.people import User
from models.workflow import Record


class CheckIn(Record):
    """One try at the door: three tries, then the site head decides and says why."""
    label, stage, readers, seen_through, cleared_with_case = "入场验证", 6, "exam site_head door", "entry", True

    entry = ForeignKeyField(ExamEntry, backref="check_ins", on_delete="RESTRICT", verbose_name="报考")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    attempt = IntegerField(verbose_name="第几次")
    matched = BooleanField(verbose_name="指纹相符")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    reason = CharField(max_length=200, default="", verbose_name="说明")
    at = DateTimeField(default=clock.now, verbose_name="时间")

    class Meta:
        indexes = ((("entry", "attempt"), True),)
