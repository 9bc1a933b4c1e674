"""Stages 8 and 9: the defence request with its evidence, the thesis and its reviewers, the defence with committee and ballot."""
from peewee import BooleanField, CharField, Check, DateField, DecimalField, ForeignKeyField, IntegerField, JSONField, TextField

from models import clock
from models.applications import Application
from models.awards import Award
from models.base import writing
from models.conditions import conditions, evidence
from models.files import File
from models.parameters import value
from models.reference import Institution
from models.rules.book import explain
from models.rules.thesis import CLOCKS
from models.workflow import Ask, Reason, Record, Refused, Step


class DefenceRequest(Record):
    label, stage, readers, writers, cleared_with_case = "答辩资格申请", 8, "applicant clerk reviewer officer centre", "applicant", True
    seen_through = "application"
    editable = ("statement",)
    STATES = {"draft": ("草稿", "off"), "submitted": ("待审", "wait"), "approved": ("已通过", "ok"), "returned": ("退回补正", "bad"), "withdrawn": ("已撤回", "off")}

    application = ForeignKeyField(Application, backref="defence_requests", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    state = CharField(max_length=10, default="draft", verbose_name="状态")
    statement = TextField(default="", verbose_name="申请说明")
    requested_on = DateField(null=True, verbose_name="申请日期")
    evidence = JSONField(default=list, verbose_name="三项条件")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_on = DateField(null=True, verbose_name="审核日期")

    class Meta:
        indexes = ((("institution", "state"), False),)

    def __str__(self):
        return f"{self.application.person} 答辩申请"

    def conditions_unmet(self, act):
        """三项条件（年限、统考、学分）没有全部满足"""
        return [c.reason for c in conditions(self.application) if not c.met]

    def defended_twice(self, act):
        """两次答辩都没有通过"""
        failed = self.application.defences.where(Defence.state == "failed").count()
        return Reason("答辩只能重来一次，两次都没有通过的不能再申请答辩", "至多 1 次未通过", f"{failed} 次", f"{failed - 1} 次") if failed > 1 else None

    def submitted(self, act):
        """Keep the conditions as computed now; the case moves with the request."""
        self.requested_on, self.evidence = act.at.date(), evidence(conditions(self.application))
        if self.application.state == "registered":
            self.application.request_defence(by=act.by)

    def unmet_on_review(self, act):
        """三项条件在审核时已不满足"""
        return [c.reason for c in conditions(self.application) if not c.met]

    def checklist_open(self, act):
        """单位的核对项没有全部勾选"""
        wanted = value("defence.checklist", institution=self.institution_id)
        return None if act["checked"] else Reason("请逐项核对本单位的要求：" + "、".join(wanted))

    def approved(self, act):
        self.opinion, self.decided_on = act["opinion"], act.at.date()
        self.application.admit_to_defence(by=act.by)
        Thesis.get_or_create(application=self.application_id, defaults={"institution": self.institution_id})

    def sent_back(self, act):
        self.opinion, self.decided_on = act["reason"], act.at.date()
        self.application.back_to_register(by=act.by)

    def case_frozen(self, act):
        """本人在清退冷静期"""
        return Reason("清退冷静期内不能办理") if self.application.state == "frozen" else None

    def taken_back(self, act):
        if self.application.state == "defence_requested":
            self.application.back_to_register(by=act.by)

    def applicants(self):
        return self.application.applicants()

    submit = Step("draft|returned", "submitted", by="applicant", label="提交答辩申请", stage=8, unless=(conditions_unmet, defended_twice), then=submitted,
                  done="已提交，等待单位审核")
    withdraw = Step("draft|submitted|returned", "withdrawn", by="applicant", label="撤回", stage=8, unless=case_frozen, then=taken_back)
    approve = Step("submitted", "approved", by="reviewer", label="通过", stage=8, tone="ok", unless=(unmet_on_review, checklist_open), then=approved,
                   tell=applicants, awaits=True, done="答辩资格审核通过",
                   asks=(Ask("checked", "本单位的核对项已逐项核对", "tick", required=False), Ask("opinion", "审核意见")))
    send_back = Step("submitted", "returned", by="reviewer", label="退回补正", stage=8, tone="bad", then=sent_back, tell=applicants, asks=(Ask("reason", "退回原因"),))


def request_defence(case, by):
    """The applicant's own way in: open a request (or take up the returned one) and submit it; refused with every condition unmet."""
    with writing():
        request = case.defence_requests.where(DefenceRequest.state.in_(("draft", "returned"))).order_by(DefenceRequest.id.desc()).first()
        if request is None:
            if case.state != "registered":
                raise Refused([Reason("现在不能申请答辩", "在册", case.state_label)])
            unmet = [c.reason for c in conditions(case) if not c.met]
            if unmet:
                raise Refused(unmet)
            request = DefenceRequest.add(by, application=case, institution=case.institution_id)
        return request.submit(by=by)


class Thesis(Record):
    label, stage, readers, writers, cleared_with_case = "学位论文", 9, "applicant clerk reviewer", "clerk", True
    seen_through = "application"
    editable = ("title", "keywords", "thesis_type", "topic_source", "length", "started_on", "handed_in_on", "supervisor", "supervisor_title",
                "supervisor_number", "language", "file")
    clashes = {"application": "这个人已有论文记录"}

    application = ForeignKeyField(Application, unique=True, backref="theses", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    title = CharField(max_length=120, default="", verbose_name="论文题目")
    keywords = CharField(max_length=120, default="", verbose_name="关键词", help_text="三到五个，用分号分开")
    thesis_type = CharField(max_length=1, default="", verbose_name="论文类型")
    topic_source = CharField(max_length=2, default="", verbose_name="选题来源")
    length = DecimalField(max_digits=5, decimal_places=1, null=True, verbose_name="论文字数（万字）")
    started_on = DateField(null=True, verbose_name="开题日期")
    handed_in_on = DateField(null=True, verbose_name="提交日期")
    supervisor = CharField(max_length=40, default="", verbose_name="导师姓名")
    supervisor_title = CharField(max_length=20, default="", verbose_name="导师职称")
    supervisor_number = CharField(max_length=30, default="", verbose_name="导师工号或证件号")
    language = CharField(max_length=2, default="", verbose_name="撰写语种")
    file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="论文文件")

    class Meta:
        table_name = "thesis"

    def __str__(self):
        return self.title or f"{self.application.person} 的论文"

    def locks(self):
        award = self.application.awards.first()
        return award.locks() if award else []


class ThesisReviewer(Record):
    label, stage, readers, writers, cleared_with_case = "论文评阅", 9, "clerk reviewer", "clerk", True
    seen_through = "thesis"
    editable = ("thesis", "name", "title", "number", "unit", "outsider", "sent_on", "opinion", "agrees")

    thesis = ForeignKeyField(Thesis, backref="reviewers", on_delete="RESTRICT", verbose_name="论文")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=40, verbose_name="姓名")
    title = CharField(max_length=20, default="", verbose_name="职称")
    number = CharField(max_length=30, default="", verbose_name="工号或证件号")
    unit = CharField(max_length=60, default="", verbose_name="工作单位")
    outsider = BooleanField(default=False, verbose_name="外单位", help_text="既不在授予单位，也不在申请人的工作单位")
    sent_on = DateField(null=True, verbose_name="送审日期")
    opinion = TextField(default="", verbose_name="评阅意见")
    agrees = BooleanField(null=True, verbose_name="同意答辩")

    def __str__(self):
        return self.name


class Defence(Record):
    label, stage, readers, writers, cleared_with_case = "论文答辩", 9, "applicant clerk reviewer officer centre", "clerk", True
    seen_through = "application"
    editable = ("application", "held_on", "place", "grade", "votes_for", "votes_against", "votes_abstain", "minutes")
    STATES = {"planned": ("已安排", "wait"), "passed": ("通过", "ok"), "failed": ("未通过", "bad")}
    clashes = {"attempt": "这一次答辩已经登记"}

    application = ForeignKeyField(Application, backref="defences", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    attempt = IntegerField(default=1, verbose_name="第几次")
    held_on = DateField(verbose_name="答辩日期")
    place = CharField(max_length=80, default="", verbose_name="地点")
    grade = CharField(max_length=10, default="", verbose_name="成绩")
    votes_for = IntegerField(default=0, verbose_name="同意票")
    votes_against = IntegerField(default=0, verbose_name="反对票")
    votes_abstain = IntegerField(default=0, verbose_name="弃权票")
    minutes = TextField(default="", verbose_name="答辩记录")
    state = CharField(max_length=10, default="planned", verbose_name="状态")

    class Meta:
        indexes = ((("application", "attempt"), True), (("institution", "state"), False))
        constraints = [Check("votes_for >= 0 and votes_against >= 0 and votes_abstain >= 0"), Check("attempt in (1, 2)")]

    def __str__(self):
        return f"{self.application.person} 第 {self.attempt} 次答辩"

    @classmethod
    def add(cls, by, reason="", **values):
        """Plan a defence; the unit and which attempt it is follow from the case."""
        row = cls(**values)
        if row.application_id:
            values |= {"institution": row.application.institution_id, "attempt": 1 + row.application.defences.count()}
        return super().add(by, reason, **values)

    def faults(self):
        found = {}
        if self.application_id is None:
            return found
        if self.state == "planned" and self.application.state != "defence_admitted":
            found["application"] = f"只能给准予答辩的人安排答辩，{self.application.person} 现在是“{self.application.state_label}”"
        for name in ("votes_for", "votes_against", "votes_abstain"):
            if getattr(self, name) is not None and getattr(self, name) < 0:
                found[name] = "票数不能小于 0"
        if self.attempt == 2:
            first = Defence.get(Defence.application == self.application_id, Defence.attempt == 1)
            if first.state != "failed":
                found["application"] = f"第一次答辩没有通过才能重新答辩，第一次现在是“{first.state_label}”"
            days = value("defence.repeat_days", institution=self.institution_id)
            late = (self.held_on - first.held_on).days - days if self.held_on else 0
            if late > 0:
                found["held_on"] = f"重新答辩：要求在第一次答辩 {first.held_on} 后 {days} 天内，实际 {self.held_on}，差 {late} 天"
        elif self.attempt > 2:
            found["application"] = "只能重新答辩一次"
        elif self.held_on and value("thesis.clocks_block", self.held_on, self.application.institution_id):
            late = [str(condition.reason) for condition in explain(CLOCKS, self.application, self.held_on) if not condition.met]
            found |= {"held_on": "；".join(late)} if late else {}
        return found

    def locks(self):
        return [] if self.state == "planned" else [Reason("答辩已有结果，不能再改", "已安排", self.state_label)]

    def not_held_yet(self, act):
        """答辩日期未到"""
        return Reason("答辩日期未到", f"不早于 {self.held_on}", str(clock.today())) if clock.today() < self.held_on else None

    def reviewers_lacking(self, act):
        """论文评阅人的人数、外单位、送审时间不合要求"""
        thesis = self.application.theses.first()
        if thesis is None or not thesis.title:
            return Reason("还没有登记论文题目")
        rows, unit, found = list(thesis.reviewers), self.institution_id, []
        for name, have, what in (("thesis.reviewers", len(rows), "论文评阅人"), ("thesis.outside_reviewers", sum(r.outsider for r in rows), "外单位评阅人")):
            need = value(name, self.held_on, unit)
            if have < need:
                found.append(Reason(f"{what}不够", f"{need} 人", f"{have} 人", f"{need - have} 人"))
        if any(same_person(r, thesis) for r in rows):
            found.append(Reason(f"导师 {thesis.supervisor} 不能评阅自己学生的论文"))
        days = value("thesis.review_days", self.held_on, unit)
        for row in rows:
            ahead = (self.held_on - row.sent_on).days if row.sent_on else None
            if ahead is None or ahead < days:
                found.append(Reason(f"{row.name} 的评阅材料送出太晚", f"答辩前 {days} 天", "没有登记" if ahead is None else f"{ahead} 天",
                                    "" if ahead is None else f"{days - ahead} 天"))
        return found

    def committee_lacking(self, act):
        """答辩委员会的人数、导师、外单位成员不合要求，或导师是委员"""
        members, thesis, found = list(self.members), self.application.theses.first(), []
        for name, have, what in (("committee.members", len(members), "答辩委员会成员"),
                                 ("committee.supervisors", sum(m.supervises for m in members), "研究生导师"),
                                 ("committee.outsiders", sum(m.outsider for m in members), "外单位成员")):
            need = value(name, self.held_on, self.institution_id)
            if have < need:
                found.append(Reason(f"{what}不够", f"{need} 人", f"{have} 人", f"{need - have} 人"))
        if thesis and any(same_person(m, thesis) for m in members):
            found.append(Reason(f"导师 {thesis.supervisor} 不能是答辩委员"))
        return found

    def ballot_wrong(self, act):
        """票数与委员人数不符"""
        cast, members = self.votes_for + self.votes_against + self.votes_abstain, self.members.count()
        return None if cast == members else Reason("票数合计与委员人数不符", f"{members} 票", f"{cast} 票", f"{abs(members - cast)} 票")

    def votes_lacking(self, act):
        """同意票不到全体委员的三分之二"""
        members, need = self.members.count(), votes_needed(self.members.count(), value("committee.majority", self.held_on, self.institution_id))
        return None if self.votes_for >= need else Reason("同意票不够", f"全体委员 {members} 人的 {need} 票", f"{self.votes_for} 票", f"{need - self.votes_for} 票")

    def votes_enough(self, act):
        """同意票已达到通过的票数"""
        members, need = self.members.count(), votes_needed(self.members.count(), value("committee.majority", self.held_on, self.institution_id))
        return Reason("同意票已达到通过的票数，应记为通过", f"少于 {need} 票", f"{self.votes_for} 票") if members and self.votes_for >= need else None

    def no_grade(self, act):
        """没有登记成绩等级"""
        grades = value("defence.grades", institution=self.institution_id)
        return None if self.grade in grades else Reason("请登记答辩成绩", "、".join(grades), self.grade or "空")

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
                       unless=(not_held_yet, reviewers_lacking, committee_lacking, ballot_wrong, votes_lacking, no_grade), done="论文答辩通过")
    record_failure = Step("planned", "failed", by="clerk|reviewer", label="记为未通过", stage=9, tone="bad", tell=applicants, then=failed,
                          unless=(not_held_yet, ballot_wrong, votes_enough), asks=(Ask("reason", "说明"),), done="论文答辩未通过")


class CommitteeMember(Record):
    label, stage, readers, writers, cleared_with_case = "答辩委员", 9, "clerk reviewer", "clerk", True
    seen_through = "defence"
    editable = ("defence", "name", "title", "number", "unit", "chair", "supervises", "outsider")

    defence = ForeignKeyField(Defence, backref="members", on_delete="RESTRICT", verbose_name="答辩")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    name = CharField(max_length=40, verbose_name="姓名")
    title = CharField(max_length=20, default="", verbose_name="职称")
    number = CharField(max_length=30, default="", verbose_name="工号或证件号")
    unit = CharField(max_length=60, default="", verbose_name="工作单位")
    chair = BooleanField(default=False, verbose_name="主席")
    supervises = BooleanField(default=True, verbose_name="研究生导师")
    outsider = BooleanField(default=False, verbose_name="外单位")

    class Meta:
        indexes = ((("defence", "name", "number"), True),)

    def __str__(self):
        return self.name


def votes_needed(members, majority):
    """Votes that pass, of ALL members: with [2, 3] it is 4 of 5, 4 of 6, 5 of 7."""
    top, bottom = majority
    return -(-members * top // bottom)


def same_person(row, thesis):
    """Whether a reviewer or member is the supervisor: by number where both have one, else by name."""
    if row.number and thesis.supervisor_number:
        return row.number.strip().upper() == thesis.supervisor_number.strip().upper()
    return bool(thesis.supervisor) and row.name.replace(" ", "") == thesis.supervisor.replace(" ", "")
