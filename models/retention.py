"""How long each kind of data is kept, told after each sweep: what went, by which limit, and how much follows within a week."""
from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock
from models.base import Entity
from models.people import User


class RetentionReport(Entity):
    """One rule at one moment: how many were due, how many went, how many come next. Of a rehearsal nothing went."""
    label, readers, national = "清除报告", "security auditor", True

    rule = CharField(max_length=20, index=True, verbose_name="代码")
    title = CharField(max_length=60, verbose_name="什么数据")
    parameter = CharField(max_length=60, verbose_name="依据的参数")
    days = IntegerField(verbose_name="保留天数")
    due = IntegerField(verbose_name="到期")
    removed = IntegerField(default=0, verbose_name="已清除")
    coming = IntegerField(verbose_name="七天内到期")
    rehearsed = BooleanField(default=False, verbose_name="试算")
    ordered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="试算人")
    at = DateTimeField(default=clock.now, index=True, verbose_name="时间")

    class Meta:
        table_name = "retention_report"

    def __str__(self):
        return f"{self.title} {self.at:%Y-%m-%d %H:%M}"
