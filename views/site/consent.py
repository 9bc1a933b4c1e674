"""Stage 2: the texts that a person consents to. Each version stays readable; who agreed to which is kept with him."""
from flask import Blueprint, abort, render_template

from models import clock
from models.consents import KINDS, ConsentText, text_of

rooms = Blueprint("consent", __name__)


@rooms.get("/consent")
@rooms.get("/consent/<version>")
@rooms.get("/consent/<any(privacy, biometrics):kind>/<version>")
def show(version="", kind="privacy"):
    """A text in force, or another version of it that was."""
    if version in KINDS:
        kind, version = version, ""
    current = text_of(kind)
    text = ConsentText.get_or_none(ConsentText.kind == kind, ConsentText.version == version, ConsentText.valid_from <= clock.today()) if version else current
    return render_template("site/consent.html", text=text or abort(404), current=current)
