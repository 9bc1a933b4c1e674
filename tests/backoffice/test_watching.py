"""For whoever watches the program: live and ready, the figures and who may have them, the number of a request in page and log, slow statements."""
import json
import logging
import re
from dataclasses import replace

import httpx
import pytest

from backoffice import watching
from backoffice.app import create_app
from models import clock, measures
from models.applications import Application
from models.jobs import Job
from models.timed import TimedRun
from models.workflow import Refused
from tasks import jobs, logs, timetable
from tests.backoffice.conftest import with_password
from tests.servers import free_port
from tests.world import PASSWORD, account


@pytest.fixture
def app(settings, database):
    """An application whose figures the machine itself may read."""
    application = create_app(replace(settings, metrics_local=True))
    application.config["WTF_CSRF_ENABLED"] = False
    return application


def figure(text, name):
    """The value of a line of the figures; 0 when it is not there."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0


def figures(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    return answer.text


def test_the_process_lives_even_when_it_cannot_work(client, monkeypatch):
    from tasks import queue
    monkeypatch.setattr(queue.huey, "storage", None)
    assert client.get("/health/live").json == {"status": "ok", "version": "0.1.0"}
    assert client.get("/health/ready").status_code == client.get("/health").status_code == 503


def test_requests_statements_and_refusals_are_counted(client):
    before = figures(client)
    client.get("/login")
    client.get("/nowhere")
    after = figures(client)
    grown = lambda name: figure(after, name) - figure(before, name)      # noqa: E731
    assert grown('tongli_request_seconds_count{page="security.login",status="200"}') == 1
    assert grown('tongli_request_seconds_count{page="none",status="404"}') == grown('tongli_refused_total{status="404"}') == 1
    assert grown("tongli_query_seconds_count") > 0


def test_log_ins_are_counted_by_how_they_ended(app, client):
    with_password(account("it", "it"))
    before = figures(client)
    client.post("/login", data={"identity": "it", "password": "wrong"})
    client.post("/login", data={"identity": "it", "password": PASSWORD})
    after = figures(client)
    for outcome in ("login", "login_failed"):
        assert figure(after, f'tongli_logins_total{{outcome="{outcome}"}}') - figure(before, f'tongli_logins_total{{outcome="{outcome}"}}') == 1


def test_steps_are_counted_as_taken_or_refused(world, client):
    before = figures(client)
    case = world.confirmed()
    case.approve(by=world.reviewer, opinion="同意")
    with pytest.raises(Refused):
        Application.get_by_id(case.id).approve(by=world.reviewer, opinion="同意")
    after = figures(client)
    for outcome in ("taken", "refused"):
        name = f'tongli_steps_total{{outcome="{outcome}",step="Application.approve"}}'
        assert figure(after, name) - figure(before, name) == 1


def test_the_queue_has_the_age_of_the_job_that_waits_longest(client):
    assert figure(figures(client), "tongli_queue_age_seconds") == 0
    Job.create(kind="x", title="x", created_at=clock.now() - clock.days(1))
    text = figures(client)
    assert 86_400 <= figure(text, "tongli_queue_age_seconds") < 87_000 and figure(text, 'tongli_jobs{state="queued"}') == 1


@pytest.mark.parametrize("address, headers, status", [
    ("127.0.0.1", {}, 200), ("::1", {}, 200), ("10.0.0.9", {}, 403), ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, 403),
    ("10.0.0.9", {"Authorization": "Bearer a-token-for-the-watchman"}, 200), ("10.0.0.9", {"Authorization": "Bearer 错"}, 403), ("10.0.0.9", {"Authorization": "Bearer "}, 403)])
def test_the_figures_are_for_the_machine_itself_or_for_the_token(settings, database, address, headers, status):
    client = create_app(replace(settings, metrics_token="a-token-for-the-watchman", metrics_local=True)).test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == status


def test_the_figures_are_for_nobody_unless_the_settings_say_so(settings, database):
    assert create_app(settings).test_client().get("/metrics").status_code == 403


def test_without_a_token_in_the_settings_none_opens_the_figures(client):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"}, headers={"Authorization": "Bearer "}).status_code == 403


def test_a_line_of_the_log_names_its_request_and_the_error_page_the_same_number(settings, database):
    lines = []

    class Keeping(logging.Handler):
        def emit(self, record):
            logs.mark(record)
            lines.append(json.loads(logs.Json().format(record)))
    client = create_app(settings, lambda app, admin: app.add_url_rule("/failing", "failing", lambda: 1 / 0)).test_client()
    keeping, root = Keeping(), logging.getLogger()
    root.addHandler(keeping)
    try:
        answer = client.get("/failing")
    finally:
        root.removeHandler(keeping)
    number = re.search(r'class="mono">([0-9A-F]{8})<', answer.text)[1]
    failed = next(line for line in lines if "failure" in line)
    assert failed["request"] == number and "ZeroDivisionError" in failed["failure"] and measures.trace.get() == ""


def test_a_line_of_the_log_names_its_job(database, monkeypatch):
    said = []
    monkeypatch.setitem(jobs.RUNNERS, "look", ("x", lambda row, progress: said.append((row.id, measures.trace.get()))))
    row = jobs.submit("look", "", None)
    assert said == [(row.id, f"job {row.id}")]


def test_a_worker_gives_its_own_figures_where_the_settings_name_a_port(settings, database, monkeypatch):
    assert watching.of_worker(settings) is None
    monkeypatch.setitem(jobs.RUNNERS, "look", ("x", lambda row, progress: None))
    jobs.submit("look", "", None)
    server, thread = watching.of_worker(replace(settings, work_metrics_port=(port := free_port())))
    try:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert figure(text, 'tongli_job_seconds_count{kind="look",outcome="done"}') >= 1 and figure(text, 'tongli_jobs{state="done"}') == 1
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_line_of_the_log_names_the_timed_work_that_it_belongs_to(database, monkeypatch):
    said = []
    monkeypatch.setattr(timetable, "TIMETABLE", (timetable.Line("look", "x", lambda: said.append(measures.trace.get())),))
    timetable.enter()
    TimedRun.update(next_at=clock.now()).execute()
    timetable.run_due()
    assert said == ["timed look"]


def test_a_slow_statement_is_written_without_the_values(database, caplog, monkeypatch):
    monkeypatch.setattr(measures, "_slow", 1e-9)
    with caplog.at_level(logging.WARNING, "slow"):
        Job.get_or_none(Job.title == "张三的证件号")
    assert "ms: SELECT" in caplog.text and "张三" not in caplog.text


def test_quick_statements_are_not_written(database, caplog, monkeypatch):
    monkeypatch.setattr(measures, "_slow", 0.0)
    with caplog.at_level(logging.WARNING, "slow"):
        Job.get_or_none(Job.title == "x")
    assert caplog.text == ""
