"""The words in which an import is described: columns of the sheet, the records that a line makes, and who may do it."""
from collections.abc import Callable
from dataclasses import dataclass, field

from peewee import Field

from models.roles import ROLES
from models.sealed import SealedField
from tasks.imports.readers import Text, reader_of

IMPORTS = {}


@dataclass(frozen=True)
class Column:
    """One column. What it is called, what it holds and whether it must be filled follows from the field, where it fills one."""
    code: str
    title: str = ""
    fills: Field | None = None
    required: bool | None = None         # None: as the field says
    sample: str = ""
    help: str = ""
    width: int = 0
    table: str = ""
    aliases: tuple = ()
    choices: Callable | None = None      # function (user) -> texts of a drop-down, where the field itself has none
    reader: Text = None

    def __post_init__(self):
        fills = self.fills
        if fills is not None:
            needed = not fills.null and fills.default is None
            object.__setattr__(self, "title", self.title or fills.verbose_name)
            object.__setattr__(self, "help", self.help or fills.help_text or "")
            object.__setattr__(self, "required", needed if self.required is None else self.required)
        if self.reader is None:
            object.__setattr__(self, "reader", reader_of(fills, self.table) if fills is not None else Text())

    @property
    def sealed(self):
        """Whether it holds a document number, which is kept encrypted or hidden wherever it is not needed."""
        return self.code == "document_number" or isinstance(self.fills, SealedField)

    @property
    def remark(self):
        """Required or not, the format, and what else there is to know."""
        return "；".join(filter(None, ("必填" if self.required else "选填", self.reader.format, self.help)))


@dataclass(frozen=True)
class Look:
    """Another row that a line names: which one is wanted follows from the line, all wanted ones are fetched at once, in scope.

    `want(line)` is a key or None, `fetch(user, wants)` returns {want: row}, `column` is where the sentence stands when it is missing."""
    name: str
    column: str
    want: Callable
    fetch: Callable
    missing: str


@dataclass(frozen=True)
class Part:
    """One record of a line: found by its key among those that the user sees, else new.

    `links` are foreign keys to rows that are looked up ({field: name of the Look}) or to the record of an earlier part ({field: entity}).
    `given(line, user)` says more values, `fresh(line, user)` those of a new row only, `check(row, before, line)` more faults."""
    entity: type
    key: tuple
    links: dict = field(default_factory=dict)
    given: Callable | None = None
    fresh: Callable | None = None
    check: Callable | None = None
    unless: Callable | None = None       # function (line): the line has no such record


@dataclass(frozen=True)
class Import:
    """One kind of import. `step(line, row)` names a step of the last part's record to be taken on it, with its answers, or None."""
    name: str
    title: str
    screen: str
    roles: tuple
    columns: tuple
    parts: tuple
    looks: tuple = ()
    help: str = ""
    step: Callable | None = None
    about: type | None = None            # the record whose writers may do it, where it is not the one of the last part
    on_behalf: bool = False              # the lines are entered for the persons that they are about, who alone write them later
    beside: bool = False                 # what is filled stands beside the record, and is not closed with it
    when: Callable | None = None         # function (user): whether there is anything for him to import

    def __post_init__(self):
        IMPORTS[self.name] = self

    @property
    def entity(self):
        """What the import is about: the record of its last part, unless it says otherwise."""
        return self.about or self.parts[-1].entity

    def open_to(self, user):
        """Whether one of the user's roles may import: among the roles of the description, and among the writers of the record; and his place."""
        allowed = any(role in self.roles and (self.on_behalf or role in self.entity.writers.split()) for role, _ in user.powers())
        return allowed and self.entity.kept_by(user) and (self.when is None or bool(self.when(user)))

    def column(self, code):
        return next((column for column in self.columns if column.code == code), None)

    def column_of(self, fault):
        """The column at which the sentence about a field of a record belongs; None when the line has no such column."""
        for column in self.columns:
            if column.code == fault or (column.fills is not None and column.fills.name == fault):
                return column.code
        return next((look.column for part in self.parts for name, to in part.links.items() if name == fault
                     for look in self.looks if look.name == to), None)

    @property
    def who(self):
        return "、".join(ROLES[role][0] for role in self.roles)
