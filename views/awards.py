"""Stage 9 in the office: an award shows at once which fields of the report record are missing, and where they are mended; a meeting shows
what its decision needs; both are printed."""
from io import BytesIO

from flask import abort, request, send_file
from flask_admin import expose

from backoffice.grid import Grid
from models.audit import record
from models.awards import Award
from models.reports import extract
from tasks.print import degrees

PDF = "application/pdf"


DECIDED = ("award", "head")          # sources that say something only once the degree is granted


def mending(record, field):
    """(screen, id) of the record that mends a field of an award's report line; `record` is what was extracted of the award."""
    if field.source == "thesis" and record.thesis_id:
        return "thesis", record.thesis_id
    return ("award", record.award_id) if field.source in (*DECIDED, "discipline") else ("register", record.application_id)


class Printing(Grid):
    """A grid whose rows are printed by the unit; that it was done is recorded."""

    @property
    def prints(self):
        """Whether the user prints here."""
        return bool(self.screen.printed_by(self.user))

    def printed(self, row, label, content):
        """A paper about one row."""
        record(self.user, row, "sheet", label)
        return send_file(BytesIO(content), mimetype=PDF, download_name=f"{label}_{row}.pdf")

    def own(self):
        """The row of the request, when the user prints it."""
        if not self.prints:
            abort(403)
        return self._row(request.args.get("id"))


class AwardGrid(Printing):
    """The degrees."""
    details_template = "office/award.html"

    def details_extra(self, row):
        record, = extract(Award.id == row.id)
        faults = [(field, reason) for field, reason in record.faults if row.state != "proposed" or field.source not in DECIDED]
        return {"missing": [(field, str(reason), *mending(record, field)) for field, reason in faults],
                "prints": self.prints}

    @expose("/sheet/")
    def sheet(self):
        """The data sheet of the certificate, with every number in full."""
        row = self.own()
        if row.state == "proposed":
            abort(404)
        return self.printed(row, "学位证书数据表", degrees.data_sheet(row))


class MeetingGrid(Printing):
    """The meetings of the degree committee."""
    details_template = "office/meeting.html"

    def details_extra(self, row):
        items = row.listed()
        passed = sum(item.ballot[0] >= row.needed for item in items)
        return {"listed": len(items), "passed": passed, "apart": sum(item.own_ballot for item in items), "prints": self.prints}

    @expose("/list/")
    def list(self):
        """The list of the degrees."""
        row = self.own()
        return self.printed(row, "学位授予名单", degrees.meeting_list(row))
