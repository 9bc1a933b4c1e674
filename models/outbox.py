"""Notices waiting to be sent. A step writes a row in its own transaction; only the worker sends it, by id."""
from contextlib import contextmanager
from contextvars import ContextVar

from peewee import BooleanField, CharField, DateTimeField, IntegerField, JSONField, TextField

from models import bulk, clock
from models.base import Entity

CHANNELS = (("mail", "邮件"), ("sms", "短信"))


class Outbox(Entity):
    """One message to one user: shown on the site at once, sent by the worker through its channel. `key` keeps it from being written twice."""
    label, readers = "通知", "it"
    STATES = {"waiting": ("待发送", "wait"), "sent": ("已发送", "ok"), "failed": ("发送失败", "bad"), "none": ("仅站内", "off")}

    user_id = IntegerField(index=True, verbose_name="收件人编号")
    template = CharField(max_length=60, verbose_name="模板")
    subject = CharField(max_length=120, verbose_name="标题")
    body = TextField(verbose_name="内容")
    data = JSONField(default=dict, verbose_name="数据")
    key = CharField(max_length=120, unique=True, null=True, verbose_name="防重键")
    channel = CharField(max_length=8, default="mail", choices=CHANNELS, verbose_name="渠道")
    on_site = BooleanField(default=True, verbose_name="站内显示")
    state = CharField(max_length=10, default="waiting", verbose_name="状态")
    attempts = IntegerField(default=0, verbose_name="次数")
    error = TextField(default="", verbose_name="错误")
    created_at = DateTimeField(default=clock.now, verbose_name="生成时间")
    sent_at = DateTimeField(null=True, verbose_name="发送时间")
    due_at = DateTimeField(null=True, verbose_name="下次发送")
    read_at = DateTimeField(null=True, verbose_name="阅读时间")

    class Meta:
        table_name = "outbox"
        indexes = ((("state", "id"), False),)

    def __str__(self):
        return self.subject


def as_written(code, subject, body):
    """The words that the program has itself: by mail and on the site."""
    return lambda user, fields: {"subject": subject, "body": body, "mail": True, "site": True, "sms": False}


_words = as_written


def worded_by(function):
    """Take the function that knows the site's own templates: (code, subject, body) -> function from (user, fields) to the words."""
    global _words
    _words = function


def tell(users, template, subject, body, key, fields=None):
    """Write a notice to each user once: `key` with his id keeps it from being written twice. `fields` are further values that a template
    of the site may name."""
    words_for = _words(template, subject, body)
    for user in users:
        words = words_for(user, fields or {})
        text = {"user_id": user.id, "template": template, "subject": words["subject"][:120], "body": words["body"], "created_at": clock.now()}
        rows = [{"channel": "mail", "on_site": words["site"], "state": "waiting" if words["mail"] and user.email else "none", "key": f"{key}.{user.id}"}]
        if words["sms"] and user.person_id:
            rows.append({"channel": "sms", "on_site": False, "state": "waiting", "key": f"{key}.{user.id}.sms"})
        for row in rows:
            if row["on_site"] or row["state"] == "waiting":
                _write(text | row)


_gathered = ContextVar("gathered", default=None)


@contextmanager
def gathering():
    """Inside the block notices are gathered, and written together at its end."""
    token = _gathered.set([])
    try:
        yield
        if rows := _gathered.get():
            names = [name for name in Outbox._meta.fields if name != "id"]
            stored = bulk.storing(Outbox, names)
            bulk.insert_new(Outbox, names, [stored(Outbox(**values)) for values in rows])
    finally:
        _gathered.reset(token)


def _write(values):
    if _gathered.get() is None:
        Outbox.insert(values).on_conflict_ignore().execute()
    else:
        _gathered.get().append(values)
