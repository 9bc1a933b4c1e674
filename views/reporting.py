"""Stage 10 in the office: the page of one unit and term - what is complete, what is missing and where it is mended, what was frozen -
and the workbook of a report."""
from io import BytesIO

import xlsxwriter
from flask import abort, request, send_file
from flask_admin import expose

from backoffice.grid import Grid
from backoffice.sheets import XLSX
from models.audit import record
from models.awards import Award
from models.record import FIELDS
from models.reports import AnnualReport, ReportLine, totals
from views.awards import mending


class ReportGrid(Grid):
    """A report before its submission shows the awards of the window, afterwards its frozen lines."""
    details_template = "office/report.html"

    def details_extra(self, row):
        stands, user = row.stands, self.user
        records = [] if stands else row.records()
        lines = list(row.current_lines()) if stands else []
        return {
            "complete": [(award, values) for award, values, missing in records if not missing],
            "incomplete": [(award, [(field, text, *mending(award, field)) for field, text in missing]) for award, _, missing in records if missing],
            "withdrawn": dict(Award.select(Award.id, Award.withdrawn_on).join(ReportLine).where(ReportLine.report == row, Award.withdrawn_at.is_null(False)).tuples()),
            "frozen": lines, "broken": [line for line in lines if not line.intact], "left_out": row.left_out(), "totals": totals(row),
            "compared": row.compare() if row.round > 1 and row.state in ("submitted", "no_award", "filed") else None, "fields": {f.code: f.name for f in FIELDS},
            "annual": AnnualReport.visible_to(user).where(AnnualReport.report == row.id).first(),
            "screens": {name for name, screen in self.screens.items() if screen.open_to(user)}}

    @expose("/sheet/")
    def sheet(self):
        """The lines of the report as a workbook, with every value in full; recorded."""
        row = self._row(request.args.get("id"))
        lines = [(line.values, line.names) for line in row.current_lines().iterator()]
        if not lines:
            abort(404)
        record(self.user, row, "sheet", "下载报送明细", reason=f"{len(lines)} 行")
        return send_file(BytesIO(workbook(lines)), mimetype=XLSX, as_attachment=True, download_name=f"{row.institution}_{row.term}_第{row.round}次报送.xlsx")


def workbook(lines):
    """Bytes of the workbook that clerks know: a row of Chinese names, a row of codes, then one line an award; each coded field is
    followed by its name. `lines` are (values, names) pairs."""
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet, head = book.add_worksheet("学位授予信息"), book.add_format({"bold": True, "bg_color": "#F4F5F7", "bottom": 1})
    columns = [(field, part) for field in FIELDS for part in (("value", "name") if field.table else ("value",))]
    for place, (field, part) in enumerate(columns):
        sheet.set_column(place, place, max(8, min(28, field.width // 2 + 4)))
    for place, (field, part) in enumerate(columns):
        sheet.write_string(0, place, field.name if part == "value" else f"{field.name}名称", head)
    for place, (field, part) in enumerate(columns):
        sheet.write_string(1, place, field.code if part == "value" else "", head)
    for number, (values, names) in enumerate(lines, 2):
        for place, (field, part) in enumerate(columns):
            text = values.get(field.code, "") if part == "value" else names.get(field.code, "")
            if text:
                sheet.write_string(number, place, text)
    sheet.freeze_panes(2, 1)
    book.close()
    return data.getvalue()


class ReportLineGrid(Grid):
    """One frozen line, field by field, with its digest checked."""
    details_template = "office/report_line.html"

    def details_extra(self, row):
        return {"fields": FIELDS}
