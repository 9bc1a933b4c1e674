"""Lists that are far longer than they are counted. “10,000+” needs no count to be said again: whoever saw it is told so for some seconds, while a number is
always counted."""
import time
from threading import Lock

SPARE = 1_000          # so many rows more than are counted such a list has: as many as one press takes out of it
KEPT = 20              # seconds
LOOKS = 10_000         # looks at lists that a process keeps
_until, _held = {}, Lock()


def seen(look):
    """Whether the list was that long a moment ago. A look is whatever tells lists apart, and who looks."""
    with _held:
        return _until.get(look, 0) > time.monotonic()


def forget(look):
    """It proved to be shorter."""
    with _held:
        _until.pop(look, None)


def note(look):
    """The list has just been that long."""
    with _held:
        if len(_until) >= LOOKS:
            _until.clear()
        _until[look] = time.monotonic() + KEPT
