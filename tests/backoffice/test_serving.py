"""The orderly end of the web server: nobody who has called goes without his answer, and a restart of two processes one after another fails nobody."""
import http.client
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest
import waitress

import config
from backoffice import serving
from tests.servers import free_port

BODY = b"x" * 300_000          # more than one send takes
WAITING = """
import config, views
from backoffice.app import create_app
from backoffice.serving import serve
from tasks import jobs, setup

settings = config.load()
setup.open_all(settings)
app = create_app(settings, views.register)
app.add_url_rule("/waiting", "waiting", lambda: str(jobs.stopping.wait(15)))
serve(app, True, lambda: print("ready", flush=True))
"""


@contextmanager
def serving_at(port, seconds=0.0):
    """A server in a thread; gives (event that tells it to end, the thread)."""
    def application(environ, start_response):
        time.sleep(seconds)
        start_response("200 OK", [("Content-Length", str(len(BODY)))])
        return [BODY]
    connections, told = {}, Event()
    server = waitress.create_server(application, map=connections, host="127.0.0.1", port=port, threads=2)
    thread = Thread(target=serving.answer, args=(server, connections, told))
    thread.start()
    try:
        yield told, thread
    finally:
        told.set()
        thread.join()


def ask(port):
    """The body of one answer; ConnectionRefusedError when nobody listens. No other way out: a proxy that has sent a form asks nobody else."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(serving, "QUIET", 0.3)


def test_a_server_that_ends_answers_everybody_who_has_called_and_lets_nobody_else_in():
    port = free_port()
    with serving_at(port, seconds=0.3) as (told, thread), ThreadPoolExecutor(8) as callers:
        asked = [callers.submit(ask, port) for _ in range(8)]          # two are answered, six wait
        time.sleep(0.15)
        told.set()
        assert [one.result() for one in asked] == [BODY] * 8
        thread.join()
        with pytest.raises(ConnectionRefusedError):
            ask(port)


def test_a_server_that_hangs_ends_all_the_same(monkeypatch):
    monkeypatch.setattr(serving, "DRAIN", 0.2)
    with serving_at(port := free_port(), seconds=3) as (told, thread), ThreadPoolExecutor(1) as callers:
        asked = callers.submit(ask, port)
        time.sleep(0.2)
        started = time.monotonic()
        told.set()
        thread.join()
        assert time.monotonic() - started < 8
        assert asked.exception() or asked.result() == BODY


def test_a_restart_of_two_servers_one_after_another_under_load_fails_no_request():
    ports, over = (free_port(), free_port()), Event()

    def caller(_):
        answers = 0
        while not over.is_set():
            for port in ports:          # as the proxy does: the next one where nobody listens
                try:
                    assert ask(port) == BODY
                    answers += 1
                    break
                except ConnectionRefusedError:
                    continue
            else:
                raise AssertionError("nobody answers")
        return answers
    with ThreadPoolExecutor(4) as callers:
        with serving_at(ports[1], 0.02) as (told_second, second):
            with serving_at(ports[0], 0.02) as (told_first, first):
                answers = [callers.submit(caller, n) for n in range(4)]
                time.sleep(0.3)
                told_first.set()
                first.join()
            with serving_at(ports[0], 0.02):
                time.sleep(0.3)
                told_second.set()
                second.join()
                time.sleep(0.3)
                over.set()
                assert all(one.result() for one in answers)


def test_web_and_worker_of_one_process_end_together(settings, tmp_path):
    """The worker is told to end while a request is still under way, not after it; a unit waits for both only once."""
    port = free_port()
    environ = os.environ | {"DEMO": "1", "CONFIG": str(tmp_path / "none.toml"), "INSTANCE_DIR": str(tmp_path), "DATABASE_URL": settings.database_url, "PORT": str(port)}
    program = subprocess.Popen([sys.executable, "-c", WAITING], cwd=config.ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout.readline() == "ready\n"
        with ThreadPoolExecutor(1) as callers:
            asked = callers.submit(httpx.get, f"http://127.0.0.1:{port}/waiting", timeout=30)
            time.sleep(0.5)
            program.send_signal(signal.SIGTERM)
            assert asked.result().text == "True"
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.stdout.close()
