"""Stage 7: another name, document number or contact of a person, with evidence. What was frozen in a report keeps the old ones."""
from peewee import CharField, DateField, ForeignKeyField, TextField

from models.changes.deciding import OPINION, STATES, WHY, decided
from models.files import File
from models.identity import document_faults, facts_of, normal_document, normal_name, normal_phone
from models.people import FormerDocument, Person, User
from models.reference import Institution
from models.sealed import BlindIndexField, SealedField
from models.workflow import Reason, Record, Step

NEW = ("name", "name_pinyin", "document_number", "phone", "email")


class DataChange(Record):
    """What is empty stays as it is. The unit that the person has a case with decides."""
    label, stage, readers, writers = "个人信息变更申请", 7, "applicant clerk reviewer", "applicant clerk"
    editable = ("person", "name", "name_pinyin", "document_type", "document_number", "phone", "email", "statement", "evidence")
    STATES = STATES
    clashes = {"one_open": "已有一件待审的变更申请", "person": "已有一件待审的变更申请"}

    person = ForeignKeyField(Person, backref="data_changes", on_delete="RESTRICT", verbose_name="人员")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=40, default="", verbose_name="新姓名")
    name_pinyin = CharField(max_length=60, default="", verbose_name="新姓名拼音")
    document_type = CharField(max_length=2, default="", verbose_name="新证件类型", help_text="空 = 不变")
    document_number = SealedField(null=True, blind_index="document_index", verbose_name="新证件号")
    document_index = BlindIndexField()
    phone = SealedField(null=True, verbose_name="新手机")
    email = CharField(max_length=120, default="", verbose_name="新电子邮箱")
    statement = TextField(default="", verbose_name="说明")
    evidence = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="证明文件", help_text="改姓名或证件号须附公安机关的证明")
    state = CharField(max_length=10, default="submitted", verbose_name="状态")
    old_name = CharField(max_length=40, default="", verbose_name="原姓名")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")

    class Meta:
        table_name = "data_change"
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.person} 个人信息变更"

    @classmethod
    def add(cls, by, reason="", **values):
        """Ask for it; names and numbers are kept in their normal form."""
        for name, normal in (("name", normal_name), ("document_number", normal_document), ("email", lambda text: text.strip().lower())):
            if values.get(name):
                values[name] = normal(values[name])
        if values.get("phone"):
            values["phone"] = normal_phone(values["phone"]) or values["phone"]
        return super().add(by, reason, **values)

    @property
    def wanted(self):
        """{field of the person: new value}"""
        found = {name: getattr(self, name) for name in NEW if getattr(self, name)}
        if self.document_number:
            kind = self.document_type or self.person.document_type
            found |= {"document_type": kind} | facts_of(kind, self.document_number)
        return found

    def faults(self):
        if self.person_id is None:
            return {}
        found = {}
        if not any(getattr(self, name) for name in NEW):
            found["name"] = "请填写要变更的内容"
        if self.phone and not normal_phone(self.phone):
            found["phone"] = "新手机：这个号码不存在，请核对"
        if self.document_number:
            found |= document_faults(self.document_type or self.person.document_type, self.document_number)
            owner = Person.by_document(self.document_number)
            if owner is not None:
                found["document_number"] = "与现在的证件号相同" if owner.id == self.person_id else "这个证件号已登记在另一人名下；确为同一人的，请由学位中心合并"
        if (self.name or self.document_number) and self.evidence_id is None:
            found["evidence"] = "改姓名或证件号须附证明文件"
        return found

    def locks(self):
        return [] if self.state == "submitted" else [Reason("已经决定，不能再改", "待审", self.state_label)]

    def taken_meanwhile(self, act):
        """证件号或邮箱已属于另一人"""
        return [Reason(sentence) for name, sentence in self.faults().items() if name in ("document_number", "phone")]

    def granted(self, act):
        """The person gets the new data; the old number stays his."""
        decided(self, act)
        person, wanted = self.person, self.wanted
        self.old_name = person.name
        self.save()
        old_number = person.document_number
        person.change(act.by, reason=f"信息变更：{act.reason}", **wanted)
        if self.document_number:
            FormerDocument.add(act.by, person=person, document_number=old_number)
        for user in person.users:
            values = {name: wanted[name] for name in ("name", "email") if wanted.get(name)}
            user.change(act.by, reason="随个人信息变更", **values)

    def applicants(self):
        return list(self.person.users)

    approve = Step("submitted", "approved", by="reviewer", label="同意", stage=7, tone="ok", unless=taken_meanwhile, then=granted, tell=applicants, asks=OPINION,
                   awaits=True, done="个人信息已变更")
    refuse = Step("submitted", "refused", by="reviewer", label="不同意", stage=7, tone="bad", sets=decided, tell=applicants, asks=WHY, done="没有同意变更")
    withdraw = Step("submitted", "withdrawn", by="applicant", label="撤回", stage=7)


DataChange.add_index(DataChange.index(DataChange.person, unique=True, name="data_change_one_open").where(DataChange.state == "submitted"))
