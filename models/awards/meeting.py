"""Stage 9: a meeting of the unit's degree committee - its public notice, its quorum and ballot, and the decision over all degrees on its agenda."""
import datetime as dt

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from models import clock, many
from models.applications import Application
from models.awards.award import Award
from models.base import on_sqlite
from models.bulk import among
from models.files import File
from models.parameters import value
from models.people import User
from models.reference import Institution
from models.workflow import Ask, Reason, Record, Refused, Step

SAID = 20           # of those that stand against a decision so many are named


class Meeting(Record):
    label, stage, readers, writers = "学位评定委员会会议", 9, "clerk reviewer officer centre", "clerk"
    editable = ("number", "held_on", "members", "present", "votes_for", "votes_against", "votes_abstain", "minutes", "note")
    STATES = {"planned": ("筹备", "wait"), "noticed": ("公示", "busy"), "decided": ("已决定", "ok"), "cancelled": ("已取消", "off")}
    clashes = {"number": "本单位已有这个编号的会议"}

    institution = ForeignKeyField(Institution, backref="meetings", on_delete="RESTRICT", verbose_name="学位授予单位")
    number = CharField(max_length=40, verbose_name="会议", help_text="例如 2026 年第 3 次")
    held_on = DateField(verbose_name="开会日期", help_text="决定的日期，也是学位的日期")
    members = IntegerField(verbose_name="全体委员", help_text="人数")
    present = IntegerField(default=0, verbose_name="到会委员", help_text="人数")
    votes_for = IntegerField(default=0, verbose_name="同意票", help_text="议程中没有单独登记票数的人都按这一票数")
    votes_against = IntegerField(default=0, verbose_name="反对票")
    votes_abstain = IntegerField(default=0, verbose_name="弃权票")
    minutes = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="会议决定文件")
    notice_from = DateField(null=True, verbose_name="公示开始")
    notice_until = DateField(null=True, verbose_name="公示截止", help_text="最后一天计入，到 24:00 为止")
    decision_number = CharField(max_length=40, default="", verbose_name="决定编号")
    note = TextField(default="", verbose_name="备注")
    planned_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="筹备人")
    state = CharField(max_length=10, default="planned", verbose_name="状态")

    class Meta:
        indexes = ((("institution", "number"), True), (("institution", "state"), False), (("state", "notice_until"), False))
        constraints = [Check("votes_for >= 0 and votes_against >= 0 and votes_abstain >= 0 and present >= 0")]

    def __str__(self):
        return f"{self.institution} {self.number}"

    @classmethod
    def add(cls, by, reason="", **values):
        """Who plans it is kept: where the unit asks for four eyes, somebody else decides."""
        return super().add(by, reason, **{"planned_by": by} | values)

    def faults(self):
        found = {}
        if self.members is not None and self.members < 1:
            found["members"] = f"全体委员：要求至少 1 人，实际 {self.members}"
        elif self.members is not None and self.present is not None and not 0 <= self.present <= self.members:
            found["present"] = f"到会委员：要求 0 到全体委员 {self.members} 人，实际 {self.present}"
        for name in ("votes_for", "votes_against", "votes_abstain"):
            if getattr(self, name) is not None and getattr(self, name) < 0:
                found[name] = "票数不能小于 0"
        return found

    def locks(self):
        return [] if self.open else [Reason("会议已经结束，不能再改", "筹备、公示", self.state_label)]

    @property
    def open(self):
        """Whether nothing is decided yet."""
        return self.state in ("planned", "noticed")

    # the agenda ------------------------------------------------------------------------------------------------------------------------
    def listed(self):
        """The items on the agenda, with their awards."""
        item = self.items.model
        rows = list(self.items.select(item, Award).join(Award).where(item.state == "listed").order_by(item.id))
        for row in rows:
            row.__rel__["meeting"] = self
        return rows

    def waiting(self):
        """Query over the unit's proposed awards that are on no open agenda."""
        item = type(self).items.rel_model
        taken = item.select(item.award).join(Meeting).where(
            item.state == "listed", Meeting.institution == self.institution_id, Meeting.state.in_(("planned", "noticed")))
        return Award.select().where(Award.institution == self.institution_id, Award.state == "proposed", Award.id.not_in(taken)).order_by(Award.id)

    @property
    def size(self):
        """议程人数"""
        return self.items.where(self.items.model.state == "listed").count()

    @property
    def needed(self):
        """Votes that pass: more than the share of all members that the law of the day asks for."""
        top, bottom = value("degree.majority", self.held_on, self.institution_id)
        return self.members * top // bottom + 1

    @property
    def quorum(self):
        """How many members must be there."""
        top, bottom = value("degree.quorum", self.held_on, self.institution_id)
        return -(-self.members * top // bottom)

    # guards ----------------------------------------------------------------------------------------------------------------------------
    def nothing_listed(self, act):
        """议程上没有人"""
        return None if self.size else Reason("议程上没有人", "至少 1 人", "0 人", "1 人")

    def nobody_waits(self, act):
        """没有可以列入的人"""
        return None if self.waiting().exists() else Reason("本单位没有待授予而未列入会议的人")

    def no_notice_asked(self, act):
        """本单位不公示"""
        return None if value("award.notice_days", institution=self.institution_id) else Reason("参数“学位授予前公示的天数”是 0，不必公示")

    def not_held_yet(self, act):
        """开会日期未到"""
        today = clock.today()
        return Reason("开会日期未到", f"不早于 {self.held_on}", str(today), f"{(self.held_on - today).days} 天") if today < self.held_on else None

    def committee_wrong(self, act):
        """全体委员的人数不合规定"""
        least, odd = (value(name, self.held_on, self.institution_id) for name in ("degree.members", "degree.members_odd"))
        found = [Reason("学位评定委员会的人数不够", f"{least} 人", f"{self.members} 人", f"{least - self.members} 人")] if self.members < least else []
        return found + ([Reason("学位评定委员会的人数要求是单数", "单数", f"{self.members} 人")] if odd and self.members % 2 == 0 else [])

    def quorum_lacking(self, act):
        """到会的委员不够"""
        lack = self.quorum - self.present
        return Reason("到会的委员不够", f"全体委员 {self.members} 人的 {self.quorum} 人", f"{self.present} 人", f"{lack} 人") if lack > 0 else None

    def ballot_wrong(self, act):
        """票数与到会人数不符"""
        return next((Reason(f"{who}票数合计与到会委员人数不符", f"{self.present} 票", f"{cast} 票", f"{abs(self.present - cast)} 票")
                     for who, cast in [("", self.votes_for + self.votes_against + self.votes_abstain),
                                       *((f"{item.award.person} ", sum(item.ballot)) for item in self.listed() if item.own_ballot)]
                     if cast != self.present), None)

    def notice_lacking(self, act):
        """没有公示，或公示没有结束"""
        days = value("award.notice_days", self.held_on, self.institution_id)
        if self.state == "noticed" and self.held_on <= self.notice_until:
            return Reason("公示结束以后才能决定", f"晚于 {self.notice_until}", f"开会日期 {self.held_on}", f"{(self.notice_until - self.held_on).days + 1} 天")
        return Reason("还没有公示", f"{days} 天", "没有") if days and self.state != "noticed" else None

    def same_hands(self, act):
        """筹备人与决定人是同一账号（单位要求两人办理时）"""
        if value("award.four_eyes", institution=self.institution_id) and act.by.id == self.planned_by_id:
            return Reason("本单位的学位授予由两个人办理：筹备会议的人不能自己决定授予")

    def no_minutes(self, act):
        """没有会议决定文件"""
        return None if self.minutes_id else Reason("还没有上传会议决定文件")

    def under_objection(self, act):
        """议程上有人有没有答复或成立的异议"""
        objection = Award.objections.rel_model
        rows = objection.select(objection, Award).join(Award).where(objection.state.in_(("open", "upheld")), objection.award.in_(
            self.items.select(self.items.model.award).where(self.items.model.state == "listed")))
        return [Reason(f"{row.award.person} 的异议{'还没有答复' if row.state == 'open' else '成立'}：请{'先答复' if row.state == 'open' else '移出议程'}")
                for row in rows.limit(SAID)]

    # effects ---------------------------------------------------------------------------------------------------------------------------
    def filled(self, act):
        """Put everybody on the agenda who waits for a degree; the awards are held before it is asked which of them are free still."""
        if not on_sqlite():
            list(self.waiting().select(Award.id).for_update())
        type(self).items.rel_model.add_many(act.by, self, list(self.waiting()))

    def shown(self, act):
        days = value("award.notice_days", institution=self.institution_id)
        self.notice_from, self.notice_until = act.at.date(), act.at.date() + dt.timedelta(days=days - 1)

    def signed(self, act):
        self.decision_number = act["decision_number"].strip()

    def decided(self, act):
        """Grant every degree that has the votes, all or none; the cases are held first, as a dismissal does it."""
        if not on_sqlite():
            list(Application.select(Application.id).where(among((Application.id,), [item.award.application_id for item in self.listed()]))
                 .order_by(Application.id).for_update())
        if gone := self.nothing_listed(act):
            raise Refused([gone])
        needed = self.needed
        passed = [item for item in self.listed() if item.ballot[0] >= needed]
        answers = {"decision_number": self.decision_number, "awarded_on": self.held_on,
                   "numbers": {item.award_id: item.certificate_number for item in passed if item.certificate_number}}
        refused = many.take(Award.grant, Award, [item.award_id for item in passed], act.by, answers)
        if refused:
            names = {item.award_id: item.award.person for item in passed if item.award_id in refused}
            raise Refused([Reason(f"{names[id]}：{text}") for id, text in list(refused.items())[:SAID]])

    fill = Step("planned", "planned", by="clerk|reviewer", label="列入全部待授予的人", stage=9, unless=nobody_waits, then=filled, done="已列入议程")
    publish = Step("planned", "noticed", by="reviewer", label="公示", stage=9, unless=(no_notice_asked, nothing_listed), sets=shown, done="名单已公示")
    decide = Step("planned|noticed", "decided", by="reviewer", label="决定授予", stage=9, tone="ok", sets=signed, then=decided, awaits=True,
                  unless=(not_held_yet, committee_wrong, quorum_lacking, ballot_wrong, notice_lacking, no_minutes, nothing_listed, under_objection, same_hands),
                  asks=(Ask("decision_number", "学位评定委员会决定编号", "line", help="同意票够数的人按这一决定授予，证书编号依次取号"),), done="已授予学位")
    cancel = Step("planned|noticed", "cancelled", by="clerk|reviewer", label="取消会议", stage=9, tone="bad", asks=(Ask("reason", "取消原因"),))
