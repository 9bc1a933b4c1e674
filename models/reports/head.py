"""Stage 10: president of a unit and chair of its degree committee in a period; a record names those of the day of the award."""
from peewee import CharField, DateField, ForeignKeyField

from models.reference import Institution
from models.workflow import Record


class InstitutionHead(Record):
    label, stage, readers, writers = "校长与主席", 10, "clerk reviewer officer centre", "clerk"
    editable = ("president", "chair", "valid_from", "valid_to")

    institution = ForeignKeyField(Institution, backref="heads", on_delete="RESTRICT", verbose_name="学位授予单位")
    president = CharField(max_length=40, verbose_name="校长姓名", help_text="校长、院长或所长")
    chair = CharField(max_length=40, verbose_name="学位评定委员会主席姓名")
    valid_from = DateField(verbose_name="任期起", help_text="授予日期在任期内的学位写这两个姓名")
    valid_to = DateField(null=True, verbose_name="任期止", help_text="最后一天计入；空 = 现任")

    class Meta:
        table_name = "institution_head"
        indexes = ((("institution", "valid_from"), True),)

    clashes = {"valid_from": "这一天已有起任的校长与主席"}

    def __str__(self):
        return f"{self.president}、{self.chair}"

    def faults(self):
        """Periods are in order and do not overlap."""
        if self.valid_from is None or self.institution_id is None:
            return {}
        if self.valid_to and self.valid_to < self.valid_from:
            return {"valid_to": f"任期止：要求不早于任期起 {self.valid_from}，实际 {self.valid_to}"}
        kind = type(self)
        other = kind.select().where(kind.institution == self.institution_id, kind.id != (self.id or 0),
                                    kind.valid_to.is_null() | (kind.valid_to >= self.valid_from))
        if self.valid_to:
            other = other.where(kind.valid_from <= self.valid_to)
        row = other.order_by(kind.valid_from).first()
        return {"valid_from": f"与另一任期重叠：{row}（{row.valid_from} 至 {row.valid_to or '今'}）；请先填上一任的任期止"} if row else {}
