"""Reads and checks the TOML files of the screens; everything that is wrong is reported at once, with file, line, key and a near miss."""
from peewee import CharField, IntegerField, TextField

from backoffice.fieldkinds import kind_of
from backoffice.filters import Filter
from backoffice.layers import VOCABULARY
from backoffice.paths import Path
from backoffice.screen import Lines, Related, SavedView, Screen, Section
from backoffice.screenparts import Parts
from models.roles import ROLES, STAFF
from models.sealed import SealedField
from models.workflow import Record


class Problems(Exception):
    """Everything that is wrong with the screens, one sentence each: file.toml:LINE: key: what, and a near miss."""

    def __init__(self, found):
        self.found = list(found)
        super().__init__("\n".join(self.found))


def read_all(folders, entities, grids):
    """{name: Screen} in the order of the menu, from the shipped folder and the site's folder over it; Problems when there are any."""
    names = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    files = [ScreenFile(name, [path for folder in folders if (path := folder / f"{name}.toml").is_file()], entities, grids) for name in names]
    screens = {file.name: screen for file in files if (screen := file.screen()) is not None}
    for file in files:
        file.link(screens, {other.name for other in files})
    problems = [problem for file in files for problem in file.problems]
    if problems:
        raise Problems(problems)
    return dict(sorted(screens.items(), key=lambda item: (item[1].order, item[0])))


class ScreenFile(Parts):
    """Makes one screen of its files; what cannot be understood is noted and left out."""

    def __init__(self, name, paths, entities, grids):
        super().__init__(name, paths)
        self.entities, self.grids = entities, grids

    def screen(self):
        """The screen, as far as it can be made; None without a model."""
        for key in self.values:
            if key not in VOCABULARY:
                self.wrong(key, "没有这个键", key, VOCABULARY)
        name = self.take("model")
        if name not in self.entities:
            if not (self.problems and not self.values):
                self.wrong("model", f"没有“{name}”这个对象" if name else "要写明显示哪个对象", name or "", self.entities)
            return None
        self.model = self.entities[name]
        full = tuple(self._sealed(text) for text in self.take("full", ()))
        self.full = full
        columns = self._columns("columns", self.take("columns", ["id"]))
        screen = Screen(
            self.name, self.model, self.take("title", self.model.label), self.take("menu", ""), self.take("order", 100), self.take("icon", "rows"),
            self.take("help", ""), self._roles(), self._where("where", self.take("where", {})), columns, self._order_by(),
            self._filters(self.take("filters", ())), self._search(self.take("search", ())),
            self._page_size(), self._form(), self._details(columns), (), self._steps(),
            self._columns("export", self.values["export"]) if self.take("export") else columns, full, self._views(),
            self.take("create", False), None, self.take("grid", ""))
        if screen.create and not (self.model.writers and screen.form):
            self.wrong("create", "这个对象不能手工新建" if not self.model.writers else "要新建，先用 form 写明填写哪些字段")
        if screen.grid and screen.grid not in self.grids:
            self.wrong("grid", f"没有“{screen.grid}”这个表格", screen.grid, self.grids)
        if self.take("lines"):
            screen.lines = self._lines(self.values["lines"])
        return screen

    def link(self, screens, names):
        """Join the screen to those it names under `related`; each of them can then be filtered by the way that leads back."""
        found = []
        for item in self.take("related", ()):
            self._known("related", item, ("screen", "through", "title"))
            name, through = item.get("screen", ""), item.get("through", "")
            if name not in screens:
                if name not in names:
                    self.wrong("related", f"没有“{name}”这个界面", name, names)
                continue
            target = screens[name]
            path = self._path("related", through, target.model)
            if path is None or self.name not in screens:
                continue
            if getattr(path.end, "rel_model", None) is not self.model:
                self.wrong("related", f"“{through}”不指向{self.model.label}", through)
                continue
            if through not in target.filters:
                target.filters[through] = Filter(through, path.label, path, kind_of(path.end), hidden=True)
            found.append(Related(item.get("title", target.title), name, through))
        if self.name in screens:
            screens[self.name].related = tuple(found)

    def _sealed(self, text):
        path = self._path("full", text)
        if path is not None and not isinstance(path.end, SealedField):
            self.wrong("full", f"“{text}”本来就完整显示", text)
        return path

    def _roles(self):
        readers = [role for role in self.model.readers.split() if role in STAFF]
        for role in self.take("roles", ()):
            if role not in ROLES:
                self.wrong("roles", f"没有“{role}”这个角色", role, ROLES)
            elif role not in readers:
                self.wrong("roles", f"角色“{role}”不能看{self.model.label}，界面不能给它", role)
        return tuple(role for role in readers if role in self.take("roles", readers))

    def _order_by(self):
        text = self.take("order_by", "-id")
        path = self._path("order_by", text.removeprefix("-"))
        if path is None:
            return ()
        if not path.own or isinstance(path.end, SealedField):
            self.wrong("order_by", f"只能按{self.model.label}自己的、不加密的字段排序", text)
        return path.end, text.startswith("-")

    def _filters(self, items):
        found = {}
        for item in items:
            column = self._column("filters", item)
            if column is None:
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
            path = self._path("search", text)
            if path is not None and not isinstance(path.end, (CharField, TextField, IntegerField)):
                self.wrong("search", f"不能按“{text}”查找", text)
            elif path is not None:
                found.append(path)
        return tuple(found)

    def _page_size(self):
        size = self.take("page_size", 50)
        if not 1 <= size <= 200:
            self.wrong("page_size", f"要求 1 到 200，实际 {size}")
        return size

    def _form(self):
        if self.take("form") and not issubclass(self.model, Record):
            self.wrong("form", f"{self.model.label}不能手工修改")
            return ()
        return self._sections("form", self.take("form", ()), lambda key, item: self._box(key, item, self.model))

    def _details(self, columns):
        given = self._sections("details", self.take("details", ()), self._column)
        return given or (Section("", "", columns),)

    def _steps(self):
        known = {name: step for name, step in self.model.steps.items() if not step.inner} if issubclass(self.model, Record) else {}
        asked = self.take("steps", list(known))
        for name in asked:
            if name not in known:
                self.wrong("steps", f"{self.model.label}没有“{name}”这一步", name, known)
        return tuple(known[name] for name in asked if name in known)

    def _views(self):
        found = {}
        for number, table in enumerate(self.take("views", ()), 1):
            self._known("views", table, ("name", "title", "where"))
            if not table.get("title") or not isinstance(table.get("where"), dict):
                self.wrong("views", "每个视图要求 title 和 where")
                continue
            name = str(table.get("name", number))
            found[name] = SavedView(name, table["title"], self._where("views", table["where"]))
        return found

    def _lines(self, table):
        self._known("lines", table, ("model", "through", "columns", "title", "help"))
        model = self.entities.get(table.get("model"))
        if model is None:
            self.wrong("lines", f"没有“{table.get('model')}”这个对象", table.get("model") or "", self.entities)
            return None
        link = self._path("lines", table.get("through", ""), model)
        if link is None:
            return None
        if getattr(link.end, "rel_model", None) is not self.model:
            self.wrong("lines", f"“{link.text}”不指向{self.model.label}", link.text)
        boxes = tuple(box for item in table.get("columns", ()) if (box := self._box("lines", item, model)) is not None)
        return Lines(model, link.text, table.get("title", model.label), table.get("help", ""), boxes)
