"""The parts of which screen files are made: paths, columns, fields of forms, sections, and conditions; each checked as it is read."""
from functools import reduce
from operator import and_

from backoffice.fieldkinds import FORMATS, kind_of
from backoffice.kinds import Shown
from backoffice.layers import Layers
from backoffice.paths import Path
from backoffice.screen import Box, Column, Section
from models.reference import CODE_TABLES


class Parts(Layers):
    """Reads parts of the files of one screen; `model` is what the screen shows, `full` the paths it shows unmasked."""
    model, full = None, ()

    def _known(self, key, table, words):
        for word in table:
            if word not in words:
                self.wrong(key, f"{key} 里没有“{word}”这个词", word, words)

    def _path(self, key, text, model=None):
        try:
            return Path.of(model or self.model, text)
        except LookupError as error:
            part, names = error.args
            self.wrong(key, f"{(model or self.model).label}没有“{part}”这个字段" if part == text else f"“{text}”里没有“{part}”这个字段", text, names, part)
            return None

    def _kind(self, key, path, table):
        states, form, codes = path.owner.STATES, table.get("format", ""), table.get("codes", "")
        if form and form not in FORMATS:
            self.wrong(key, f"没有“{form}”这种格式", form, FORMATS)
            return None
        if codes and codes not in CODE_TABLES:
            self.wrong(key, f"没有“{codes}”这个代码表", codes, CODE_TABLES)
            return None
        kind = Shown() if path.end is None else kind_of(path.end, states, codes, form, path in self.full)
        if kind is None:
            self.wrong(key, f"“{path.text}”只用于查找，不能显示", path.text)
        return kind

    def _column(self, key, item):
        table = {"name": item} if isinstance(item, str) else item
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            self.wrong(key, f"每一项要求字段名，或带 name 的表，实际是 {item!r}")
            return None
        self._known(key, table, ("name", "label", "width", "format", "codes"))
        path = self._path(key, table["name"])
        kind = path and self._kind(key, path, table)
        if kind is None:
            return None
        label = table.get("label") or path.label
        if not label:
            self.wrong(key, f"“{path.text}”要用 label 写明名称", path.text)
        return Column(table["name"], label, path, kind, table.get("width", 0))

    def _columns(self, key, items):
        return tuple(column for item in items if (column := self._column(key, item)) is not None)

    def _where(self, key, table):
        """The condition of a table of field = value or list of values; None for an empty one. "" is a column without a value."""
        conditions = []
        for text, value in table.items():
            path = self._path(key, text)
            if path is None:
                continue
            if path.end is None:
                self.wrong(key, f"“{text}”不是数据库里的字段", text)
                continue
            if value == "" and path.end.null:
                conditions.append(path.where(path.end.is_null()))
                continue
            values = value if isinstance(value, list) else [value]
            if "state" == path.end.name and path.owner.STATES:
                for state in values:
                    if state not in path.owner.STATES:
                        self.wrong(key, f"没有“{state}”这个状态", state, path.owner.STATES)
            conditions.append(path.where(path.end.in_(values) if isinstance(value, list) else path.end == value))
        return reduce(and_, conditions) if conditions else None

    def _sections(self, key, items, make):
        found = []
        for table in items:
            self._known(key, table, ("title", "help", "fields"))
            fields = table.get("fields", [])
            if not isinstance(fields, list):
                self.wrong(key, f"fields 要求列表，实际是 {fields!r}")
                continue
            made = tuple(item for field in fields if (item := make(key, field)) is not None)
            found.append(Section(table.get("title", ""), table.get("help", ""), made))
        return tuple(found)

    def _box(self, key, item, model):
        table = {"name": item} if isinstance(item, str) else item
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            self.wrong(key, f"每一项要求字段名，或带 name 的表，实际是 {item!r}")
            return None
        self._known(key, table, ("name", "label", "help", "codes", "where", "optional"))
        name = table["name"]
        if name not in model.editable:
            self.wrong(key, f"{model.label}的“{name}”不能在表单里填写", name, model.editable)
            return None
        path = Path.of(model, name)
        kind = self._kind(key, path, {"codes": table.get("codes", "")})
        if kind is None or not kind.box:
            self.wrong(key, f"“{name}”不能在表单里填写", name)
            return None
        return Box(name, table.get("label") or path.label, table.get("help") or path.end.help_text or "", path.end, kind, table.get("where", {}),
                   table.get("optional"))
