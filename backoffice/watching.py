"""For whoever watches the program: whether it lives and can work, its figures in the format of Prometheus, and the number of each request."""
import hmac
import logging
import secrets
import time

from flask import abort, current_app, g, jsonify, request
from peewee import PeeweeException, fn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily

import config
from models import clock
from models.base import db
from models.jobs import Job
from models.measures import REFUSED, REGISTRY, REQUESTS, trace
from tasks import queue
from tasks.queue import connected

log = logging.getLogger(__name__)
LOOPBACK = ("127.0.0.1", "::1")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
PAGES = {"/health": "health", "/health/ready": "health.ready", "/health/live": "health.live", "/metrics": "metrics"}
UNWATCHED = ("static", *PAGES.values())


def init_app(app):
    """Number and time every request, and open the pages of the watchman."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)
    for (path, name), page in zip(PAGES.items(), (ready, ready, live, metrics)):
        app.add_url_rule(path, name, page)


def _begin():
    g.started, g.number = time.perf_counter(), secrets.token_hex(4).upper()
    g.trace = trace.set(f"request {g.number}")


def _end(answer):
    if request.endpoint not in UNWATCHED:
        REQUESTS.labels(request.endpoint or "none", answer.status_code).observe(time.perf_counter() - g.started)
        if answer.status_code >= 400:
            REFUSED.labels(answer.status_code).inc()
        log.info("%s %s %s, %d ms", request.method, request.url_rule or "-", answer.status_code, (time.perf_counter() - g.started) * 1000)
    return answer


def _forget(error):
    if "trace" in g:
        trace.reset(g.pop("trace"))


def live():
    """Whether the process answers at all: when it does not, it is to be started anew."""
    return jsonify(status="ok", version=config.VERSION)


def ready():
    """Whether the program can work: for the proxy, which sends nobody here when it cannot."""
    database = ""
    try:
        with db.connection_context() if db.is_closed() else db.atomic():
            db.execute_sql("SELECT 1")
    except PeeweeException as error:
        log.warning("the database does not answer: %s", error)
        database = type(error).__name__
    waiting = queue.problem()
    answer = jsonify(status="error" if database or waiting else "ok", version=config.VERSION, database=database or "ok", queue=waiting or "ok")
    return answer, 503 if database or waiting else 200


def metrics():
    """The figures of this process and of the ledger of jobs: for nobody, unless the settings name a token or allow the machine itself."""
    if not _may_watch(request.headers.get("Authorization", "")):
        abort(403)
    return generate_latest(REGISTRY), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def of_worker(settings):
    """Open the figures of a process that answers no requests, to the machine itself only and where the settings name a port; returns (server, thread) or None."""
    return start_http_server(settings.work_metrics_port, "127.0.0.1", REGISTRY) if settings.work_metrics_port else None


def _may_watch(said):
    settings = current_app.settings
    if settings.metrics_token and hmac.compare_digest(said.encode(), f"Bearer {settings.metrics_token}".encode()):
        return True
    asked_by_proxy = any(name.lower() in FORWARDED for name, _ in request.headers)      # a proxy on this machine asks for somebody else
    return settings.metrics_local and request.remote_addr in LOOPBACK and not asked_by_proxy


class Ledger:
    """The jobs as they stand in the database, whichever process asks."""

    def collect(self):
        """Jobs by state, and for how long the oldest one has waited."""
        states = GaugeMetricFamily("tongli_jobs", "Jobs of the ledger by state", labels=("state",))
        age = GaugeMetricFamily("tongli_queue_age_seconds", "For how long the oldest job has waited")
        with connected():
            numbers = dict(Job.select(Job.state, fn.COUNT(Job.id)).group_by(Job.state).tuples())
            oldest = Job.select(fn.MIN(Job.created_at)).where(Job.state == "queued").scalar()
        for state in Job.STATES:
            states.add_metric((state,), numbers.get(state, 0))
        age.add_metric((), (clock.now() - oldest).total_seconds() if oldest else 0)
        return states, age

    def describe(self):
        """Nothing beforehand: there may be no database yet."""
        return ()


REGISTRY.register(Ledger())

