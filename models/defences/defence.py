"""Stage 9: the defence with its secret ballot, and its one repetition."""
from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField, TimeField

from models import clock
from models.applications import Application
from models.awards import Award
from models.base import writing
from models.defences.booking import bookings, taken_place, told, whose
from models.files import File
from models.parameters import value
from models.reference import Institution
from models.rules.book import explain
from models.rules.thesis import CLOCKS
from models.staff import same_person
from models.workflow import Ask, Reason, Record, Step


class Defence(Record):
    label, stage, readers, writers, cleared_with_case = "论文答辩", 9, "applicant clerk reviewer officer centre", "clerk", True
    seen_through = "application"
    editable = ("application", "held_on", "starts_at", "ends_at", "place", "grade", "votes_for", "votes_against", "votes_abstain", "minutes", "minutes_file")
    STATES = {"planned": ("已安排", "wait"), "passed": ("通过", "ok"), "failed": ("未通过", "bad")}
    clashes = {"attempt": "这一次答辩已经登记"}

    application = ForeignKeyField(Application, backref="defences", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    attempt = IntegerField(default=1, verbose_name="第几次")
    held_on = DateField(verbose_name="答辩日期")
    starts_at = TimeField(null=True, verbose_name="开始时间")
    ends_at = TimeField(null=True, verbose_name="结束时间")
    place = CharField(max_length=80, default="", verbose_name="地点")
    grade = CharField(max_length=10, default="", verbose_name="成绩")
    votes_for = IntegerField(default=0, verbose_name="同意票")
    votes_against = IntegerField(default=0, verbose_name="反对票")
    votes_abstain = IntegerField(default=0, verbose_name="弃权票")
    minutes = TextField(default="", verbose_name="答辩记录")
    minutes_file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="答辩记录扫描件")
    state = CharField(max_length=10, default="planned", verbose_name="状态")

    class Meta:
        indexes = ((("application", "attempt"), True), (("institution", "state"), False), (("institution", "held_on"), False))
        constraints = [Check("votes_for >= 0 and votes_against >= 0 and votes_abstain >= 0"), Check("attempt in (1, 2)")]

    def __str__(self):
        return f"{self.application.person} 第 {self.attempt} 次答辩"

    @classmethod
    def add(cls, by, reason="", **values):
        """Plan a defence; the unit and which attempt it is follow from the case. Its room and people are held while it is looked at."""
        row = cls(**values)
        if row.application_id:
            values |= {"institution": row.application.institution_id, "attempt": 1 + row.application.defences.count()}
        with writing():
            return super().add(by, reason, **values)

    def faults(self):
        if self.application_id is None:
            return {}
        found = self._attempt_faults() | self._hour_faults()
        if self.state == "planned" and self.application.state != "defence_admitted":
            found["application"] = f"只能给准予答辩的人安排答辩，{self.application.person} 现在是“{self.application.state_label}”"
        for name in ("votes_for", "votes_against", "votes_abstain"):
            if getattr(self, name) is not None and getattr(self, name) < 0:
                found[name] = "票数不能小于 0"
        return found

    def _attempt_faults(self):
        if self.attempt > 2:
            return {"application": "只能重新答辩一次"}
        if self.attempt == 2:
            return self._repeat_faults(Defence.get(Defence.application == self.application_id, Defence.attempt == 1))
        if self.held_on and value("thesis.clocks_block", self.held_on, self.application.institution_id):
            late = [str(condition.reason) for condition in self.clocks() if not condition.met]
            return {"held_on": "；".join(late)} if late else {}
        return {}

    def _repeat_faults(self, first):
        found = {} if first.state == "failed" else {"application": f"第一次答辩没有通过才能重新答辩，第一次现在是“{first.state_label}”"}
        days = value("defence.repeat_days", institution=self.institution_id)
        late = (self.held_on - first.held_on).days - days if self.held_on else 0
        if late > 0:
            found["held_on"] = f"重新答辩：要求在第一次答辩 {first.held_on} 后 {days} 天内，实际 {self.held_on}，差 {late} 天"
        return found

    def _hour_faults(self):
        if (self.starts_at is None) != (self.ends_at is None):
            return {"ends_at" if self.ends_at is None else "starts_at": "开始和结束时间要一起填写"}
        if self.starts_at and self.ends_at <= self.starts_at:
            return {"ends_at": f"结束时间：要求晚于开始时间 {self.starts_at:%H:%M}，实际 {self.ends_at:%H:%M}"}
        if self.held_on is None or self.state != "planned":
            return {}
        there = taken_place(self)
        if there is not None:
            return {"place": f"{self.place} {there.starts_at:%H:%M} 到 {there.ends_at:%H:%M} 已有 {whose(there, self.application)}"}
        experts = [member.expert_id for member in self.members if member.expert_id] if self.id else []
        twice = [told(member, other, self.application) for member, other in bookings(self, experts)]
        return {"held_on": "；".join(twice)} if twice else {}

    def clocks(self):
        """The clocks of the thesis as they stand on the day of the defence; they warn, or by parameter stand against it."""
        return explain(CLOCKS, self.application, self.held_on)

    def locks(self):
        return [] if self.state == "planned" else [Reason("答辩已有结果，不能再改", "已安排", self.state_label)]

    def not_held_yet(self, act):
        """答辩日期未到"""
        return Reason("答辩日期未到", f"不早于 {self.held_on}", str(clock.today())) if clock.today() < self.held_on else None

    def thesis_lacking(self, act):
        """论文的题目、导师、文字复制比，或评阅人的人数、外单位、送审时间不合要求"""
        thesis = self.application.theses.first()
        return thesis.lacking(self.held_on) if thesis is not None else Reason("还没有登记论文")

    def committee_lacking(self, act):
        """答辩委员会的人数、导师、外单位成员、主席不合要求，或导师是委员"""
        members, thesis, found = list(self.members), self.application.theses.first(), []
        for name, have, what in (("committee.members", len(members), "答辩委员会成员"),
                                 ("committee.supervisors", sum(m.supervises for m in members), "研究生导师"),
                                 ("committee.outsiders", sum(m.outsider for m in members), "外单位成员")):
            need = value(name, self.held_on, self.institution_id)
            if have < need:
                found.append(Reason(f"{what}不够", f"{need} 人", f"{have} 人", f"{need - have} 人"))
        chairs = sum(m.chair for m in members)
        if chairs != 1:
            found.append(Reason("答辩委员会主席", "1 人", f"{chairs} 人", f"{abs(chairs - 1)} 人"))
        if thesis and any(same_person(m, thesis) for m in members):
            found.append(Reason(f"导师 {thesis.supervisor} 不能是答辩委员"))
        return found

    def ballot_wrong(self, act):
        """票数与委员人数不符"""
        cast, members = self.votes_for + self.votes_against + self.votes_abstain, self.members.count()
        return None if cast == members else Reason("票数合计与委员人数不符", f"{members} 票", f"{cast} 票", f"{abs(members - cast)} 票")

    def needed(self):
        """(number of members, votes of theirs that pass on the day of the defence)."""
        members = self.members.count()
        return members, votes_needed(members, value("committee.majority", self.held_on, self.institution_id))

    def votes_lacking(self, act):
        """同意票不到全体委员的三分之二"""
        members, need = self.needed()
        return None if self.votes_for >= need else Reason("同意票不够", f"全体委员 {members} 人的 {need} 票", f"{self.votes_for} 票", f"{need - self.votes_for} 票")

    def votes_enough(self, act):
        """同意票已达到通过的票数"""
        members, need = self.needed()
        return Reason("同意票已达到通过的票数，应记为通过", f"少于 {need} 票", f"{self.votes_for} 票") if members and self.votes_for >= need else None

    def no_grade(self, act):
        """没有登记成绩等级"""
        grades = value("defence.grades", institution=self.institution_id)
        return None if self.grade in grades else Reason("请登记答辩成绩", "、".join(grades), self.grade or "空")

    def no_minutes(self, act):
        """没有答辩记录（本单位要求时）"""
        if self.minutes.strip() or self.minutes_file_id or not value("defence.minutes_needed", self.held_on, self.institution_id):
            return None
        return Reason("请先填写答辩记录，或上传扫描件")

    def passed(self, act):
        """The case is defended, and the award is proposed at once so that what its report lacks shows early."""
        case = self.application
        case.defend(by=act.by)
        Award.add(act.by, application=case, person=case.person_id, institution=self.institution_id, discipline=case.discipline_id)

    def failed(self, act):
        """A first failure may be repeated; after the second the request is used up and the case is back on the register."""
        if self.attempt == 2:
            self.application.back_to_register(by=act.by)

    def applicants(self):
        return self.application.applicants()

    record_pass = Step("planned", "passed", by="clerk|reviewer", label="记为通过", stage=9, tone="ok", tell=applicants, then=passed, awaits=True,
                       unless=(not_held_yet, thesis_lacking, committee_lacking, ballot_wrong, votes_lacking, no_grade, no_minutes), done="论文答辩通过")
    record_failure = Step("planned", "failed", by="clerk|reviewer", label="记为未通过", stage=9, tone="bad", tell=applicants, then=failed,
                          unless=(not_held_yet, ballot_wrong, votes_enough), asks=(Ask("reason", "说明"),), done="论文答辩未通过")


def votes_needed(members, majority):
    """Votes that pass, of ALL members: with [2, 3] it is 4 of 5, 4 of 6, 5 of 7."""
    top, bottom = majority
    return -(-members * top // bottom)
