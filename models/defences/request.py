"""Stage 8: the request for the defence with its materials and evidence, and the unit's own check list."""
from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, JSONField, TextField

from models.applications import Application
from models.base import writing
from models.conditions import conditions, evidence
from models.defences.thesis import Thesis
from models.files import File
from models.parameters import value
from models.reference import Institution
from models.workflow import GONE, Ask, Reason, Record, Refused, Step


class CheckItem(Record):
    """One requirement of a unit's own; without any the platform's list holds."""
    label, stage, readers, writers, unit_wide = "答辩审核核对项", 8, "clerk reviewer", "reviewer", True
    editable = ("title", "position", "in_use")
    clashes = {"title": "核对项里已有这一条"}

    institution = ForeignKeyField(Institution, backref="check_items", on_delete="RESTRICT", verbose_name="学位授予单位")
    title = CharField(max_length=60, verbose_name="核对项")
    position = IntegerField(default=1, verbose_name="顺序")
    in_use = BooleanField(default=True, verbose_name="使用")

    class Meta:
        indexes = ((("institution", "title"), True),)

    def __str__(self):
        return self.title

    @classmethod
    def wanted(cls, unit):
        """What a unit checks: its own list, else the platform's."""
        items = cls.select().where(cls.institution == unit, cls.in_use == True).order_by(cls.position, cls.id)      # noqa: E712
        return [item.title for item in items] or value("defence.checklist", institution=unit)


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
    ticked = JSONField(default=list, verbose_name="已核对")
    opinion = TextField(default="", verbose_name="审核意见")
    decided_on = DateField(null=True, verbose_name="审核日期")

    class Meta:
        indexes = ((("institution", "state"), False), (("state", "id"), False), (("requested_on", "id"), False))

    def __str__(self):
        return f"{self.application.person} 答辩申请"

    def checklist(self):
        """[(requirement, whether it is ticked)]."""
        return [(title, title in self.ticked) for title in CheckItem.wanted(self.institution_id)]

    def tick(self, by, titles=None):
        """Note which requirements the reviewer has found met (None: all of them)."""
        if not DefenceRequest.approve.offered_to(by):
            raise Refused([Reason("您的角色不能核对", DefenceRequest.approve.who())])
        if DefenceRequest.seen(by, self.id) is None:
            raise Refused([GONE])
        if self.state not in DefenceRequest.approve.sources:
            raise Refused([Reason("只能核对待审的申请", self.STATES["submitted"][0], self.state_label)])
        frozen = self.case_frozen(None)
        if frozen:
            raise Refused([frozen])
        return self.change(by, verb="tick", verb_label="核对", ticked=[title for title, _ in self.checklist() if titles is None or title in titles])

    def conditions_unmet(self, act):
        """三项条件（年限、统考、学分）没有全部满足"""
        return [c.reason for c in conditions(self.application) if not c.met]

    def defended_twice(self, act):
        """两次答辩都没有通过"""
        defences = self.application.defences
        failed = defences.where(defences.model.state == "failed").count()
        return Reason("答辩只能重来一次，两次都没有通过的不能再申请答辩", "至多 1 次未通过", f"{failed} 次", f"{failed - 1} 次") if failed > 1 else None

    def submitted(self, act):
        """Keep the conditions as computed now; the case moves with the request, and what was ticked before is looked at again."""
        self.requested_on, self.evidence, self.ticked = act.at.date(), evidence(conditions(self.application)), []
        if self.application.state == "registered":
            self.application.request_defence(by=act.by)

    def unmet_on_review(self, act):
        """三项条件在审核时已不满足"""
        return [c.reason for c in conditions(self.application) if not c.met]

    def checklist_open(self, act):
        """单位的核对项没有全部勾选"""
        wanted = self.checklist()
        still = [title for title, done in wanted if not done]
        done = len(wanted) - len(still)
        return Reason("请逐项核对本单位的要求：" + "、".join(still), f"{len(wanted)} 项", f"{done} 项", f"{len(still)} 项") if still else None

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
                   tell=applicants, awaits=True, done="答辩资格审核通过", asks=(Ask("opinion", "审核意见"),))
    send_back = Step("submitted", "returned", by="reviewer", label="退回补正", stage=8, tone="bad", then=sent_back, tell=applicants, asks=(Ask("reason", "退回原因"),))


class RequestDocument(Record):
    """A material that the applicant hands in with the request."""
    label, stage, readers, writers, cleared_with_case = "答辩申请材料", 8, "applicant clerk reviewer", "applicant", True
    seen_through = "request"
    editable = ("title", "file")
    clashes = {"title": "这份材料已经上传"}

    request = ForeignKeyField(DefenceRequest, backref="documents", on_delete="RESTRICT", verbose_name="答辩申请")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    title = CharField(max_length=60, verbose_name="材料")
    file = ForeignKeyField(File, on_delete="RESTRICT", verbose_name="文件")

    class Meta:
        indexes = ((("request", "title"), True),)

    def __str__(self):
        return self.title

    def faults(self):
        if self.request_id is None:
            return {}
        state = self.request.state
        return {} if state in ("draft", "returned") else {"file": f"提交之后不能再改材料：要求 草稿、退回补正，实际 {self.request.state_label}"}


def open_request(case, by):
    """The request that the applicant may still work on: the draft or the returned one, else a new one; refused with every condition unmet."""
    request = case.defence_requests.where(DefenceRequest.state.in_(("draft", "returned"))).order_by(DefenceRequest.id.desc()).first()
    if request is not None:
        return request
    if case.state != "registered":
        raise Refused([Reason("现在不能申请答辩", "在册", case.state_label)])
    unmet = [c.reason for c in conditions(case) if not c.met]
    if unmet:
        raise Refused(unmet)
    return DefenceRequest.add(by, application=case, institution=case.institution_id)


def request_defence(case, by):
    """The applicant's own way in: open a request (or take up the returned one) and submit it."""
    with writing():
        return open_request(case, by).submit(by=by)


def attach(case, by, title, file):
    """Hand in a material with the request; one under the same title is replaced."""
    with writing():
        request = open_request(case, by)
        there = request.documents.where(RequestDocument.title == title).first()
        if there is not None:
            return there.change(by, file=file)
        return RequestDocument.add(by, request=request, institution=request.institution_id, title=title, file=file)
