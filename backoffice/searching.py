"""Finding rows by what somebody typed: encrypted numbers exactly through their blind index, names and codes by how they begin,
those of the small common tables by any part: 经济 also finds 应用经济学."""
from operator import or_
from functools import reduce

from peewee import IntegerField

from backoffice.kinds import BIGGEST
from models.base import on_sqlite
from models.extras import Extra
from models.identity import normal_document
from models.sealed import SealedField, blind


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
    """Condition: one of the ends of `paths` matches; None when nothing can. Ends behind the same keys share one sub-query."""
    groups = {}
    for path in paths:
        condition = _matches(path, text)
        if condition is not None:
            groups.setdefault(path.links, []).append((path, condition))
    found = [group[0][0].where(reduce(or_, (condition for _, condition in group))) for group in groups.values()]
    return reduce(or_, found) if found else None


def _matches(path, text):
    if isinstance(path.end, SealedField):
        return path.owner._meta.fields[path.end.index_name].in_({blind(text), blind(normal_document(text))})
    if isinstance(path.end, IntegerField):
        return path.end == int(text) if text.isdecimal() and int(text) <= BIGGEST else None
    return contains(path.end, text) if path.owner.national else begins(path.end, text)


def _escaped(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
