"""Stage 7: two persons found to be one. The cases of the double go to the one that is kept; nothing is deleted."""
from peewee import CharField, DateField, ForeignKeyField, JSONField, TextField

from models.applications import LIVE, Application
from models.audit import changes, record, values_of
from models.awards import Award, AwardObjection
from models.changes.deciding import OPINION, STATES, WHY, decided
from models.consents import Consent
from models.files import File
from models.people import FormerDocument, Person, User
from models.workflow import Reason, Record, Step


class PersonMerge(Record):
    label, stage, readers, writers = "合并人员", 7, "centre", "centre"
    editable = ("kept", "double", "evidence", "statement")
    STATES = STATES
    clashes = {"one_open": "这个人已有一件待审的合并", "double": "这个人已有一件待审的合并"}

    kept = ForeignKeyField(Person, backref="merges", on_delete="RESTRICT", verbose_name="保留")
    double = ForeignKeyField(Person, backref="merged_by", on_delete="RESTRICT", verbose_name="并入的重复登记")
    evidence = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="证明文件")
    statement = TextField(verbose_name="依据")
    state = CharField(max_length=10, default="submitted", verbose_name="状态")
    proposed_by = ForeignKeyField(User, null=True, backref="merges_proposed", on_delete="RESTRICT", verbose_name="提出人")
    moved = JSONField(default=dict, verbose_name="转移数量")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_by = ForeignKeyField(User, null=True, backref="merges_decided", on_delete="RESTRICT", verbose_name="决定人")
    decided_on = DateField(null=True, verbose_name="决定日期")

    class Meta:
        table_name = "person_merge"

    def __str__(self):
        return f"{self.double} 并入 {self.kept}"

    @classmethod
    def add(cls, by, reason="", **values):
        return super().add(by, reason, **(values | {"proposed_by": by}))

    def faults(self):
        found = {}
        if self.kept_id and self.kept_id == self.double_id:
            found["double"] = "两处选了同一个人"
        for name in ("kept", "double"):
            if getattr(self, f"{name}_id") and self.state == "submitted" and getattr(self, name).merged_into_id:
                found[name] = "这个人已经并入另一人"
        return found

    def locks(self):
        return [] if self.state == "submitted" else [Reason("已经决定，不能再改", "待审", self.state_label)]

    def two_live_cases(self, act):
        """两人各有一件在办的申请"""
        live = [person for person in (self.kept, self.double) if person.applications.where(Application.state.in_((*LIVE, "frozen"))).exists()]
        return Reason("两人各有一件在办的申请，须先办结或退出其中一件", "至多 1 件", "2 件", "1 件") if len(live) == 2 else None

    def same_hands(self, act):
        """提出人与决定人是同一账号"""
        return Reason("合并由两个人办理：提出的人不能自己决定") if act.by.id == self.proposed_by_id else None

    def joined(self, act):
        """Cases, degrees and files go over; the double's number becomes a former one, its account is closed or goes over."""
        decided(self, act)
        for kind in (Application, Award, AwardObjection, Consent):
            rows = list(kind.select().where(kind.person == self.double_id))
            for row in rows:
                before = values_of(row)
                kind.update(person=self.kept_id, edition=kind.edition + 1).where(kind.id == row.id).execute()
                fresh = kind.get_by_id(row.id)
                record(act.by, fresh, "merge", "合并人员", changes(before, fresh), act.reason)
            self.moved |= {kind.label: len(rows)} if rows else {}
        File.update(person_ref=self.kept_id).where(File.person_ref == self.double_id).execute()
        (FormerDocument.update(person=self.kept_id).where(FormerDocument.person == self.double_id)).execute()
        self.double.change(act.by, reason=act.reason, merged_into=self.kept_id)
        FormerDocument.add(act.by, person=self.kept_id, document_number=self.double.document_number)
        for user in self.double.users:
            if self.kept.users.exists():
                user.disable(by=None)
            else:
                user.change(act.by, reason="合并人员", person=self.kept_id)

    approve = Step("submitted", "approved", by="centre", label="同意", stage=7, tone="ok", unless=(two_live_cases, same_hands), then=joined, asks=OPINION,
                   danger=True, awaits=True, done="已合并")
    refuse = Step("submitted", "refused", by="centre", label="不同意", stage=7, tone="bad", unless=same_hands, sets=decided, asks=WHY)
    withdraw = Step("submitted", "withdrawn", by="centre", label="撤回", stage=7)


PersonMerge.add_index(PersonMerge.index(PersonMerge.double, unique=True, name="person_merge_one_open").where(PersonMerge.state == "submitted"))
