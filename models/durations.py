"""All stages: how long the steps take, as the median of days between two moves of a case, by unit."""
from dataclasses import dataclass

from peewee import fn

from models.applications import Application
from models.audit import Entry
from models.base import on_sqlite


@dataclass(frozen=True)
class Duration:
    """How long cases stood in one state before one step was taken, in one unit."""
    institution: int
    step: str
    label: str
    count: int
    days: float


def medians(user, since=None, until=None):
    """[Duration] over the moves of the cases that `user` may see, those between two moments where they are given."""
    moved = (Entry.select(Entry.row_id, Entry.verb, Entry.verb_label, Entry.at,
                          fn.LAG(Entry.at).over(partition_by=[Entry.row_id], order_by=[Entry.id]).alias("came"))
             .where(Entry.entity == Application._meta.table_name, Entry.new_state.is_null(False) | (Entry.verb == "create")).cte("moved"))
    at, came = moved.c.at, moved.c.came
    days = fn.julianday(at) - fn.julianday(came) if on_sqlite() else fn.date_part("epoch", at - came) / 86400
    cases = Application.visible_to(user).select(Application.id, Application.institution).cte("cases")
    place = {"partition_by": [cases.c.institution_id, moved.c.verb]}
    ranked = (Application.select(cases.c.institution_id.alias("unit"), moved.c.verb.alias("verb"), moved.c.verb_label.alias("label"), days.alias("days"),
                                 fn.ROW_NUMBER().over(order_by=[days], **place).alias("place"), fn.COUNT(moved.c.verb).over(**place).alias("total"))
              .from_(moved).join(cases, on=cases.c.id == moved.c.row_id)
              .where(came.is_null(False), *([at >= since] if since else []), *([at <= until] if until else [])).cte("ranked"))
    c = ranked.c
    middle = (c.place * 2 >= c.total) & (c.place * 2 <= c.total + 2)
    rows = (ranked.select_from(c.unit, c.verb, fn.MAX(c.label), fn.MAX(c.total), fn.AVG(c.days)).where(middle).group_by(c.unit, c.verb).order_by(c.unit, c.verb)
            .with_cte(moved, cases, ranked).tuples())
    return [Duration(unit, verb, label, total, round(float(days), 1)) for unit, verb, label, total, days in rows]
