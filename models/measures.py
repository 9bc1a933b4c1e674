"""What is counted and timed while the program runs, and under which number the log says it: of the request or the job under way."""
import logging
from contextlib import contextmanager
from contextvars import ContextVar

from prometheus_client import CollectorRegistry, Counter, Histogram

log = logging.getLogger("slow")
REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram("tongli_request_seconds", "Requests by page and status", ("page", "status"), buckets=SECONDS, registry=REGISTRY)
QUERIES = Histogram("tongli_query_seconds", "Statements sent to the database", buckets=SECONDS, registry=REGISTRY)
STEPS = Counter("tongli_steps", "Steps taken and refused", ("step", "outcome"), registry=REGISTRY)
JOBS = Histogram("tongli_job_seconds", "Jobs by kind and how they ended", ("kind", "outcome"), buckets=(1, 5, 15, 60, 300, 900, 3600), registry=REGISTRY)
LOGINS = Counter("tongli_logins", "Log-ins by how they ended", ("outcome",), registry=REGISTRY)
REFUSED = Counter("tongli_refused", "Requests that were refused, by status", ("status",), registry=REGISTRY)

LONGEST = 1_000                                  # characters of a slow statement in the log
trace = ContextVar("trace", default="")         # "request 4F0C21AA" or "job 17": what the lines of the log belong to
_slow = 0.0                                     # seconds from which a statement is written to the log; 0 = none


def configure(slow_ms):
    """Say from how many milliseconds on a statement is slow; 0 = never."""
    global _slow
    _slow = slow_ms / 1000


@contextmanager
def traced(text):
    """Inside the block the log says what its lines belong to."""
    token = trace.set(text)
    try:
        yield
    finally:
        trace.reset(token)


def watch(database):
    """Time every statement of a database. The values in a slow one are not written down: they are people's data."""
    def heard(event):
        QUERIES.observe(event.duration)
        if _slow and event.duration >= _slow:
            log.warning("%d ms: %s", event.duration * 1000, event.sql[:LONGEST])
    database.query_hooks.append(heard)
