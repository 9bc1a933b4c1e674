"""Names in which any two characters are found through an index: FTS5 on SQLite, a GIN index on PostgreSQL, both over the pairs of neighbours
(migration 0017). Indexes made for words or for three letters find nothing of a Chinese name."""
from peewee import SQL, CharField, Expression, NodeList, fn

from models.base import on_sqlite


class PairedField(CharField):
    """Text of one column, kept in its index by the database itself."""

    def holds(self, text):
        """Condition: the value holds `text`, of two characters or more."""
        pairs = [text[n:n + 2] for n in range(len(text) - 1)]
        if on_sqlite():
            phrase = " ".join(pairs).replace('"', '""')
            rows = SQL("(SELECT rowid FROM name_search WHERE name_search MATCH ?)", [f'"{phrase}"'])
            return self.model.id.in_(rows) & (fn.INSTR(self, text) > 0)
        return Expression(fn.name_pairs(self), "@>", NodeList((SQL("CAST("), pairs_of(pairs), SQL("AS text[])")))) & (fn.STRPOS(self, text) > 0)


def pairs_of(pairs):
    """A list as one parameter."""
    return SQL("%s", [pairs])
