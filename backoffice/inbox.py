"""Notices to whoever is logged in at the office, newest first."""
from flask import Blueprint, render_template
from flask_security import current_user

from models.outbox import Outbox

pages = Blueprint("inbox", __name__, url_prefix="/office/notices")
LATEST = 200


@pages.get("/")
def mine():
    """What the platform told me on the site."""
    rows = Outbox.select().where(Outbox.user_id == current_user.id, Outbox.on_site).order_by(Outbox.id.desc()).limit(LATEST)
    return render_template("admin/inbox.html", rows=list(rows))
