"""Stage 9: one more issue of a certificate - a reprint, or a correction - with its reason and what stood on the one before."""
from peewee import CharField, DateField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.awards.award import REPRINTS, Award
from models.people import User
from models.reference import Institution
from models.workflow import Record


class Reissue(Record):
    label, stage, readers = "证书换发", 9, "applicant clerk reviewer officer centre"
    seen_through, cleared_with_case = "award", True

    award = ForeignKeyField(Award, backref="reissues", on_delete="RESTRICT", verbose_name="学位授予")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    copy = IntegerField(verbose_name="第几次发证")
    ground = CharField(max_length=10, choices=REPRINTS, verbose_name="依据")
    statement = TextField(verbose_name="说明")
    number_before = CharField(max_length=17, verbose_name="原证书编号")
    number = CharField(max_length=17, verbose_name="证书编号")
    name = CharField(max_length=40, verbose_name="证书姓名")
    issued_on = DateField(default=clock.today, verbose_name="换发日期")
    issued_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="经办人")

    class Meta:
        indexes = ((("award", "copy"), True),)

    def __str__(self):
        return f"{self.award.person} 第 {self.copy} 次发证"

    @classmethod
    def issue(cls, award, act, ground, before):
        """Record it; the first certificate was issued with the degree."""
        return cls.add(act.by, award=award, institution=award.institution_id, copy=2 + award.reissues.count(), ground=ground, statement=act.reason,
                       number_before=before, number=award.certificate_number,
                       name=award.person.name, issued_by=act.by)
