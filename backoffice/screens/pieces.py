"""The pieces of which a screen is made: columns, boxes, sections, related rows, lines, views, tiles, and steps as it offers them."""
from dataclasses import dataclass, field
from itertools import groupby

from backoffice.kinds import Kind, Sealed
from backoffice.paths import Path


@dataclass(frozen=True)
class Column:
    """One value of a row, on a list, a details page or a sheet."""
    name: str
    label: str
    path: Path
    kind: Kind
    width: int = 0

    def __post_init__(self):
        object.__setattr__(self, "get", self.path.getter())
        object.__setattr__(self, "keys", self.path.keys())

    @property
    def css(self):
        """The classes of its cells."""
        return ("state" if self.toned else self.kind.css) + (" clip" if self.kind.long else "")

    @property
    def toned(self):
        """Whether its values may be badges."""
        return bool(getattr(self.kind, "tones", None))

    @property
    def hidden(self):
        """Whether the middle of its values is hidden until somebody asks for one."""
        return type(self.kind) is Sealed

    def cell(self, row):
        """(text, tone of its badge or None)."""
        value = self.get(row)
        return self.kind.text(value), self.kind.tone(value)


@dataclass(frozen=True)
class Box:
    """One field that a form offers; `where` narrows what may be looked up for it."""
    name: str
    label: str
    help: str
    field: object
    kind: Kind
    where: dict = field(default_factory=dict)
    optional: bool | None = None
    default: object = None
    roles: tuple | None = None        # who may fill it; None = whoever may write the row

    @property
    def needed(self):
        """Whether it must be filled, as its column says or, where they know better, the model or the screen: `optional`."""
        return not (self.field.null or self.field.default == "" or self.kind.box == "tick") if self.optional is None else not self.optional


@dataclass(frozen=True)
class Section:
    title: str
    help: str
    items: tuple          # Columns or Boxes

    @property
    def groups(self):
        """[(whether they need the whole width, boxes)] in their order."""
        return [(long, list(boxes)) for long, boxes in groupby(self.items, lambda box: box.kind.box == "text")]


@dataclass(frozen=True)
class Related:
    """Rows of another screen that point to the row through a path."""
    title: str
    screen: str
    through: str


@dataclass(frozen=True)
class Lines:
    """Rows of another model that are written in the form of their owner."""
    model: type
    through: str
    title: str
    help: str
    boxes: tuple

    def rows(self, user, owner):
        """Query over the lines of a row, as they were added."""
        return self.model.visible_to(user).where(self.model._meta.fields[self.through] == owner.id).order_by(self.model.id)


@dataclass(frozen=True)
class SavedView:
    name: str
    title: str
    condition: object
    paths: tuple = ()


@dataclass(frozen=True)
class Tile:
    """A number on the desk: how many rows of the screen meet a condition; or, with `by`, a chart of them by the values of a filter."""
    title: str
    condition: object
    hint: str = ""
    tone: str = ""
    args: tuple = ()              # of the list that shows the same rows, where its filters can say it
    paths: tuple = ()
    by: str = ""                  # name of a filter


@dataclass(frozen=True, eq=False)
class Offer:
    """A step as a screen offers it: under another label, in another colour, with a further word before it is taken. It is still the law's step."""
    step: object
    label: str
    tone: str
    confirm: str

    def __getattr__(self, name):
        return getattr(self.step, name)

    def __eq__(self, other):
        return other is self.step or other is self

    def __hash__(self):
        return hash(self.step)
