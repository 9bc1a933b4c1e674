"""Whether a transcript or another paper of a case is genuine: a page for everybody that has its code, which says no more than that, and for whom and when; so often an
hour as the certificates."""
from flask import Blueprint, redirect, render_template, request, url_for

from models.printouts import FORMS, Printout
from models.transcripts import Transcript, as_typed
from views.site.verifying import counted, too_often

rooms = Blueprint("checks", __name__)


@rooms.get("/check")
def ask():
    """The box for a code."""
    code = request.args.get("code", "").strip()
    return redirect(url_for("checks.show", code=as_typed(code)[:40] or "-")) if code else render_template("site/verify.html", code="", row=None)


@rooms.get("/check/<code>")
def show(code):
    """What is said of a code: valid, or not known."""
    code = as_typed(code[:80])
    often = counted("check", code)
    if often:
        return too_often("site/verify.html", often, code=code, row=None)
    row = Transcript.get_or_none(Transcript.code == code) or Printout.get_or_none(Printout.code == code)
    return render_template("site/verify.html", code=code, row=row, what=FORMS.get(getattr(row, "form", ""), Transcript.label), name=row and hidden(row.application.person.name)), 200 if row else 404


def hidden(name):
    """A name of which only the first character shows."""
    return name[:1] + "*" * max(1, len(name) - 1)
