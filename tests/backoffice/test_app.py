"""The application as a whole: headers, forged requests, error pages, health, static files."""
import io
import logging
import re
from dataclasses import replace

import pytest
from peewee import OperationalError

import config
from backoffice.app import FORM_BYTES, create_app
from models.base import db
from tests.backoffice.conftest import with_password
from tests.world import PASSWORD, account


@pytest.fixture
def failing(settings, database):
    def register(app, admin):
        app.add_url_rule("/failing", "failing", lambda: 1 / 0)
        app.add_url_rule("/failing/<token>", "failing_link", lambda token: 1 / 0)
        app.add_url_rule("/mistaken", "mistaken", lambda: db.execute_sql("SELECT nothing FROM nowhere"))
    return create_app(settings, register).test_client()


@pytest.mark.parametrize("path, status", [("/login", 200), ("/nowhere", 404), ("/static/kit.css", 200), ("/health", 200), ("/office/", 302)])
def test_every_answer_carries_the_strict_policy(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in policy
    assert re.search(r"script-src 'nonce-[\w-]{22}';", policy) and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == answer.headers["Cross-Origin-Opener-Policy"] == answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/login", "/nowhere"])
def test_every_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(client, path):
    seen = set()
    for _ in range(2):
        answer = client.get(path)
        nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])[1]
        scripts = re.findall("<script[^>]*>", answer.text)
        assert scripts and all(f'nonce="{nonce}"' in script for script in scripts)
        seen.add(nonce)
    assert len(seen) == 2


def test_every_script_of_every_template_carries_the_nonce():
    pages = [file for room in ("backoffice", "views") for file in (config.ROOT / room / "templates").rglob("*.html")]
    scripts = [script for file in pages for script in re.findall("<script[^>]*>", file.read_text("utf-8"))]
    assert len(scripts) >= 9 and [script for script in scripts if not script.startswith('<script nonce="{{ nonce() }}" ')] == []


def test_pages_need_nothing_that_the_policy_forbids(enter, clerk, client):
    for page in (client.get("/login"), client.get("/reset"), enter(clerk).get("/office/"), enter(clerk).get("/office/account/"), client.get("/nowhere")):
        assert not re.search(r"<[^>]+ style=|<[^>]+ on\w+=|<script(?! nonce=\S+ src=)|<style|https?://(?!www\.w3\.org)", page.text)


def test_a_failure_shows_a_number_and_the_log_has_the_trace_under_it(failing, caplog):
    with caplog.at_level(logging.ERROR):
        answer = failing.get("/failing")
    assert answer.status_code == 500 and "Traceback" not in answer.text and "ZeroDivision" not in answer.text
    reference = re.search(r'class="mono">([0-9A-F]{8})<', answer.text)[1]
    assert reference in caplog.text and "ZeroDivisionError" in caplog.text


def test_the_code_of_a_link_does_not_stand_in_the_log_when_its_page_fails(failing, caplog):
    with caplog.at_level(logging.INFO):
        failing.get("/failing/one-time-code")
    assert "GET /failing/<token>" in caplog.text and "one-time-code" not in caplog.text


def test_a_page_without_the_database_says_so_and_when_to_come_again(enter, clerk, monkeypatch):
    inside = enter(clerk)

    def gone(**how):
        raise OperationalError("gone")
    monkeypatch.setattr(db.obj, "connect", gone)
    answer = inside.get("/office/")
    assert answer.status_code == 503 and "系统暂时不能用" in answer.text and "gone" not in answer.text and answer.headers["Retry-After"]


def test_a_wrong_statement_is_a_failure_and_not_a_database_that_is_away(failing):
    answer = failing.get("/mistaken")
    assert answer.status_code == 500 and "程序出了错" in answer.text and "nowhere" not in answer.text


def test_an_unknown_page_says_so_in_a_sentence_with_a_number(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and "没有这一页" in answer.text and re.search(r"[0-9A-F]{8}", answer.text)
    assert client.get("/nowhere", headers={"Accept": "application/json"}).json["error"] == "没有这一页"


def test_an_upload_beyond_the_limit_names_limit_size_and_difference(client, settings):
    data = io.BytesIO(b"x" * (settings.upload_limit_mb * 1024 * 1024 + 512 * 1024 - 500))
    answer = client.post("/login", data={"file": (data, "large.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 413 and "要求不超过 20 MB，实际 20.5 MB，差 0.5 MB" in answer.text


def test_a_form_of_too_many_characters_or_parts_is_refused(client):
    answer = client.post("/login", data={"identity": "x" * FORM_BYTES * 2})
    assert answer.status_code == 413 and "要求不超过 1 MB，实际 2.0 MB，差 1.0 MB" in answer.text
    assert client.post("/login", data={"identity": "x" * (FORM_BYTES + 1)}, content_type="multipart/form-data").status_code == 413
    assert client.post("/login", data={f"f{n}": "1" for n in range(5001)}, content_type="multipart/form-data").status_code == 413
    assert client.post("/login", data={"identity": "x" * 10_000, "password": "wrong"}).status_code == 200


def test_every_form_refuses_without_a_token(app, enter, clerk):
    app.config["WTF_CSRF_ENABLED"] = True
    inside = enter(clerk)
    for path in ("/login", "/logout", "/reset", "/office/account/", "/account/appearance"):
        answer = inside.post(path, data={"identity": "clerk", "password": PASSWORD, "theme": "dark"})
        assert answer.status_code == 400 and "页面已经过期" in answer.text
    assert inside.get("/office/").status_code == 200


def test_a_form_with_its_token_is_taken(app, clerk):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
    answer = client.post("/login", data={"identity": "clerk", "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 302


def test_health_names_version_database_and_queue(client):
    answer = client.get("/health")
    assert answer.status_code == 200 and answer.json == {"status": "ok", "version": "0.1.0", "database": "ok", "queue": "ok"}


def test_health_answers_503_when_the_queue_is_gone(client, monkeypatch):
    from tasks import queue
    monkeypatch.setattr(queue.huey, "storage", None)
    answer = client.get("/health")
    assert answer.status_code == 503 and answer.json["status"] == "error" and answer.json["queue"] == "AttributeError"


def test_a_static_file_is_kept_for_ever_under_the_address_of_its_content(client):
    address = re.search(r'href="(/static/kit\.css\?v=\w+)"', client.get("/login").text)[1]
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/kit.css").headers["Cache-Control"]


def test_pages_with_personal_data_are_not_kept(enter, clerk):
    assert enter(clerk).get("/office/").headers["Cache-Control"] == "no-store"


def test_a_connection_that_was_open_before_the_request_stays_open(client):
    client.get("/login")
    assert not db.is_closed()


def test_a_connection_that_the_request_opened_is_closed(client):
    db.close()
    client.get("/login")
    assert db.is_closed()
    db.connect()


@pytest.fixture
def behind_tls(settings, database):
    with_password(account("it", "it"))
    return create_app(replace(settings, public_url="https://tongli.example")).test_client()


def test_behind_tls_the_cookie_is_bound_to_this_host_and_to_encrypted_connections(behind_tls):
    answer = behind_tls.get("/login", base_url="https://tongli.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tongli=") and "Path=/" in cookie and "Domain" not in cookie
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_tls_the_browser_is_promised_none(client):
    answer = client.get("/login")
    assert "Strict-Transport-Security" not in answer.headers and answer.headers["Set-Cookie"].startswith("tongli=")
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]
