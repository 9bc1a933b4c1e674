"""Stage 9: the committee of a defence, each member from the unit's own list and in one place at a time."""
from peewee import BooleanField, CharField, ForeignKeyField

from models.base import writing
from models.defences.booking import bookings, told
from models.defences.defence import Defence
from models.reference import Institution
from models.staff import Expert, FromTheList, same_person
from models.workflow import Record, held


class CommitteeMember(FromTheList, Record):
    label, stage, readers, writers, cleared_with_case = "答辩委员", 9, "clerk reviewer", "clerk", True
    seen_through = "defence"
    editable = ("defence", "expert", "chair")
    clashes = {"expert": "这个人已在这次答辩的委员会里"}

    defence = ForeignKeyField(Defence, backref="members", on_delete="RESTRICT", verbose_name="答辩")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    expert = ForeignKeyField(Expert, null=True, backref="memberships", on_delete="RESTRICT", verbose_name="委员", help_text="从本单位的“导师与专家”中选择")
    name = CharField(max_length=40, default="", verbose_name="姓名")
    title = CharField(max_length=20, default="", verbose_name="职称")
    number = CharField(max_length=30, default="", verbose_name="工号或证件号")
    unit = CharField(max_length=60, default="", verbose_name="工作单位")
    chair = BooleanField(default=False, verbose_name="主席")
    supervises = BooleanField(default=True, verbose_name="研究生导师")
    outsider = BooleanField(default=False, verbose_name="外单位")

    class Meta:
        indexes = ((("defence", "expert"), True),)

    def __str__(self):
        return self.name

    @property
    def case(self):
        """The case that is defended."""
        return self.defence.application

    @classmethod
    def add(cls, by, reason="", **values):
        """Seat a member; the hours of the defence stay as they are meanwhile."""
        row = cls(**values)
        with writing():
            if row.defence_id:
                held(Defence, row.defence_id)
            return super().add(by, reason, **values)

    def follow(self):
        super().follow()
        if self.expert is not None:
            self.supervises = self.expert.supervises

    def faults(self):
        if self.defence_id is None:
            return {}
        found, defence = self.unlisted(), self.defence
        if found or defence.state != "planned":
            return found or {"defence": str(reason) for reason in defence.locks()}
        thesis = defence.application.theses.first()
        if thesis is not None and same_person(self, thesis):
            return {"expert": f"{self.name} 是 {defence.application.person} 的导师，不能是答辩委员"}
        same = next((m for m in defence.members if m.id != self.id and m.expert_id and m.expert.is_same(self.expert)), None)
        if same is not None:
            return {"expert": self.clashes["expert"]}
        twice = [told(self, other, defence.application) for _, other in bookings(defence, [self.expert_id])]
        return {"expert": "；".join(twice)} if twice else {}

    def locks(self):
        return self.defence.locks()
