"""Files through the scope: whoever may see the row may fetch the file, everybody else gets 404."""
from io import BytesIO
from itertools import chain

from flask import Blueprint, abort, send_file
from flask_security import current_user

from models import clock
from models.files import SECRET, File

pages = Blueprint("downloads", __name__)


@pages.get("/file/<int:id>")
def fetch(id):
    """The file `id`: pictures and PDF in the browser, everything else as a download, opened piece by piece as it is sent. Biometrics never
    leave."""
    kept = File.seen(current_user, id)
    if kept is None or kept.kind in SECRET or (kept.expires_at and kept.expires_at <= clock.now()):
        abort(404)
    pieces = kept.pieces()
    first = next(pieces)            # what cannot be opened at all is a failure, and no empty file
    answer = send_file(BytesIO(), mimetype=kept.content_type, download_name=kept.name, as_attachment=not kept.shown)
    answer.response, answer.direct_passthrough, answer.content_length = chain([first], pieces), False, kept.size
    return answer
