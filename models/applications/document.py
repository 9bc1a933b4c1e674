"""Stage 2: the scanned materials of a case."""
from peewee import CharField, DateTimeField, ForeignKeyField

from models import clock
from models.applications.application import Application
from models.files import File
from models.workflow import Record


class Document(Record):
    """A scanned material of a case: certificate, proof, recommendation."""
    label, stage, readers, writers, seen_through = "申请材料", 2, "applicant clerk reviewer", "applicant clerk", "application"
    cleared_with_case = True
    editable = ("application", "title", "file")

    application = ForeignKeyField(Application, backref="documents", on_delete="RESTRICT", verbose_name="申请")
    title = CharField(max_length=40, verbose_name="材料")
    file = ForeignKeyField(File, on_delete="RESTRICT", verbose_name="文件")
    created_at = DateTimeField(default=clock.now, verbose_name="上传时间")

    def __str__(self):
        return self.title
