"""Large files at rest, sealed piece by piece: what is read is opened as it is read, and no more than one piece is held at a time.

Each piece is sealed for its place - the file, its number, whether it is the last - so that none can be changed, moved, left out or cut off
without notice. Before each stands its length in four bytes.
"""
from functools import partial
from io import BytesIO

from models import sealed

PIECE = 1 << 20         # bytes in clear
LENGTH = 4


def cut(data):
    """Iterator over the pieces of bytes or of an open file; of an empty one there is one piece."""
    read = (BytesIO(data) if isinstance(data, bytes) else data).read
    yield read(PIECE)
    yield from iter(partial(read, PIECE), b"")


def seal(pieces, path, place):
    """Write pieces of bytes, sealed for a place, to a path."""
    with open(path, "wb") as kept:
        number, piece = 0, next(pieces)
        while piece is not None:
            after = next(pieces, None)
            part = sealed.seal(piece, _place(place, number, after is None))
            kept.write(len(part).to_bytes(LENGTH) + part)
            number, piece = number + 1, after


def unseal(path, place):
    """Iterator over the pieces in clear; ValueError at the first that is not what was sealed there."""
    with open(path, "rb") as kept:
        number, part = 0, _part(kept, place)
        while part is not None:
            after = _part(kept, place)
            yield sealed.unseal(part, _place(place, number, after is None))
            number, part = number + 1, after


def is_newest(path):
    """Whether they were sealed with the newest key."""
    with open(path, "rb") as kept:
        return sealed.is_newest((_part(kept, path) or b""))


def _place(place, number, last):
    return f"{place}.{number}{'.last' if last else ''}"


def _part(kept, place):
    length = kept.read(LENGTH)
    if not length:
        return None
    part = kept.read(int.from_bytes(length))
    if len(part) != int.from_bytes(length):
        raise ValueError(f"{place} 的密文不完整")
    return part
