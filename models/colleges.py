"""Stage 1: the colleges of a unit. A programme may belong to one; an account of a college sees the cases of its programmes, and of no other college."""
from peewee import CharField, ForeignKeyField

from models.reference import Institution
from models.workflow import Record


class College(Record):
    label, stage, readers, writers = "学院", 1, "clerk reviewer unit_admin officer centre it security", "unit_admin"
    editable, unit_wide = ("code", "name"), True
    clashes = {"code": "本单位已有这个代码的学院", "name": "本单位已有这个名称的学院"}

    institution = ForeignKeyField(Institution, backref="colleges", on_delete="RESTRICT", verbose_name="学位授予单位")
    code = CharField(max_length=20, null=True, verbose_name="代码", help_text="本单位自己的编号，可以不填")
    name = CharField(max_length=40, verbose_name="名称")

    class Meta:
        indexes = ((("institution", "name"), True), (("institution", "code"), True))

    def __str__(self):
        return self.name

    @classmethod
    def towards_college(cls):
        """It is one itself."""
        return cls.id

    @classmethod
    def within(cls, level, user):
        """An account of a college sees its own."""
        if level != "college":
            return super().within(level, user)
        place = user.place("college")
        return None if place is None else cls.id == place


def elsewhere(row):
    """{field: sentence} when the college of a row is not one of its unit."""
    if row.college_id is None or row.college.institution_id == row.institution_id:
        return {}
    return {"college": f"学院：要求是{row.institution or '所属单位'}的学院，实际 {row.college} 属于 {row.college.institution}"}
