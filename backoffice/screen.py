"""One screen, checked and ready for use: which rows of which model it shows to whom, with which columns, filters, fields and steps."""
from dataclasses import dataclass, field
from itertools import groupby

from backoffice.kinds import Kind
from backoffice.paths import Path
from models.base import Entity
from models.roles import STAFF


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


@dataclass
class Screen:
    """One screen over one model."""
    name: str
    model: type[Entity]
    title: str
    menu: str = ""
    order: int = 100
    icon: str = "rows"
    help: str = ""
    roles: tuple = ()
    condition: object = None
    columns: tuple = ()
    order_by: tuple = ()              # (field, whether downwards)
    filters: dict = field(default_factory=dict)
    search: tuple = ()
    page_size: int = 50
    form: tuple = ()
    details: tuple = ()
    related: tuple = ()
    steps: tuple = ()
    export: tuple = ()
    full: tuple = ()
    views: dict = field(default_factory=dict)
    create: bool = False
    lines: Lines | None = None
    grid: str = ""

    def open_to(self, user):
        """Whether one of the user's roles may open the screen."""
        return any(role in self.roles for role, _ in user.powers())

    def writable_by(self, user):
        """Whether one of the user's roles adds and edits rows of this kind by hand."""
        writers = self.model.writers.split()
        return bool(self.form) and any(role in writers and role in STAFF for role, _ in user.powers())

    def steps_of(self, user):
        """The steps that are offered to the user: first what waits for him, last what is dangerous."""
        return sorted((step for step in self.steps if step.offered_to(user)), key=lambda step: (step.danger, not step.awaits))

    def rows(self, user):
        """Query over the rows that the screen shows to the user."""
        query = self.model.visible_to(user)
        return query if self.condition is None else query.where(self.condition)

    def columns_for(self, user, rows):
        """The columns without what is the same in every row: the user's own institution, where he sees no other."""
        one_place = rows and "institution" in self.model._meta.fields and all(row.__data__.get("institution") == user.institution_id for row in rows)
        return [column for column in self.columns if not (one_place and column.name == "institution")]

    @property
    def brief(self):
        """The columns that tell rows apart where there is little room."""
        return [column for column in self.columns if column.name != "state"][:3]

    @property
    def boxes(self):
        return [box for section in self.form for box in section.items]
