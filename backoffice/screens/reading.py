"""Reads and checks the files of the screens; everything that is wrong is reported at once, with file, line, key and a near miss."""
from backoffice.fieldkinds import kind_of
from backoffice.filters import Filter
from backoffice.paths import Path
from backoffice.screens.added import fields_of
from backoffice.screens.given import Given
from backoffice.screens.holding import hold
from backoffice.screens.keys import Keys
from backoffice.screens.pieces import Related
from backoffice.screens.screen import Screen
from models.roles import ROLES


class Problems(Exception):
    """Everything that is wrong with the screens, one sentence each: file.toml:LINE: key: what, and a near miss."""

    def __init__(self, found):
        self.found = list(found)
        super().__init__("\n".join(self.found))


def read_all(layers, entities, grids, forms, given=None):
    """({name: Screen} in the order of the menu, the added fields {model: {name: field}}, what the shipped screens give) from {name: [Layer]};
    Problems when there are any. With `given` the screens that have a layer of the site are held against it."""
    files = [ScreenFile(name, layers[name], entities, grids, forms, given) for name in sorted(layers)]
    added = fields_of(files)
    for file in files:
        file.added = added
    screens = {file.name: screen for file in files if (screen := file.screen()) is not None}
    for file in files:
        file.link(screens, {other.name for other in files})
    learnt = Given()
    for file in files:
        if file.name in screens:
            if given is None:
                learnt.learn(file, screens[file.name])
            elif file.layered:
                hold(file, screens[file.name])
    problems = [problem for file in files for problem in file.problems]
    if problems:
        raise Problems(problems)
    return dict(sorted(screens.items(), key=lambda item: (item[1].order, item[0]))), added, given or learnt


class ScreenFile(Keys):
    """Makes one screen of its layers; what cannot be understood is noted and left out."""

    def __init__(self, name, layers, entities, grids, forms, given=None):
        super().__init__(name, layers)
        self.entities, self.grids, self.forms, self.given = entities, grids, forms, given
        self.layered = any(not layer.shipped for layer in layers)
        self.shipped = any(layer.shipped for layer in layers)
        self.model = entities.get(self.values.get("model")) if isinstance(self.values.get("model"), str) else None

    def screen(self):
        """The screen, as far as it can be made; None without a model."""
        name = self.take("model")
        if self.model is None:
            if not (self.problems and not self.values):
                self.wrong("model", f"没有“{name}”这个对象" if name else "要写明显示哪个对象", name or "", self.entities)
            return None
        self.full = tuple(path for text in self.take("full", ()) if (path := self._sealed(text)) is not None)
        columns, (condition, _) = self.columns("columns", self.take("columns", ["id"])), self.condition("where", self.take("where", {}))
        screen = Screen(
            self.name, self.model, self.take("title", self.model.label) or self.model.label, self.take("menu", ""), self.take("order", 100), self.take("icon", "rows"),
            self.take("help", ""), self._roles, condition, columns, self._order_by(), self._filters(self.take("filters", ())),
            self._search(self.take("search", ())), self._page_size(), self._form(), self._details(columns), (), self._steps(),
            self.columns("export", self.values["export"]) if self.take("export") else columns, self.full, self._views(),
            self.take("create", False), None, self.take("grid", ""), (), self._find(), self._totals(columns), (), self.take("empty", ""), self._extras())
        if screen.create and not (self.model.writers and screen.form):
            self.wrong("create", "这个对象不能手工新建" if not self.model.writers else "要新建，先用 form 写明填写哪些字段")
        if screen.grid and screen.grid not in self.grids:
            self.wrong("grid", f"没有“{screen.grid}”这个表格", screen.grid, self.grids)
        if self.take("lines"):
            screen.lines = self._lines(self.values["lines"])
        screen.tiles, screen.inline, screen.prints = self._tiles(screen), self._inline(screen), self._prints(screen)
        screen.hidden = self._hidden(screen)
        return screen

    def link(self, screens, names):
        """Join the screen to those it names under `related`; each of them can then be filtered by the way that leads back."""
        found = []
        for item in self.take("related", ()):
            item = self.known("related", item, "related", ("screen", "through"))
            if item is None:
                continue
            name, through = item["screen"], item["through"]
            if name not in screens:
                if name not in names:
                    self.wrong("related", f"没有“{name}”这个界面", name, names)
                continue
            target = screens[name]
            path = self.path("related", through, target.model)
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

    def _hidden(self, screen):
        """{role: names of fields that it is not shown}: those of `hide`, and added fields that it may not see."""
        found = {role: set() for role in screen.roles}
        used = {path.text for _, path in [*self.shown, *self.asked] if isinstance(path, Path)}
        for role, texts in self.take("hide", {}).items():
            if role not in ROLES:
                self.wrong("hide", f"没有“{role}”这个角色", role, ROLES)
                continue
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                self.wrong("hide", f"{role}：要求字段的列表", role)
                continue
            for text in texts:
                if text not in used:
                    self.wrong("hide", f"这个界面没有用到“{text}”", text, used)
            found.setdefault(role, set()).update(texts)
        for name, field in self.added.get(self.model, {}).items():
            for role in screen.roles:
                if role not in field.visible:
                    found[role].add(field.name)
            if field.name in used and screen.roles and not set(screen.roles) & set(field.visible):
                self.wrong("columns", f"这个界面的角色都不能看“{field.name}”", field.name)
        return {role: frozenset(names) for role, names in found.items() if names}
