"""Notices waiting to be sent. A step writes a row in its own transaction; only the worker sends it, by id."""
from peewee import CharField, DateTimeField, IntegerField, JSONField, TextField

from models import clock
from models.base import Entity


class Outbox(Entity):
    """One message to one user: shown on the site at once, sent by mail by the worker. `key` keeps it from being written twice."""
    label, readers = "通知", "it"
    STATES = {"waiting": ("待发送", "wait"), "sent": ("已发送", "ok"), "failed": ("发送失败", "bad"), "none": ("仅站内", "off")}

    user_id = IntegerField(index=True, verbose_name="收件人编号")
    template = CharField(max_length=60, verbose_name="模板")
    subject = CharField(max_length=120, verbose_name="标题")
    body = TextField(verbose_name="内容")
    data = JSONField(default=dict, verbose_name="数据")
    key = CharField(max_length=120, unique=True, null=True, verbose_name="防重键")
    state = CharField(max_length=10, default="waiting", verbose_name="状态")
    attempts = IntegerField(default=0, verbose_name="次数")
    error = TextField(default="", verbose_name="错误")
    created_at = DateTimeField(default=clock.now, verbose_name="生成时间")
    sent_at = DateTimeField(null=True, verbose_name="发送时间")
    read_at = DateTimeField(null=True, verbose_name="阅读时间")

    class Meta:
        table_name = "outbox"
        indexes = ((("state", "id"), False),)

    def __str__(self):
        return self.subject


def tell(users, template, subject, body, key):
    """Write a notice to each user once: `key` with his id keeps it from being written twice."""
    for user in users:
        (Outbox.insert(user_id=user.id, template=template, subject=subject[:120], body=body, key=f"{key}.{user.id}", created_at=clock.now(),
                       state="waiting" if user.email else "none").on_conflict_ignore().execute())
