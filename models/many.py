"""One step on many rows in one transaction: what `Step.take` does for each, with rows, history and notices written together."""
import sqlite3

from peewee import ForeignKeyField, IntegrityError

from models import bulk
from models.audit import changes, record_many, values_of
from models.base import on_sqlite, writing
from models.measures import STEPS
from models.memory import remembering
from models.outbox import gathering
from models.serials import in_a_block
from models.workflow import GONE, Act, Refused, inside, notify


class Follower(Exception):
    """A step that is the effect of another was refused to one of many rows."""


def follow(step, rows, by, **answers):
    """Take a step that is the effect of another one on all of these rows, or on none."""
    if refused := together(step, type(rows[0]), rows, by, answers, {}):
        raise Follower(refused)


def take(step, kind, ids, by, answers):
    """{id: why not} of the rows on which the step was not taken. Everything else is done when the transaction around is committed."""
    return {id: str(refusal) for id, refusal in taken(step, kind, ids, by, answers)[1].items()}


def taken(step, kind, ids, by, answers, editions=None):
    """({id: row} of those that `by` sees as they stand after the step, {id: Refused} of those on which it was not taken). `editions` are those that
    were looked at when it was confirmed, as in `Step.take`."""
    with writing(), remembering():
        rows, editions = held(kind, ids, by), editions or {}
        refused = {id: Refused([GONE]) for id in ids if id not in rows}
        if step.together and rows:
            if step.gather:
                step.gather(list(rows.values()))
            try:
                with writing(), in_a_block():
                    refused |= together(step, kind, rows.values(), by, answers, editions)
                return rows, refused
            except (IntegrityError, sqlite3.IntegrityError, bulk.Overtaken, Follower):        # one of them does not fit; which, is found out one by one
                rows = held(kind, ids, by)
        return rows, refused | {id: refusal for id, row in rows.items() if (refusal := alone(step, row, by, answers, editions.get(id)))}


def held(kind, ids, by):
    """{id: row} of those that `by` sees, held until the transaction ends, with the rows that they point to, each of which is read once."""
    query = kind.select().where(kind.id.in_(kind.visible_to(by).select(kind.id).where(bulk.among((kind.id,), ids)))).order_by(kind.id)
    rows = {row.id: row for row in (query if on_sqlite() else query.for_update())}
    for name, link in kind._meta.fields.items():
        if isinstance(link, ForeignKeyField):
            wanted = {row.__data__[name] for row in rows.values()} - {None}
            owners = {owner.id: owner for owner in link.rel_model.select().where(bulk.among((link.rel_model.id,), wanted))} if wanted else {}
            single(owners)
            for row in rows.values():
                if row.__data__[name] in owners:
                    row.__rel__[name] = owners[row.__data__[name]]
    return rows


def single(owners):
    """Give each owner the rows that belong to it one to one, such as the account of a person."""
    for link in next(iter(owners.values()))._meta.backrefs if owners else ():
        if link.unique:
            bulk.theirs(link, owners)


def alone(step, row, by, answers, edition):
    """The Refused of a step that was not taken on one row; None when it was."""
    try:
        with writing():
            step.take(row, by, dict(answers), seen=True, edition=edition)
    except Refused as refusal:
        return refusal


def together(step, kind, rows, by, answers, editions):
    """The step on all the rows against which nothing stands; {id: Refused} of the others."""
    act, missing, refused, moved = Act(by, answers), step.missing(answers), {}, []
    for row in rows:
        against = step.reasons(row, act, seen=True) + step.overtaken(row, editions.get(row.id))
        if against or missing:
            refused[row.id] = Refused(against, missing)
            continue
        before, old = values_of(row), row.state
        row._dirty.clear()
        row.state = step.target
        if step.sets:
            step.sets(row, act)
        moved.append((row, before, old, tuple(sorted(row._dirty & kind._meta.fields.keys()))))
    for names in {names for *_, names in moved}:
        stored = bulk.storing(kind, names)
        bulk.update(kind, names, [(row.id, row.edition, *stored(row)) for row, *_, same in moved if same == names])
    record_many(by, [(row, step.name, step.label, changes(before, row, names), act.reason, (old, row.state)) for row, before, old, names in moved],
                keep=not step.forgets)
    if step.then_many and moved:
        with inside(step):
            step.then_many([row for row, *_ in moved], act)
    with gathering():
        for row, *_ in moved if step.tell else ():
            row.edition += 1
            notify(step.tell(row), row, step, act)
    for outcome, number in (("taken", len(moved)), ("refused", len(refused))):
        STEPS.labels(f"{step.model_name}.{step.name}", outcome).inc(number)
    return refused
