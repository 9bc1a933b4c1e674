"""A clerk leaves: his open work goes to a successor in the unit, his rights end and his account is closed."""
import datetime as dt

from peewee import CharField, DateTimeField, ForeignKeyField, JSONField, TextField

from models.dismissals import Dismissal
from models.files import File
from models.jobs import Job
from models.people import User
from models.reference import Institution
from models.workflow import Reason, Record, Step


class Handover(Record):
    label, readers, writers = "离岗交接", "unit_admin security auditor", "unit_admin"
    editable = ("leaver", "successor", "statement")
    STATES = {"planned": ("待交接", "wait"), "done": ("已交接", "ok"), "cancelled": ("已取消", "off")}
    clashes = {"one_open": "这个人已有一件待办的交接", "leaver": "这个人已有一件待办的交接"}

    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    leaver = ForeignKeyField(User, backref="leavings", on_delete="RESTRICT", verbose_name="离岗人")
    successor = ForeignKeyField(User, backref="successions", on_delete="RESTRICT", verbose_name="接办人")
    statement = TextField(default="", verbose_name="说明")
    state = CharField(max_length=10, default="planned", verbose_name="状态")
    moved = JSONField(default=dict, verbose_name="移交数量")
    done_at = DateTimeField(null=True, verbose_name="交接时间")

    def __str__(self):
        return f"{self.leaver} 交接给 {self.successor}"

    def faults(self):
        found = {}
        if self.leaver_id and self.leaver_id == self.successor_id:
            found["successor"] = "离岗人和接办人不能是同一人"
        for name in ("leaver", "successor"):
            if getattr(self, f"{name}_id") and getattr(self, name).institution_id != self.institution_id:
                found[name] = "只能选本单位的账号"
        if not found and self.leaver_id and self.successor_id and self.successor.college_id not in (None, self.leaver.college_id):
            found["successor"] = f"接办人限于{self.successor.college}，不能接办{self.leaver.college or '全单位'}的工作"
        return found

    def locks(self):
        return [] if self.state == "planned" else [Reason("已经办结，不能再改", "待交接", self.state_label)]

    def roles_lacking(self, act):
        """接办人没有离岗人的全部角色，或已停用"""
        if not self.successor.active:
            return Reason("接办人的账号已停用", "启用", self.successor.state_label)
        lacking = [str(role) for role in self.leaver.roles if role.name not in self.successor.role_names]
        return Reason(f"接办人还没有这些角色：{'、'.join(lacking)}", "离岗人的全部角色", "、".join(map(str, self.successor.roles)) or "没有") if lacking else None

    def handed_over(self, act):
        """Jobs with their results, and proposals that wait for a decision."""
        work = ((Job, Job.user_id), (File, File.user_ref))
        counts = {kind.label: kind.update({field: self.successor_id}).where(field == self.leaver_id).execute() for kind, field in work}
        proposals = list(Dismissal.select().where(Dismissal.proposed_by == self.leaver_id, Dismissal.state == "proposed"))
        for proposal in proposals:
            proposal.change(act.by, reason="离岗交接", proposed_by=self.successor_id)
        self.moved = {label: n for label, n in (counts | {Dismissal.label: len(proposals)}).items() if n}
        self.done_at = act.at
        yesterday = act.at.date() - dt.timedelta(days=1)
        for grant in self.leaver.grants:
            if grant.until is None or grant.until > yesterday:
                grant.change(act.by, reason="离岗交接", until=yesterday)
        if self.leaver.active:
            self.leaver.disable(by=act.by)

    take_over = Step("planned", "done", by="unit_admin", label="交接", unless=roles_lacking, then=handed_over, danger=True, awaits=True, done="已交接，离岗人的账号已停用")
    cancel = Step("planned", "cancelled", by="unit_admin", label="取消")


Handover.add_index(Handover.index(Handover.leaver, unique=True, name="handover_one_open").where(Handover.state == "planned"))
