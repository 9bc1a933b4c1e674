"""The queues of the desks (stages 3 and 4): who comes next, without whoever's decision the browser still holds back (static/held.js)."""
from flask import request

from models.applications import Application


def ahead(rows, moment, after=None, held=None):
    """The case of a query in the order of `moment` that comes behind `after`, else the first one; None when there is no other. The one with the id
    `held` is left out."""
    rows = rows.where(Application.id.not_in([id for id in (held, after and after.id) if id]))
    then = after and getattr(after, moment.name)
    behind = after and rows.where((moment > then) | ((moment == then) & (Application.id > after.id))).first()
    return behind or rows.first()


def held_back():
    """The id of the case whose decision the browser has not sent yet, or None."""
    text = request.values.get("held", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
