"""Stage 6: who came in at the door of an exam site, try by try; where prints do not decide, the head of the site does, and says why."""
from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock
from models.exams.entries import ExamEntry
from models.exams.sites import ExamSite
from models.parameters import value
from models.people import User
from models.workflow import Ask, Reason, Record, Step

WAYS = (("finger", "指纹核验"), ("none", "未验指纹"), ("offline", "离线入场"))
INSIDE = ("matched", "admitted")                             # has come in
SETTLED = (*INSIDE, "waiting", "refused")                    # of these an entry has one at most
LONGEST = 200                                                # characters of a reason
WHY = (Ask("reason", "理由", help="写明怎样核对了本人，例如核对身份证原件和照片"),)


class CheckIn(Record):
    """One try at the door. It is a failed one until it is known better: the print is alike, the tries are used up, or nobody could compare."""
    label, stage, readers, seen_through, cleared_with_case = "入场验证", 6, "exam site_head door", "entry", True
    STATES = {"failed": ("指纹不符", "bad"), "matched": ("指纹相符", "ok"), "waiting": ("待负责人决定", "wait"), "admitted": ("准予入场", "ok"),
              "refused": ("不准入场", "bad"), "double": ("重复入场", "bad")}
    clashes = {"one_settled": "这个人刚刚在另一处办理了入场", "attempt": "这个人刚刚在另一处办理了入场", "client": "这一次已经登记过"}

    entry = ForeignKeyField(ExamEntry, backref="check_ins", on_delete="RESTRICT", verbose_name="报考")
    site = ForeignKeyField(ExamSite, on_delete="RESTRICT", verbose_name="考点")
    attempt = IntegerField(verbose_name="第几次")
    way = CharField(max_length=8, default="finger", choices=WAYS, verbose_name="方式")
    score = IntegerField(null=True, verbose_name="相似分")
    state = CharField(max_length=10, default="failed", verbose_name="状态")
    note = CharField(max_length=120, default="", verbose_name="现场说明")
    checked_by = ForeignKeyField(User, null=True, backref="check_ins", on_delete="RESTRICT", verbose_name="验证人")
    decided_by = ForeignKeyField(User, null=True, backref="door_decisions", on_delete="RESTRICT", verbose_name="决定人")
    decided_at = DateTimeField(null=True, verbose_name="决定时间")
    reason = CharField(max_length=LONGEST, default="", verbose_name="决定理由")
    at = DateTimeField(default=clock.now, verbose_name="时间")
    replayed_at = DateTimeField(null=True, verbose_name="补传时间")
    client = CharField(max_length=36, null=True, unique=True, verbose_name="终端编号")

    class Meta:
        indexes = ((("entry", "attempt"), True), (("site", "state"), False))

    def __str__(self):
        return f"{self.entry.application.person} 第 {self.attempt} 次"

    def unlike(self, act):
        """指纹不相似"""
        least = value("fingers.threshold", on=self.at.date())
        return None if (self.score or 0) >= least else Reason("指纹不相似", f"不低于 {least}", str(self.score or 0), str(least - (self.score or 0)))

    def tries_left(self, act):
        """还可以再验指纹"""
        most = value("door.tries", on=self.at.date())
        return Reason("还可以再验指纹", f"{most} 次", f"{self.attempt} 次", f"{most - self.attempt} 次") if self.way == "finger" and self.attempt < most else None

    def nobody_inside(self, act):
        """没有别的入场记录"""
        there = CheckIn.select().where(CheckIn.entry == self.entry_id, CheckIn.id != self.id, CheckIn.state.in_(SETTLED)).exists()
        return None if there else Reason("没有别的入场记录，不是重复入场")

    def wordy(self, act):
        """理由太长"""
        return Reason("理由太长", f"不超过 {LONGEST} 字", f"{len(act.reason)} 字", f"{len(act.reason) - LONGEST} 字") if len(act.reason) > LONGEST else None

    def decided(self, act):
        self.decided_by, self.decided_at, self.reason = act.by, act.at, act.reason

    match = Step("failed", "matched", by="system", label="指纹相符", stage=6, tone="ok", unless=unlike, done="指纹相符，已入场")
    wait = Step("failed", "waiting", by="system", label="交考点负责人决定", stage=6, unless=tries_left, done="等待考点负责人决定")
    double = Step("failed", "double", by="system", label="记为重复入场", stage=6, unless=nobody_inside)
    admit = Step("waiting|refused", "admitted", by="site_head", label="准予入场", stage=6, tone="ok", unless=wordy, sets=decided, asks=WHY, awaits=True)
    turn_away = Step("waiting", "refused", by="site_head", label="不准入场", stage=6, tone="bad", unless=wordy, sets=decided, asks=WHY)


CheckIn.add_index(CheckIn.index(CheckIn.entry, unique=True, name="check_in_one_settled").where(CheckIn.state.in_(SETTLED)))
