"""What varies by date or unit - limits, pass marks, quorum, check lists - as rows with validity dates, never constants in code."""
import json
from contextlib import contextmanager
from contextvars import ContextVar

from peewee import Case, CharField, DateField, ForeignKeyField, JSONField, TextField, Value

from models import clock
from models.base import writing
from models.memory import keep, recalled
from models.reference import EVERYBODY, Institution, day_of, rows_of
from models.workflow import Reason, Record


class Parameter(Record):
    """The value of one parameter in a period, for the nation (institution empty) or one unit."""
    label, readers, national, writers = "参数", EVERYBODY, True, "centre"
    editable = ("name", "title", "value", "valid_from", "valid_to", "institution", "source")

    name = CharField(max_length=60, index=True, verbose_name="参数名")
    title = CharField(max_length=80, verbose_name="含义")
    value = JSONField(verbose_name="值", help_text="数字、文字或列表，按 JSON 书写")
    valid_from = DateField(verbose_name="启用日期")
    valid_to = DateField(null=True, verbose_name="停用日期", help_text="最后一天计入；空 = 一直有效")
    institution = ForeignKeyField(Institution, null=True, on_delete="RESTRICT", verbose_name="单位", help_text="空 = 全国")
    source = TextField(default="", verbose_name="依据")

    def __str__(self):
        return f"{self.title}（{self.name}）"

    def faults(self):
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            return {"valid_to": f"停用日期：要求不早于启用日期 {self.valid_from}，实际 {self.valid_to}"}
        return {}


_supposed = ContextVar("supposed", default=())      # (name, id of the unit or None, value) of a change that is only rehearsed


@contextmanager
def supposing(name, value, institution=None):
    """Inside the block it is as if a parameter had another value, for the nation or one unit; nothing is written."""
    token = _supposed.set((name, institution, value))
    try:
        yield
    finally:
        _supposed.reset(token)


def _rows(names, day):
    """Query over the rows of parameters that are in force on a day, the later start last."""
    return (Parameter.select(Parameter.name, Parameter.institution, Parameter.value)
            .where(Parameter.name.in_(names), Parameter.valid_from <= day, Parameter.valid_to.is_null() | (Parameter.valid_to >= day)).order_by(Parameter.valid_from))


def _places(names, rows):
    """{name: {id of the unit, None for the nation: value}} of the rows."""
    found = {name: {} for name in names}
    for row in rows:
        found[row.name][row.institution_id] = row.value
    supposed, place, value = _supposed.get() or (None, None, None)
    if supposed in found:
        found[supposed][place] = value
    return found


def value(name, on=None, institution=None):
    """The value in force on a day (default today): the unit's own row before the nation's, the later start before the earlier."""
    day, unit = on or clock.today(), getattr(institution, "id", institution)
    return recalled((name, day, unit), lambda: _values((name,), day, unit)[name])


def values(*names, institution=None):
    """{name: its value in force today}, all of them asked for at once."""
    day, unit = clock.today(), getattr(institution, "id", institution)
    return recalled((names, day, unit), lambda: _values(names, day, unit))


def _values(names, day, unit):
    nation = Parameter.institution.is_null()
    places = _places(names, _rows(names, day).where(nation if unit is None else nation | (Parameter.institution == unit)))
    if lacking := [name for name, found in places.items() if unit not in found and None not in found]:
        raise LookupError(f"参数 {lacking[0]} 在 {day} 没有有效的值")
    return {name: found[unit if unit in found else None] for name, found in places.items()}


def standing(names, on):
    """{name: {id of the unit, None for the nation: value}} of parameters on a day, asked for at once; inside `remembering`, `in_force` rests on it."""
    found = _places(names, _rows(names, on)) if names else {}
    for name, places in found.items():
        keep(_kept_as(name, on), places)
    return found


def _kept_as(name, on):
    return Parameter, name, on, repr(_supposed.get())


def in_force(name, on, unit):
    """The value in force on a day as an expression over a column that names the unit, for statements over many."""
    found = dict(recalled(_kept_as(name, on), lambda: standing((name,), on)[name]))
    nation = found.pop(None)
    return Case(unit, tuple(found.items()), nation) if found else Value(nation)


def load():
    """Add the shipped parameters that are not there yet; changed ones stay as they are."""
    with writing():
        have = {p.name for p in Parameter.select(Parameter.name).where(Parameter.institution.is_null())}
        for row in rows_of("parameter"):
            if row["name"] not in have:
                Parameter.create(name=row["name"], title=row["title"], value=json.loads(row["value"]), valid_from=day_of(row["valid_from"]),
                                 valid_to=day_of(row["valid_to"]), source=row["source"])


def within_window(first, last, what):
    """A Reason when today is outside the window [first, last], else None."""
    today = clock.today()
    if clock.in_window(today, first, last):
        return None
    gap = (first - today).days if first and today < first else (today - last).days
    return Reason(f"不在{what}时间内", f"{first or '不限'} 至 {last or '不限'}", str(today), f"{gap} 天")
