"""Stage 9: a unit's own list of supervisors, reviewers and committee members. Whoever is on it is known by his numbers, not by spelling."""
import unicodedata

from peewee import BooleanField, CharField, ForeignKeyField

from models.base import on_sqlite
from models.identity import document_faults, normal_document
from models.reference import Institution
from models.sealed import BlindIndexField, SealedField
from models.workflow import Record

AGAINST_PLANNERS = "FOR NO KEY UPDATE"        # holds a row against others who plan with it, not against rows that refer to it


class Expert(Record):
    """One human being on the list of one unit."""
    label, stage, readers, writers, unit_wide = "导师与专家", 9, "clerk reviewer", "clerk", True
    editable = ("name", "document_type", "document_number", "staff_number", "title", "supervises", "external", "unit", "available")
    clashes = {"document_index": "名单里已有这个证件号，同一个人只登记一次", "staff_number": "名单里已有这个工号，同一个人只登记一次"}

    institution = ForeignKeyField(Institution, backref="experts", on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=40, index=True, verbose_name="姓名")
    document_type = CharField(max_length=2, default="01", verbose_name="证件类型")
    document_number = SealedField(null=True, blind_index="document_index", verbose_name="证件号", help_text="证件号和工号至少填一个")
    document_index = BlindIndexField(index=True)
    staff_number = CharField(max_length=30, null=True, verbose_name="工号")
    title = CharField(max_length=20, default="", verbose_name="职称")
    supervises = BooleanField(default=True, verbose_name="研究生导师")
    external = BooleanField(default=False, verbose_name="外单位人员")
    unit = CharField(max_length=60, default="", verbose_name="工作单位", help_text="本单位人员不填")
    available = BooleanField(default=True, verbose_name="可以选用")

    class Meta:
        indexes = ((("institution", "document_index"), True), (("institution", "staff_number"), True))

    def __str__(self):
        return f"{self.name}（{self.number}）" if self.staff_number else self.name

    @property
    def number(self):
        """What the unit tells him by in writing: his staff number; document numbers are not copied."""
        return self.staff_number or ""

    def follow(self):
        """Numbers are kept in one spelling, so that one person is not listed twice."""
        self.name, self.document_number = (self.name or "").strip(), normal_document(self.document_number) or None
        self.staff_number = plain(self.staff_number) or None

    def faults(self):
        found = {} if self.document_number is None else document_faults(self.document_type, self.document_number)
        if self.document_number is None and self.staff_number is None:
            found["staff_number"] = "请填写工号或证件号，至少一个"
        if self.external and not self.unit.strip():
            found["unit"] = "外单位人员请填写工作单位"
        return found

    @classmethod
    def hold(cls, ids):
        """Hold these people, under whatever unit they are listed, until the transaction ends; returns the ids of all those rows."""
        known = [index for (index,) in cls.select(cls.document_index).where(cls.id.in_(ids), cls.document_index.is_null(False)).tuples()]
        rows = cls.select(cls.id).where(cls.id.in_(ids) | cls.document_index.in_(known)).order_by(cls.id)
        return [row.id for row in (rows if on_sqlite() else rows.for_update(AGAINST_PLANNERS))]

    def is_same(self, other):
        """Whether two rows are one human being: by a number of the same kind where both have one, else by name."""
        if self.id == other.id:
            return True
        if self.document_index and other.document_index:
            return self.document_index == other.document_index
        if self.staff_number and other.staff_number and self.institution_id == other.institution_id:
            return self.staff_number == other.staff_number
        return plain(self.name) == plain(other.name)

    def outside(self, case):
        """Whether he belongs neither to the unit of a case nor to where its applicant works."""
        return self.external and plain(self.unit) not in (plain(case.employer), plain(case.institution.name))


def plain(text):
    """A word as it is compared: one form for full and half width, no blanks, no dots between the parts of a name, upper case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text or "").upper() if not c.isspace() and c != "·")


class FromTheList:
    """A person of the unit's list in a part: a reviewer, a committee member. His words are those of the day on which he was chosen."""

    def follow(self):
        """The words on paper follow from the list."""
        expert = self.expert
        if expert is not None and self.__data__.get(self.seen_through):
            self.name, self.title, self.number = expert.name, expert.title, expert.number
            self.unit, self.outsider = expert.unit or expert.institution.name, expert.outside(self.case)

    def unlisted(self):
        """{field: sentence} when he is not on the unit's own list, or not to be chosen any more."""
        if self.expert_id is None:
            return {"expert": f"请从本单位的“{Expert.label}”中选择，没有的先登记"}
        if self.expert.institution_id != self.institution_id:
            return {"expert": f"{self.expert.name} 不在本单位的“{Expert.label}”中"}
        return {}


def same_person(row, thesis):
    """Whether a reviewer or member is the supervisor: by the list; rows from before the list by number where both have one, else by name."""
    if row.expert_id and thesis.supervised_by_id:
        return row.expert.is_same(thesis.supervised_by)
    if row.number and thesis.supervisor_number:
        return plain(row.number) == plain(thesis.supervisor_number)
    return bool(thesis.supervisor) and plain(row.name) == plain(thesis.supervisor)
