"""The query behind a list, fit for a million rows: the page by keyset on one ordered column, its owners in one query per key, counts that
stop, and a long list only ever walked in the order of an index."""
from decimal import Decimal
from functools import cached_property

from peewee import SQL, Expression, NodeList, Select, fn

from backoffice import overlong
from backoffice.address import Address
from backoffice.jumping import found_at, rank_of
from backoffice.paths import load_owners, read_of
from models.base import Entity, on_sqlite
from models.extras import Extra
from models.screens import kept_views, views_in
from models.written import Once

CAP = 1000                           # rows to which a number beside the list is counted
MANY = 10_000                        # rows to which the list itself is counted


class Listing(Address):
    """One look at the rows of a screen: by a user, with the arguments of an address."""

    @cached_property
    def scope(self):
        """Query over all that the screen shows to the user."""
        return self.screen.rows(self.user)

    def query(self):
        """Query over all rows of the list."""
        return narrowed(self.scope, self.conditions)

    @cached_property
    def counted(self):
        """(rows of the list, {view name: rows}): those of the list to one more than the limit, or all where that was asked for; those of the views
        to one more than CAP. One query, which brings `own_views` along, and `sums`, {name of a column: its total} of a list no longer than CAP."""
        scope = self.scope.clone()
        scope._where = scope._where and Once(scope._where)
        views = {view.name: scope.where(view.condition) for view in self.screen.views.values()}
        if views and self.conditions:
            views[""] = scope
        asked = {name: (query, CAP) for name, query in views.items()} | {None: (narrowed(scope, self.conditions), None if self.args.get("count") == "all" else self.limit)}
        open = {name: query for name, query in asked.items() if query[1] is None or not overlong.seen(self._look(name))}
        added = [column for column in self.columns if column.name in self.screen.totals]
        counting = [_counting(query, limit and limit + overlong.SPARE) for query, limit in open.values()]
        counting += [Select([self.query().select(column.path.end.alias("added")).limit(CAP + 1).alias("counted")], [fn.SUM(SQL("added"))]) for column in added]
        *numbers, kept = self.model._meta.database.execute(Select(columns=[*counting, kept_views(self.user, self.screen.name)])).fetchone()
        numbers, totals = dict(zip(open, numbers, strict=False)), numbers[len(open):]
        self.own_views = views_in(kept)
        found = {name: self._to(name, limit, numbers.get(name)) for name, (_, limit) in asked.items()}
        count = found.pop(None)
        self.sums = {column.name: _total(column.kind, total) for column, total in zip(added, totals, strict=True)} if count <= CAP else {}
        return count, found | ({"": count} if views and "" not in found else {})

    def _look(self, view):
        """What tells a count from others: of a view, or of the list itself."""
        user = self.user
        return user.id, *user.powers(), user.institution_id, user.college_id, user.office_id, user.site_ref, id(self.screen), self.href() if view is None else view

    def _to(self, view, limit, number):
        """A number counted to one more than the limit; where it is None, the list was far longer a moment ago."""
        if limit is None:
            return number
        if number is not None and number > limit + overlong.SPARE:
            overlong.note(self._look(view))
        return limit + 1 if number is None else min(number, limit + 1)

    @property
    def limit(self):
        """So many rows are counted and, where no index has their order, gathered and sorted; what is searched for lies scattered."""
        return CAP if self.q else MANY

    @property
    def long(self):
        """Whether the list has more rows than the limit."""
        return self.counted[0] > self.limit

    @property
    def capped(self):
        """Whether the rows were not counted to the end."""
        return self.long and self.args.get("count") != "all"

    @property
    def number(self):
        """The number of rows in words."""
        return f"{self.limit:,}+" if self.capped else f"{self.counted[0]:,}"

    @cached_property
    def gathers(self):
        """Whether the rows are gathered and sorted: few enough, and an index would have to be walked past others to find them. A list that is too long
        for that and has no index in its order is refused the order."""
        few = not self.long
        if not self._indexed():
            if few:
                return True
            self.faults.append(f"超过 {self.limit:,} 行的列表不能按“{self.field.verbose_name}”排序，请先筛选；现在按编号排列")
            self.field, self.down, self.by_id, self.place = self.model.id, True, True, None
        return few and (bool(self.conditions) or self.counted[0] <= self.screen.page_size)

    def _indexed(self):
        """Whether an index has the order of the list."""
        meta = self.model._meta
        if isinstance(self.field, Extra):
            return self.field.indexed
        return self.by_id or self.field.index or self.field.unique or any(_orders(index, self.field) for index in meta.fields_to_index())

    def page(self):
        """The rows of the page, with their owners; sets `next` and `previous`, the addresses of its neighbours."""
        gathered, size = self.gathers, self.screen.page_size
        self._jump()
        after, value, id = self.place or (True, None, None)
        found = self.stretch(size + 1, after, value, id, _read(self.model, self.columns, self.field), gathered)
        more, found = len(found) > size, found[:size]
        if self.place is None and self.long and not more:       # so it was a moment ago
            overlong.forget(self._look(None))
            del self.counted
        found = found if after else found[::-1]
        self.next = self.href(after=self._mark(found[-1])) if found and (more if after else True) else None
        self.previous = self.href(before=self._mark(found[0])) if found and (self.place is not None if after else more) else None
        return self._owned(found, self.columns)

    def _jump(self):
        """Begin at the page whose number was asked for."""
        text = self.args.get("page", "").strip()
        try:
            rank = rank_of(text, self.screen.page_size) if text else 0
            found = found_at(self, rank) if rank else None
            if rank and found is None:
                raise ValueError(text)
        except ValueError:
            self.faults.append(f"这个列表没有第“{text}”页，已回到第一页")
        else:
            if found:
                self.place = (True, found[1], found[0])

    def rows(self, ids, columns=()):
        """The rows with these ids, in their order, with the owners that the columns show."""
        columns = columns or self.columns
        found = {row.id: row for row in self.model.select(*_read(self.model, columns)).where(self.model.id.in_(ids))} if ids else {}
        return self._owned([found[id] for id in ids if id in found], columns)

    def _owned(self, rows, columns):
        asked = self.model.belongs_to is not Entity.belongs_to      # whose row it is may be written in its owners
        load_owners(rows, [key for column in columns for key in column.keys], None if asked else read_of(columns))
        return rows

    def neighbours(self, row):
        """(the row before, the row after) a row in the order of the list, each as (id, name) or None; the row itself may have left the list."""
        gathered, column = not self._indexed() and self.gathers, self.screen.columns[0]
        beside = [self.stretch(1, after, self.value_of(row), row.id, _read(self.model, (column,), self.field), gathered) for after in (False, True)]
        self._owned([found for part in beside for found in part], (column,))
        return tuple((part[0].id, column.cell(part[0])[0] or str(part[0])) if part else None for part in beside)

    def all_ids(self, chunk):
        """Lists of at most `chunk` ids, through the whole list."""
        place = (True, None, None)
        while found := self.stretch(chunk, *place):
            yield [row.id for row in found]
            place = (True, self.value_of(found[-1]), found[-1].id)

    def stretch(self, size, after, value, id, fields=None, gathered=False, over=0):
        """`size` rows after or before a place, but for the first `over`, with some fields or what their place needs. Rows with a value come first, then those
        without: two stretches, each in the order of an index on either database."""
        down, forward = self.down == after, after
        step = self.model.id.desc() if down else self.model.id
        beyond = None if id is None else (self.model.id < id if down else self.model.id > id)
        query = self.query()
        if gathered:      # behind a fence that no planner looks through, so that none walks an index past a million others
            query = self.model.select().where(self.model.id.in_(query.select(self.model.id).limit(self.limit)))
        elif self.user.institution_id is None:      # of a whole office or nation so many rows are wanted that walking the order finds them soonest
            query = walked(query)
        query = query.select(*(_read(self.model, (), self.field) if fields is None else fields))
        if self.by_id:
            return list(narrowed(query, [] if beyond is None else [beyond]).order_by(step).limit(size).offset(over or None))
        order = (self.field.desc() if down else self.field, step)
        if gathered and id is None:
            return list(query.order_by(*([self.field.is_null()] if self.field.null else []), *order).limit(size))
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
                part = narrowed(query, conditions)
                found += list(part.order_by(*ordering).limit(size - len(found)).offset(over or None))
                over = 0 if found or not over else over - part.count()
        return found


def _counting(query, limit):
    """Expression: the number of rows of a query, counted to one more than the limit."""
    rows = query.select(SQL("1"))
    return NodeList((SQL("(SELECT COUNT(*) FROM"), rows if limit is None else rows.limit(limit + 1), SQL("AS counted)")))


def _orders(index, field):
    """Whether an index over all rows has the order of a field, and of the id within: nothing may stand between them."""
    first, *rest = index._expressions
    return index._where is None and first is field and (not rest or rest[0] is field.model.id)


def _read(model, columns, *more):
    """The fields of the rows themselves that the columns read: all of them where a column is a property."""
    if any(not column.path.links and column.path.end is None for column in columns):
        return ()
    names = dict.fromkeys(["id", "state", *(column.name.partition(".")[0] for column in columns), *(field.name.partition(".")[0] for field in more)])
    return [model._meta.fields[name] for name in names if name in model._meta.fields]


def _total(kind, total):
    """A sum as its column reads; SQLite adds up decimals as binary fractions."""
    return kind.text(round(Decimal(str(total or 0)), kind.places))


def walked(query):
    """The query with its conditions asked of each row in turn: SQLite would collect the rows of all units of an office first, and sort them."""
    if on_sqlite() and query._where is not None:
        query = query.clone()
        query._where = Expression(query._where, "IS", SQL("TRUE"))
    return query


def narrowed(query, conditions):
    """The query with conditions, of which there may be none."""
    return query.where(*conditions) if conditions else query
