"""What stands around the stages of the demo: announcements, rechecks of the register, and notices that were sent long ago."""
from models import clock
from models.base import db, on_sqlite
from models.outbox import Outbox
from models.reference import Announcement
from models.register import Recheck
from tasks.demo.cases import days

ANNOUNCEMENTS = (
    (300, "withdrawn", "平台维护通知", "本周六 22:00 至次日 6:00 系统维护，期间不能登录。"),
    (38, "published", "关于做好今年同等学力人员申请硕士学位工作的通知", "各学位授予单位请在规定时间内发布拟接受学科，并做好现场确认和资格审核。申请人请在所报单位规定的时间内提交申请。"),
    (11, "published", "全国统考报考与缴费须知", "报考与缴费在规定时间内办理，逾期未缴费的科目自动作废。考试科目为外国语水平和学科综合水平，没有综合试卷的学科只考外国语。"),
    (3, "draft", "关于报送学位授予信息的通知（征求意见）", "请各单位在报送时间内提交；本学期没有授予学位的单位，请办理未授予学位确认。"))
RECHECKS = (("10001", 120, True), ("10246", 95, True), ("10284", 60, True), ("10001", 2, False), ("10246", 4, False))


def announce(world, ago, state, title, body):
    centre = world.staff["centre"]
    yield world.today - days(ago)
    row = Announcement.add(centre, title=title, body=body)
    if state != "draft":
        row.publish(by=centre)
    if state == "withdrawn":
        yield world.today - days(ago - 8)
        row.withdraw(by=centre)


def recheck(world, code, ago, done):
    """One run over the register of a unit, or one that still waits to be run."""
    clerk = world.staff[code, "clerk"]
    yield world.today - days(ago)
    row = Recheck.add(clerk, institution=clerk.institution, name=f"{clock.today():%Y 年 %m 月}资格复核", as_of=clock.today())
    if done:
        yield world.today - days(ago - 1)
        if not on_sqlite():
            db.execute_sql("ANALYZE")        # the rows of a transaction under way are unknown to the planner: it would plan for empty tables
        row.run(by=clerk)


def deliver(today):
    """Notices of more than two days ago were sent and read, one of them came back; the worker sends the rest."""
    old = Outbox.created_at < clock.now() - days(2)
    Outbox.update(state="sent", attempts=1, sent_at=Outbox.created_at, read_at=Outbox.created_at).where(Outbox.state == "waiting", old).execute()
    bounced = Outbox.select(Outbox.id).where(Outbox.state == "sent").order_by(Outbox.id.desc()).limit(1).scalar()
    Outbox.update(state="failed", attempts=3, read_at=None, error="收件人邮箱已满").where(Outbox.id == bounced).execute()
