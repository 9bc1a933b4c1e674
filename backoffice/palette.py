"""Ctrl-K asks here for people: by their name or a whole number, through the scope of who asks and the search of the screens that say `find`."""
from itertools import groupby

from flask import Blueprint, current_app, jsonify, render_template, request
from flask_security import current_user

from backoffice.paths import load_owners, named_by
from backoffice.searching import found_by_each

pages = Blueprint("palette", __name__, url_prefix="/office/find")
MOST = 8                  # rows of one screen
LONGEST = 80              # characters of what is looked for


@pages.get("/")
def find():
    """The people that a text may mean, as JSON."""
    text = request.args.get("q", "").strip()
    user = current_user._get_current_object()
    known = current_app.extensions["screens"].open_to(user) if 0 < len(text) <= LONGEST else []
    return jsonify(rows=people([screen.seen_by(user) for screen in known if set(screen.find) & set(user.role_names)], user, text))


@pages.get("/places")
def places():
    """The screens and actions of whoever asks, as a part of a page: it is asked for when the palette is first opened."""
    return render_template("admin/places.html")


def people(screens, user, text):
    """What the screens find, best known first: one query for what may be meant, one for each screen, and one for each kind of row that a name is
    made of."""
    conditions = found_by_each([screen.search for screen in screens], text)
    found = [(screen, row) for screen, condition in zip(screens, conditions, strict=True) for row in _rows(screen, user, condition)]
    for _, same in groupby(sorted(found, key=_kind), key=_kind):
        rows = [row for _, row in same]
        load_owners(rows, named_by(type(rows[0])))
    return [{"title": str(row), "state": row.STATES[row.state][0] if row.STATES else "", "tone": row.STATES[row.state][1] if row.STATES else "",
             "screen": screen.title, "url": screen.address("details", id=row.id)} for screen, row in found]


def _rows(screen, user, condition):
    return [] if condition is None else screen.rows(user).where(condition).order_by(screen.model.id.desc()).limit(MOST)


def _kind(item):
    return item[0].model.__name__
