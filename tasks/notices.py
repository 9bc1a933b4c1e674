"""Sends the notices that steps wrote into the Outbox, by id: as mail where a server is set, else as .eml files that can be read."""
import datetime as dt
import logging
import smtplib
from email.message import EmailMessage
from email.utils import localtime
from urllib.parse import unquote, urlsplit

from models import clock
from models.outbox import Outbox
from models.people import User

log = logging.getLogger(__name__)
ATTEMPTS = 3
PAUSE = dt.timedelta(minutes=5)     # between two attempts; for so long a notice is in the hands of whoever tried last
_settings = None


def configure(settings):
    global _settings
    _settings = settings


def send_waiting():
    """Try every notice that waits and that nobody tried just now."""
    for (notice_id,) in Outbox.select(Outbox.id).where(_free(clock.now())).order_by(Outbox.id).tuples():
        send(notice_id)


def send(notice_id):
    """Send one notice. Two workers that come at once: one of them sends it. `sent_at` is the time of the last attempt."""
    now = clock.now()
    if not Outbox.update(attempts=Outbox.attempts + 1, sent_at=now).where(Outbox.id == notice_id, _free(now)).execute():
        return
    notice = Outbox.get_by_id(notice_id)
    user = User.get_or_none(User.id == notice.user_id)
    if user is None or not user.email or not user.active:
        Outbox.update(state="none").where(Outbox.id == notice_id).execute()
        return
    try:
        _deliver(_message(notice, user), notice_id)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("notice %s, attempt %s: %s", notice_id, notice.attempts, error)
        state = "failed" if notice.attempts >= ATTEMPTS else "waiting"
        Outbox.update(state=state, error=f"{type(error).__name__}: {error}"[:500]).where(Outbox.id == notice_id).execute()
    else:
        Outbox.update(state="sent", error="").where(Outbox.id == notice_id).execute()


def _free(now):
    return (Outbox.state == "waiting") & (Outbox.sent_at.is_null() | (Outbox.sent_at <= now - PAUSE))


def _message(notice, user):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = f"【同力信息平台】{notice.subject}", _settings.mail_from, user.email
    message["Date"], message["Message-ID"] = localtime(), f"<notice-{notice.id}@{_settings.mail_from.rpartition('@')[2]}>"
    place = f"\n{_settings.public_url}\n" if _settings.public_url else ""
    message.set_content(f"{user}，您好：\n\n{notice.body}\n{place}\n本邮件由系统发出，请勿回复。\n")
    return message


def _deliver(message, notice_id):
    if _settings.demo or not _settings.smtp_url:
        folder = _settings.instance_dir / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{notice_id}.eml").write_bytes(message.as_bytes())
        return
    url = urlsplit(_settings.smtp_url)
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(url.hostname, url.port or 0, timeout=20) as server:
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
