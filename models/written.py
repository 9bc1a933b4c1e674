"""Queries of a fixed shape, written out once for the whole process: only what differs from one time to the next is put in as they are asked. And
parts that stand in one query many times, written out once for all of them."""
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from peewee import ColumnBase, CursorWrapper, Value

from models.base import db, on_sqlite

KEPT = 128           # queries, each for some shapes; a large one takes 64 KiB


@dataclass(frozen=True)
class Blank:
    """Stands in a query for a value that is not known yet."""
    name: str


def blank(name):
    """A place in a query for the value of that name."""
    return Value(Blank(name), converter=False)


def ask(build, *shape, **values):
    """[row] of the query `build(*shape)`, whose text depends on the shape alone, with `values` in its blanks. Writing a query down takes longer than
    asking for the rows of one case."""
    query, sql, params, readers = _written(build, on_sqlite(), *shape)
    given = [values[param.name] if isinstance(param, Blank) else param for param in params]
    cursor = db.execute_sql(sql, given)
    if not readers:
        readers.append(query._get_cursor_wrapper(cursor))
        readers[0].initialize()
    reader = copy(readers[0])           # what the first has found out about the columns holds for every answer
    CursorWrapper.__init__(reader, cursor)
    reader.initialized = True
    return list(reader)


@lru_cache(KEPT)
def _written(build, sqlite, *shape):
    query = build(*shape)
    return query, *query.sql(), []


class Once(ColumnBase):
    """A condition on the rows of one table that stands in many sub-queries of a query, each of which calls the table the same."""
    text = None

    def __init__(self, condition):
        self.condition = condition

    def __sql__(self, ctx):
        if self.text is None:
            begin, given = len(ctx._sql), len(ctx._values)
            ctx.sql(self.condition)
            self.text, self.values = "".join(ctx._sql[begin:]), ctx._values[given:]
            return ctx
        ctx._values.extend(self.values)
        return ctx.literal(self.text)
