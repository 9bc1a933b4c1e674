"""Stage 10 in the office: the page of one unit and term - what is complete, what is missing or wrong and where it is mended, what was frozen, in
which versions - and the page of one line."""
from math import ceil

from flask import request

from backoffice.grid import Grid
from models.awards import Award
from models.record import BY_CODE, FIELDS, differences
from models.reports import Amendment, AnnualReport, ReportLine, compare, totals
from models.reports.extract import COMPLETE, INCOMPLETE, WRONG
from tasks.reporting import outputs
from views.awards import mending
from views.report_outputs import Outputs

SHOWN = 100             # lines on one page
SEARCHED = ("XM", "XWZSBH", "ZJHM", "YJXKM")


class ReportGrid(Outputs, Grid):
    """A report before its submission shows the awards of the window, afterwards its frozen lines; a rolling one both."""
    details_template = "office/report.html"

    def details_extra(self, row):
        records = row.records() if not row.stands or row.appends else []
        groups = {group: [record for record in records if record.group == group] for group in (INCOMPLETE, WRONG, COMPLETE)}
        version = self._version(row)
        lines = list(row.current_lines(version)) if row.version else []
        return {
            "records": records, "complete": groups[COMPLETE], "faulty": [(title, note, [(record, self._mended(record)) for record in groups[group]])
                                                                        for group, title, note in ((INCOMPLETE, "信息不完整", "缺少"), (WRONG, "信息不对", "不对")) if groups[group]],
            "frozen": lines if row.stands else [], "page": Page(lines) if row.stands else None, "version": version, "remarks": [line for line in lines if line.remark],
            "broken": [line for line in lines if not line.intact], "withdrawn": dict(Award.select(Award.id, Award.withdrawn_on).join(ReportLine).where(
                ReportLine.report == row, Award.withdrawn_at.is_null(False)).tuples()),
            "compared": compare(row.current_lines(version - 1), lines) if version > 1 and row.stands else None, "fields": BY_CODE,
            "left_out": row.left_out(), "outputs": outputs.offered(row), "totals": totals(row), "days_late": row.days_late,
            "annual": AnnualReport.visible_to(self.user).where(AnnualReport.report == row.id).first(),
            "amendments": list(Amendment.visible_to(self.user).where(Amendment.report == row.id).order_by(Amendment.id.desc())),
            "screens": {name for name, screen in self.screens.items() if screen.open_to(self.user)}}

    @staticmethod
    def _version(row):
        """The version of the lines that is asked for: the present one, where none or one that is not there is."""
        asked = request.args.get("version", "")
        return int(asked) if asked.isdecimal() and 0 < int(asked) <= row.version else row.version

    @staticmethod
    def _mended(record):
        """[(Field, sentence, screen, id)] of what is missing or wrong in a record, and where it is mended."""
        return [(field, str(reason), *mending(record, field)) for field, reason in record.faults]


class Page:
    """Some of many lines: those that a word is looked for in, a page at a time."""

    def __init__(self, lines):
        self.word = request.args.get("q", "").strip()
        self.found = [line for line in lines if self._fits(line)]
        self.pages = max(1, ceil(len(self.found) / SHOWN))
        asked = request.args.get("page", "")
        self.number = min(int(asked), self.pages) if asked.isdecimal() and int(asked) else 1
        self.lines = self.found[(self.number - 1) * SHOWN:self.number * SHOWN]

    def _fits(self, line):
        return any(self.word in line.values.get(code, "") for code in SEARCHED) or self.word in line.names.get("XWLBM", "")


class ReportLineGrid(Grid):
    """One frozen line, field by field, with its digest checked and every version of it."""
    details_template = "office/report_line.html"
    reads = True

    def details_extra(self, row):
        versions = list(row.versions)
        before = {}
        for earlier, later in zip(versions, versions[1:]):
            before[later.id] = differences(earlier.values, later.values)
        return {"fields": FIELDS, "names": BY_CODE, "versions": versions, "changed": before, "photo": row.photo_id}
