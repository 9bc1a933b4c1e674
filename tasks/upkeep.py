"""The ends of deadlines and of what is kept for a time only; when each is done stands in the timetable.

Every function may run twice, or on several workers at once: rows are picked by what is due and moved by their steps.
"""
import datetime as dt
import logging

from peewee import fn

from models import clock
from models.applications import Application
from models.audit import LOOKS, Entry
from models.base import db, on_sqlite
from models.clearing import forget_biometrics
from models.exams.entries import ExamEntry
from models.exams.payments import Payment, payment_over
from models.exams.sessions import ExamSession
from models.exams.tries import PaymentTry
from models.files import File, clear_orphans, clear_workrooms
from models.fingerprints.templates import FingerTemplate
from models.limits import HOUR, Tally
from models.outbox import tell
from models.parameters import value
from models.throttles import FORGOTTEN, Throttle
from models.workflow import Refused
from tasks.paying import till

log = logging.getLogger(__name__)
REMIND_DAYS = 14        # a stale draft is announced so long before it is withdrawn


def void_unpaid_entries():
    """Entries that are still unpaid when the window of their session is over become void, once the provider has been asked a last time."""
    over = payment_over().select(ExamSession.id)
    till.end(PaymentTry.select().join(Payment).where(PaymentTry.state == "open", Payment.session.in_(over)))
    undecided = PaymentTry.select(PaymentTry.id).where(PaymentTry.payment == ExamEntry.payment, PaymentTry.state == "open")        # the provider may still have the money
    for entry in ExamEntry.select().where(ExamEntry.state == "unpaid", ExamEntry.session.in_(over), ~fn.EXISTS(undecided)):
        _step(entry.void)


def close_entry_windows():
    """Sessions whose window is over no longer take entries."""
    for session in ExamSession.select().where(ExamSession.state == "open", ExamSession.entry_until < clock.today()):
        _step(session.close)


def withdraw_stale_drafts():
    """Drafts that nobody touched for the days allowed are withdrawn; their owners are told two weeks before."""
    days = value("application.draft_days")
    for draft in _drafts_untouched_for(days - REMIND_DAYS):
        body = f"您的申请草稿（{draft.programme}）很久没有修改，{REMIND_DAYS} 天后将自动撤回。请登录平台继续填写并提交。"
        tell(draft.applicants(), "Application.stale", "申请草稿即将撤回", body, f"application.{draft.id}.{draft.edition}.stale")
    for draft in _drafts_untouched_for(days):
        _step(draft.withdraw, reason=f"草稿超过 {days} 天没有修改，自动撤回")


def _drafts_untouched_for(days):
    limit = clock.now() - dt.timedelta(days=days)
    touched = Entry.select(Entry.id).where(Entry.entity == Application._meta.table_name, Entry.row_id == Application.id, Entry.at >= limit, Entry.verb.not_in(LOOKS))
    return list(Application.select().where(Application.state == "draft", Application.created_at < limit, ~fn.EXISTS(touched)))


def renew_statistics():
    """SQLite plans its statements by what it last counted in the tables, and counts anew only when asked; PostgreSQL does so by itself."""
    if on_sqlite():
        db.execute_sql("PRAGMA analysis_limit = 1000")          # of each index; all of them would keep writers waiting for seconds
        db.execute_sql("ANALYZE")


def forget_tallies():
    """Counts of hours that are over go after a day."""
    Tally.delete().where(Tally.hour < clock.now() - 24 * HOUR).execute()


def forget_fingers():
    """After the award nobody needs to know a finger again: templates and prints go, case by case; that they were there stays in the log."""
    awarded = Application.select(Application.id).where(Application.state == "awarded")
    prints = File.select().where(File.kind == "fingerprint", File.case_ref.in_(awarded))
    for case in Application.select().where(Application.id.in_(prints.select(File.case_ref)) | Application.id.in_(
            FingerTemplate.select(FingerTemplate.application).where(FingerTemplate.application.in_(awarded)))):
        forget_biometrics(case, None, "销毁指纹", ("fingerprint",))


def clear_leftovers():
    """What dead workers left half written goes after a day, and counts of failures that nobody needs any more."""
    now = clock.now()
    clear_workrooms(now - dt.timedelta(days=1))
    Throttle.delete().where(Throttle.failed_at < now - 2 * FORGOTTEN, Throttle.locked_until.is_null() | (Throttle.locked_until < now)).execute()


def forget_orphans():
    """Files that no row names - their transaction was taken back, or their process died - go after an hour."""
    if count := clear_orphans(clock.now() - dt.timedelta(hours=1)):
        log.info("removed %s files that no row names", count)


def _step(step, **answers):
    """Take a step as the system; one that was refused in the meantime is not due any more."""
    try:
        step(by=None, **answers)
    except Refused as refusal:
        log.info("not taken: %s", refusal)
