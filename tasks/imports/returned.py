"""The wrong lines as a workbook of the same form: every cell as it was, the wrong ones marked, and the reason at the end of the line."""
import tempfile

from tasks.imports.header import REASON_TITLE
from tasks.imports.planner import WRONG
from tasks.imports.styles import formats
from tasks.sheets.book import new_book


class Returned:
    """Takes the lines as they are planned; the workbook grows on the disk, not in memory."""

    def __init__(self, imported, header):
        self.imported, self.header, self.count = imported, header, 0
        self._file = tempfile.TemporaryFile()
        self._book = new_book(self._file, constant_memory=True)
        self._sheet, self._formats = self._book.add_worksheet(imported.title), formats(self._book)
        self._width = len(header.titles)
        self._places = header.places | header.proposed
        for place in range(self._width):
            self._sheet.set_column(place, place, 16)
        self._sheet.set_column(self._width, self._width, 60)
        self._sheet.freeze_panes(1, 0)
        for place, title in enumerate([*header.titles, REASON_TITLE]):
            self._sheet.write_string(0, place, title, self._formats["head"])

    def take(self, lines):
        for line in lines:
            if line.verdict == WRONG:
                self._write(line)

    def _write(self, line):
        self.count += 1
        wrong = {self._places.get(code) for code in line.faults}
        for place in range(self._width):
            text = line.cells[place] if place < len(line.cells) else ""
            self._sheet.write_string(self.count, place, text, self._formats["bad" if place in wrong else "plain"])
        self._sheet.write_string(self.count, self._width, f"第 {line.number} 行：{'；'.join(line.faults.values())}", self._formats["why"])

    def workbook(self):
        """The bytes of the finished workbook."""
        self._book.close()
        self._file.seek(0)
        return self._file.read()
