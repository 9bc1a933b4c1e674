"""What a transaction over many rows would ask again for each of them - parameters, templates - asked once."""
from contextlib import contextmanager
from contextvars import ContextVar

_known = ContextVar("known", default=None)


@contextmanager
def remembering():
    """Inside the block every answer of `recalled` is kept."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def keep(key, answer):
    """Inside `remembering`, have an answer that came along with others."""
    if (known := _known.get()) is not None:
        known[key] = answer


def recalled(key, ask):
    """What `ask()` answers; inside `remembering` what it answered the first time for this key."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return known[key]
