"""Stage 10: one person of an amendment - whose line it is about, what the unit enters, and what the line becomes."""
from peewee import ForeignKeyField

from models import photos
from models.awards import Award
from models.base import writing
from models.files import File
from models.record import BY_CODE, gaps, wrong, wrong_numbers
from models.reference import Institution
from models.reports.amendment import Amendment
from models.reports.extract import extract
from models.reports.line import Frozen, ReportLine
from models.sealed import SealedTableField
from models.workflow import Reason, Record, Refused


class AmendmentItem(Record):
    """`entered` is what the unit sets against the records, {code: text}; `values` the whole record as it was when the unit had finished."""
    label, stage, readers, writers = "变更名单", 10, "clerk reviewer officer centre", "clerk"
    editable = ("amendment", "award")
    seen_through = "amendment"
    clashes = {"award": "这个人已在名单里"}

    amendment = ForeignKeyField(Amendment, backref="items", on_delete="RESTRICT", verbose_name="备案后变更")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    award = ForeignKeyField(Award, backref="amendment_items", on_delete="RESTRICT", verbose_name="学位授予")
    line = ForeignKeyField(ReportLine, null=True, backref="amendment_items", on_delete="RESTRICT", verbose_name="原明细")
    entered = SealedTableField(null=True, verbose_name="填写的项")
    values = SealedTableField(null=True, verbose_name="变更后")
    photo = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="新照片")

    class Meta:
        table_name = "amendment_item"
        indexes = ((("amendment", "award"), True),)

    def __str__(self):
        return f"{self.award}"

    def follow(self):
        if self.amendment_id:
            self.institution = self.amendment.institution_id

    def faults(self):
        """A person is taken in who is not reported, and changed or taken out who is."""
        if self.amendment_id is None or self.award_id is None:
            return {}
        if self.amendment.state != "draft" and self._listed_anew():
            return {"award": "申请以后名单不能再改"}
        award, report = self.award, self.amendment.report
        if award.institution_id != report.institution_id:
            return {"award": "不是本单位授予的学位"}
        line = self.standing()
        reported = line is not None and not line.removed
        if self.amendment.kind != "add":
            return {} if reported else {"award": "不在已备案的明细里"}
        if reported:
            return {"award": "已在备案的明细里，不能补报"}
        inside = award.state == "awarded" and report.term.award_from <= award.awarded_on <= report.term.award_until
        return {} if inside else {"award": f"不是本学期授予的学位（{report.term.award_from} 至 {report.term.award_until}）"}

    def _listed_anew(self):
        """Whether it is new on the list, or about somebody else than before."""
        kind = type(self)
        return not kind.select().where(kind.id == (self.id or 0), kind.amendment == self.amendment_id, kind.award == self.award_id).exists()

    def locks(self):
        """The list is the unit's until it asks; what is entered is, while the office has opened it."""
        state = self.amendment.state
        return [] if state in ("draft", "opened", "entered") else [Reason("现在不能修改名单", "草稿、已开放填写", self.amendment.state_label)]

    def standing(self):
        """The line of the award that stands in the report, also one that says that it was taken out; None without."""
        return self.amendment.report.lines.where(ReportLine.award == self.award_id, ReportLine.ended.is_null()).first()

    def give(self, by, entered):
        """Enter {code: text} for a person for whom the office has opened the right; '' says that the field is empty, a code left out is as the
        records have it."""
        unknown = [code for code in entered if code not in BY_CODE]
        self._opened(("add", "change"), [Reason(f"没有“{code}”这个数据项") for code in unknown])
        return self.change(by, entered={code: " ".join(text.split()) for code, text in entered.items()})

    def replace_photo(self, by, data, name="photo.jpg"):
        """Take a new portrait, by the rules for every portrait."""
        self._opened(("photo",))
        with writing():
            photo = File.keep(photos.portrait(data), name, "photo", "image/jpeg", institution=self.institution_id, person_ref=self.award.person_id,
                              case_ref=self.award.application_id)
            return self.change(by, photo=photo)

    def _opened(self, kinds, against=()):
        amendment = self.amendment
        if amendment.state != "opened":
            against = [Reason("省级学位办开放填写以后才能填写", "已开放填写", amendment.state_label), *against]
        if amendment.kind not in kinds:
            against = [Reason("这个事项不填写这些内容"), *against]
        if against:
            raise Refused(against)

    def recorded(self):
        """The whole record without what the unit enters here: as the records have it now, with what amendments before this one set against them."""
        line = self.standing()
        if self.amendment.kind in ("remove", "photo"):
            return line.values
        record, = extract(Award.id == self.award_id)
        return record.values | ((line and line.entered) or {})

    def proposal(self):
        """The whole record as the amendment would leave it."""
        return self.recorded() | (self.entered or {})

    def overtaken(self):
        """Whether another amendment has changed the line since the unit had finished."""
        line = self.standing()
        return self.line_id != (line and line.id)

    def lacking(self):
        """[Reason] why what was entered is not enough yet."""
        if self.faults():
            return [Reason(text) for text in self.faults().values()]
        kind, line = self.amendment.kind, self.standing()
        if kind == "photo":
            return [] if self.photo_id else [Reason("还没有上传新照片")]
        values = self.proposal()
        if kind == "change" and values == line.values:
            return [Reason("与已备案的内容相同，没有修改")]
        return [] if kind == "remove" else [reason for _, reason in (*gaps(values), *wrong(values), *wrong_numbers(values))]

    def frozen(self):
        """What becomes the new line."""
        line = self.standing()
        photo = self.photo_id or (line.photo_id if line is not None else self.award.application.photo_id)
        entered = ((line and line.entered) or {}) | (self.entered or {})
        return Frozen(self.award_id, self.values, photo, line and line.id, entered, line and line.number, self.amendment.kind == "remove")
