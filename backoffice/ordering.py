"""The key that a form carries which orders a job: sent twice, by two presses, a replay or a reload, it is one order."""
import secrets

from flask import request


def new_key():
    """For a form that is about to be shown."""
    return secrets.token_hex(16)


def key_of(*chosen):
    """The key of the form that was sent, with what was chosen in it: whoever goes back and chooses otherwise orders anew. '' when it carries none."""
    sent = request.form.get("order_key", "")
    return sent and " ".join((sent, *map(str, chosen)))
