"""The job ledger: a Job row is the truth about long work; the queue only wakes a worker."""
from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from models import clock
from models.base import Entity
from models.files import File


class Job(Entity):
    """One piece of long work: what, for whom, how far. `owner` and `beat` say which worker holds it and that it lives."""
    label, readers = "后台作业", "it applicant clerk reviewer unit_admin officer centre exam site_head door security auditor"
    STATES = {"queued": ("排队", "wait"), "running": ("进行中", "busy"), "done": ("完成", "ok"), "failed": ("失败", "bad"), "cancelled": ("已取消", "off")}

    kind = CharField(max_length=40, verbose_name="种类")
    title = CharField(max_length=120, verbose_name="名称")
    params = JSONField(default=dict, verbose_name="参数")
    user_id = IntegerField(null=True, index=True, verbose_name="提交人编号")
    order_key = CharField(max_length=64, null=True, unique=True, verbose_name="提交单号")
    state = CharField(max_length=10, default="queued", verbose_name="状态")
    owner = CharField(max_length=60, null=True, verbose_name="执行者")
    beat = DateTimeField(null=True, verbose_name="心跳")
    attempts = IntegerField(default=0, verbose_name="次数")
    done = IntegerField(default=0, verbose_name="已完成")
    total = IntegerField(default=0, verbose_name="总数")
    message = CharField(max_length=200, default="", verbose_name="说明")
    error = TextField(default="", verbose_name="错误")
    checkpoint = JSONField(null=True, verbose_name="检查点")
    result = ForeignKeyField(File, null=True, on_delete="SET NULL", verbose_name="结果文件")
    created_at = DateTimeField(default=clock.now, verbose_name="提交时间")
    finished_at = DateTimeField(null=True, verbose_name="结束时间")

    class Meta:
        table_name = "job"
        indexes = ((("state", "id"), False),)

    def __str__(self):
        return self.title

    @property
    def age(self):
        """历时"""
        minutes, seconds = divmod(int(((self.finished_at or clock.now()) - self.created_at).total_seconds()), 60)
        days, hours = minutes // 1440, minutes // 60 % 24
        return f"{days} 天 {hours} 小时" if days else f"{hours} 小时 {minutes % 60} 分" if hours else f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"

    @classmethod
    def visible_to(cls, user):
        """IT sees every job; everybody else who may work here the ones he ordered himself."""
        roles = [role for role, _ in user.powers()]
        if "it" in roles:
            return cls.select()
        return cls.select().where(cls.user_id == user.id if roles else cls.id < 0)
