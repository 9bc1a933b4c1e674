"""The queue that wakes workers: Huey on Redis or on a file of its own. It holds nothing that matters, the ledger of jobs does."""
import logging
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec

from models.base import db
from models.sparing import without

with without("redis"):
    from huey import Huey, storage

log = logging.getLogger(__name__)
huey = Huey("tongli", storage_class=storage.MemoryStorage, results=False)


def configure(settings, immediate=False):
    """Say where the messages lie. `immediate` runs a task where it is called, as tests want it."""
    if settings.redis_url:
        huey.storage_class, huey.storage_kwargs = _with_redis().RedisStorage, {"url": settings.redis_url}
    else:
        settings.instance_dir.mkdir(parents=True, exist_ok=True)
        huey.storage_class, huey.storage_kwargs = storage.SqliteStorage, {"filename": str(settings.instance_dir / "queue.db")}
    huey.immediate = immediate
    huey.storage = huey.create_storage()


def _with_redis():
    """Huey's kinds of storage once more, now with the library of Redis."""
    found = find_spec(storage.__name__)
    again = module_from_spec(found)
    found.loader.exec_module(again)
    return again


def problem():
    """Why the queue does not answer, in one word for the health page; empty when it does."""
    try:
        huey.pending_count()
    except Exception as error:      # whatever the storage raises: the health page must answer
        log.warning("the queue does not answer: %s", error)
        return type(error).__name__
    return ""


def wake(task, *args):
    """Leave a message for a worker once the transaction under way is committed."""
    db.after_commit(lambda: _leave(task, args))


def _leave(task, args):
    try:
        task(*args)
    except Exception:       # the rows are committed and must not look undone; the next sweep wakes somebody for them
        log.exception("the queue could not be woken for %s", args)


@contextmanager
def connected():
    """A database connection for this thread; one that was open before stays open."""
    opened = db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            db.close()
