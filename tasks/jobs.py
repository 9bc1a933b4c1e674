"""The ledger of long work. The Job row is the truth; whoever is woken claims it by compare-and-set and keeps it by giving signs of life.

A runner is registered with `@job(kind, title)` and called as `runner(job, progress, **params)`. It works in chunks and calls
`progress` inside the transaction of each chunk, so that rows, progress and checkpoint stand or fall together. It may be killed at
any point: another worker goes on from the checkpoint. What it returns, a File, becomes the result of the job; a runner that must not
make two of them tells `progress` of it in the transaction in which it keeps it. It works under the rights that whoever ordered the job has
when it runs: `orderer` is asked first.
"""
import datetime as dt
import logging
import os
import secrets
import socket
import threading

from models import clock
from models.audit import record
from models.base import on_sqlite, writing
from models.files import DISK
from models.jobs import Job
from models.measures import JOBS, traced
from models.people import User
from models.roles import role_label
from models.sealed import blind
from models.workflow import Reason, Refused
from tasks.queue import connected, huey, wake

log = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=2)      # a holder that gave no sign of life for so long is dead; set by JOB_LEASE
ATTEMPTS = 3
RUNNERS = {}                         # kind -> (title, function)
stopping = threading.Event()         # set when this process ends: jobs under way are handed back at their next progress


class Interrupted(Exception):
    """The job is no longer this worker's: it was cancelled, or somebody else holds it."""


class HandedBack(Interrupted):
    """This process ends; the job waits for the next one."""


def configure(settings):
    """Take the lease from the settings."""
    global LEASE
    LEASE = dt.timedelta(seconds=settings.job_lease)


def job(kind, title):
    """Register the function below as the runner of a kind of job."""
    def register(function):
        RUNNERS[kind] = (title, function)
        return function
    return register


def submit(kind, title, by, order_key="", **params):
    """Write the row and wake a worker, both with the transaction around; `title` empty means the one of the kind. `order_key` is what the form
    that was sent carries: an order that comes twice is one job."""
    with writing():
        if row := ordered(by, order_key):
            return row
        row = Job.create(kind=kind, title=title or RUNNERS[kind][0], params=params, user_id=by and by.id, order_key=_key(by, order_key))
        wake(work)
    return row


def ordered(by, order_key):
    """The job that an order has made, or None. The account is held until the transaction around ends: of two that come at once the second waits
    here, and then finds the job of the first."""
    if not order_key:
        return None
    User.locked(by.id)
    return Job.get_or_none(Job.order_key == _key(by, order_key))


def _key(by, order_key):
    """The order of one account; what another one sends under the same key is another."""
    return blind(f"{by.id} {order_key}") if order_key else None


def orderer(row, roles=()):
    """The account that ordered a job, as it is now; Refused when it is disabled, or holds none of the roles that the work asks for any more."""
    user = User.get_by_id(row.user_id)
    if not user.active:
        raise Refused([Reason("提交这个作业的账号已停用，没有执行")])
    held = [role for role, _ in user.powers()]
    if roles and not set(held) & set(roles):
        needed, there = ("、".join(map(role_label, names)) for names in (roles, held))
        raise Refused([Reason(f"提交人的角色现在不能办理“{row.title}”，没有执行", needed, there or "没有角色")])
    return user


def cancel(row, by):
    """Stop a job that waits or runs; a running one ends at its next progress, which is not kept."""
    with writing():
        if not Job.update(state="cancelled", finished_at=clock.now()).where(Job.id == row.id, Job.state.in_(["queued", "running"])).execute():
            now = Job.get_by_id(row.id)
            raise Refused([Reason("这个作业已经结束，不能取消", "排队、进行中", now.state_label)])
        record(by, row, "cancel", "取消", states=(row.state, "cancelled"))


def retry(row, by):
    """Let a job that failed or was cancelled begin anew, with all its attempts; it goes on from its checkpoint."""
    with writing():
        fresh = {"state": "queued", "attempts": 0, "owner": None, "error": "", "finished_at": None}
        if not Job.update(fresh).where(Job.id == row.id, Job.state.in_(["failed", "cancelled"])).execute():
            now = Job.get_by_id(row.id)
            raise Refused([Reason("这个作业没有失败，不能重新执行", "失败、已取消", now.state_label)])
        record(by, row, "retry", "重新执行", states=(row.state, "queued"))
    wake(work)


@huey.task(retries=12, retry_delay=10)      # it fails only with the database, which may be away for a minute or two
def work():
    """Do the oldest job that waits. One message wakes as many workers as there are jobs, so lost messages cost nothing but time."""
    with connected():
        row = claim()
        if row is not None:
            _wake_for_more()
            with traced(f"job {row.id}"):
                run(row)


def claim():
    """The oldest job that waits or whose holder is dead, now held by the caller; None when there is none. Of many callers one gets it."""
    owner, now = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}", clock.now()
    free = (Job.attempts < ATTEMPTS) & ((Job.state == "queued") | _dead(now))
    while oldest := _unheld(Job.select(Job.id).where(free).order_by(Job.id)).first():
        if Job.update(state="running", owner=owner, beat=now, attempts=Job.attempts + 1).where(Job.id == oldest.id, free).execute():
            return Job.get_by_id(oldest.id)
    return None


def _unheld(query):
    """Without the rows that somebody holds in a transaction: he lives, however long it takes."""
    return query if on_sqlite() else query.for_update("FOR UPDATE SKIP LOCKED")


def _wake_for_more():
    if Job.select(Job.id).where((Job.state == "queued") | _dead(clock.now())).exists():
        wake(work)


def _dead(now):
    return (Job.state == "running") & (Job.beat < now - LEASE)


def run(row):
    """Call the runner of a claimed job and write down how it ended."""
    if row.kind not in RUNNERS:
        return _end(row, state="failed", error=f"本系统没有“{row.kind}”这种作业，可能是后台程序的版本不一致")
    try:
        result = RUNNERS[row.kind][1](row, progress_of(row), **row.params)
        _end(row, state="done", result=result)
    except HandedBack:
        _hold(row, state="queued", owner=None, attempts=Job.attempts - 1)
    except Interrupted:
        log.info("job %s was taken away from %s", row.id, row.owner)
    except Refused as refusal:
        _end(row, state="failed", error=failed_on_the_disk(refusal) or str(refusal))
    except Exception as failure:
        if said := failed_on_the_disk(failure):
            log.error("job %s (%s): %s", row.id, row.kind, failure)
            return _end(row, state="failed", error=said)
        reference = secrets.token_hex(4)
        log.exception("job %s (%s), attempt %s, reference %s", row.id, row.kind, row.attempts, reference)
        error = f"程序出错，已尝试 {row.attempts} 次，日志编号 {reference}"
        if row.attempts >= ATTEMPTS:
            _end(row, state="failed", error=error)
        elif _hold(row, state="queued", owner=None, error=error):
            wake(work)


def failed_on_the_disk(failure):
    """The sentence for work that failed because of the disk; empty otherwise. Libraries wrap such a failure in one of their own."""
    while failure is not None:
        if isinstance(failure, OSError) and failure.errno in DISK:
            return f"结果文件写不下去：{DISK[failure.errno]}。请系统管理员检查存储空间后重新执行"
        failure = failure.__cause__ or failure.__context__
    return ""


def progress_of(row):
    """The function by which the runner of `row` says how far it is, and what is kept with that: `checkpoint=`, `result=`. It raises when
    the job is no longer his."""
    def progress(done, total, message="", **kept):
        if stopping.is_set():
            raise HandedBack
        values = {"done": done, "total": total, "message": message, "beat": clock.now(), **kept}
        if kept.get("checkpoint", row.checkpoint) != row.checkpoint:
            values["attempts"] = row.attempts = 1       # what gets on is not poisoned, however often its worker dies
            row.checkpoint = kept["checkpoint"]
        if not _hold(row, **values):
            raise Interrupted
    return progress


def _end(row, **values):
    JOBS.labels(row.kind, values["state"]).observe((clock.now() - row.created_at).total_seconds())
    return _hold(row, finished_at=clock.now(), **values)


def _hold(row, **values):
    """Write to a job only as long as it is running and held by the worker that claimed it."""
    return Job.update(**values).where(Job.id == row.id, Job.owner == row.owner, Job.state == "running").execute()


def sweep():
    """Give up what killed its worker too often, and wake somebody when jobs wait unheard or were left by a dead worker."""
    now = clock.now()
    (Job.update(state="failed", finished_at=now, error=f"执行中断 {ATTEMPTS} 次，已放弃")
     .where(_dead(now), Job.attempts >= ATTEMPTS).execute())
    _wake_for_more()
