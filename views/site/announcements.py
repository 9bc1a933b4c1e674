"""The announcements that the centre shows to everybody."""
from flask import Blueprint, abort, render_template

from models.reference import Announcement

rooms = Blueprint("announcements", __name__)


@rooms.get("/announcements")
def all():
    """Every announcement that is shown today."""
    return render_template("site/announcements.html", rows=Announcement.shown().limit(200))


@rooms.get("/announcements/<int(max=2147483647):id>")
def show(id):
    """One announcement."""
    row = Announcement.shown().where(Announcement.id == id).first() or abort(404)
    return render_template("site/announcement.html", row=row)
