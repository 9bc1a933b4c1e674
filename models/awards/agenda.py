"""Stage 9: one person on the agenda of a meeting, with a ballot of his own where the committee voted apart, and a number that is given already."""
from peewee import CharField, ForeignKeyField, IntegerField

from models import bulk
from models.audit import changes, record_many
from models.awards.award import Award
from models.awards.meeting import Meeting
from models.awards.numbers import certificate_faults, typed_number
from models.base import writing
from models.reference import Institution
from models.workflow import Ask, Reason, Record, Step, held

VOTES = ("votes_for", "votes_against", "votes_abstain")
OPEN = ("planned", "noticed")


class AgendaItem(Record):
    label, stage, readers, writers, cleared_with_case = "会议议程", 9, "clerk reviewer officer centre", "clerk", True
    seen_through, unit_wide = "award", True
    editable = ("meeting", "award", *VOTES, "certificate_number")
    STATES = {"listed": ("已列入", "busy"), "removed": ("已移出", "off")}
    clashes = {"award": "这个人已在这次会议的议程上，或曾被移出"}

    meeting = ForeignKeyField(Meeting, backref="items", on_delete="RESTRICT", verbose_name="会议")
    award = ForeignKeyField(Award, backref="items", on_delete="RESTRICT", verbose_name="学位授予")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    votes_for = IntegerField(null=True, verbose_name="同意票", help_text="空 = 按会议的票数")
    votes_against = IntegerField(null=True, verbose_name="反对票")
    votes_abstain = IntegerField(null=True, verbose_name="弃权票")
    certificate_number = CharField(max_length=17, default="", verbose_name="证书编号", help_text="空 = 按单位和年份顺序取下一个号")
    state = CharField(max_length=10, default="listed", verbose_name="状态")

    class Meta:
        indexes = ((("meeting", "award"), True),)

    def __str__(self):
        return f"{self.award}"

    @classmethod
    def add(cls, by, reason="", **values):
        """Put an award on the agenda; it is held meanwhile, so that it comes to one meeting only."""
        row = cls(**values)
        with writing():
            if row.award_id:
                held(Award, row.award_id)
            return super().add(by, reason, **values)

    @classmethod
    def add_many(cls, by, meeting, awards):
        """Put on the agenda awards that were found to wait, and are held."""
        rows = [cls(id=id, meeting=meeting.id, award=award, institution=meeting.institution_id) for id, award in zip(bulk.reserve(cls, len(awards)), awards)]
        names = [name for name in cls._meta.fields]
        stored = bulk.storing(cls, names)
        bulk.insert(cls, names, [stored(row) for row in rows])
        record_many(by, [(row, "create", "新建", changes({}, row), "") for row in rows])

    def follow(self):
        """The unit is that of the meeting; a number has one spelling."""
        if self.meeting_id:
            self.institution = self.meeting.institution_id
        self.certificate_number = typed_number(self.certificate_number)

    def faults(self):
        if self.meeting_id is None or self.award_id is None:
            return {}
        found, meeting, award = {}, self.meeting, self.award
        if award.institution_id != meeting.institution_id:
            found["award"] = "这个人不是本单位的"
        elif award.state != "proposed" or award.application.state != "defended":
            found["award"] = f"只有待授予的人才能列入会议，{award.person} 现在是“{award.state_label}”"
        elif self.id is None and meeting.state != "planned":
            found["meeting"] = f"只能列入筹备中的会议，这次会议现在是“{meeting.state_label}”"
        elif other := AgendaItem.select().join(Meeting).where(AgendaItem.award == award, AgendaItem.id != (self.id or 0), AgendaItem.state == "listed",
                                                              Meeting.state.in_(OPEN)).first():
            found["award"] = f"这个人已列入 {other.meeting}"
        return found | self._vote_faults() | self._number_faults()

    def _vote_faults(self):
        votes = [getattr(self, name) for name in VOTES]
        if any(vote is not None and vote < 0 for vote in votes):
            return {"votes_for": "票数不能小于 0"}
        return {"votes_for": "单独登记票数时，同意、反对、弃权都要填写"} if None in votes and votes != [None] * 3 else {}

    def _number_faults(self):
        number = self.certificate_number
        if not number:
            return {}
        wrong = certificate_faults(number, self.meeting.institution.code, self.meeting.held_on)
        if wrong:
            return {"certificate_number": "；".join(map(str, wrong))}
        taken = Award.select().where(Award.certificate_number == number).exists() or AgendaItem.select().join(Meeting).where(
            AgendaItem.certificate_number == number, AgendaItem.id != (self.id or 0), AgendaItem.state == "listed", Meeting.state.in_(OPEN)).exists()
        return {"certificate_number": Award.clashes["certificate_number"]} if taken else {}

    def locks(self):
        return self.meeting.locks() if self.state == "listed" else [Reason("已移出议程，不能再改", "已列入", self.state_label)]

    @property
    def own_ballot(self):
        """Whether the committee voted on this person apart."""
        return self.votes_for is not None

    @property
    def ballot(self):
        """同意、反对、弃权"""
        row = self if self.own_ballot else self.meeting
        return row.votes_for, row.votes_against, row.votes_abstain

    @property
    def passed(self):
        """Whether the votes suffice."""
        return self.ballot[0] >= self.meeting.needed

    @property
    def outcome(self):
        """结果"""
        if self.meeting.state != "decided" or self.state != "listed":
            return ""
        return "授予" if self.passed else "票数不够，未授予"

    @property
    def votes(self):
        """票数"""
        return " : ".join(map(str, self.ballot)) if self.own_ballot or self.meeting.present else ""

    def meeting_over(self, act):
        """会议已经结束"""
        return self.meeting.locks()

    remove = Step("listed", "removed", by="clerk|reviewer", label="移出议程", stage=9, tone="bad", unless=meeting_over, asks=(Ask("reason", "移出原因"),))
