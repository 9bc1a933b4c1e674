"""Log-ins: one row for each, failed ones too. The cookie of a browser names its row, so that a log-in can be listed and ended, here and elsewhere;
for security and auditor the rows are the log of who came from where with what."""
import datetime as dt

from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock
from models.base import Entity
from models.parameters import value
from models.people import Grant, Role, User
from models.reference import Institution, Office
from models.roles import ROLES
from models.sealed import BlindIndexField, blind
from models.written import ask, blank

BEAT = dt.timedelta(minutes=1)          # a log-in is noted as in use at most so often
MEANS = (("half", "待第二步验证"), ("password", "密码"), ("code", "密码和验证码"), ("recovery", "密码和恢复码"), ("key", "密码和通行密钥"), ("passkey", "通行密钥"),
         ("failed", "未成功"), ("locked", "锁定中"))
REFUSED = ("failed", "locked")


class Login(Entity):
    """One log-in. `proved_at` is when the person last gave his password or key. It lasts until `until`, or `idle` minutes without a request."""
    label, readers = "登录记录", " ".join(ROLES)

    user = ForeignKeyField(User, null=True, backref="logins", on_delete="RESTRICT", verbose_name="账号")
    user_name = CharField(max_length=80, verbose_name="用户")
    token = BlindIndexField(unique=True)
    means = CharField(max_length=10, choices=MEANS, verbose_name="方式")
    at = DateTimeField(default=clock.now, index=True, verbose_name="登录时间")
    address = CharField(max_length=64, default="", verbose_name="来源地址")
    device = CharField(max_length=60, default="", verbose_name="设备")
    agent = CharField(max_length=200, default="", verbose_name="浏览器标识")
    proved_at = DateTimeField(null=True, verbose_name="最近验证")
    seen_at = DateTimeField(null=True, verbose_name="最近使用")
    idle = IntegerField(default=0, verbose_name="空闲上限（分）")
    until = DateTimeField(null=True, verbose_name="最迟到")
    ended_at = DateTimeField(null=True, verbose_name="结束时间")
    ended_why = CharField(max_length=40, default="", verbose_name="结束原因")

    class Meta:
        indexes = ((("user", "ended_at"), False),)

    def __str__(self):
        return f"{self.user_name} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def visible_to(cls, user):
        """Security and auditor see all of them; everybody else his own."""
        roles = [role for role, _ in user.powers()]
        if {"security", "auditor"} & set(roles):
            return cls.select()
        return cls.select().where(cls.user == user.id if roles else cls.id < 0)

    @classmethod
    def begin(cls, user, token, means, **origin):
        """The row of a log-in that succeeded; how long it lasts is what the parameters say of the strictest role now."""
        now = clock.now()
        idle, longest = limit("login.idle_minutes", user), dt.timedelta(minutes=limit("login.longest_minutes", user))
        return cls.create(user=user, user_name=str(user), token=blind(token), means=means, proved_at=now, seen_at=now, idle=idle, until=now + longest, **origin)

    @classmethod
    def under(cls, token, user):
        """The row that a cookie names, if it is the user's; else None."""
        return cls.get_or_none(cls.token == blind(token), cls.user == user.id) if token else None

    @classmethod
    def in_use(cls, user):
        """Query over the log-ins of an account that have not ended and are not over."""
        lasting = (cls.ended_at.is_null()) & (cls.until > clock.now()) & cls.means.not_in(REFUSED)
        return cls.select().where(cls.user == user.id, lasting).order_by(cls.id.desc())

    @classmethod
    def end_all(cls, user, why, but=None):
        """End every log-in of an account but one; returns how many."""
        return cls.update(ended_at=clock.now(), ended_why=why).where(cls.user == user.id, cls.ended_at.is_null(), cls.means.not_in(REFUSED),
                                                                    cls.id != (but.id if but else 0)).execute()

    @property
    def over(self):
        """Why it counts no more; empty while it does."""
        now = clock.now()
        if self.ended_at:
            return self.ended_why
        if now >= self.until:
            return "超过最长登录时间"
        return "长时间没有操作" if now - self.seen_at > dt.timedelta(minutes=self.idle) else ""

    @property
    def ending(self):
        """状态"""
        return "" if self.means in REFUSED else self.over or "使用中"

    @property
    def way(self):
        """方式"""
        return dict(MEANS)[self.means]

    @property
    def half(self):
        """Whether the second factor is still to come."""
        return self.means == "half"

    def end(self, why):
        """It counts no more from now on."""
        Login.update(ended_at=clock.now(), ended_why=why).where(Login.id == self.id, Login.ended_at.is_null()).execute()

    def beat(self):
        """Note that it is in use."""
        if clock.now() - self.seen_at >= BEAT:
            Login.update(seen_at=clock.now()).where(Login.id == self.id).execute()

    def prove(self, means=None):
        """The person has given his password, or the second factor, just now."""
        self.means, self.proved_at = means or self.means, clock.now()
        self.save()

    def proved_within(self, minutes):
        """Whether the person showed who he is in the last minutes."""
        return clock.now() - self.proved_at < dt.timedelta(minutes=minutes)


def limit(name, user):
    """The number that a parameter {role: number} sets for an account: the smallest of its roles; '*' is every role not named."""
    rule = value(name)
    return min([rule.get(role, rule["*"]) for role, _ in user.powers()], default=rule["*"])


def entering(uniquifier, token):
    """The account behind a cookie, None where there is none: with its place, its roles in force, and as `here` the Login that the token names. Every page
    asks for it, so it is one statement."""
    found = ask(_accounts, uniquifier=uniquifier, token=blind(token or ""), today=clock.today())
    if not found:
        return None
    user = found[0]
    user.roles = [row.role for row in found if row.role is not None]
    return user


def _accounts():
    """One row a role."""
    in_force = Grant.select(Grant.role).where(Grant.user == User.id, Grant.until.is_null() | (Grant.until >= blank("today")))
    return (User.select(User, Institution, Office, Role, Login)
            .join(Institution, JOIN.LEFT_OUTER).switch(User).join(Office, JOIN.LEFT_OUTER)
            .switch(User).join(Role, JOIN.LEFT_OUTER, on=Role.id.in_(in_force), attr="role")
            .switch(User).join(Login, JOIN.LEFT_OUTER, on=(Login.user == User.id) & (Login.token == blank("token")), attr="here")
            .where(User.fs_uniquifier == blank("uniquifier")).order_by(Role.id))
