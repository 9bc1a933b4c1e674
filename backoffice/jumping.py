"""Going to a page of a list by its number. The rows before it are passed over in the order of an index, without being read; of a long list the places
that were found are kept for some minutes, and the next jump begins at the nearest of them."""
import time
from threading import Lock

from backoffice.kinds import BIGGEST

NEAR = 1_000           # so far into a list nothing is kept
KEPT = 600             # seconds for which a place is good: rows that came since move a page by their number
PLACES = 500           # places that are kept of one list
LISTS = 200            # lists of which a process keeps places, those where somebody jumped last
_places, _held = {}, Lock()


def rank_of(text, size):
    """How many rows come before the page of that number; ValueError when it is no number of a page."""
    if not text.isdecimal() or not 0 < int(text) <= BIGGEST:
        raise ValueError(text)
    return (int(text) - 1) * size


def found_at(listing, rank):
    """(id, value of the order column) of the row of that rank, from 1; None when the list is shorter."""
    far = rank > NEAR and listing.long
    start, place = _nearest(listing, rank) if far else (0, None)
    if start < rank:
        rows = listing.stretch(1, True, *(place[::-1] if place else (None, None)), over=rank - start - 1)
        place = (rows[0].id, listing.value_of(rows[0])) if rows else None
        if far and place:
            _keep(listing, rank, place)
    return place


def _nearest(listing, rank):
    """(rank, place) of the last kept place that does not lie behind a rank; (0, None) where there is none."""
    oldest = time.monotonic() - KEPT
    with _held:
        known = _places.get(_key(listing), {})
        return max(((at, place) for at, (made, place) in known.items() if at <= rank and made > oldest), default=(0, None))


def _keep(listing, rank, place):
    with _held:
        known = _places.pop(key := _key(listing), {})
        known.pop(rank, None)
        _places[key] = known | {rank: (time.monotonic(), place)}
        for kept, most in ((_places[key], PLACES), (_places, LISTS)):
            while len(kept) > most:
                del kept[next(iter(kept))]


def _key(listing):
    return str(listing.query().sql()) + listing.sort
