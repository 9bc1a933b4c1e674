"""What happens by the clock, one row for each line of the timetable: when it ran, how it ended, and when it runs again."""
from peewee import CharField, DateTimeField, DecimalField, IntegerField, TextField

from models.base import Entity


class TimedRun(Entity):
    """One line of the timetable. Whoever sets `next_at` forward runs it: of many workers one."""
    label, readers = "定时任务", "it"
    STATES = {"waiting": ("未执行", "off"), "running": ("进行中", "busy"), "done": ("完成", "ok"), "failed": ("失败", "bad")}

    name = CharField(max_length=30, unique=True, verbose_name="代码")
    title = CharField(max_length=60, verbose_name="任务")
    schedule = CharField(max_length=40, verbose_name="时间安排")
    state = CharField(max_length=10, default="waiting", verbose_name="状态")
    next_at = DateTimeField(verbose_name="下次执行")
    started_at = DateTimeField(null=True, verbose_name="上次开始")
    ended_at = DateTimeField(null=True, verbose_name="上次结束")
    seconds = DecimalField(max_digits=8, decimal_places=2, null=True, verbose_name="用时（秒）")
    runs = IntegerField(default=0, verbose_name="次数")
    error = TextField(default="", verbose_name="错误")

    class Meta:
        table_name = "timed_run"

    def __str__(self):
        return self.title
