"""Stage 10 for machines: a token by which a program of an office or of the centre reads what its owner sees."""
import secrets

from peewee import CharField, DateField, DateTimeField, ForeignKeyField

from models import clock
from models.parameters import value
from models.people import User
from models.sealed import BlindIndexField, blind
from models.workflow import Record, Step

HOLDERS = ("officer", "centre")         # the roles with which a token is made and used


class ApiToken(Record):
    """The secret is shown once, when the token is made; kept is only its keyed hash. Everybody has his own, security sees and revokes all."""
    label, stage, readers, writers = "接口令牌", 10, "security officer centre", "officer centre"
    STATES = {"active": ("有效", "ok"), "revoked": ("已收回", "off")}

    name = CharField(max_length=40, verbose_name="用途", help_text="哪个系统、谁在用")
    owner = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="所有人")
    hint = CharField(max_length=8, verbose_name="开头")
    secret = BlindIndexField(unique=True)
    state = CharField(max_length=10, default="active", verbose_name="状态")
    valid_until = DateField(verbose_name="有效期至", help_text="最后一天计入")
    created_at = DateTimeField(default=clock.now, verbose_name="生成时间")
    last_used_at = DateTimeField(null=True, verbose_name="上次使用")

    class Meta:
        table_name = "api_token"
        indexes = ((("owner", "state"), False),)

    def __str__(self):
        return f"{self.name}（{self.hint}…）"

    @classmethod
    def visible_to(cls, user):
        roles = {role for role, _ in user.powers()}
        if "security" in roles:
            return cls.select()
        return cls.select().where(cls.owner == user.id if roles & set(HOLDERS) else cls.id < 0)

    @classmethod
    def issue(cls, by, name, valid_until):
        """(a new token of one's own, its secret - which nobody can tell any more afterwards)."""
        secret = f"tl{secrets.token_hex(24)}"
        return cls.add(by, name=name, owner=by, hint=secret[:8], secret=blind(secret), valid_until=valid_until), secret

    @classmethod
    def of(cls, secret):
        """The token with a secret, or None."""
        return cls.get_or_none(cls.secret == blind(secret)) if secret else None

    def faults(self):
        last = clock.today() + clock.days(value("api.token_days"))
        if self.id is None and self.valid_until and not clock.in_window(self.valid_until, clock.today(), last):
            return {"valid_until": f"有效期至：要求 {clock.today()} 至 {last}，实际 {self.valid_until}"}
        return {}

    def unfit(self):
        """Why nobody reads with it now, as a sentence; empty when it serves."""
        if self.state != "active":
            return "这个令牌已收回"
        if self.valid_until < clock.today():
            return f"这个令牌已过期：有效期至 {self.valid_until}"
        if not set(HOLDERS) & {role for role, _ in self.owner.powers()}:
            return "令牌的所有人已不是省级学位办或学位中心的账号"
        return ""

    def used(self):
        """Note that it was used just now."""
        type(self).update(last_used_at=clock.now()).where(ApiToken.id == self.id).execute()

    def holder(self):
        return [self.owner]

    revoke = Step("active", "revoked", by="security|officer|centre", label="收回", stage=10, danger=True, fresh=True, tell=holder, done="已收回，用它的程序不能再读取")
