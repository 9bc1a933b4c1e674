"""The parts of which screen files are made: paths, columns, fields of forms, sections, and conditions; each checked as it is read."""
import datetime as dt
from decimal import Decimal
from functools import reduce
from operator import and_

from peewee import BooleanField, CharField, DateField, DateTimeField, DecimalField, FloatField, ForeignKeyField, IntegerField, TextField

from backoffice.fieldkinds import kind_of
from backoffice.kinds import Masked, Shown
from backoffice.paths import Path
from backoffice.screens.layers import Layers
from backoffice.screens.pieces import Box, Column, Section
from models.extras import ExtraFile
from models.reference import CODE_TABLES
from models.sealed import BlindIndexField, SealedField

HOLDS = (((BlindIndexField, SealedField), ()), (BooleanField, (bool,)), (DateTimeField, (dt.datetime,)), (DateField, (dt.date,)),
         ((DecimalField, FloatField), (int, float)), ((IntegerField, ForeignKeyField), (int,)), ((CharField, TextField), (str,)))
FITTING = {"day": DateTimeField, "thousands": IntegerField, "bytes": IntegerField, "kind": CharField, "job": CharField, "account": IntegerField}
TRUSTED = ("kind", "job", "account")        # formats that look something up; only where a shipped screen does


class Parts(Layers):
    """Reads parts of the files of one screen; `model` is what the screen shows, `full` the paths it shows unmasked on the
    page of one row - a list always hides them -, `added` the fields of the site. What is shown and what is only asked about is noted, to be
    held against what the shipped screens give."""
    model, full, added = None, (), {}

    def __init__(self, name, layers):
        super().__init__(name, layers)
        self.shown, self.asked, self.masked = [], [], set()        # (key, path), (key, path), texts of paths

    def path(self, key, text, model=None):
        """The Path of a text; None, with a problem, when it leads nowhere."""
        try:
            return Path.of(model or self.model, text, self.added)
        except LookupError as error:
            part, names = error.args
            self.wrong(key, f"{(model or self.model).label}没有“{part}”这个字段" if part == text else f"“{text}”里没有“{part}”这个字段", text, names, part)
            return None

    def queried(self, key, text):
        """The Path of a text that stands in a condition or an order."""
        path = self.path(key, text)
        if path is not None:
            self.asked.append((key, path))
        return path

    def _kind(self, key, path, table):
        states, form, codes = path.owner.STATES, table.get("format", ""), table.get("codes", "")
        if form and not isinstance(path.end, FITTING[form]):
            self.wrong(key, f"“{path.text}”不能写成“{form}”", form)
            return None
        if codes and (codes not in CODE_TABLES or type(path.end) not in (CharField, TextField)):
            self.wrong(key, f"没有“{codes}”这个代码表" if codes not in CODE_TABLES else f"“{path.text}”不是代码", codes, CODE_TABLES)
            return None
        kind = Shown() if path.end is None else kind_of(path.end, states, codes, form, path in self.full and key != "columns")
        if kind is None:
            self.wrong(key, f"“{path.text}”只用于查找，不能显示", path.text)
        return Masked(kind) if kind is not None and table.get("mask") else kind

    def column(self, key, item, words="column"):
        """The Column of an item of a list; None, with a problem, when there can be none."""
        table = {"name": item} if isinstance(item, str) else item
        if not isinstance(table, dict):
            self.wrong(key, f"每一项要求字段名，或带 name 的表，实际是 {item!r:.80}")
            return None
        table = self.known(key, table, words, ("name",))
        path = table and self.path(key, table["name"])
        kind = path and self._kind(key, path, table)
        if not kind:
            return None
        (self.asked if words == "filter" else self.shown).append((key, path))
        if table.get("format") in TRUSTED:
            self.shown.append((key, f"{path.text}:{table['format']}"))
        if table.get("mask"):
            self.masked.add(path.text)
        if not 0 <= table.get("width", 0) <= 200:
            self.wrong(key, f"width：要求 0 到 200，实际 {table['width']}", path.text)
        if isinstance(path.end, ExtraFile) and key in ("columns", "export"):
            self.wrong(key, f"“{path.text}”是文件，只能放在一行的页面和补充字段里", path.text)
        label = table.get("label") or path.label
        if not label:
            self.wrong(key, f"“{path.text}”要用 label 写明名称", path.text)
        return Column(table["name"], label, path, kind, table.get("width", 0))

    def columns(self, key, items):
        return tuple(column for item in items if (column := self.column(key, item)) is not None)

    def condition(self, key, table):
        """(condition of a table of field = value or list of values, None for an empty one; the paths in it). "" is a column without a value."""
        conditions, paths = [], []
        for text, value in table.items():
            path = self.queried(key, text)
            if path is None:
                continue
            paths.append(path.text)
            if path.end is None:
                self.wrong(key, f"“{text}”不是数据库里的字段", text)
            elif value == "" and path.end.null:
                conditions.append(path.where(path.end.is_null()))
            elif self._holds(key, text, path, value if isinstance(value, list) else [value]):
                value = [_exact(one) for one in value] if isinstance(value, list) else _exact(value)
                conditions.append(path.where(path.end.in_(value) if isinstance(value, list) else path.end == value))
        return reduce(and_, conditions) if conditions else None, tuple(paths)

    def _holds(self, key, text, path, values):
        """Whether a field can hold the values at all; a state is one of those that there are."""
        types = next((types for fields, types in HOLDS if isinstance(path.end, fields)), ())
        for value in values:
            if type(value) not in types or isinstance(value, (int, float)) and not abs(value) < 2**31 or isinstance(value, str) and "\x00" in value:
                self.wrong(key, f"“{text}”不能等于 {value!r:.60}", text)
                return False
            if path.end.name == "state" and path.owner.STATES and value not in path.owner.STATES:
                self.wrong(key, f"没有“{value}”这个状态", value, path.owner.STATES)
                return False
        return True

    def sections(self, key, items, make):
        found = []
        for table in items:
            table = self.known(key, table, "section")
            made = tuple(item for field in table.get("fields", []) if (item := make(key, field)) is not None)
            found.append(Section(table.get("title", ""), table.get("help", ""), made))
        return tuple(found)

    def box(self, key, item, model):
        """The Box of an item of a form over a model."""
        table = {"name": item} if isinstance(item, str) else item
        if not isinstance(table, dict):
            self.wrong(key, f"每一项要求字段名，或带 name 的表，实际是 {item!r:.80}")
            return None
        table = self.known(key, table, "box", ("name",))
        if table is None:
            return None
        name = table["name"]
        added = self.added.get(model, {}).get(name.removeprefix("extra."))
        if name not in model.editable and not (added and name.startswith("extra.")):
            self.wrong(key, f"{model.label}的“{name}”不能在表单里填写", name, model.editable)
            return None
        path = Path.of(model, name, self.added)
        kind = self._kind(key, path, {"codes": table.get("codes", "")})
        if kind is None or not kind.box:
            self.wrong(key, f"“{name}”不能在表单里填写", name)
            return None
        if model is self.model:
            self.shown.append((key, path))
        return self.boxed(key, path, kind, table, added)

    def boxed(self, key, path, kind, table, added=None):
        """The Box of a field that may be filled."""
        help = table.get("help") or path.end.help_text or ""
        example = table.get("example") or getattr(path.end, "example", "")
        where = table.get("where", {})
        if where and not self._narrows(key, path, where):
            where = {}
        optional = table.get("optional", not added.required if added else None)
        return Box(path.text, table.get("label") or path.label, help + (f"（例：{example}）" if example else ""), path.end, kind, where, optional,
                   self._default(key, path, kind, table), added.editable if added else None)

    def _default(self, key, path, kind, table):
        if "default" not in table:
            return None
        value = table["default"]
        try:
            return kind.read({True: "1", False: "0"}.get(value, str(value)) if isinstance(value, bool) else str(value))
        except (ValueError, AttributeError) as error:
            self.wrong(key, f"default：{error}", path.text)
            return None

    def _narrows(self, key, path, where):
        """Whether a table narrows the rows that a field may point to."""
        if not isinstance(path.end, ForeignKeyField):
            self.wrong(key, f"“{path.text}”不是从另一种记录里选的，不能用 where", path.text)
            return False
        fields = path.end.rel_model._meta.fields
        for name, value in where.items():
            if name not in fields:
                self.wrong(key, f"{path.end.rel_model.label}没有“{name}”这个字段", name, fields)
                return False
            if not self._holds(key, name, Path.of(path.end.rel_model, name), value if isinstance(value, list) else [value]):
                return False
        return True


def _exact(value):
    """A decimal as it is written; TOML reads it as a binary fraction."""
    return Decimal(str(value)) if isinstance(value, float) else value
