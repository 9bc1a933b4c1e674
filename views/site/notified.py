"""Stage 6: where payment providers leave their messages. Whatever comes is judged by its signature and kept as a row; the answer is for machines."""
from flask import Blueprint, abort, request

from models.exams.arriving import DONE
from tasks.paying import till

rooms = Blueprint("notified", __name__)
LONGEST = 16 * 1024


def open_to_providers(app):
    """A provider has no form of ours and so no token: its signature is what counts."""
    app.extensions["csrf"].exempt(notify)


@rooms.post("/pay/notify/<name>")
def notify(name):
    """'success' once the message needs not be said again, else 'failure'."""
    if till.provider(name) is None or (request.content_length or 0) > LONGEST:
        abort(400)
    raw = request.get_data(cache=True)
    verdict = till.receive(name, request.form.to_dict(), raw, request.remote_addr or "")
    return ("success", 200) if verdict in DONE else ("failure", 503 if verdict == "busy" else 400)
