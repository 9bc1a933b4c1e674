"""Screens by configuration (all stages): what IT staff applied in the browser, version by version, and the views that users keep for themselves."""
import json
from dataclasses import dataclass, replace

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField, fn

from models import clock
from models.base import on_sqlite, writing
from models.colleges import College
from models.people import User
from models.reference import EVERYBODY, Institution
from models.workflow import Reason, Record, Refused

LONGEST = 256 * 1024      # characters of one text


@dataclass(frozen=True)
class Applied:
    """The text of a screen that is in force, its number, and the shipped file over which it was applied."""
    number: int
    text: str
    shipped: str

    def over(self, shipped):
        """The same over another shipped file."""
        return replace(self, shipped=shipped)


class ScreenVersion(Record):
    """One text of a screen, or of the site file, that was applied; the one with the highest number is in force. Empty = as the files have it."""
    label, readers, writers, national = "界面版本", "it auditor", "it", True
    clashes = {"screen": "刚刚有别人应用了这个界面的另一个版本，请看过差异再应用"}

    screen = CharField(max_length=40, verbose_name="界面")
    number = IntegerField(verbose_name="版次")
    text = TextField(default="", verbose_name="内容")
    shipped = TextField(default="", verbose_name="当时的出厂文件")
    note = CharField(max_length=200, verbose_name="理由")
    applied_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="应用人")
    applied_at = DateTimeField(default=clock.now, verbose_name="应用时间")

    class Meta:
        table_name = "screen_version"
        indexes = ((("screen", "number"), True),)

    def __str__(self):
        return f"{self.screen} 第 {self.number} 版"

    @classmethod
    def of(cls, screen):
        """Query over the versions of a screen, the latest first."""
        return cls.select().where(cls.screen == screen).order_by(cls.number.desc())

    @classmethod
    def apply(cls, by, screen, text, shipped, reason, seen):
        """Apply a text over the version with the number `seen` (0: none), which is the one that was looked at."""
        if len(text) > LONGEST:
            raise Refused([Reason("内容太长", f"不超过 {LONGEST:,} 个字符", f"{len(text):,}", f"{len(text) - LONGEST:,}")])
        if "it" not in by.role_names:
            raise Refused([Reason("只有系统管理能应用界面")])
        last = cls.of(screen).first()
        if seen != (last.number if last else 0):
            raise Refused([Reason(f"您打开之后，别人应用了第 {last.number if last else 0} 版，您的内容没有应用；请看过差异再应用")])
        return cls.add(by, reason=reason, note=reason, screen=screen, number=seen + 1, text=text, shipped=shipped, applied_by=by)


def applied():
    """{name: Applied} of every screen that has a version."""
    latest = ScreenVersion.select(fn.MAX(ScreenVersion.id)).group_by(ScreenVersion.screen)
    rows = ScreenVersion.select(ScreenVersion.screen, ScreenVersion.number, ScreenVersion.text, ScreenVersion.shipped).where(ScreenVersion.id.in_(latest))
    return {name: Applied(*rest) for name, *rest in rows.tuples()}


class OwnView(Record):
    """A look at a list that a user keeps: search, filters and order of one screen; shared, the others of his unit, or of his college, have it too."""
    label, readers, writers = "我的视图", EVERYBODY, EVERYBODY
    editable = ("title", "shared", "kept")
    clashes = {"own_view": "您在这个界面已有同名的视图"}

    user = ForeignKeyField(User, backref="own_views", on_delete="RESTRICT", verbose_name="谁的")
    institution = ForeignKeyField(Institution, null=True, on_delete="RESTRICT", verbose_name="单位")
    college = ForeignKeyField(College, null=True, on_delete="RESTRICT", verbose_name="学院")
    screen = CharField(max_length=40, verbose_name="界面")
    title = CharField(max_length=20, verbose_name="名称")
    address = CharField(max_length=1000, verbose_name="条件和次序")
    shared = BooleanField(default=False, verbose_name="本单位共用")
    kept = BooleanField(default=True, verbose_name="保留")

    class Meta:
        table_name = "own_view"
        indexes = ((("user", "screen", "title"), True), (("screen", "institution"), False))

    def __str__(self):
        return self.title

    @classmethod
    def visible_to(cls, user):
        """One's own, and those that others of the same place share: of the unit, or of the college."""
        if not user.id or not user.powers():
            return cls.select().where(cls.id < 0)
        mine = cls.user == user.id
        college = cls.college.is_null() if user.college_id is None else cls.college == user.college_id
        shared = cls.shared & (cls.institution == user.institution_id) & college
        return cls.select().where(mine | shared if user.institution_id else mine)

    def belongs_to(self, user):
        return self.user_id == user.id

    def faults(self):
        if self.shared and not self.institution_id:
            return {"shared": "只有单位的账号能共用视图"}
        return {}


def kept_views(user, screen):
    """The views of a screen that a user keeps, or that are shared with him, as one value of a query: a list asks for them with its counts."""
    array, gathered = (fn.json_array, fn.json_group_array) if on_sqlite() else (fn.json_build_array, fn.json_agg)
    facts = array(OwnView.title, OwnView.address, OwnView.id, OwnView.user)
    return OwnView.visible_to(user).where(OwnView.screen == screen, OwnView.kept).select(gathered(facts).cast("text"))


def views_in(value):
    """[OwnView] in the value of `kept_views`, in the order of their titles."""
    return [OwnView(title=title, address=address, id=id, user=user) for title, address, id, user in sorted(json.loads(value or "[]"))]


def save_view(user, screen, title, address, shared):
    """Keep a view under a title; the one that the user has under it already becomes this one."""
    with writing():
        view = OwnView.get_or_none(OwnView.user == user.id, OwnView.screen == screen, OwnView.title == title)
        values = {"address": address, "shared": shared, "kept": True}
        if view is not None:
            return view.change(user, **values)
        return OwnView.add(user, user=user.id, institution=user.institution_id, college=user.college_id, screen=screen, title=title, **values)
