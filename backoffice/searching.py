"""Finding rows by what somebody typed: encrypted numbers exactly through their blind index, names of persons by any two characters, other names
and codes by how they begin, those of the small common tables by any part: 经济 also finds 应用经济学."""
from functools import reduce
from operator import add, or_

from peewee import IntegerField, Select, Value

from backoffice.kinds import BIGGEST
from models.base import db, on_sqlite
from models.extras import Extra
from models.identity import normal_document
from models.searched import PairedField
from models.sealed import SealedField, blind

FEW = 20_000        # so many rows behind a key are named one by one


def begins(field, text):
    """Condition: the value begins with `text`, in the one form that both databases answer from an index."""
    if on_sqlite():
        if isinstance(field, Extra):                             # of an expression only a span is answered from its index
            return (field >= text) & (field < text + chr(0x10FFFF))
        return field % ("".join(f"[{c}]" if c in "*?[" else c for c in text) + "*")      # GLOB
    return field % (_escaped(text) + "%")                                                # LIKE


def contains(field, text):
    """Condition: the value contains `text`; it reads every row, so it is for the small tables that belong to everybody."""
    if on_sqlite():
        return field % ("*" + "".join(f"[{c}]" if c in "*?[" else c for c in text) + "*")
    return field % ("%" + _escaped(text) + "%")


def found_by(paths, text):
    """Condition: one of the ends of `paths` matches; None when nothing can."""
    return found_by_each([paths], text)[0]


def found_by_each(searches, text):
    """[the condition of `found_by`] for each of several lists of paths. Ends behind the same keys share one sub-query.

    All of them are asked for in one statement first: few rows at an end are named by their ids, so that the rows of the list are gathered
    through an index; where there are many, each row of the list looks at its own end until a page is full."""
    grouped = [_groups(paths, text) for paths in searches]
    ids = iter(_first_ids([group for groups in grouped for group in groups]))
    found = [[path.probe(condition) if len(those) > FEW else path.at(those) for path, condition in groups if (those := next(ids))]
             for groups in grouped]
    return [reduce(or_, conditions) if conditions else None for conditions in found]


def _groups(paths, text):
    """[(a path, the condition on its owner)] with the conditions of all paths that lead over the same keys in one."""
    groups = {}
    for path in paths:
        condition = _matches(path, text)
        if condition is not None:
            groups.setdefault(path.links, []).append((path, condition))
    return [(group[0][0], reduce(or_, (condition for _, condition in group))) for group in groups.values()]


def _first_ids(groups):
    """[ids of the owners that match, to one more than FEW] for each (path, condition)."""
    found = []
    for n, (path, condition) in enumerate(groups):
        rows = path.owner.select(path.owner.id).where(condition).limit(FEW + 1).alias(f"found{n}")
        found.append(Select([rows], [Value(n).alias("place"), rows.c.id]))
    ids = [[] for _ in groups]
    for place, id in db.execute(reduce(add, found)) if found else ():
        ids[int(place)].append(id)
    return ids


def _matches(path, text):
    if isinstance(path.end, SealedField):
        return path.owner._meta.fields[path.end.index_name].in_({blind(text), blind(normal_document(text))})
    if isinstance(path.end, IntegerField):
        return path.end == int(text) if text.isdecimal() and int(text) <= BIGGEST else None
    if isinstance(path.end, PairedField) and len(text) > 1:
        return path.end.holds(text)
    return contains(path.end, text) if path.owner.national else begins(path.end, text)


def _escaped(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
