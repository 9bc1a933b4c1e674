"""Going to a page of a list by its number. A long list is walked once, which leaves a mark at every so many rows; marks are kept for some minutes,
so that further jumps read no more than the rows between two of them."""
import time
from threading import Lock

from peewee import SQL, Select, fn

from backoffice.kinds import BIGGEST

NEAR = 1_000           # so far into a list the rows are counted off, without a walk
STEP = 200             # rows between two marks
KEPT = 600             # seconds for which the marks of a list are good: rows that came since move a page by their number
MARKS = 100_000        # so many marks are kept in one process, those of the lists that were walked last
_marks, _held = {}, Lock()


def rank_of(text, size):
    """How many rows come before the page of that number; ValueError when it is no number of a page."""
    if not text.isdecimal() or not 0 < int(text) <= BIGGEST:
        raise ValueError(text)
    return (int(text) - 1) * size


def found_at(listing, rank):
    """(id, value of the order column) of the row of that rank, from 1; None when the list is shorter. A short list is counted off."""
    start, place = 0, (True, None, None)
    if rank > NEAR and listing.long:
        marks = _marks_of(listing)
        n = min(rank // STEP, len(marks))
        if n:
            start, place = n * STEP, (True, marks[n - 1][1], marks[n - 1][0])
        if rank == start:
            return (place[2], place[1])
        if rank - start > STEP:
            return None
    found = listing.stretch(rank - start, *place)
    return (found[-1].id, listing.value_of(found[-1])) if len(found) == rank - start else None


def _marks_of(listing):
    """[(id, value of the order column)] of every STEPth row of the list."""
    query = listing.query()
    key = str(query.sql()) + listing.sort
    with _held:
        made, marks = _marks.get(key, (0, None))
    if marks is None or time.monotonic() - made > KEPT:      # two who ask at once walk twice: nobody waits for the list of another
        marks = _walk(listing, query)
        with _held:
            _marks.pop(key, None)
            _marks[key] = time.monotonic(), marks
            while sum(len(kept) for _, kept in _marks.values()) > MARKS and len(_marks) > 1:
                del _marks[next(iter(_marks))]
    return marks


def _walk(listing, query):
    id, field = listing.model.id, listing.field
    order = [id.desc() if listing.down else id]
    if not listing.by_id:
        order = [*([field.is_null()] if field.null else []), field.desc() if listing.down else field, *order]
    numbered = query.select(id.alias("id"), field.alias("value"), fn.ROW_NUMBER().over(order_by=order).alias("rank")).alias("numbered")
    marked = Select([numbered], [numbered.c.id, numbered.c.value]).where(numbered.c.rank / STEP * STEP == numbered.c.rank).order_by(SQL("rank"))
    return [(id, field.python_value(value)) for id, value in listing.model._meta.database.execute(marked)]
