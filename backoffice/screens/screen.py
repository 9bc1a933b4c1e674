"""One screen, checked and ready for use: which rows of which model it shows to whom, with which columns, filters, fields and steps."""
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from flask import url_for

from backoffice.screens.pieces import Lines
from models.base import Entity
from models.roles import STAFF

OWN = "own_"          # how the names of screens begin that the site added


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
    tiles: tuple = ()
    find: tuple = ()                  # the roles for whom Ctrl-K looks for people here
    totals: tuple = ()                # names of the columns that are added up under the list
    inline: tuple = ()                # names of the boxes whose values can be changed in the list
    empty: str = ""
    extras: tuple = ()                # Boxes of the added fields that somebody may fill
    prints: tuple = ()                # the forms that are printed here
    hidden: dict = field(default_factory=dict)        # role -> names of fields that it is not shown
    limits: dict = field(default_factory=dict)        # role -> condition on the rows that the shipped screens give it
    gone: frozenset = frozenset()     # names of the fields that this user is not shown
    seen: dict = field(default_factory=dict, repr=False)

    @property
    def own(self):
        """Whether the site added it."""
        return self.name.startswith(OWN)

    def address(self, page="index", **values):
        """The address of one of its pages."""
        return url_for(f"own.{page}", own=self.name, **values) if self.own else url_for(f"{self.name}.{page}", **values)

    def seen_by(self, user):
        """The screen as the user sees it: without the fields that are hidden from each of his roles."""
        roles = frozenset(role for role, _ in user.powers() if role in self.roles)
        if roles not in self.seen:
            self.seen[roles] = self._without(roles)
        return self.seen[roles]

    def _without(self, roles):
        gone = frozenset.intersection(*(frozenset(self.hidden.get(role, ())) for role in roles)) if roles else frozenset()
        fillable = lambda box: box.name not in gone and (box.roles is None or bool(roles & set(box.roles)))      # noqa: E731
        kept = lambda columns: tuple(column for column in columns if column.name not in gone)      # noqa: E731
        form = _sections(self.form, fillable)
        extras = tuple(filter(fillable, self.extras))
        if not gone and form == self.form and extras == self.extras:
            return self
        order = self.order_by if self.order_by and self.order_by[0].name not in gone else (self.model.id, True)
        return replace(
            self, columns=kept(self.columns), export=kept(self.export), details=_sections(self.details, lambda column: column.name not in gone), form=form,
            filters={name: item for name, item in self.filters.items() if item.path.text not in gone}, search=tuple(p for p in self.search if p.text not in gone),
            views={name: view for name, view in self.views.items() if not gone & set(view.paths)}, order_by=order, extras=extras, gone=gone,
            tiles=tuple(tile for tile in self.tiles if not gone & set(tile.paths)), full=tuple(p for p in self.full if p.text not in gone), seen={})

    def open_to(self, user):
        """Whether one of the user's roles may open the screen, at a level that has to do with its rows."""
        return any(role in self.roles and not (level == "college" and self.model.beyond_college()) for role, level in user.powers())

    def writable_by(self, user):
        """Whether one of the user's roles adds and edits rows of this kind by hand."""
        writers = self.model.writers.split()
        return bool(self.form) and self.model.kept_by(user) and any(role in writers and role in STAFF for role, _ in user.powers())

    def steps_of(self, user):
        """The steps that are offered to the user: first what waits for him, last what is dangerous."""
        return sorted((step for step in self.steps if step.offered_to(user) and self.model.kept_by(user)), key=lambda step: (step.danger, not step.awaits))

    def printed_by(self, user):
        """{name: form} of the forms that the user prints here."""
        roles = {role for role, _ in user.powers() if role in self.roles}
        return {form.name: form for form in self.prints if roles & set(form.printers)}

    def rows(self, user):
        """Query over the rows that the screen shows to the user."""
        query = self.model.visible_to(user)
        if self.limits:
            given = [self.limits.get(role) for role, _ in user.powers() if role in self.roles]
            if given and all(limit is not None for limit in given):
                query = query.where(reduce(or_, given))
        return query if self.condition is None else query.where(self.condition)

    def columns_for(self, user, rows):
        """The columns without what is the same in every row: the user's own institution and college, where he sees no other."""
        own = {"institution": user.institution_id, "college": user.college_id}
        same = {name for name, place in own.items() if rows and name in self.model._meta.fields and all(row.__data__.get(name) == place for row in rows)}
        return [column for column in self.columns if column.name not in same]

    @property
    def brief(self):
        """The columns that tell rows apart where there is little room."""
        return [column for column in self.columns if column.name != "state"][:3]

    @property
    def boxes(self):
        return [box for section in self.form for box in section.items]


def _sections(sections, keep):
    """The sections with the items that are to be kept; an empty one goes."""
    found = tuple(replace(section, items=tuple(filter(keep, section.items))) for section in sections)
    return tuple(section for section in found if section.items)
