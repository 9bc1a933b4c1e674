"""Filters of a list: what the address says becomes a condition and the words of a chip, or a sentence about what is wrong."""
import datetime as dt
from dataclasses import dataclass

from peewee import CharField, TextField

from backoffice.choices import Coded
from backoffice.kinds import Day, Kind, Moment
from backoffice.paths import Path
from backoffice.searching import begins

FEW = 12           # so many choices are offered as boxes to tick, more as a list
MANY = 20          # so many are bars of one chart


def charted(item):
    """Whether rows can be counted by each value of a filter: a state, one of a few choices, yes or no, or a day of the rows themselves."""
    if item.kind.picks == "choice":
        return not isinstance(item.kind, Coded) and len(item.kind.options()) <= MANY
    return item.kind.picks == "range" and isinstance(item.kind, Day) and item.path.own


@dataclass(frozen=True)
class Filter:
    """One filter of a screen. `hidden` ones serve links of other screens and are not offered."""
    name: str
    label: str
    path: Path
    kind: Kind
    hidden: bool = False

    @property
    def control(self):
        """How it is offered: boxes, list, days, numbers, row or line."""
        if self.kind.picks in ("choice", "presence"):
            return "boxes" if len(self.kind.options()) <= FEW else "list"
        if self.kind.picks == "range":
            return "days" if isinstance(self.kind, Day) else "numbers"
        return "row" if self.kind.picks == "row" else "line"

    @property
    def keys(self):
        """Its arguments in the address."""
        return (f"f.{self.name}.from", f"f.{self.name}.to") if self.kind.picks == "range" else (f"f.{self.name}",)

    def read(self, args, user):
        """(condition, words of the chip), or None when it is not set; ValueError with the sentence when it cannot be read."""
        try:
            found = getattr(self, f"_{self.kind.picks}")(args, user)
        except ValueError as error:
            raise ValueError(f"{self.label}：{error}") from None
        return found and (self.path.where(found[0]), found[1])

    def _range(self, args, user):
        first, last = (self._limit(args.get(key, "")) for key in self.keys)
        if first is not None and last is not None:
            words, condition = f"{first} 至 {last}", (self.path.end >= first) & (self.path.end <= self._whole_day(last))
        elif first is not None:
            words, condition = f"{first} 起", self.path.end >= first
        elif last is not None:
            words, condition = f"{last} 止", self.path.end <= self._whole_day(last)
        else:
            return None
        return condition, words

    def _limit(self, text):
        return Day.read(self.kind, text) if isinstance(self.kind, Day) else self.kind.read(text)

    def _whole_day(self, limit):
        """A last day counts until 24:00."""
        return dt.datetime.combine(limit, dt.time.max) if isinstance(self.kind, Moment) else limit

    def _choice(self, args, user):
        texts = [text for text in args.getlist(self.keys[0]) if text]
        if not texts:
            return None
        labels = dict(self.kind.options())
        return self.path.end.in_([self.kind.read(text) for text in texts]), "、".join(labels.get(text, text) for text in texts)

    def _presence(self, args, user):
        texts = set(args.getlist(self.keys[0]))
        if len(texts & {"0", "1"}) != 1:
            return None
        end = self.path.end
        empty = end.is_null() | (end == "") if isinstance(end, (CharField, TextField)) else end.is_null()
        return (empty, "未填") if "1" in texts else (~empty, "已填")

    def _row(self, args, user):
        id = self.kind.read(args.get(self.keys[0], ""))
        if id is None:
            return None
        row = self.path.end.rel_model.seen(user, id)
        if row is None:
            raise ValueError("没有这一行，或不在您的范围内")
        return self.path.end == id, str(row)

    def _start(self, args, user):
        text = self.kind.read(args.get(self.keys[0], ""))
        return text and (begins(self.path.end, text), f"以“{text}”开头")
