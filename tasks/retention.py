"""Retention: one rule for each kind of data that is kept for a time only. A sweep tells first how much is due, takes it away, and tells what went;
a rehearsal only tells."""
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from models import clock
from models.applications import Application
from models.audit import Entry, record
from models.base import writing
from models.clearing import forget_biometrics
from models.files import SECRET, File
from models.jobs import Job
from models.logins import Login
from models.outbox import Outbox
from models.parameters import value
from models.retention import RetentionReport
from models.workflow import Refused

log = logging.getLogger(__name__)
SOON = dt.timedelta(days=7)
OVER = ("awarded", "rejected", "withdrawn")       # states in which nobody needs to know a body again


@dataclass(frozen=True)
class Rule:
    """`due(now, limit)` is the query of what is past keeping; `remove(due)` takes all of it away and says how many that were."""
    name: str
    title: str
    parameter: str
    due: Callable = field(repr=False)
    remove: Callable = field(repr=False)


def in_bulk(due):
    """Rows of the machinery, which nothing refers to, go in one statement."""
    return due.model.delete().where(due.model.id.in_(due.select(due.model.id))).execute()


def each(remove):
    """One after the other, each by itself; what is refused meanwhile stays."""
    def all_of(due):
        done = 0
        for row in list(due):
            try:
                with writing():
                    remove(row)
                done += 1
            except Refused as refusal:
                log.info("not removed: %s", refusal)
        return done
    return all_of


def with_result(row):
    result = row.result
    row.delete_instance(recursive=False)
    if result is not None:
        result.destroy()


def _since(states, limit):
    """Ids of the cases that came into one of some states before a moment."""
    return (Entry.select(Entry.row_id).where(Entry.entity == Application._meta.table_name, Entry.new_state.in_(states), Entry.old_state != Entry.new_state,
                                             Entry.at < limit))


def captured(now, limit):
    """Cases that were over long ago and still have a picture or a print."""
    kept = File.select(File.case_ref).where(File.kind.in_(SECRET), File.case_ref.is_null(False))
    return Application.select().where(Application.state.in_(OVER), Application.id.in_(_since(OVER, limit)), Application.id.in_(kept))


def withdrawn(now, limit):
    """Cases withdrawn long ago whose contents are still there."""
    return Application.select().where(Application.state == "withdrawn", Application.id.in_(_since(("withdrawn",), limit)), Application.cleared.cast("TEXT") == "{}")


RULES = (
    Rule("jobs", "结束的作业和它的结果文件", "files.keep_days", lambda now, limit: Job.select().where(Job.finished_at < limit), each(with_result)),
    Rule("results", "过期的结果文件", "files.keep_days", lambda now, limit: File.select().where(File.kind == "result", File.expires_at < now), each(File.destroy)),
    Rule("log_ins", "登录记录", "login.keep_days", lambda now, limit: Login.select().where(Login.at < limit), in_bulk),
    Rule("notices", "已发送的通知", "keep.notice_days", lambda now, limit: Outbox.select().where(Outbox.created_at < limit, Outbox.state != "waiting"), in_bulk),
    Rule("captures", "已结束的申请的现场照片和指纹", "keep.capture_days", captured,
         each(lambda case: forget_biometrics(case, None, "保留期满，销毁现场照片和指纹"))),
    Rule("withdrawn", "已撤回的申请的填报内容和材料", "keep.withdrawn_days", withdrawn, each(lambda case: case.purge(by=None))))


def sweep():
    """Take away everything that is due, rule by rule; of each that had something there is a report."""
    for rule in RULES:
        report = _report(rule)
        if report.due:
            report.removed = rule.remove(_due(rule))
            report.save(force_insert=True)


def rehearse(by):
    """The reports of what a sweep would take away now; nothing goes."""
    reports = [_report(rule, rehearsed=True, ordered_by=by) for rule in RULES]
    with writing():
        for report in reports:
            report.save(force_insert=True)
            record(by, report, "rehearse", "试算清除")
    return reports


def _due(rule, ahead=dt.timedelta(0)):
    """The query of what is due now, or will be after a while."""
    now = clock.now() + ahead
    return rule.due(now, now - dt.timedelta(days=value(rule.parameter)))


def _report(rule, **values):
    due = _due(rule).count()
    return RetentionReport(rule=rule.name, title=rule.title, parameter=rule.parameter, days=value(rule.parameter), due=due,
                           coming=_due(rule, SOON).count() - due, **values)
