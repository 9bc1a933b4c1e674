"""Letters about an account: what the library wants to mail becomes an Outbox row, and one-time links have an address that nobody can make up."""
from flask import current_app, render_template
from flask_security import MailUtil
from flask_security.recoverable import generate_reset_password_token

from models.base import db
from models.outbox import Outbox
from models.people import User

NOBODY = {"id": 0, "name": "", "fs_uniquifier": "-", "password": "-"}


class ToOutbox(MailUtil):
    """The worker sends what is written here."""

    def send_mail(self, template, subject, recipient, sender, body, html, user=None, **context):
        Outbox.create(user_id=user.id, template=template, subject=subject, body=body, on_site=False, state="waiting" if recipient else "none")


def write_for_nobody():
    """The work of a letter with a one-time link, of which nothing stays."""
    nobody = User(**NOBODY)
    body = render_template("security/email/reset_instructions.txt", user=nobody, reset_token=generate_reset_password_token(nobody))
    with db.atomic() as work:
        Outbox.create(user_id=nobody.id, template="reset_instructions", subject="", body=body, on_site=False, state="none")
        work.rollback()


def link_to(token):
    """The address of a one-time link: from the settings, never from the request, whose Host anybody can make up."""
    return f"{current_app.settings.address}{current_app.config['SECURITY_RESET_URL']}/{token}"
