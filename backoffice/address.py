"""What the address of a list says: view, search, filters, order and place, each read into conditions, or into a sentence about what is wrong."""
from urllib.parse import urlencode

from peewee import CharField, TextField
from werkzeug.datastructures import MultiDict

from backoffice.fieldkinds import kind_of
from backoffice.kinds import BIGGEST
from backoffice.searching import found_by
from models.extras import Extra

PLACE = ("after", "before", "page", "count")          # the arguments that say where in the list the page stands, and whether all of it is counted


class Address:
    """The arguments of an address, read for a user of a screen. What cannot be read stands in `faults`. `columns` are those that the user wants to see,
    where they are not the screen's."""

    def __init__(self, screen, user, args=(), columns=()):
        self.screen, self.user, self.args, self.model = screen, user, MultiDict(args), screen.model
        self.columns = columns or screen.columns
        self.faults, self.chips, self.conditions = [], [], []
        self._view()
        self._search()
        self._filters()
        self._order()
        self._place()

    # what the address says ------------------------------------------------------------------------------------------------------
    def _view(self):
        self.view = self.args.get("view", "")
        if self.view and self.view not in self.screen.views:
            self.faults.append(f"没有“{self.view}”这个视图")
            self.view = ""
        if self.view:
            self.conditions.append(self.screen.views[self.view].condition)

    def _search(self):
        self.q = self.args.get("q", "").replace("\x00", "").strip()      # an address inside a field of a form is read a second time
        if self.q and self.screen.search:
            found = found_by(self.screen.search, self.q)
            self.conditions.append(self.model.id < 0 if found is None else found)

    def _filters(self):
        known = {key: item for item in self.screen.filters.values() for key in item.keys}
        for key in self.args:
            if key.startswith("f.") and key not in known:
                self.faults.append(f"这个列表不能按“{key[2:]}”筛选")
        for item in {known[key].name: known[key] for key in self.args if key in known}.values():
            try:
                found = item.read(self.args, self.user)
            except ValueError as error:
                self.faults.append(str(error))
                continue
            if found:
                self.conditions.append(found[0])
                self.chips.append((item.label, found[1], self.href(**dict.fromkeys(item.keys))))

    def _order(self):
        field, down = self.screen.order_by
        asked = self.args.get("sort", "")
        if asked:
            column = next((c for c in (*self.screen.columns, *self.columns) if c.name == asked.removeprefix("-") and sortable(c)), None)
            if column is None:
                self.faults.append(f"这个列表不能按“{asked}”排序")
            else:
                field, down = column.path.end, asked.startswith("-")
        self.field, self.down = field, down
        self.by_id = field is self.model.id or field.name == "id"

    def _place(self):
        """Where the page begins: (whether it lies after, value of the order column, id), or None for the first page."""
        self.place = None
        for word in ("after", "before"):
            text = self.args.get(word)
            if text:
                try:
                    self.place = (word == "after", *self._unmark(text))
                except ValueError:
                    self.faults.append("页码不对，已回到第一页")

    def value_of(self, row):
        """The value of a row in the order column."""
        return self.field.of(row) if isinstance(self.field, Extra) else row.__data__[self.field.name]

    def _mark(self, row):
        id, value = row.id, self.value_of(row)
        if self.by_id or value is None:
            return str(id)
        return f"{id}~{value.isoformat() if hasattr(value, 'isoformat') else int(value) if isinstance(value, bool) else value}"

    def _unmark(self, text):
        id, valued, value = text.partition("~")
        if not id.isdecimal() or int(id) > BIGGEST or bool(valued) == self.by_id and not (self.field.null and not valued):
            raise ValueError(text)
        if not valued or isinstance(self.field, (CharField, TextField)):
            return (value if valued else None), int(id)
        return kind_of(self.field).read(value), int(id)

    def href(self, **changes):
        """The address of the list with some arguments changed (None: left out); the place is given up with every change."""
        kept = [(key, value) for key, value in self.args.items(multi=True) if key not in changes and key not in PLACE and value]
        return "?" + urlencode(kept + [(key, value) for key, value in changes.items() if value is not None])

    @property
    def sort(self):
        return ("-" if self.down else "") + self.field.name


def sortable(column):
    """Whether a list can be ordered by a column: by every one of its own that holds short values in the clear."""
    return column.path.own and column.kind.picks in ("start", "range", "choice") and not column.kind.long
