"""Counting failures, for whoever tries to log in: of an account on its own row, of an address or of an identity that has no account by its
blind index. Every count is one statement, so that processes share it and parallel tries cannot get past a limit. They lie in the database also
where there is a Redis: a lock outlives its restart, and security sees and lifts it."""
import datetime as dt

from peewee import Case, CharField, DateTimeField, IntegerField, IntegrityError

from models import clock
from models.base import Entity, writing
from models.parameters import value
from models.sealed import blind

FORGOTTEN = dt.timedelta(days=1)        # without a failure for so long the count begins anew
LOCKS = 12             # more cannot follow each other before the count begins anew


class Throttle(Entity):
    """How often something failed, and until when nothing is tried; or, with a count of nothing, something that may be used but once."""
    label = "失败计数"

    key = CharField(max_length=100, unique=True, verbose_name="对象")
    failed = IntegerField(default=0, verbose_name="失败次数")
    failed_at = DateTimeField(null=True, index=True, verbose_name="最近失败")
    locked_until = DateTimeField(null=True, verbose_name="锁定到")

    @classmethod
    def row(cls, kind, text):
        """The row of an address or an identity, made when there is none."""
        key = f"{kind}:{blind(text)}"
        cls.insert(key=key).on_conflict_ignore().execute()
        return cls.get(cls.key == key)


def take_try(row, tries):
    """Count a try of a row before it is known whether it fails; False while it is locked. Every `tries` failures lock it, each time twice as long."""
    kind, now = type(row), clock.now()
    first, most = dt.timedelta(minutes=value("login.lock_minutes")), dt.timedelta(minutes=value("login.lock_most_minutes"))
    count = Case(None, [(kind.failed_at < now - FORGOTTEN, 1)], kind.failed + 1)
    steps = [(count == tries * n, now + min(first * 2 ** (n - 1), most)) for n in range(1, LOCKS + 1)]
    return bool(kind.update(failed=count, failed_at=now, locked_until=Case(None, steps, None))
                .where(kind.id == row.id, kind.locked_until.is_null() | (kind.locked_until <= now)).execute())


def forgive(row):
    """Start afresh: after a log-in, with a new password, or because security unlocks it."""
    type(row).update(failed=0, failed_at=None, locked_until=None).where(type(row).id == row.id).execute()


def standing(row):
    """(failures that count, moment until which the row is locked or None)."""
    kind, now = type(row), clock.now()
    failed, at, until = kind.select(kind.failed, kind.failed_at, kind.locked_until).where(kind.id == row.id).tuples().get()
    return (0 if at is None or at < now - FORGOTTEN else failed), (until if until and until > now else None)


def use_once(kind, text):
    """Whether this is used for the first time; from now on it is used."""
    try:
        with writing():
            Throttle.create(key=f"{kind}:{blind(text)}", failed_at=clock.now())
    except IntegrityError:
        return False
    return True
