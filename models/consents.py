"""What persons consent to: the texts, each version a dated row, and who agreed to which of them or refused it, and when."""
from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, TextField

from models import clock
from models.base import writing
from models.people import Person, User
from models.reference import EVERYBODY, day_of, rows_of
from models.workflow import Reason, Record, Refused

KINDS = {"privacy": "个人信息处理", "biometrics": "采集指纹和现场照片"}


class ConsentText(Record):
    """One version of a text. Once it is in force it stays as it is: somebody may have agreed to these words."""
    label, readers, national, writers = "同意书", EVERYBODY, True, "centre"
    editable = ("kind", "version", "title", "body", "valid_from")
    clashes = {"version": "这个版本号已经有了，请用新的版本号"}

    kind = CharField(max_length=12, choices=tuple(KINDS.items()), verbose_name="同意什么")
    version = CharField(max_length=20, verbose_name="版本", help_text="如 2026-1；改动内容就要用新的版本")
    title = CharField(max_length=60, verbose_name="标题")
    body = TextField(verbose_name="内容", help_text="一行一段；# 开头的一行是小标题")
    valid_from = DateField(verbose_name="启用日期", help_text="从这一天起征求同意时用它，直到更新的一版启用")

    class Meta:
        table_name = "consent_text"
        indexes = ((("kind", "version"), True),)

    def __str__(self):
        return f"《{self.title}》{self.version}"

    def locks(self):
        if self.valid_from > clock.today():
            return []
        return [Reason("这一版已经启用，不能再改；请新建一版", f"启用日期晚于今天 {clock.today()}", str(self.valid_from))]

    def faults(self):
        if self.id is None and self.valid_from and self.valid_from < clock.today():
            return {"valid_from": f"启用日期：要求不早于今天 {clock.today()}，实际 {self.valid_from}"}
        return {}

    @property
    def paragraphs(self):
        """[(whether it is a heading, text)]"""
        return [(line.startswith("#"), line.lstrip("# ")) for line in map(str.strip, self.body.splitlines()) if line]


class Consent(Record):
    """What one person said to one text. Nothing is changed: another word is another row, and the last one counts."""
    label, readers, seen_through = "同意记录", "applicant clerk reviewer centre", "person"

    person = ForeignKeyField(Person, backref="consents", on_delete="RESTRICT", verbose_name="人员")
    text = ForeignKeyField(ConsentText, on_delete="RESTRICT", verbose_name="同意书")
    given = BooleanField(verbose_name="同意")
    taken_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="登记人", help_text="空 = 本人在网上作出")
    at = DateTimeField(default=clock.now, verbose_name="时间")

    class Meta:
        table_name = "consent"

    def __str__(self):
        return f"{self.person}{'同意' if self.given else '不同意'}{self.text}"

    @classmethod
    def within(cls, level, user):
        rows = Person.within(level, user)
        return rows if rows is None or rows is True else cls.person.in_(Person.select(Person.id).where(rows))


def text_of(kind):
    """The text of a kind that is in force today."""
    found = (ConsentText.select().where(ConsentText.kind == kind, ConsentText.valid_from <= clock.today())
             .order_by(ConsentText.valid_from.desc(), ConsentText.id.desc()).first())
    if found is None:
        raise Refused([Reason(f"没有启用的“{KINDS[kind]}”同意书，请学位中心先启用一版")])
    return found


def standing(person, kind):
    """What a person said last about a kind, as a Consent; None when he was never asked."""
    return (Consent.select(Consent, ConsentText).join(ConsentText).where(Consent.person == person, ConsentText.kind == kind)
            .order_by(Consent.id.desc()).first())


def record_consent(by, person, kind, given=True):
    """Write down what a person says to the text in force; saying the same again adds nothing. `by` is whoever wrote it down for him."""
    text, last = text_of(kind), standing(person, kind)
    if last is not None and (last.text_id, last.given) == (text.id, given):
        return last
    own = by is None or by.person_id == person.id
    return Consent.add(by, person=person, text=text, given=given, taken_by=None if own else by)


def load():
    """Add the shipped texts that are not there yet."""
    with writing():
        for row in rows_of("consent_text"):
            ConsentText.get_or_create(kind=row["kind"], version=row["version"], defaults={
                "title": row["title"], "body": row["body"], "valid_from": day_of(row["valid_from"])})
