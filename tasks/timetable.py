"""What happens by the clock: the timetable, and the minute hand that runs what is due. The rows of TimedRun hold when each line ran last and
runs next; of many workers one moves a row on, and a line that was due while no worker lived is run by the next one."""
import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from huey import crontab

from models import auditdays, clock, figures
from models.audit import record
from models.base import writing
from models.measures import traced
from models.timed import TimedRun
from models.workflow import Reason, Refused
from tasks import fingers, gaps, jobs, notices, reminders, retention, upkeep
from tasks.backup import making
from tasks.paying import till
from tasks.queue import connected, huey, wake

log = logging.getLogger(__name__)
LONGEST = dt.timedelta(hours=2)         # a run that has not ended after so long is that of a dead worker


@dataclass(frozen=True)
class At:
    """A minute of every hour, of one hour of every day, or every minute."""
    minute: int | None = None
    hour: int | None = None

    def __str__(self):
        if self.minute is None:
            return "每分钟"
        return f"每小时 {self.minute:02d} 分" if self.hour is None else f"每天 {self.hour:02d}:{self.minute:02d}"

    def after(self, moment):
        """The first such minute after a moment."""
        found = moment.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
        if self.minute is not None:
            found += dt.timedelta(minutes=(self.minute - found.minute) % 60)
        if self.hour is not None:
            found += dt.timedelta(hours=(self.hour - found.hour) % 24)
        return found


@dataclass(frozen=True)
class Line:
    """One line of the timetable. What it does may be done twice, and by several workers at once."""
    name: str
    title: str
    do: Callable = field(repr=False)
    at: At = At()


TIMETABLE = (
    Line("sweep", "看护后台作业：接手中断的，放弃屡次中断的", jobs.sweep),
    Line("notices", "发送通知", notices.send_waiting),
    Line("payments", "向支付机构核对没有到账的支付单", till.reconcile),
    Line("refunds", "办理退款，没有成功的再试", till.refund_waiting),
    Line("statements", "与支付机构逐日对账", till.draw_up_statements, At(15, hour=9)),
    Line("unpaid_soon", "提醒没有缴费的报考即将截止", reminders.announce_unpaid, At(25, hour=8)),
    Line("unpaid_entries", "报考时间结束后作废未缴费的报考", upkeep.void_unpaid_entries, At(5)),
    Line("entry_windows", "报考时间结束后关闭报考", upkeep.close_entry_windows, At(10)),
    Line("stale_drafts", "撤回长期没有修改的草稿，事先提醒", upkeep.withdraw_stale_drafts, At(20)),
    Line("leftovers", "清理中断留下的文件和失败计数", upkeep.clear_leftovers, At(30)),
    Line("orphans", "清除没有登记的文件", upkeep.forget_orphans, At(50, hour=4)),
    Line("statistics", "更新数据库的统计信息", upkeep.renew_statistics, At(55, hour=4)),
    Line("tallies", "清理一天以前的查询计数", upkeep.forget_tallies, At(35)),
    Line("retention", "按保留期清除到期的数据，留下清除报告", retention.sweep, At(25, hour=3)),
    Line("cooling_off", "清退冷静期结束后办结", reminders.end_cooling_off, At(50)),
    Line("seal", "封存前一天的操作日志", auditdays.seal, At(30, hour=3)),
    Line("backup", "每夜备份", making.nightly, At(15, hour=2)),
    Line("deadlines", "提醒临近和超过学习年限的申请人", reminders.announce_deadlines, At(40, hour=6)),
    Line("figures", "汇总公开统计", figures.draw_up, At(5, hour=4)),
    Line("fingers", "为将要参加考试而没有指纹模板的人补做模板", fingers.enrol_seated, At(15, hour=2)),
    Line("awarded_fingers", "销毁已授学位的人的指纹和指纹模板", upkeep.forget_fingers, At(25)),
    Line("gaps", "提醒补齐学位授予信息中缺少的项", gaps.ask_for_gaps, At(35, hour=6)),
    Line("releases", "提醒临期和逾期的放行申请", reminders.remind_of_releases, At(45, hour=6)),
)


def enter():
    """Give every line its row; a line whose time was changed goes by the new one."""
    with writing():
        for line in TIMETABLE:
            words = {"title": line.title, "schedule": str(line.at)}
            row = TimedRun.get_or_none(TimedRun.name == line.name)
            if row is None:
                TimedRun.insert(name=line.name, next_at=line.at.after(clock.now()), **words).on_conflict_ignore().execute()
            elif row.schedule != words["schedule"] or row.title != words["title"]:
                TimedRun.update(next_at=line.at.after(clock.now()), **words).where(TimedRun.id == row.id).execute()


def run_due():
    """Run the lines whose time has come and that nobody else runs."""
    for line in TIMETABLE:
        now = clock.now()
        if _claim(line, now):
            _run(line, now)


def _claim(line, now):
    free = (TimedRun.state != "running") | (TimedRun.started_at < now - LONGEST)
    taken = {"state": "running", "started_at": now, "ended_at": None, "next_at": line.at.after(now), "runs": TimedRun.runs + 1}
    return TimedRun.update(taken).where(TimedRun.name == line.name, TimedRun.next_at <= now, free).execute()


def _run(line, started):
    begun, end = time.perf_counter(), {"state": "done", "error": ""}
    with traced(f"timed {line.name}"):
        try:
            line.do()
        except Exception as error:      # one line that fails must not hold up the others
            reference = secrets.token_hex(4)
            log.exception("timed work %s, reference %s", line.name, reference)
            end = {"state": "failed", "error": f"{type(error).__name__}，日志编号 {reference}"}
    (TimedRun.update(ended_at=clock.now(), seconds=round(time.perf_counter() - begun, 2), **end)
     .where(TimedRun.name == line.name, TimedRun.state == "running", TimedRun.started_at == started).execute())


def run_now(row, by):
    """Let a line run at once, whatever its time."""
    with writing():
        if not TimedRun.update(next_at=clock.now()).where(TimedRun.id == row.id, TimedRun.state != "running").execute():
            raise Refused([Reason("这个任务正在执行", "没有在执行", "进行中")])
        record(by, row, "run_now", "立即执行")
        wake(minute_hand)


@huey.periodic_task(crontab(minute="*"), name="minute_hand")
def minute_hand():
    """Once a minute, and when somebody asks."""
    with connected():
        run_due()
