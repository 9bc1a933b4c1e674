"""Human beings: a Person with the identity key, and the document numbers that he had before."""
from peewee import CharField, DateField, DateTimeField, ForeignKeyField

from models import clock
from models.identity import RESIDENT_CARD, document_faults, normal_document
from models.reference import Code
from models.searched import PairedField
from models.sealed import BlindIndexField, SealedField, blind
from models.workflow import Record

APPLIES_TO = {"mainland": ("01", "02", "03", "04"), "hongkong_macau": ("05", "07"), "taiwan": ("06", "08"), "foreign": ("09", "10")}


def kind_of(document_type, country):
    """mainland, hongkong_macau, taiwan or foreign: decides what is mandatory."""
    return next((kind for kind, types in APPLIES_TO.items() if document_type in types), "mainland" if country == "156" else "foreign")


class Person(Record):
    """A human being. The identity key is the document number in its 18-digit form: encrypted, found by its blind index."""
    label, readers = "人员", "applicant clerk reviewer officer centre exam"
    writers, editable = "applicant", ("name_pinyin", "ethnic_group", "political_status", "country", "phone", "email")
    clashes = {"document_index": "这个证件号已经注册过账号，请直接登录或找回密码"}

    name = PairedField(max_length=40, index=True, verbose_name="姓名")
    name_pinyin = CharField(max_length=60, default="", verbose_name="姓名拼音")
    document_type = CharField(max_length=2, default=RESIDENT_CARD, verbose_name="证件类型")
    document_number = SealedField(blind_index="document_index", verbose_name="证件号")
    document_index = BlindIndexField(unique=True)
    sex = CharField(max_length=1, default="", verbose_name="性别")
    birth_date = DateField(null=True, verbose_name="出生日期")
    country = CharField(max_length=3, default="156", verbose_name="国家或地区")
    ethnic_group = CharField(max_length=2, default="", verbose_name="民族")
    political_status = CharField(max_length=2, default="", verbose_name="政治面貌")
    phone = SealedField(null=True, blind_index="phone_index", verbose_name="手机")
    phone_index = BlindIndexField(index=True)
    email = CharField(max_length=120, default="", verbose_name="电子邮箱")
    consent_version = CharField(max_length=20, default="", verbose_name="同意书版本")
    consented_at = DateTimeField(null=True, verbose_name="同意时间")
    created_at = DateTimeField(default=clock.now, verbose_name="登记时间")
    merged_into = ForeignKeyField("self", null=True, on_delete="RESTRICT", backref="doubles", verbose_name="已并入")

    class Meta:
        table_name = "person"
        indexes = ((("document_type", "id"), False), (("country", "id"), False), (("birth_date",), False))

    def __str__(self):
        return self.name

    @classmethod
    def within(cls, level, user):
        """A unit, college or office sees the persons who have a case with it; a person sees himself."""
        if level == "own":
            place = user.place("own")
            return None if place is None else cls.id == place
        if level in ("unit", "college", "office"):
            cases = cls.applications.rel_model
            rows = cases.within(level, user)
            return None if rows is None else cls.id.in_(cases.select(cases.person).where(rows))
        return super().within(level, user)

    @classmethod
    def towards_college(cls):
        """Through his cases."""
        return cls.applications.rel_model.towards_college()

    @classmethod
    def by_document(cls, number):
        """The person behind a document number, also one that he had before."""
        index = blind(normal_document(number))
        former = FormerDocument.get_or_none(FormerDocument.document_index == index)
        return former.person if former else cls.get_or_none(cls.document_index == index)

    def awaits(self, name, phone):
        """Whether a unit has entered this person, who has no account yet, under the name and the phone of whoever registers now."""
        return not self.users.exists() and self.name == name and self.phone == phone

    def faults(self):
        found = document_faults(self.document_type, self.document_number or "")
        former = FormerDocument.get_or_none(FormerDocument.document_index == blind(self.document_number))
        if former is not None and former.person_id != self.id and self.merged_into_id != former.person_id:
            found["document_number"] = self.clashes["document_index"]
        if not (self.name or "").strip():
            found["name"] = "请填写姓名"
        if self.birth_date and self.birth_date > clock.today():
            found["birth_date"] = f"出生日期：要求不晚于今天 {clock.today()}，实际 {self.birth_date}"
        return found

    @property
    def kind(self):
        return kind_of(self.document_type, self.country)

    def code_name(self, field):
        """The name behind one of the coded fields."""
        table = {"sex": "sex", "ethnic_group": "ethnic_group", "political_status": "political_status", "country": "country",
                 "document_type": "document_type"}[field]
        row = Code.get_or_none(Code.kind == table, Code.code == getattr(self, field))
        return row.name if row else ""


class FormerDocument(Record):
    """A document number that a person had before: passes and log-ins under it remain his."""
    label, readers, seen_through = "曾用证件号", "applicant clerk reviewer centre", "person"
    clashes = {"document_index": "这个证件号已登记为曾用证件号"}

    person = ForeignKeyField(Person, backref="former_documents", on_delete="RESTRICT", verbose_name="人员")
    document_number = SealedField(blind_index="document_index", verbose_name="证件号")
    document_index = BlindIndexField(unique=True)
    until = DateField(default=clock.today, verbose_name="使用到")

    class Meta:
        table_name = "former_document"

    @classmethod
    def within(cls, level, user):
        rows = Person.within(level, user)
        return rows if rows is None or rows is True else cls.person.in_(Person.select(Person.id).where(rows))
