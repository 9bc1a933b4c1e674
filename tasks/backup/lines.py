"""Backup: rows as lines of text that both databases read - PostgreSQL's own COPY format, here for SQLite."""
import re

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})
MEANINGS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
NULL = "\\N"


def written(row, truths):
    """One row as a line of bytes. `truths` are the places of columns that hold yes or no."""
    cells = [NULL if value is None else ("t" if value else "f") if place in truths else str(value).translate(ESCAPES) for place, value in enumerate(row)]
    return ("\t".join(cells) + "\n").encode()


def read(data, truths):
    """Rows of the lines in `data`, as texts and None; yes and no as 1 and 0."""
    for line in data.decode().split("\n")[:-1]:
        yield [None if cell == NULL else int(cell == "t") if place in truths else _meant(cell) for place, cell in enumerate(line.split("\t"))]


def _meant(cell):
    return re.sub(r"\\(.)", lambda found: MEANINGS.get(found[1], found[1]), cell) if "\\" in cell else cell
