"""What is written down about log-ins, and the lock that follows from five failures. An identity without an account is counted and
answered like one that has an account."""
import datetime as dt

from peewee import Case

from models import clock
from models.audit import Entry, origin
from models.people import User
from models.sealed import blind

TRIES = 5
LOCK = dt.timedelta(minutes=15)


def record_account(user, verb, label, identity=""):
    """Append the audit entry for something that befell an account; of an identity without an account only the blind index is kept."""
    Entry.create(user_id=user and user.id, user_name=str(user) if user else "未知账号", address=origin.get(), entity="account",
                 row_id=user and user.id, verb=verb, verb_label=label, digest="" if user else blind(identity) or "")


def take_try(user, identity):
    """Count a try before the password is looked at, so that parallel ones cannot get past the limit; False while locked."""
    now = clock.now()
    if user is None:
        return standing(None, identity)[1] is None
    over = User.locked_until.is_null(False) & (User.locked_until <= now)
    last = User.locked_until.is_null() & (User.failed + 1 >= TRIES)
    return bool(User.update(failed=Case(None, [(over, 1)], User.failed + 1), locked_until=Case(None, [(last, now + LOCK)], None))
                .where(User.id == user.id, User.locked_until.is_null() | over).execute())


def forgive(user):
    """Only failures count: after a log-in, or with a new password, the account starts afresh."""
    User.update(failed=0, locked_until=None).where(User.id == user.id).execute()


def standing(user, identity):
    """(failures so far, moment until which the account is locked or None). Unknown identities are known by their blind index."""
    if user is not None:
        failed, until = User.select(User.failed, User.locked_until).where(User.id == user.id).tuples().get()
    else:
        times = [at for at, in Entry.select(Entry.at).where(
            Entry.entity == "account", Entry.row_id.is_null(), Entry.digest == blind(identity),
            Entry.at > clock.now() - dt.timedelta(days=1)).order_by(Entry.at).tuples()]
        failed = (len(times) - 1) % TRIES + 1 if times else 0
        until = times[-1] + LOCK if failed == TRIES else None
    return (0, None) if until and until <= clock.now() else (failed, until)


def sentence(user, identity):
    """What is said after a failure: how many tries are left, or until when there are none."""
    failed, until = standing(user, identity)
    if until:
        return f"已连续失败 {TRIES} 次，账号锁定到 {until:%H:%M}。请到时再试，或者找回密码。"
    return f"账号或密码不对。还可以再试 {TRIES - failed} 次；之后账号锁定 {LOCK.seconds // 60} 分钟。"
