"""Accounts: a User with the roles that he was given and his place."""
import unicodedata

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from models import clock
from models.colleges import College, elsewhere
from models.base import Entity
from models.people.person import Person
from models.reference import Institution, Office
from models.roles import GIVES, POWERS, ROLES
from models.sealed import SealedField
from models.sparing import without
from models.texts import is_address
from models.workflow import Reason, Record, Refused, Step

with without("webauthn"):
    from flask_security import RoleMixin, UserMixin


class Role(RoleMixin, Entity):
    label, readers, national = "角色", "it security auditor unit_admin", True

    name = CharField(max_length=20, unique=True, verbose_name="代码")
    description = CharField(max_length=40, default="", verbose_name="名称")
    permissions = JSONField(null=True, verbose_name="权限")

    def __str__(self):
        return self.description or self.name


class User(UserMixin, Record):
    """An account. What it may do follows from its roles; how far it sees, from its place: institution, office, site or person."""
    label, readers, writers = "账号", "it security unit_admin", "it unit_admin"
    editable = ("username", "name", "email", "institution", "college", "office", "site_ref")
    STATES = {"active": ("启用", "ok"), "disabled": ("停用", "off")}
    clashes = {"username": "这个用户名已经有人使用", "email": "这个邮箱已经注册过账号，请直接登录或找回密码", "person": "这个人已有账号，请直接登录"}

    username = CharField(max_length=80, unique=True, null=True, verbose_name="用户名")
    name = CharField(max_length=40, default="", verbose_name="姓名")
    email = CharField(max_length=120, unique=True, null=True, verbose_name="电子邮箱")
    password = TextField(null=True, verbose_name="密码")
    state = CharField(max_length=10, default="active", verbose_name="状态")
    institution = ForeignKeyField(Institution, null=True, on_delete="RESTRICT", verbose_name="单位")
    college = ForeignKeyField(College, null=True, on_delete="RESTRICT", verbose_name="学院", help_text="空 = 全单位；填写后只看这个学院的学科和人")
    office = ForeignKeyField(Office, null=True, on_delete="RESTRICT", verbose_name="省级学位办")
    site_ref = IntegerField(null=True, verbose_name="考点编号")
    person = ForeignKeyField(Person, null=True, unique=True, backref="users", on_delete="RESTRICT", verbose_name="人员")
    fs_uniquifier = CharField(max_length=64, unique=True)
    must_change = BooleanField(default=False, verbose_name="下次登录改密码")
    former_passwords = JSONField(default=list, verbose_name="曾用密码")
    failed = IntegerField(default=0, verbose_name="连续失败次数")
    failed_at = DateTimeField(null=True, verbose_name="最近失败")
    locked_until = DateTimeField(null=True, verbose_name="锁定到")
    settings = JSONField(default=dict, verbose_name="个人设置")
    confirmed_at = DateTimeField(null=True)
    last_login_at = DateTimeField(null=True, verbose_name="上次登录")
    current_login_at = DateTimeField(null=True)
    last_login_ip = CharField(max_length=64, null=True, verbose_name="上次登录地址")
    current_login_ip = CharField(max_length=64, null=True)
    login_count = IntegerField(null=True, default=0, verbose_name="登录次数")
    code_secret = SealedField(null=True, verbose_name="验证码密钥")
    code_counter = IntegerField(null=True, verbose_name="最近用过的验证码")
    recovery_codes = JSONField(default=list, verbose_name="恢复码")
    fs_webauthn_user_handle = CharField(max_length=64, unique=True, null=True)
    create_datetime = DateTimeField(default=clock.now, verbose_name="建立时间")
    update_datetime = DateTimeField(default=clock.now, verbose_name="更新时间")

    class Meta:
        table_name = "account"

    def __str__(self):
        return self.name or self.username or self.email or ""

    @property
    def active(self):
        return self.state == "active"

    @property
    def roles(self):
        """Role rows in force today, loaded once per object."""
        if "_roles" not in self.__dict__:
            today = clock.today()
            self._roles = list(Role.select().join(Grant).where(
                Grant.user == self.id, Grant.until.is_null() | (Grant.until >= today)))
        return self._roles

    @roles.setter
    def roles(self, rows):
        self._roles = rows

    @property
    def role_names(self):
        return [role.name for role in self.roles]

    def powers(self):
        """[(role, level)] of an active account; a disabled one has none."""
        if "_powers" not in self.__dict__:
            self._powers = [(name, self.level(name)) for name in self.role_names if name in ROLES]
        return self._powers if self.active else []

    def level(self, role):
        """How far the account would see with a role: one of a unit no further than its college, where it has one."""
        level = ROLES[role][1]
        return "college" if level == "unit" and self.college_id else level

    def place(self, level):
        """Id of the institution, college, office, site or person this account belongs to, for a level; None means it sees nothing there."""
        return {"unit": self.institution_id, "college": self.institution_id and self.college_id, "office": self.office_id, "site": self.site_ref, "own": self.person_id}[level]

    def check(self):
        """A mail address is kept as log-in compares it: in small letters."""
        self.email = self.email.strip().lower() if self.email else None
        super().check()

    def faults(self):
        if not (self.username or self.email or self.person_id):
            return {"username": "请填写用户名或电子邮箱，否则不能登录"}
        return elsewhere(self) | ({} if not self.email or is_address(self.email) else {"email": f"电子邮箱：要求像 name@example.cn 这样的一个地址，实际“{self.email}”"})

    def place_label(self):
        """Where the account belongs, in words."""
        place = self.institution or self.office
        return f"{place} {self.college or ''}".strip() if place else "全国" if any(level == "nation" for _, level in self.powers()) else ""

    def nobody_above(self, act):
        """本人的账号"""
        return "不能停用自己的账号" if act.by is not None and act.by.id == self.id else None

    def gives(self):
        """Names of the roles that the account gives to others at all."""
        return {name for role, _ in self.powers() for name in GIVES.get(role, ())}

    def keeps(self, account):
        """Whether it looks after another account: neither an applicant's nor its own, with no role that it could not have given, and with no wider
        place. Whoever sets the mail address or makes the link could otherwise take over what is above him."""
        below = self.college_id in (None, account.college_id) and set(account.role_names) <= self.gives()
        return account.person_id is None and account.id != self.id and bool(self.gives()) and below

    def fits(self, role):
        """Whether the account has the place that the level of a role needs."""
        level = self.level(role)
        return level == "nation" or self.place(level) is not None

    disable = Step("active", "disabled", by="it|security|unit_admin|system", label="停用", unless=nobody_above, danger=True, fresh=True)
    enable = Step("disabled", "active", by="it|security|unit_admin|system", label="启用", fresh=True)


class Grant(Record):
    """One role given to one account, possibly until a day."""
    label, readers, national = "授权", "it security auditor", True
    clashes = {"user": "这个账号已有这个角色"}

    user = ForeignKeyField(User, backref="grants", on_delete="RESTRICT", verbose_name="账号")
    role = ForeignKeyField(Role, backref="grants", on_delete="RESTRICT", verbose_name="角色")
    until = DateField(null=True, verbose_name="到期日", help_text="最后一天计入；空 = 一直有效")

    class Meta:
        table_name = "account_grant"
        indexes = ((("user", "role"), True),)

    @property
    def in_force(self):
        return self.until is None or self.until >= clock.today()

    def keep_out(self, by):
        """Nobody gives a role to himself, nor one that he could not give, nor to an account that he does not look after."""
        if by is not None and by.id == self.user_id:
            raise Refused([Reason("不能给自己授予或收回角色，请由别的管理员办理")])
        if by is not None and not (by.keeps(self.user) and self.role.name in by.gives() and User.seen(by, self.user_id)):
            raise Refused([Reason(f"您不能授予或收回这个账号的“{self.role}”角色")])

    def faults(self):
        """A role needs its place; whoever holds one of the three powers holds no other role."""
        if not (self.user_id and self.role_id and self.in_force):
            return {}
        if not self.user.fits(self.role.name):
            return {"role": f"“{self.role}”要求账号有所属的单位、学位办或考点"}
        others = [grant.role for grant in self.user.grants if grant.role_id != self.role_id and grant.in_force]
        if {self.role.name, *(role.name for role in others)} & set(POWERS) and others:
            return {"role": f"系统、安全、审计三种权力各自独立，不与其他角色兼任：这个账号已有{'、'.join(map(str, others))}"}
        return {}


def holders(roles, college=None, **place):
    """Query over the active accounts that hold one of some roles today, at a place (institution=..., office=...) where one is given: those that see all of
    it, and where it is about a row of a college those of the college."""
    query = (User.select().distinct().join(Grant).join(Role)
             .where(Role.name.in_(roles), User.state == "active", Grant.until.is_null() | (Grant.until >= clock.today())))
    whole = User.college.is_null()
    query = query.where(whole if college is None else whole | (User.college == college))
    for name, where in place.items():
        query = query.where(getattr(User, name) == where)
    return query


def load():
    """The Role rows, one per entry of ROLES."""
    for name, (title, _) in ROLES.items():
        Role.get_or_create(name=name, defaults={"description": title})


def find_account(identity):
    """The account behind a log-in identity: user name, e-mail or document number; None when there is none."""
    text = unicodedata.normalize("NFKC", identity or "").strip()
    if not text:
        return None
    user = User.get_or_none((User.username == text) | (User.email == text.lower()))
    if user is None:
        person = Person.by_document(text)
        user = User.get_or_none(User.person == person) if person else None
    return user
