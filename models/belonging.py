"""All stages: what belongs to a case, read at once for a page of the whole case: each kind once, and those alone of which there are any rows."""
from peewee import SQL, Case, Select, fn

from models.written import ask, blank


def gather(case, user, kinds):
    """Give a case, or its person, all rows of {kind: foreign keys to be read along} in the order of their ids. Whatever is told of the case rests on them; `shown`
    are those that the user may see."""
    there = _there(case, tuple(kinds))
    for kind, links in kinds.items():
        link = _link(kind)
        owner = case if link.rel_model is type(case) else case.person
        owner.__dict__[link.backref] = list(_rows(kind, links, user, link == owner.id)) if kind in there else []


def shown(case, kind):
    """The rows of a kind that were gathered for a case, and that the user may see."""
    link = _link(kind)
    return [row for row in getattr(case if link.rel_model is type(case) else case.person, link.backref) if row.shown]


def latest(rows):
    """The last of some rows by their ids; None of none."""
    return max(rows, key=lambda row: row.id, default=None)


def _link(kind):
    """By which foreign key the rows of a kind belong to a case: straight, or as those of its person."""
    return kind._meta.fields.get("application") or kind.person


def _there(case, kinds):
    """The kinds of which there are rows."""
    answers, = ask(_whether, kinds, application=case.id, person=case.person_id)
    return {kind for kind, answer in zip(kinds, answers, strict=True) if answer}


def _whether(kinds):
    links = [_link(kind) for kind in kinds]
    return Select(columns=[fn.EXISTS(link.model.select(SQL("1")).where(link == blank(link.name))) for link in links]).bind(kinds[0]._meta.database).tuples()


def _rows(kind, links, user, condition):
    seen = kind.scope(user)
    return kind.select().along(links, (SQL("1") if seen is True else Case(None, ((seen, 1),), 0)).alias("shown")).where(condition).order_by(kind.id)
