"""How rows are read and written: what would be worded anew every time is worded once for a kind, which takes longer than asking the database for one row."""
from functools import lru_cache
from itertools import groupby

from peewee import JOIN, OP, CharField, CommaNodeList, Expression, Field, ForeignKeyField, IntegerField, ModelObjectCursorWrapper, ModelSelect, Node, TextField

WORDED = 1024        # statements that are kept, each of about a kilobyte


class Rows(ModelSelect):
    """A query over rows. It writes down the columns of a kind in one go."""

    def __sql_selection__(self, ctx, is_subquery=False):
        if is_subquery:
            return super().__sql_selection__(ctx, is_subquery)
        between = ""
        for kind, columns in groupby(self._returning, lambda column: column.model if _plain(column) else None):
            ctx.literal(between)
            if kind is None:
                ctx.sql(CommaNodeList(list(columns)))
            else:
                table = ctx.alias_manager[kind._meta.table]
                ctx.literal(", ".join([f'"{table}"."{column.column_name}"' for column in columns]))
            between = ", "
        return ctx

    def _get_model_cursor_wrapper(self, cursor):
        wrapper = super()._get_model_cursor_wrapper(cursor)
        return Taken(cursor, self.model, self._returning, self.model) if type(wrapper) is ModelObjectCursorWrapper else wrapper

    def along(self, links, *more):
        """The query over these rows and those that foreign keys lead to, from one to the next, no kind of them twice."""
        query = self.select(self.model, *(link.rel_model for link in links), *more)
        for link in links:
            query = query.join_from(link.model, link.rel_model, JOIN.LEFT_OUTER, on=link)
        return query


class Taken(ModelObjectCursorWrapper):
    """Rows of one kind that take their values as they come from the database, instead of having each set as if it were new."""

    def initialize(self):
        super().initialize()
        self.plain = set(self.unique_columns) <= self.model._meta.fields.keys()
        self.read = [(self.unique_columns[n], self.converters[n]) for n in self.convert if not as_kept(self.fields[n])]

    def fill_cache(self, n=0):
        if n or self.count or self.populated:
            return super().fill_cache(n)
        rows = self.cursor.fetchall()
        if rows and not self.initialized:
            self.initialize()
        self.cursor.close()
        self.row_cache, self.count, self.populated = [self.process_row(row) for row in rows], len(rows), True

    def process_row(self, row):
        if not self.plain:
            return super().process_row(row)
        found, values = self.model.__new__(self.model), dict(zip(self.unique_columns, row))
        found.__data__, found.__rel__, found._dirty = values, {}, set()
        for name, read in self.read:
            values[name] = read(values[name])
        return found


def as_kept(field):
    """Whether both databases give the values of a field as they are needed: texts, whole numbers and the ids of other rows."""
    if isinstance(field, ForeignKeyField):
        return as_kept(field.rel_field)
    return isinstance(field, (CharField, IntegerField, TextField)) and type(field).python_value is Field.python_value


def _plain(column):
    """Whether it is a column of a table and nothing but its name."""
    return isinstance(column, Field) and type(column).__sql__ is Field.__sql__


def by_id(kind, id):
    """The row of an id; None when there is none."""
    query, sql = _asking(kind, kind._meta.database.param)
    return next(iter(query._get_cursor_wrapper(kind._meta.database.execute_sql(sql, [id]))), None)


@lru_cache(WORDED)
def _asking(kind, param):
    query = kind.select().where(kind.id == 0)
    return query, query.sql()[0]


def id_asked(kind, conditions):
    """The id that the only condition of a query names; None when it asks for something else."""
    asked, = conditions if len(conditions) == 1 else (None,)
    if isinstance(asked, Expression) and asked.op == OP.EQ and asked.lhs is kind.id:
        asked = asked.rhs
    return asked if isinstance(asked, int) else None


def insert(kind, values):
    """Write a new row of {name of a field: value} and return its id."""
    database, marks, given = kind._meta.database, [], []
    for name, value in values.items():
        value = kind._meta.fields[name].db_value(value)
        if isinstance(value, Node):        # what has to be converted by the database, as JSON
            mark, parts = database.get_sql_context().sql(value).query()
        else:
            mark, parts = database.param, (value,)
        marks.append(mark)
        given.extend(parts)
    cursor = database.execute_sql(_writing(kind, tuple(values), tuple(marks), database.returning_clause), given)
    return cursor.fetchone()[0] if database.returning_clause else cursor.lastrowid


@lru_cache(WORDED)
def _writing(kind, names, marks, returning):
    columns = ", ".join(f'"{kind._meta.fields[name].column_name}"' for name in names)
    return f'INSERT INTO "{kind._meta.table_name}" ({columns}) VALUES ({", ".join(marks)})' + ' RETURNING "id"' * returning
