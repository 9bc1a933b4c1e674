"""Stage 10: the workbook that clerks know, and the lists that lie beside other files. Rows are never held together in memory."""
from models.record import FIELDS
from tasks.reporting.lines import batches, shown
from tasks.sheets.book import new_book

HEAD = {"bold": True, "bg_color": "#F4F5F7", "bottom": 1}


def write(report, path, full, say):
    """A row of Chinese names, a row of codes, then one line an award; each coded field is followed by its name."""
    book = new_book(path, constant_memory=True, tmpdir=str(path.parent))
    book.set_properties({"title": f"{report} 第 {report.version} 版", "comments": f"SHA-256 {report.digest}"})
    sheet, head = book.add_worksheet("学位授予信息"), book.add_format(HEAD)
    columns = [(field, named) for field in FIELDS for named in ((False, True) if field.table else (False,))]
    for place, (field, _) in enumerate(columns):
        sheet.set_column(place, place, max(8, min(28, field.width // 2 + 4)))
    for place, (field, named) in enumerate(columns):
        sheet.write_string(0, place, f"{field.name}名称" if named else field.name, head)
    for place, (field, named) in enumerate(columns):
        sheet.write_string(1, place, "" if named else field.code, head)
    places, row, put = [(place, field.code, named) for place, (field, named) in enumerate(columns)], 1, sheet.write_string
    for lines in batches(report):
        for row, line in enumerate(lines, row + 1):
            values, names = shown(line, full), line.names
            for place, code, named in places:
                text = (names if named else values).get(code)
                if text:
                    put(row, place, text)
        say(row - 1)
    sheet.freeze_panes(2, 1)
    book.close()


def add_list(archive, path, name, titles, rows):
    """Put a plain list of texts into a ZIP under a name; `path` is where it lies while it is written."""
    book = new_book(path, constant_memory=True, tmpdir=str(path.parent))
    sheet, head = book.add_worksheet("清单"), book.add_format(HEAD)
    for place, title in enumerate(titles):
        sheet.set_column(place, place, 20)
        sheet.write_string(0, place, title, head)
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text)
    sheet.freeze_panes(1, 0)
    book.close()
    archive.write(path, name)
    path.unlink()
