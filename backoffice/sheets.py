"""A list as a file, row after row and never whole in memory: a workbook for people, csv for programs. No cell can become a formula."""
import csv
import datetime as dt
from collections import Counter

from tasks.sheets.book import new_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ROWS = 1_048_575            # what one sheet holds under its header
LONGEST = 32_767            # characters in a cell
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ORIGIN = dt.date(1899, 12, 30).toordinal()
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def titles(outputs):
    """The heads of the columns; those that are the same get a number, so that each is found again."""
    seen, found = Counter(), []
    for output in outputs:
        seen[output.label] += 1
        found.append(output.label if seen[output.label] == 1 else f"{output.label}{seen[output.label]}")
    return found


class Sheet:
    """A file that grows. Inside `with` it takes rows; it is finished at the end, and given up when something goes wrong."""
    rows = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            self.close()


class Workbook(Sheet):
    """An xlsx file that is written into `path`; what lies beside it while it grows stays in the same folder."""
    suffix, content_type, most = "xlsx", XLSX, ROWS

    def __init__(self, path, title, outputs):
        self.outputs = outputs
        self.book = new_book(path, constant_memory=True, tmpdir=str(path.parent))
        self.sheet = self.book.add_worksheet(title[:31].translate(str.maketrans("[]:*?/\\'", "（）：＊？／＼’")))
        head, day, moment = (self.book.add_format(look) for look in ({"bold": True, "bg_color": "#F4F5F7", "bottom": 1}, {"num_format": DAY}, {"num_format": MOMENT}))
        self.formats = {dt.date: day, dt.datetime: moment}
        self.writers = [{"text": (self._text, None), "number": (self.sheet.write_number, None), "day": (self._date, day), "moment": (self._date, moment),
                         "any": (self._any, None)}[output.form] for output in outputs]
        self.sheet.freeze_panes(1, 1)
        for place, (title, output) in enumerate(zip(titles(outputs), outputs)):
            self.sheet.set_column(place, place, output.width or max(10, min(40, 2 * len(title) + 4)))
            self.sheet.write_string(0, place, title, head)

    def write(self, columns):
        """Append rows, given as one list of contents per column."""
        places = [(put, place, look) for place, (put, look) in enumerate(self.writers)]
        for row, cells in enumerate(zip(*columns), self.rows + 1):
            for (put, place, look), cell in zip(places, cells):
                if cell is not None and cell != "":
                    put(row, place, cell, look)
        self.rows += len(columns[0])

    def close(self):
        """Finish the file."""
        self.sheet.autofilter(0, 0, max(self.rows, 1), len(self.outputs) - 1)
        self.book.close()

    def _text(self, row, place, text, look):
        self.sheet.write_string(row, place, text if len(text) <= LONGEST else text[:LONGEST - 1] + "…", look)

    def _date(self, row, place, value, look):
        self.sheet.write_number(row, place, serial(value), look)

    def _any(self, row, place, value, look):
        if isinstance(value, str):
            self._text(row, place, value, None)
        elif isinstance(value, dt.date):
            self._date(row, place, value, self.formats[type(value)])
        else:
            self.sheet.write_number(row, place, value)


def serial(value):
    """A date or moment as a workbook counts it: in days."""
    days = value.toordinal() - ORIGIN
    return days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400 if isinstance(value, dt.datetime) else days


class Table(Sheet):
    """A csv file in UTF-8 with its mark, as Excel wants it. Text that looks like a formula gets an apostrophe before it."""
    suffix, content_type, most = "csv", CSV, None

    def __init__(self, path, title, outputs):
        self.file = open(path, "w", encoding="utf-8-sig", newline="")
        self.form = csv.writer(self.file)
        self.form.writerow(map(harmless, titles(outputs)))

    def write(self, columns):
        """Append rows, given as one list of contents per column."""
        self.form.writerows(zip(*(map(harmless, column) for column in columns)))
        self.rows += len(columns[0])

    def close(self):
        """Finish the file."""
        self.file.close()


def harmless(content):
    """A content as text in which no program sees a formula; numbers stay numbers."""
    if isinstance(content, str):
        return f"'{content}" if content.startswith(FORMULA) else content
    if isinstance(content, dt.datetime):
        return f"{content:%Y-%m-%d %H:%M}"
    return content


FORMS = {form.suffix: form for form in (Workbook, Table)}
