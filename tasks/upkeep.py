"""What happens by the clock: the sweep of the job ledger, notices, and the ends of deadlines. One line of TIMETABLE each.

Every function may run twice, or on several workers at once: rows are picked by what is due and moved by their steps.
"""
import datetime as dt
import logging

from huey import crontab

from models import clock
from models.applications import Application
from models.audit import Entry
from models.base import writing
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession
from models.files import File
from models.jobs import Job
from models.outbox import Outbox
from models.parameters import value
from models.workflow import Refused
from tasks import jobs, notices, reminders
from tasks.queue import connected, huey

log = logging.getLogger(__name__)
REMIND_DAYS = 14        # a stale draft is announced so long before it is withdrawn


def void_unpaid_entries():
    """Entries that are still unpaid when the window of their session is over become void."""
    over = ExamSession.select(ExamSession.id).where(ExamSession.entry_until < clock.today())
    for entry in ExamEntry.select().where(ExamEntry.state == "unpaid", ExamEntry.session.in_(over)):
        _step(entry.void)


def close_entry_windows():
    """Sessions whose window is over no longer take entries."""
    for session in ExamSession.select().where(ExamSession.state == "open", ExamSession.entry_until < clock.today()):
        _step(session.close)


def withdraw_stale_drafts():
    """Drafts that nobody touched for the days allowed are withdrawn; their owners are told two weeks before."""
    days = value("application.draft_days")
    for draft in _drafts_untouched_for(days - REMIND_DAYS):
        for user in draft.applicants():
            body = f"您的申请草稿（{draft.programme}）很久没有修改，{REMIND_DAYS} 天后将自动撤回。请登录平台继续填写并提交。"
            (Outbox.insert(user_id=user.id, template="Application.stale", subject="申请草稿即将撤回", body=body,
                           state="waiting" if user.email else "none", key=f"application.{draft.id}.{draft.edition}.stale.{user.id}")
             .on_conflict_ignore().execute())
    for draft in _drafts_untouched_for(days):
        _step(draft.withdraw, reason=f"草稿超过 {days} 天没有修改，自动撤回")


def _drafts_untouched_for(days):
    limit = clock.now() - dt.timedelta(days=days)
    touched = Entry.select(Entry.row_id).where(Entry.entity == Application._meta.table_name, Entry.at >= limit)
    return list(Application.select().where(Application.state == "draft", Application.created_at < limit, Application.id.not_in(touched)))


def expire_results():
    """Result files of jobs go after the days allowed, with the jobs that ended then."""
    now = clock.now()
    limit = now - dt.timedelta(days=value("files.keep_days"))
    for row in Job.select().where(Job.finished_at < limit):
        with writing():
            result = row.result
            row.delete_instance(recursive=False)
            if result is not None:
                result.destroy()
    for file in File.select().where(File.kind == "result", File.expires_at < now):
        file.destroy()


def _step(step, **answers):
    """Take a step as the system; one that was refused in the meantime is not due any more."""
    try:
        step(by=None, **answers)
    except Refused as refusal:
        log.info("not taken: %s", refusal)


TIMETABLE = (
    ("sweep", crontab(minute="*"), jobs.sweep),
    ("notices", crontab(minute="*"), notices.send_waiting),
    ("unpaid_entries", crontab(minute="5"), void_unpaid_entries),
    ("entry_windows", crontab(minute="10"), close_entry_windows),
    ("stale_drafts", crontab(minute="20"), withdraw_stale_drafts),
    ("results", crontab(minute="30"), expire_results),
    ("deadlines", crontab(minute="40", hour="6"), reminders.announce_deadlines),
    ("releases", crontab(minute="45", hour="6"), reminders.remind_of_releases),
    ("cooling_off", crontab(minute="50"), reminders.end_cooling_off),
)


def _timed(function):
    def run():
        with connected():
            function()
    return run


for _name, _when, _function in TIMETABLE:
    huey.periodic_task(_when, name=_name)(_timed(_function))
