"""What the shipped screens give to each role. The site's layers may choose among it, rename and narrow it; they can add nothing to it but
fields of their own."""
from dataclasses import dataclass, field

from backoffice.paths import Path
from models.extras import Extra


@dataclass
class Given:
    """By (model, role): paths that are shown, paths in conditions, numbers in full, steps, forms to print, conditions on rows, pages of their
    own, lines."""
    shown: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    full: dict = field(default_factory=dict)
    steps: dict = field(default_factory=dict)
    prints: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    grids: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)

    def learn(self, file, screen):
        """Take in what one shipped screen gives."""
        def add(what, values):
            for role in screen.roles:
                what.setdefault((screen.model, role), set()).update(values)
        add(self.shown, [getattr(path, "text", path) for _, path in file.shown])
        add(self.asked, [path.text for _, path in file.asked])
        add(self.full, [path.text for path in screen.full])
        add(self.steps, [step.name for step in screen.steps])
        add(self.prints, [form.name for form in screen.prints])
        add(self.grids, [screen.grid])
        add(self.lines, [line_key(screen.lines, box.name) for box in screen.lines.boxes] if screen.lines else [])
        for role in screen.roles:
            self.rows.setdefault((screen.model, role), []).append(screen.condition)

    def roles(self, model):
        """The roles that some shipped screen over a model is open to."""
        return [role for role in model.readers.split() if (model, role) in self.rows]

    def lacking(self, screen, path, shown):
        """The roles of a screen that a path was not given to and is not hidden from."""
        text = getattr(path, "text", path)
        return [role for role in screen.roles if text not in screen.hidden.get(role, ()) and not self._has(screen.model, role, path, text, shown)]

    def _has(self, model, role, path, text, shown):
        known = self.shown.get((model, role), set())
        if text in known or text == "id" or (not shown and text in self.asked.get((model, role), ())):
            return True
        if not isinstance(path, Path):
            return False
        if isinstance(path.end, Extra):
            return role in path.end.visible and (not path.links or self._leads(path, 1, role, known))
        return bool(path.links) and self._leads(path, 0, role, known)

    @staticmethod
    def _leads(path, beyond, role, known):
        """Whether a path goes on from a given foreign key into a common table that the role reads."""
        names = path.text.split(".")
        return path.owner.national and role in path.owner.readers.split() and ".".join(names[:-1 - beyond]) in known

    def limit(self, screen):
        """{role: condition} on the rows that each role is given, for those that are not given all."""
        found = {}
        for role in screen.roles:
            conditions = self.rows.get((screen.model, role), [])
            if conditions and all(condition is not None for condition in conditions):        # not by `in`: a condition "equals" anything
                limit = conditions[0]
                for condition in conditions[1:]:
                    limit = limit | condition
                found[role] = limit
        return found


def line_key(lines, name):
    """A field of the lines of a form, by model, the way back and name."""
    return f"{lines.model.__name__}.{lines.through}.{name}"
