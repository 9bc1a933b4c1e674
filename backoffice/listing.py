"""The query behind a list, fit for a million rows: ids first, by keyset on one ordered column, then the rows of the page and their
owners in one query each, and counts that stop at a thousand."""
from urllib.parse import urlencode

from peewee import SQL, CharField, Select, TextField, fn
from werkzeug.datastructures import MultiDict

from backoffice.fieldkinds import kind_of
from backoffice.kinds import BIGGEST
from backoffice.paths import load_owners
from backoffice.searching import found_by
from models.screens import kept_views, views_in

CAP = 1000
PLACE = ("after", "before")          # the arguments that say where in the list the page stands


class Listing:
    """One look at the rows of a screen: by a user, with the arguments of an address. What cannot be read stands in `faults`."""

    def __init__(self, screen, user, args=()):
        self.screen, self.user, self.args, self.model = screen, user, MultiDict(args), screen.model
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
        self.q = self.args.get("q", "").replace("\x00", "").strip()
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
            column = next((c for c in self.screen.columns if c.name == asked.removeprefix("-") and sortable(c)), None)
            if column is None:
                self.faults.append(f"这个列表不能按“{asked}”排序")
            else:
                field, down = column.path.end, asked.startswith("-")
        self.field, self.down = field, down
        self.by_id = field is self.model.id or field.name == "id"

    def _place(self):
        """Where the page begins: (whether it lies after, value of the order column, id), or None for the first page."""
        self.place = None
        for word in PLACE:
            text = self.args.get(word)
            if text:
                try:
                    self.place = (word == "after", *self._unmark(text))
                except ValueError:
                    self.faults.append("页码不对，已回到第一页")

    def _mark(self, id, value):
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

    # what the database answers --------------------------------------------------------------------------------------------------
    def query(self):
        """Query over all rows of the list."""
        return narrowed(self.screen.rows(self.user), self.conditions)

    def counts(self):
        """(rows of the list, {view name: rows}), each counted to one more than the cap, in one query; it brings `own_views` along."""
        views = list(self.screen.views.values())
        queries = [self.query()] + [self.screen.rows(self.user).where(view.condition) for view in views]
        if views:
            queries.append(self.screen.rows(self.user))
        counted = [Select([query.select(SQL("1")).limit(CAP + 1).alias("counted")], [fn.COUNT(SQL("*"))]) for query in queries]
        *numbers, kept = self.model._meta.database.execute(Select(columns=[*counted, kept_views(self.user, self.screen.name)])).fetchone()
        self.own_views = views_in(kept)
        return numbers[0], dict(zip([view.name for view in views] + [""], numbers[1:], strict=False))

    def page(self):
        """The rows of the page, with their owners; sets `next` and `previous`, the addresses of its neighbours."""
        size, (after, value, id) = self.screen.page_size, self.place or (True, None, None)
        marks = self._marks(size + 1, after, value, id)
        more, marks = len(marks) > size, marks[:size]
        marks = marks if after else marks[::-1]
        self.next = self.href(after=self._mark(*marks[-1])) if marks and (more if after else True) else None
        self.previous = self.href(before=self._mark(*marks[0])) if marks and (self.place is not None if after else more) else None
        return self.rows([id for id, _ in marks])

    def rows(self, ids, columns=()):
        """The rows with these ids, in their order, with the owners that the columns show."""
        columns = columns or self.screen.columns
        found = {row.id: row for row in self.model.select(*_read(self.model, columns)).where(self.model.id.in_(ids))} if ids else {}
        rows = [found[id] for id in ids if id in found]
        load_owners(rows, [key for column in columns for key in column.keys])
        return rows

    def neighbours(self, row):
        """(the row before, the row after) a row in the order of the list, each as (id, name) or None; the row itself may have left the list."""
        value = None if self.by_id else row.__data__[self.field.name]
        marks = [self._marks(1, after, value, row.id) for after in (False, True)]
        column = self.screen.columns[0]
        names = {found.id: column.cell(found)[0] or str(found) for found in self.rows([mark[0][0] for mark in marks if mark], (column,))}
        return tuple((mark[0][0], names[mark[0][0]]) if mark else None for mark in marks)

    def all_ids(self, chunk):
        """Lists of at most `chunk` ids, through the whole list."""
        place = (True, None, None)
        while marks := self._marks(chunk, *place):
            yield [id for id, _ in marks]
            place = (True, marks[-1][1], marks[-1][0])

    def _marks(self, size, after, value, id):
        """[(id, value of the order column)] of `size` rows after or before a place. Rows with a value come first, then those without:
        two stretches, each in the order of an index on either database."""
        down, forward = self.down == after, after
        step = self.model.id.desc() if down else self.model.id
        beyond = None if id is None else (self.model.id < id if down else self.model.id > id)
        query = self.query().select(self.model.id, self.field)
        if self.by_id:
            return list(narrowed(query, [] if beyond is None else [beyond]).order_by(step).limit(size).tuples())
        order = (self.field.desc() if down else self.field, step)
        stretches = [(self.field.is_null(False), order), (self.field.is_null(), (step,))] if self.field.null else [(None, order)]
        found, started = [], id is None
        for present, ordering in stretches if forward else stretches[::-1]:
            valued = ordering is order
            conditions = [] if present is None else [present]
            if not started and id is not None and valued == (value is not None):
                if valued:
                    edge, past = (self.field <= value, self.field < value) if down else (self.field >= value, self.field > value)
                    conditions += [edge, past | beyond]
                else:
                    conditions.append(beyond)
                started = True
            if started and len(found) < size:
                found += list(narrowed(query, conditions).order_by(*ordering).limit(size - len(found)).tuples())
        return found


def _read(model, columns):
    """The fields of the rows themselves that the columns read: all of them where a column is a property."""
    if any(not column.path.links and column.path.end is None for column in columns):
        return ()
    names = dict.fromkeys(["id", "state", *(column.name.partition(".")[0] for column in columns)])
    return [model._meta.fields[name] for name in names if name in model._meta.fields]


def sortable(column):
    """Whether a list can be ordered by a column: by every one of its own that holds short values in the clear."""
    return column.path.own and column.kind.picks in ("start", "range", "choice") and not column.kind.long


def narrowed(query, conditions):
    """The query with conditions, of which there may be none."""
    return query.where(*conditions) if conditions else query
