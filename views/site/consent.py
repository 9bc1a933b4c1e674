"""Stage 2: the text that a person consents to. Each version stays readable; which one somebody agreed to is kept with him."""
from flask import Blueprint, abort, render_template

rooms = Blueprint("consent", __name__)
VERSIONS = ("2026-1",)
CURRENT = VERSIONS[-1]


@rooms.get("/consent")
@rooms.get("/consent/<version>")
def show(version=CURRENT):
    """The text in force, or an earlier one."""
    if version not in VERSIONS:
        abort(404)
    return render_template(f"site/consent/{version}.html", version=version, current=CURRENT)
