"""Notices are sent once, by mail or as a file, and a server that fails is tried again later, but not for ever."""
import datetime as dt
import email
import email.policy
import smtplib
import threading
from dataclasses import replace

import pytest

from models import clock
from models.outbox import Outbox
from models.people import User
from tasks import notices, queue


@pytest.fixture
def notice(database):
    user = User.create(username="somebody", name="阿卜杜热西提·阿卜杜热合曼", email="somebody@example.org", fs_uniquifier="x")
    return Outbox.create(user_id=user.id, template="t", subject="通过：申请", body="资格审核通过，已入册。")


def mails(settings):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (settings.instance_dir / "mail").glob("*.eml")]


def test_a_notice_is_written_as_a_mail_once(notice, settings):
    notices.send_waiting()
    notices.send_waiting()
    mail, = mails(settings)
    assert mail["To"] == "somebody@example.org" and mail["Subject"] == "【同力信息平台】通过：申请"
    assert "资格审核通过，已入册。" in mail.get_content() and "阿卜杜热西提·阿卜杜热合曼" in mail.get_content()
    row = Outbox.get_by_id(notice.id)
    assert (row.state, row.attempts) == ("sent", 1)


def test_workers_that_come_at_once_send_it_once(notice, settings, monkeypatch):
    sent = []
    monkeypatch.setattr(notices, "_deliver", lambda message, notice_id: sent.append(notice_id))

    def worker():
        with queue.connected():
            notices.send_waiting()
    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [notice.id]


def test_nobody_without_an_address_or_with_a_disabled_account_gets_mail(notice, settings):
    User.update(state="disabled").where(User.id == notice.user_id).execute()
    notices.send_waiting()
    assert Outbox.get_by_id(notice.id).state == "none" and mails(settings) == []


def test_a_server_that_fails_is_tried_three_times_with_pauses(notice, settings, monkeypatch):
    def unreachable(*args, **kwargs):
        raise ConnectionRefusedError("nobody there")
    monkeypatch.setattr(smtplib, "SMTP", unreachable)
    notices.configure(replace(settings, demo=False, smtp_url="smtp://127.0.0.1:1"))
    start = clock.now()
    for attempt in range(1, 4):
        with clock.at(start + attempt * dt.timedelta(minutes=10)):
            notices.send_waiting()
            notices.send_waiting()          # within the pause nothing happens
        assert Outbox.get_by_id(notice.id).attempts == attempt
    row = Outbox.get_by_id(notice.id)
    assert row.state == "failed" and "ConnectionRefusedError" in row.error
