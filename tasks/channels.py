"""The ways by which a notice leaves the platform: mail over SMTP, mail as files, text messages as files. One interface for all of them."""
import smtplib
from email.message import EmailMessage
from email.utils import localtime
from urllib.parse import unquote, urlsplit

from models.texts import is_address

FAILURES = (OSError, smtplib.SMTPException)        # what may be tried again later


class Channel:
    """One way. Whoever connects a provider of text messages writes one more of these and names it in `open_channels`."""

    def __init__(self, settings):
        self.settings = settings

    def address(self, user):
        """Where it reaches a user; empty when it does not."""
        raise NotImplementedError

    def send(self, notice, user):
        """Hand the notice over; one of FAILURES when that did not succeed."""
        raise NotImplementedError

    def keep(self, folder, name, data):
        """Write a message as a file of the instance."""
        place = self.settings.instance_dir / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)


class MailFiles(Channel):
    """Mail as .eml files that any mail program opens: in the demo, and where no server is set."""

    def address(self, user):
        return user.email if user.email and is_address(user.email) else ""

    def send(self, notice, user):
        self.keep("mail", f"{notice.id}.eml", self.message(notice, user).as_bytes())

    def message(self, notice, user):
        """The notice as a mail."""
        message, sender = EmailMessage(), self.settings.mail_from
        message["Subject"], message["From"], message["To"] = f"【同力信息平台】{' '.join(notice.subject.split())}", sender, user.email
        message["Date"], message["Message-ID"] = localtime(), f"<notice-{notice.id}@{sender.rpartition('@')[2]}>"
        place = f"\n{self.settings.public_url}\n" if self.settings.public_url else ""
        message.set_content(f"{user}，您好：\n\n{notice.body}\n{place}\n本邮件由系统发出，请勿回复。\n")
        return message


class Smtp(MailFiles):
    """Mail over the server of SMTP_URL; its Message-ID is that of the notice, so that a second delivery can be told."""

    def send(self, notice, user):
        url = urlsplit(self.settings.smtp_url)
        connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
        with connect(url.hostname, url.port or 0, timeout=20) as server:
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(self.message(notice, user))


class TextFiles(Channel):
    """Text messages as .txt files: number, then text."""

    def address(self, user):
        return user.person.phone if user.person_id else None

    def send(self, notice, user):
        self.keep("sms", f"{notice.id}.txt", f"{self.address(user)}\n【同力信息平台】{notice.body}\n".encode())


def open_channels(settings):
    """{channel: the way that these settings open}."""
    mail = MailFiles if settings.demo or not settings.smtp_url else Smtp
    return {"mail": mail(settings)} | ({"sms": TextFiles(settings)} if settings.sms == "folder" else {})
