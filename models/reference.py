"""Reference data: provinces, offices, institutions, disciplines, code tables and announcements, loaded from CSV by `setup`."""
import csv
import datetime as dt
from pathlib import Path

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, JSONField, TextField

from models import clock
from models.base import Entity, writing
from models.roles import STAFF
from models.workflow import Record, Step

DATA = Path(__file__).parent / "data"
EVERYBODY = " ".join(STAFF)
UNIT_KINDS = (("university", "高等学校"), ("institute", "科研机构"), ("military", "军队院校"), ("party_school", "党校"))
OFFICE_KINDS = (("province", "省级"), ("corps", "兵团"), ("military", "军队"))
CODE_TABLES = {"sex": "性别", "ethnic_group": "民族", "political_status": "政治面貌", "document_type": "证件类型", "degree_category": "学位类别", "prior_degree": "已有学位的类别",
               "thesis_type": "论文类型", "topic_source": "选题来源", "education_level": "学历", "language": "语种", "country": "国家或地区"}


class Province(Entity):
    label, readers, national = "省份", EVERYBODY, True

    code = CharField(max_length=2, unique=True, verbose_name="代码")
    name = CharField(max_length=20, verbose_name="名称")
    short_name = CharField(max_length=10, verbose_name="简称")

    def __str__(self):
        return self.short_name


class Office(Entity):
    """An office of a provincial degree committee; 新疆兵团 and 军队 have one too, so it is not the same as a province."""
    label, readers, national = "省级学位委员会办公室", EVERYBODY, True

    code = CharField(max_length=2, unique=True, verbose_name="代码")
    name = CharField(max_length=60, verbose_name="名称")
    province = ForeignKeyField(Province, null=True, on_delete="RESTRICT", verbose_name="省份")
    kind = CharField(max_length=20, default="province", choices=OFFICE_KINDS, verbose_name="类别")

    def __str__(self):
        return self.name


class Institution(Record):
    label, readers, national = "学位授予单位", EVERYBODY, True
    writers, editable = "centre", ("code", "name", "province", "office", "kind", "taking_part")
    clashes = {"code": "这个单位代码已经存在"}

    code = CharField(max_length=5, unique=True, verbose_name="代码", help_text="五位数字")
    name = CharField(max_length=60, verbose_name="名称")
    province = ForeignKeyField(Province, on_delete="RESTRICT", verbose_name="省份")
    office = ForeignKeyField(Office, on_delete="RESTRICT", verbose_name="省级学位办")
    kind = CharField(max_length=20, default="university", choices=UNIT_KINDS, verbose_name="类别")
    taking_part = BooleanField(default=False, verbose_name="参加同等学力工作", help_text="参加的单位才能发布学科、报送学位信息")
    extra = JSONField(default=dict, verbose_name="补充字段")

    class Meta:
        constraints = [Check("length(code) = 5")]

    def __str__(self):
        return self.name

    def faults(self):
        if not (self.code and self.code.isascii() and self.code.isdigit() and len(self.code) == 5):
            return {"code": f"单位代码：要求五位数字，实际“{self.code or ''}”"}
        return {}


class InstitutionName(Record):
    """The name of a unit in a period: documents keep the name of their day."""
    label, readers, national = "单位名称沿革", EVERYBODY, True
    writers, editable = "centre", ("institution", "name", "valid_from", "valid_to")

    institution = ForeignKeyField(Institution, backref="names", on_delete="RESTRICT", verbose_name="单位")
    name = CharField(max_length=60, verbose_name="名称")
    valid_from = DateField(null=True, verbose_name="启用日期")
    valid_to = DateField(null=True, verbose_name="停用日期")

    @classmethod
    def on(cls, institution, day):
        """The name that a unit had on a day."""
        row = cls.select().where(cls.institution == institution, cls.valid_from.is_null() | (cls.valid_from <= day),
                                 cls.valid_to.is_null() | (cls.valid_to >= day)).order_by(cls.valid_from.desc(nulls="LAST")).first()
        return row.name if row else institution.name


class Discipline(Record):
    """A discipline of one catalogue: 1997 second level (six digits), 2011 and 2022 first level (four digits)."""
    label, readers, national = "学科专业", EVERYBODY, True
    writers, editable = "centre", ("name", "has_comprehensive_exam", "note")

    catalogue = CharField(max_length=4, verbose_name="目录版本")
    code = CharField(max_length=6, verbose_name="代码")
    name = CharField(max_length=60, verbose_name="名称")
    level = CharField(max_length=8, verbose_name="层级", choices=(("category", "门类"), ("first", "一级学科"), ("second", "二级学科")))
    parent_code = CharField(max_length=6, default="", verbose_name="上级代码")
    categories = CharField(max_length=60, default="", verbose_name="学科门类")
    valid_from = DateField(null=True, verbose_name="启用日期")
    valid_to = DateField(null=True, verbose_name="停用日期")
    has_comprehensive_exam = BooleanField(default=False, verbose_name="有学科综合水平考试")
    note = TextField(default="", verbose_name="说明")

    class Meta:
        indexes = ((("catalogue", "code"), True),)

    def __str__(self):
        return f"{self.name}（{self.code}）"

    @property
    def is_foreign_literature(self):
        return self.code.startswith("0502")


class Code(Record):
    """One row of a code table (GB/T and the handbook's tables). The code is the standard's; how it is called may be put right."""
    label, readers, national, writers = "代码", EVERYBODY, True, "centre"
    editable = ("name",)

    kind = CharField(max_length=20, verbose_name="代码表", choices=tuple(CODE_TABLES.items()))
    code = CharField(max_length=6, verbose_name="代码")
    name = CharField(max_length=60, verbose_name="名称")

    class Meta:
        indexes = ((("kind", "code"), True),)

    def __str__(self):
        return self.name


class Announcement(Record):
    label, readers, national, writers = "公告", EVERYBODY, True, "centre"
    editable = ("title", "body", "until")
    STATES = {"draft": ("草稿", "off"), "published": ("已发布", "ok"), "withdrawn": ("已撤下", "off")}

    title = CharField(max_length=120, verbose_name="标题")
    body = TextField(verbose_name="内容")
    until = DateField(null=True, verbose_name="显示到", help_text="最后一天计入；空 = 一直显示")
    published_at = DateField(null=True, verbose_name="发布日期")
    state = CharField(max_length=10, default="draft", verbose_name="状态")

    def dated(self, act):
        self.published_at = clock.today()

    publish = Step("draft", "published", by="centre", label="发布", sets=dated, awaits=True)
    republish = Step("withdrawn", "published", by="centre", label="重新发布", sets=dated)
    withdraw = Step("published", "withdrawn", by="centre", label="撤下")

    def __str__(self):
        return self.title

    @classmethod
    def shown(cls):
        """Query over what the public sees today, newest first."""
        return cls.select().where(cls.state == "published", cls.until.is_null() | (cls.until >= clock.today())).order_by(cls.published_at.desc())


def names(kind):
    """{code: name} of one code table."""
    return dict(Code.select(Code.code, Code.name).where(Code.kind == kind).order_by(Code.code).tuples())


def rows_of(name):
    """The rows of a shipped CSV file as dictionaries."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def day_of(text):
    return dt.date.fromisoformat(text) if text else None


def load():
    """Bring the reference tables up to the shipped CSV files: add what is missing, never touch what was changed here."""
    with writing():
        have = {(c.kind, c.code) for c in Code.select(Code.kind, Code.code)}
        for kind in CODE_TABLES:
            for row in rows_of(kind):
                if (kind, row["code"]) not in have:
                    Code.create(kind=kind, code=row["code"], name=row["name"])
        for row in rows_of("province"):
            Province.get_or_create(code=row["code"], defaults={"name": row["name"], "short_name": row["short_name"]})
        provinces = {p.code: p for p in Province.select()}
        for row in rows_of("office"):
            Office.get_or_create(code=row["code"], defaults={
                "name": row["name"], "province": provinces.get(row["province_code"]), "kind": row["kind"]})
        offices = {o.code: o for o in Office.select()}
        have = {i.code for i in Institution.select(Institution.code)}
        for r in rows_of("institution"):
            if r["code"] not in have:
                Institution.create(code=r["code"], name=r["name"], province=provinces[r["province_code"]], office=offices[r["office_code"]], kind=r["kind"])
        have = {(d.catalogue, d.code) for d in Discipline.select(Discipline.catalogue, Discipline.code)}
        for r in rows_of("discipline"):
            if (r["catalogue"], r["code"]) not in have:
                Discipline.create(
                    catalogue=r["catalogue"], code=r["code"], name=r["name"], level=r["level"], parent_code=r["parent_code"] or "",
                    categories=r["categories"].replace(";", "、"), valid_from=day_of(r["valid_from"]), valid_to=day_of(r["valid_to"]),
                    has_comprehensive_exam=r["has_comprehensive_exam"] == "1", note=r["note"] or "")
