"""Cells as text, the same whatever kind of file they come from: 65 and not 65.0, dates as 2024-02-15, blanks at the ends gone."""
import datetime as dt

from tasks.sheets.limits import CELL_CHARACTERS, over

BLANKS = " \t\r\n\u3000\u00a0\u200b\ufeff"


def text_of(value):
    """The text of a value as a reader gives it."""
    kind = type(value)
    if kind is str:
        text = value.strip(BLANKS)
        if len(text) > CELL_CHARACTERS:
            raise over("有一格的文字太长", CELL_CHARACTERS, len(text), " 字")
        return text
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if kind is dt.date:
        return value.isoformat()
    if kind is dt.datetime:
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if kind is bool:
        return "是" if value else "否"
    return "" if value is None else str(value)


def texts(values):
    """The cells of one row, without the empty ones at its end."""
    found = [text_of(value) for value in values]
    while found and not found[-1]:
        found.pop()
    return found
