"""How far a piece of long work is: a page for people, JSON for the page that waits."""
from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask_security import current_user

from models.jobs import Job

pages = Blueprint("jobs", __name__, url_prefix="/office/jobs")


@pages.get("/<int:id>")
def show(id):
    """The state of one job that the user may see."""
    job = Job.seen(current_user, id)
    if job is None:
        abort(404)
    if request.accept_mimetypes.best != "application/json":
        return render_template("admin/job.html", job=job)
    return told(job)


def told(job):
    """What the page that waits for a job wants to know, as JSON."""
    label, tone = job.STATES[job.state]
    result = url_for("downloads.fetch", id=job.result_id) if job.state == "done" and job.result_id else None
    return jsonify(state=job.state, label=label, tone=tone, done=job.done, total=job.total, message=job.message,
                   ended=job.state not in ("queued", "running"), result=result)
