"""Passkeys: public keys of devices with which a person logs in, in place of the password or as the second factor."""
from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from models import clock
from models.people import User
from models.roles import ROLES
from models.workflow import Reason, Record, Step


class Passkey(Record):
    """One key of one account. What is kept opens nothing by itself; `uses` counts its signatures, so that a copied key is noticed."""
    label, readers = "通行密钥", " ".join(ROLES)
    STATES = {"valid": ("有效", "ok"), "removed": ("已移除", "off")}
    clashes = {"credential": "这个通行密钥已经登记过"}

    user = ForeignKeyField(User, backref="passkeys", on_delete="RESTRICT", verbose_name="账号")
    name = CharField(max_length=40, verbose_name="名称")
    credential = CharField(max_length=500, unique=True, verbose_name="标识")
    public_key = TextField(verbose_name="公钥")
    uses = IntegerField(default=0, verbose_name="签名次数")
    transports = JSONField(default=list, verbose_name="连接方式")
    created_at = DateTimeField(default=clock.now, verbose_name="登记时间")
    used_at = DateTimeField(null=True, verbose_name="最近使用")
    state = CharField(max_length=10, default="valid", verbose_name="状态")

    def __str__(self):
        return self.name

    @classmethod
    def visible_to(cls, user):
        """Everybody sees his own; security those of all."""
        roles = [role for role, _ in user.powers()]
        if "security" in roles:
            return cls.select()
        return cls.select().where(cls.user == user.id if roles else cls.id < 0)

    @classmethod
    def of(cls, user):
        """Query over the keys with which an account can log in."""
        return cls.select().where(cls.user == user.id, cls.state == "valid").order_by(cls.id)

    def not_own(self, act):
        """不是自己的通行密钥"""
        return None if act.by is None or act.by.id == self.user_id else Reason("只能移除自己的通行密钥")

    remove = Step("valid", "removed", by="|".join((*ROLES, "system")), label="移除", unless=not_own, fresh=True)
