"""The keys of a screen file, one by one: each becomes a part of the screen, and what is wrong with it a sentence."""
from dataclasses import replace
from functools import cached_property

from peewee import CharField, IntegerField, TextField

from backoffice.fieldkinds import kind_of
from backoffice.filters import Filter, charted
from backoffice.kinds import Number, Presence
from backoffice.paths import Path
from backoffice.screens.parts import Parts
from backoffice.screens.pieces import Lines, Offer, SavedView, Section, Tile
from models.roles import ROLES, STAFF, role_label
from models.sealed import SealedField
from models.workflow import Record


IN_A_CELL = ("line", "number", "date", "moment", "hour", "choice", "tick")        # boxes that are small enough for a cell


class Keys(Parts):
    """Reads the keys of the layers of one screen; `given` is what the shipped screens give, once there are layers of the site."""
    entities, forms, given, layered, shipped = {}, {}, None, False, True

    def _sealed(self, text):
        path = self.path("full", text)
        if path is not None and not isinstance(path.end, SealedField):
            self.wrong("full", f"“{text}”本来就完整显示", text)
        return path

    @cached_property
    def _roles(self):
        readers = [role for role in self.model.readers.split() if role in STAFF]
        if self.given and self.layered:
            readers = [role for role in readers if role in self.given.roles(self.model)]
        for role in self.take("roles", ()):
            if role not in ROLES:
                self.wrong("roles", f"没有“{role}”这个角色", role, ROLES)
            elif role not in readers:
                self.wrong("roles", f"角色“{role}”不能看{self.model.label}，界面不能给它", role)
        return tuple(role for role in readers if role in self.take("roles", readers))

    def _order_by(self):
        text = self.take("order_by", "-id")
        path = self.queried("order_by", text.removeprefix("-"))
        if path is None:
            return ()
        if not path.own or isinstance(path.end, SealedField) or kind_of(path.end, self.model.STATES) is None or kind_of(path.end).long:
            self.wrong("order_by", f"只能按{self.model.label}自己的、不加密的字段排序", text)
        return path.end, text.startswith("-")

    def _filters(self, items):
        found = {}
        for item in items:
            column = self.column("filters", item, "filter")
            if column is None:
                continue
            if isinstance(item, dict) and item.get("kind") == "empty":
                if column.path.end is None or isinstance(column.path.end, SealedField):
                    self.wrong("filters", f"不能按“{column.name}”筛选", column.name)
                    continue
                found[f"{column.name}.empty"] = Filter(f"{column.name}.empty", column.label, column.path, Presence())
                continue
            if not column.kind.picks:
                self.wrong("filters", f"不能按“{column.name}”筛选", column.name)
                continue
            found[column.name] = Filter(column.name, column.label, column.path, column.kind)
        if self.model.STATES and "state" not in found:      # the desk links to the rows of a state
            path = Path.of(self.model, "state")
            found["state"] = Filter("state", path.label, path, kind_of(path.end, self.model.STATES), hidden=True)
        return found

    def _search(self, texts):
        found = []
        for text in texts:
            path = self.queried("search", text)
            if path is not None and not isinstance(path.end, (CharField, TextField, IntegerField)):
                self.wrong("search", f"不能按“{text}”查找", text)
            elif path is not None:
                found.append(path)
        return tuple(found)

    def _find(self):
        for role in self.take("find", ()):
            if role not in self._roles:
                self.wrong("find", f"角色“{role}”不能打开这个界面，也就不能在这里找人", role, self._roles)
        if self.take("find", ()) and not self.take("search", ()):
            self.wrong("find", "要能找人，先用 search 写明查哪些字段")
        return tuple(role for role in self.take("find", ()) if role in self._roles)

    def _totals(self, columns):
        numeric = {column.name for column in columns if column.path.own and isinstance(column.kind, Number)}
        for name in self.take("totals", ()):
            if name not in numeric:
                self.wrong("totals", f"“{name}”不是这个列表自己的数字列，不能合计", name, numeric)
        return tuple(name for name in self.take("totals", ()) if name in numeric)

    def _inline(self, screen):
        names = {column.name for column in screen.columns} & {box.name for box in screen.boxes if box.kind.box in IN_A_CELL}
        for name in self.take("inline", ()):
            if name not in names or screen.grid:
                self.wrong("inline", f"这个界面带自己的页面，“{name}”不能就地修改" if screen.grid else f"“{name}”不是这个列表里能就地修改的列", name, names)
        return () if screen.grid else tuple(name for name in self.take("inline", ()) if name in names)

    def _page_size(self):
        size = self.take("page_size", 50)
        if not 1 <= size <= 200:
            self.wrong("page_size", f"要求 1 到 200，实际 {size}")
        return size

    def _form(self):
        if self.take("form") and not issubclass(self.model, Record):
            self.wrong("form", f"{self.model.label}不能手工修改")
            return ()
        return self.sections("form", self.take("form", ()), lambda key, item: self.box(key, item, self.model))

    def _details(self, columns):
        given = self.sections("details", self.take("details", ()), self.column) or (Section("", "", columns),)
        return given + self._more({column.name for section in given for column in section.items})

    def _more(self, placed):
        """A section with the added fields that the page of a row does not place itself, for those who may see them."""
        names = [field.name for field in self.added.get(self.model, {}).values() if field.name not in placed and set(field.visible) & set(self._roles)]
        return (Section("补充字段", "", tuple(self.column("details", name) for name in names)),) if names else ()

    @cached_property
    def _law(self):
        """{name: step} of the model, but for those that are only the effect of others."""
        return {name: step for name, step in self.model.steps.items() if not step.inner} if issubclass(self.model, Record) else {}

    def _steps(self):
        if "steps" not in self.values and not self.shipped:
            return ()
        found = []
        for item in self.take("steps", list(self._law)):
            table = self.known("steps", item, "step", ("name",)) if isinstance(item, dict) else {"name": item}
            if table is None:
                continue
            step = self._law.get(table["name"]) if isinstance(table["name"], str) else None
            if step is None:
                self.wrong("steps", f"{self.model.label}没有“{table['name']}”这一步", table["name"], self._law)
            elif step.name in [known.name for known in found]:
                self.wrong("steps", f"“{step.name}”写了两次", step.name)
            else:
                found.append(step if len(table) == 1 else Offer(step, table.get("label") or step.label, table.get("tone", step.tone), table.get("confirm", "")))
        return tuple(found)

    def _prints(self, screen):
        """The forms that the screen offers: of its kind of record, printed by its page, and by some role of it."""
        known = {name: form for name, form in self.forms.items() if self.model.__name__ in (form.model, form.also)}
        found, chosen = {}, "prints" in self.values and (not self.layered or not self.written["prints"].shipped)
        for name in self.take("prints", ()):
            form = known.get(name)
            if form is None:
                self.wrong("prints", f"{self.model.label}没有“{name}”这种表格", name, known)
            elif not screen.grid:
                self.wrong("prints", f"这个界面不带自己的页面，不能打印“{form.label}”", name)
            elif name in found:
                self.wrong("prints", f"“{name}”写了两次", name)
            elif set(form.printers) & set(screen.roles):
                found[name] = form
            elif chosen:
                self.wrong("prints", f"这个界面的角色都不能打印“{form.label}”，它由{'、'.join(map(role_label, form.printers))}打印", name)
        return tuple(found.values())

    def _views(self):
        found = {}
        for number, table in enumerate(self.take("views", ()), 1):
            table = self.known("views", table, "view", ("title", "where"))
            if table is None:
                continue
            name = table.get("name", str(number))
            if name in found:
                self.wrong("views", f"有两个视图都叫“{name}”", name)
            found[name] = SavedView(name, table["title"], *self.condition("views", table["where"]))
        return found

    def _tiles(self, screen):
        found = []
        for table in self.take("tiles", ()):
            table = self.known("tiles", table, "tile", ("title",))
            if table is not None:
                where = table.get("where", {})
                condition, paths = self.condition("tiles", where)
                tile = Tile(table["title"], condition, table.get("hint", ""), table.get("tone", ""), _args(where), paths)
                found.append(self._charted(screen, tile, table["by"]) if table.get("by") else tile)
        return tuple(found)

    def _charted(self, screen, tile, by):
        """The tile as a chart by the values of a field: its list must be able to show the rows of every bar."""
        path, item = self.queried("tiles", by), screen.filters.get(by)
        if path is None:
            return tile
        keys = {key for known in screen.filters.values() for key in known.keys}
        beyond = [key.removeprefix("f.").removesuffix(".empty") for key, _ in tile.args if key not in keys]
        if item is None:
            self.wrong("tiles", f"按“{by}”画图，先把它写进 filters", by)
        elif not charted(item):
            self.wrong("tiles", f"不能按“{by}”画图，只能按状态、选择、是非或{self.model.label}自己的日期", by)
        elif beyond:
            self.wrong("tiles", f"画成图的条件要能在列表里筛选，先把“{beyond[0]}”写进 filters", beyond[0])
        return replace(tile, by=by, paths=(*tile.paths, by))

    def _extras(self):
        """A Box for each added field that somebody may fill, whether or not the screen shows it."""
        boxes = []
        for name, field in self.added.get(self.model, {}).items():
            if field.editable:
                path = Path.of(self.model, field.name, self.added)
                boxes.append(self.boxed("extra", path, kind_of(field), {}, field))
        return tuple(boxes)

    def _lines(self, table):
        table = self.known("lines", table, "lines", ("model", "through"))
        model = table and self.entities.get(table["model"])
        if model is None:
            if table:
                self.wrong("lines", f"没有“{table['model']}”这个对象", table["model"], self.entities)
            return None
        link = self.path("lines", table["through"], model)
        if link is None:
            return None
        if getattr(link.end, "rel_model", None) is not self.model or link.links:
            self.wrong("lines", f"“{link.text}”不指向{self.model.label}", link.text)
        boxes = tuple(box for item in table.get("columns", ()) if (box := self.box("lines", item, model)) is not None)
        return Lines(model, link.text, table.get("title", model.label), table.get("help", ""), boxes)


def _args(where):
    """The condition of a tile as the arguments of the list: ((name, value), ...)."""
    pairs = [(name, one) for name, value in where.items() for one in (value if isinstance(value, list) else [value])]
    return tuple((f"f.{name}.empty", "1") if one == "" else (f"f.{name}", str(int(one) if isinstance(one, bool) else one)) for name, one in pairs)
