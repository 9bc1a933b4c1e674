"""Stage 6: the plan of the seats of one session: drawn from the sealed seed by a job, looked at as a draft, then fixed, which numbers the tickets."""
from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegerField, fn

from models import clock
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.seating.halls import Halls, paid
from models.exams.seating.late import admit, unseated, vacate
from models.exams.seats import SeatedRoom, Seat, Seed
from models.exams.sessions import ExamSession
from models.exams.tickets import AdmissionTicket
from models.jobs import Job
from models.workflow import Ask, Reason, Record, Refused, Step


class SeatPlan(Record):
    label, stage, readers, national, writers = "排座方案", 6, "exam centre", True, "exam"
    editable = ("session",)
    STATES = {"waiting": ("待排座", "wait"), "drawing": ("正在排座", "busy"), "draft": ("草案", "wait"), "fixed": ("已定", "ok")}
    clashes = {"session": "这个批次已有排座方案"}

    session = ForeignKeyField(ExamSession, unique=True, backref="plans", on_delete="RESTRICT", verbose_name="批次")
    round = IntegerField(default=0, verbose_name="第几次排座")
    seed = CharField(max_length=64, default="", verbose_name="种子", help_text="排座以后公开；它的 SHA-256 应与开放报考时公布的摘要相同")
    seats_count = IntegerField(default=0, verbose_name="座位数")
    rooms_count = IntegerField(default=0, verbose_name="考场数")
    neighbours_alike = IntegerField(default=0, verbose_name="同单位相邻", help_text="相邻座位来自同一单位的对数")
    digest = CharField(max_length=64, default="", verbose_name="方案的摘要", help_text="同一种子、同样的报考和考场得到同样的摘要")
    state = CharField(max_length=10, default="waiting", verbose_name="状态")
    fixed_at = DateTimeField(null=True, verbose_name="确定时间")

    def __str__(self):
        return f"{self.session} 排座方案"

    @property
    def secret(self):
        """The seed, for the drawing itself."""
        Seed.draw(self.session)
        return self.session.seeds.get().value

    # why not ----------------------------------------------------------------------------------------------------------------------
    @property
    def job(self):
        """The job that draws it now, or None."""
        live = Job.select().where(Job.kind == "seating", Job.state.in_(("queued", "running"))).order_by(Job.id.desc())
        return next((job for job in live if job.params["plan"] == self.id), None)

    def still_drawing(self, act):
        """正在排座"""
        return Reason("正在排座，请等这次排完，或先取消后台作业", "没有在排", self.job.state_label) if self.state == "drawing" and self.job else None

    def session_not_closed(self, act):
        """报考还没有结束"""
        return None if self.session.state == "closed" else Reason("报考结束以后、公布成绩以前才能排座", "报考结束", self.session.state_label)

    def places_lacking(self, act):
        """考点的座位不够"""
        if not ExamEntry.select().where(paid(self.session)).exists():
            return [Reason("这个批次没有已缴费的报考")]
        return Halls(self.session, self.secret).lacking(self.session)

    def not_all_seated(self, act):
        """有人没有座位"""
        left = unseated(self.session).count()
        return Reason("还有已缴费的报考没有座位", "0 条", f"{left} 条", f"{left} 条") if left else None

    def nobody_late(self, act):
        """没有需要补排的人"""
        return None if unseated(self.session).exists() else Reason("已缴费的报考都有座位，没有需要补排的人")

    def unanswered(self):
        """A Reason for each subject of which seats have no result, and one for results without a seat; only a fixed plan asks."""
        if self.state != "fixed":
            return []
        rows = (Seat.select(Seat.subject, fn.COUNT(Seat.id), fn.COUNT(ExamResult.id)).join(ExamEntry)
                .join(ExamResult, JOIN.LEFT_OUTER, on=ExamResult.entry == ExamEntry.id)
                .where(paid(self.session), Seat.session == self.session).group_by(Seat.subject).order_by(Seat.subject))
        names = {subject.id: str(subject) for subject in self.session.subjects}
        found = [Reason(f"{names[subject]}：有座位没有成绩", f"{seats} 条", f"{results} 条", f"{seats - results} 条")
                 for subject, seats, results in rows.tuples() if results < seats]
        strangers = ExamResult.select().join(ExamEntry).join(Seat, JOIN.LEFT_OUTER, on=Seat.entry == ExamEntry.id).where(
            ExamResult.session == self.session, Seat.id.is_null()).count()
        return found + ([Reason("有成绩的报考没有座位", "0 条", f"{strangers} 条", f"{strangers} 条")] if strangers else [])

    # what a step does -------------------------------------------------------------------------------------------------------------
    def begun(self, act):
        self.round, self.seed = self.round + 1, self.secret

    def counted(self, act=None):
        """The totals follow from the rooms."""
        self.rooms_count, self.seats_count, self.neighbours_alike = SeatedRoom.select(
            fn.COUNT(SeatedRoom.id), fn.COALESCE(fn.SUM(SeatedRoom.seated), 0), fn.COALESCE(fn.SUM(SeatedRoom.neighbours_alike), 0)).where(
            SeatedRoom.session == self.session, SeatedRoom.used == True).tuples().get()      # noqa: E712

    def presented(self, act):
        self.digest = act["digest"]
        self.counted()

    def settled(self, act):
        self.fixed_at = clock.now()

    def numbered(self, act):
        """Every seat has its exam number from now on."""
        AdmissionTicket.issue(self.session)

    def added(self, act):
        admit(self.session, act.by, act.reason)
        self.counted()

    def vacate(self, room, act):
        """Move whoever sits in a room that fails."""
        if self.state == "drawing":
            raise Refused([Reason("正在排座，请等排完以后再停用考场", "草案、已定", self.state_label)])
        if self.state != "waiting" and vacate(room, self.session, act.by, act.reason):
            fresh = type(self)(session=self.session_id)
            fresh.counted()
            self.change(act.by, reason=act.reason, rooms_count=fresh.rooms_count, seats_count=fresh.seats_count,
                        neighbours_alike=fresh.neighbours_alike)

    draw = Step("waiting|drawing", "drawing", by="exam", label="排座位", stage=6, unless=(still_drawing, session_not_closed, places_lacking),
                sets=begun, awaits=True, done="正在后台排座位")
    redraw = Step("draft", "drawing", by="exam", label="重新排座", stage=6, tone="bad", unless=(session_not_closed, places_lacking), sets=begun,
                  asks=(Ask("reason", "重新排座的原因", help="例如考场有变。种子不变，报考和考场没有变的考点排出的座位也不变"),), done="正在后台重新排座")
    present = Step("drawing", "draft", by="system", label="排座完成", stage=6, unless=not_all_seated, sets=presented)
    fail = Step("drawing", "waiting", by="system", label="排座未成", stage=6)
    fix = Step("draft", "fixed", by="exam", label="确定方案", stage=6, tone="ok", unless=(session_not_closed, not_all_seated), sets=settled,
               then=numbered, danger=True, awaits=True, done="座位已定，准考证号已生成")
    add_late = Step("fixed", "fixed", by="exam", label="补排座位", stage=6, unless=nobody_late, then=added,
                    asks=(Ask("reason", "补排的原因"),), done="已补排，其他人的座位没有变")
