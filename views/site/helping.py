"""All stages: what applicants ask, answered for everybody."""
from flask import Blueprint, render_template

from views.guiding import tasks

rooms = Blueprint("helping", __name__)


@rooms.get("/help")
def show():
    """The questions and their answers."""
    return render_template("site/help.html", tasks=tasks("applicant"))
