"""What a clerk does to a workbook in between: fill the template, mend what came back, read what was exported."""
import io

import openpyxl


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book):
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def filled(data, *rows):
    """The template with rows filled in under its sample."""
    book = opened(data)
    for number, row in enumerate(rows, 5):
        for place, value in enumerate(row, 1):
            book.active.cell(number, place, value)
    return saved(book)


def columns(data, *titles):
    """The rows of an exported sheet, as far as some of its columns."""
    head, *rows = opened(data).active.iter_rows(values_only=True)
    return [tuple(row[head.index(title)] for title in titles) for row in rows]
