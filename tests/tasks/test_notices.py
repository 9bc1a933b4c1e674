"""Notices are sent once, by mail or as a file, and a server that fails is tried again later, but not for ever."""
import datetime as dt
import email
import email.policy
import smtplib
import threading
from dataclasses import replace

import pytest

from models import clock
from models.audit import Entry
from models.notices import NoticeTemplate
from models.outbox import Outbox, tell
from models.people import User
from models.workflow import Refused
from tasks import channels, notices, queue


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
    monkeypatch.setattr(channels.MailFiles, "send", lambda channel, row, user: sent.append(row.id))

    def worker():
        with queue.connected():
            notices.send_waiting()
    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent == [notice.id]


def test_a_notice_of_a_worker_that_died_while_sending_goes_again_after_the_pause(notice, settings, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(channels.MailFiles, "send", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            notices.send_waiting()
    notices.send_waiting()
    assert mails(settings) == []
    with clock.at(clock.now() + notices.PAUSES[0]):
        notices.send_waiting()
    assert len(mails(settings)) == 1 and Outbox.get_by_id(notice.id).attempts == 2


def test_nobody_without_an_address_or_with_a_disabled_account_gets_mail(notice, settings):
    User.update(state="disabled").where(User.id == notice.user_id).execute()
    notices.send_waiting()
    assert Outbox.get_by_id(notice.id).state == "none" and mails(settings) == []


@pytest.fixture
def unreachable(notice, settings):
    """A notice that was given up, its server cannot be reached."""
    notices.configure(replace(settings, demo=False, smtp_url="smtp://127.0.0.1:1"))
    moment = clock.now()
    for pause in [dt.timedelta(0), *notices.PAUSES]:
        moment += pause
        with clock.at(moment - dt.timedelta(seconds=1)):
            notices.send_waiting()          # within the pause nothing happens
        with clock.at(moment):
            notices.send_waiting()
        moment = clock.now() if pause == dt.timedelta(0) and moment < clock.now() else moment
    return Outbox.get_by_id(notice.id)


def test_a_server_that_fails_is_tried_after_growing_pauses_and_then_given_up(unreachable):
    assert (unreachable.state, unreachable.attempts, unreachable.due_at) == ("failed", len(notices.PAUSES) + 1, None)
    assert "ConnectionRefusedError" in unreachable.error and notices.PAUSES == sorted(notices.PAUSES)


def test_what_failed_is_sent_again_when_somebody_asks(unreachable, settings):
    notices.send_again(unreachable, None)
    with pytest.raises(Refused, match="不能重新发送：要求 发送失败、已发送，实际 待发送"):
        notices.send_again(unreachable, None)
    notices.configure(settings)
    notices.send_waiting()
    assert Outbox.get_by_id(unreachable.id).state == "sent" and len(mails(settings)) == 1
    assert Entry.select().where(Entry.entity == "outbox", Entry.verb == "send_again").count() == 1


def test_a_server_gets_the_mail_with_the_number_of_the_notice(notice, settings, monkeypatch):
    taken = []

    class Server:
        def __init__(self, host, port, timeout):
            taken.append((host, port))

        def __enter__(self):
            return self

        def __exit__(self, *error):
            """Nothing to close."""

        def has_extn(self, name):
            return False

        def login(self, *account):
            taken.append(account)

        def send_message(self, message):
            taken.append(message["Message-ID"])
    monkeypatch.setattr(smtplib, "SMTP", Server)
    notices.configure(replace(settings, demo=False, smtp_url="smtp://user:p%40ss@mail.example.cn:587", mail_from="noreply@example.cn"))
    notices.send_waiting()
    assert taken == [("mail.example.cn", 587), ("user", "p@ss"), f"<notice-{notice.id}@example.cn>"]


# text messages --------------------------------------------------------------------------------------------------------------------------
def test_a_text_message_goes_to_the_phone_of_an_applicant_where_it_is_switched_on(world, settings):
    NoticeTemplate.add(world.it, code="Application.stale", sms=True, body="{{ 收件人 }}：{{ 内容 }}")
    user = world.applicant("王芳")
    tell([user, world.clerk], "Application.stale", "标题", "内容", "k")
    assert [row.channel for row in Outbox.select().order_by(Outbox.id)] == ["mail", "sms", "mail"]
    notices.send_waiting()
    text = Outbox.get(Outbox.channel == "sms")
    assert text.state == "none" and not text.on_site                    # it is switched off
    Outbox.update(state="waiting").where(Outbox.id == text.id).execute()
    notices.configure(replace(settings, sms="folder"))
    notices.send_waiting()
    assert (settings.instance_dir / "sms" / f"{text.id}.txt").read_text() == f"{user.person.phone}\n【同力信息平台】王芳：内容\n"


def test_nothing_that_people_write_becomes_a_header_of_a_mail(world, settings):
    evil = "甲\r\nBcc: everybody@example.org\r\n\r\n<b>"
    user = world.clerk.change(world.it, name=evil, email="clerk@example.org")
    tell([user], "t", evil, f"说明：{evil}", "evil")
    notices.send_waiting()
    mail, = mails(settings)
    assert mail["To"] == "clerk@example.org" and mail["Bcc"] is None and "everybody" in mail["Subject"] and mail.get_content_type() == "text/plain"


@pytest.mark.parametrize("address", ["a@example.org, b@example.org", "a@example.org b@example.org", "甲 <a@example.org>", "a@example.org\r\nBcc: b@example.org", "a", "@example.org"])
def test_an_account_has_one_mail_address_and_what_is_none_is_never_written_to(world, settings, address):
    with pytest.raises(Refused, match="一个地址"):
        world.clerk.change(world.it, email=address)
    User.update(email=address).where(User.id == world.clerk.id).execute()
    tell([User.get_by_id(world.clerk.id)], "t", "标题", "内容", "odd")
    notices.send_waiting()
    assert mails(settings) == [] and Outbox.get().state == "none"
