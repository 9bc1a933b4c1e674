"""Files through the scope: whoever may see the row may fetch the file, everybody else gets 404."""
from io import BytesIO

from flask import Blueprint, abort, send_file
from flask_security import current_user

from models import clock
from models.files import SECRET, File

pages = Blueprint("downloads", __name__)


@pages.get("/file/<int:id>")
def fetch(id):
    """The file `id`: pictures and PDF in the browser, everything else as a download; results of jobs, which may be large, straight from
    the disk. Biometrics never leave."""
    kept = File.seen(current_user, id)
    if kept is None or kept.kind in SECRET or (kept.expires_at and kept.expires_at <= clock.now()):
        abort(404)
    content = kept.path.absolute() if kept.kind == "result" else BytesIO(kept.read())
    return send_file(content, mimetype=kept.content_type, download_name=kept.name, as_attachment=not kept.shown)
