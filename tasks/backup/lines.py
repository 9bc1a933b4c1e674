"""Backup: rows as lines of text that both databases read - PostgreSQL's own COPY format, here for SQLite."""
import re

ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})
MEANINGS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
NULL = "\\N"
TRUTH, BYTES = "truth", "bytes"


def written(row, forms):
    """One row as a line of bytes. `forms` says of the places of columns that do not hold text or numbers what they hold: TRUTH or BYTES."""
    return ("\t".join(_cell(value, forms.get(place)) for place, value in enumerate(row)) + "\n").encode()


def _cell(value, form):
    if value is None:
        return NULL
    return ("t" if value else "f") if form == TRUTH else f"\\\\x{bytes(value).hex()}" if form == BYTES else str(value).translate(ESCAPES)


def read(data, forms):
    """Rows of the lines in `data`, as texts, bytes and None; yes and no as 1 and 0."""
    for line in data.decode().split("\n")[:-1]:
        yield [None if cell == NULL else _value(cell, forms.get(place)) for place, cell in enumerate(line.split("\t"))]


def _value(cell, form):
    return int(cell == "t") if form == TRUTH else bytes.fromhex(cell[3:]) if form == BYTES else _meant(cell)


def _meant(cell):
    return re.sub(r"\\(.)", lambda found: MEANINGS.get(found[1], found[1]), cell) if "\\" in cell else cell
