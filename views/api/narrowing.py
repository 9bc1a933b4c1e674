"""Rows of the interface narrowed and ordered by fields that the site added: each is a parameter by the name under which the answer tells it, for those who may see it.
To everybody else it is as unknown as one that does not exist."""
import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from models.extras import Extra
from views.api.added import seen

RANGED = ("integer", "decimal", "date")
TYPES = {"integer": {"type": "integer"}, "decimal": {"type": "number"}, "flag": {"type": "boolean"}, "date": {"type": "string", "format": "date"}}
KINDS = {"integer": "整数", "decimal": "数", "flag": "true 或 false", "date": "日期，如 2026-03-20"}
READ = {"integer": lambda text: int(_matching(r"-?\d{1,15}", text)), "decimal": lambda text: Decimal(_matching(r"-?\d{1,15}(\.\d{1,6})?", text)), "date": dt.date.fromisoformat,
        "flag": lambda text: {"true": True, "false": False}[text]}
ORDER = "order"


def _matching(pattern, text):
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError
    return text


@dataclass(frozen=True)
class AddedAsk:
    """One parameter that compares an added field: with a value, or at its `end` with the first or last that counts."""
    name: str
    field: Extra = field(repr=False)
    end: str = ""
    default = None

    @property
    def title(self):
        return f"补充字段“{self.field.verbose_name}”" + {"": "；空 = 没有填的", "from": "从（含）", "to": "到（含）"}[self.end]

    @property
    def schema(self):
        """What it may be, as JSON schema."""
        return TYPES.get(self.field.kind, {"type": "string"}) | ({"enum": [code for code, _ in self.field.choices]} if self.field.choices else {})

    def read(self, text):
        """The condition; ValueError with a sentence."""
        if not text and not self.end:
            return self.field.is_null()
        try:
            value = READ.get(self.field.kind, str)(text)
        except (KeyError, ValueError):
            raise ValueError(f"{self.name}（{self.field.verbose_name}）：要求{KINDS[self.field.kind]}，实际“{text[:20]}”") from None
        if self.field.choices and text not in dict(self.field.choices):
            raise ValueError(f"{self.name}（{self.field.verbose_name}）：要求 {'、'.join(code for code, _ in self.field.choices)} 之一，实际“{text[:20]}”")
        return self.field >= value if self.end == "from" else self.field <= value if self.end == "to" else self.field == value


@dataclass(frozen=True)
class OrderAsk:
    """The parameter that names the field by which the rows are ordered; rows without a value come last."""
    fields: dict = field(repr=False)            # name -> Extra
    name, title, default = ORDER, "按哪个补充字段排，前面加 - 是从大到小；没有填的在最后", None

    @property
    def schema(self):
        return {"type": "string", "enum": [sign + name for name in self.fields for sign in ("", "-")]}

    def read(self, text):
        """(field, whether the greatest comes first)."""
        if text.removeprefix("-") not in self.fields:
            raise ValueError(f"{self.name}：要求 {'、'.join(self.fields)} 之一，前面可以加 -，实际“{text[:40]}”")
        return self.fields[text.removeprefix("-")], text.startswith("-")


def asks(added, user):
    """The parameters over the added fields that the user may see; `added` is {where the answer tells them: kind of record}."""
    fields = {f"{place}.{field.key}": field for place, kind in added.items() for field in seen(kind, user)}
    ends = [(name, field, end) for name, field in fields.items() for end in ("", *(("from", "to") if field.kind in RANGED else ()))]
    return [AddedAsk(f"{name}.{end}" if end else name, field, end) for name, field, end in ends] + ([OrderAsk(fields)] if fields else [])


def in_order(order, last):
    """The terms by which rows are ordered, rows without a value last; `last` is the column that tells those apart that have the same."""
    if order is None:
        return [last]
    column, down = order
    return [column.is_null(), column.desc() if down else column.asc(), last]


def beyond(order, value, last, id):
    """The condition that a row comes after the one with this value and id."""
    if order is None:
        return last > id
    column, down = order
    if value is None:
        return column.is_null() & (last > id)
    return column.is_null() | (column < value if down else column > value) | ((column == value) & (last > id))
