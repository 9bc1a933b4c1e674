"""Queries of a fixed shape, written out once for the whole process: only what differs from one time to the next is put in as they are asked."""
from dataclasses import dataclass
from functools import lru_cache

from peewee import Value

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
    query, sql, params = _written(build, on_sqlite(), *shape)
    given = [values[param.name] if isinstance(param, Blank) else param for param in params]
    return list(query._get_cursor_wrapper(db.execute_sql(sql, given)))


@lru_cache(KEPT)
def _written(build, sqlite, *shape):
    query = build(*shape)
    return query, *query.sql()
