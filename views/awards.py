"""Stage 9 in the office: an award shows at once which fields of the report record are missing, and where they are mended."""
from backoffice.grid import Grid
from models.record import build, gaps
from models.reports import passes_of


def mending(award, field):
    """(screen, id) of the record that mends a missing field of an award's report line."""
    if field.source == "thesis":
        thesis = award.application.theses.first()
        return ("thesis", thesis.id) if thesis else ("register", award.application_id)
    return ("award", award.id) if field.source in ("award", "report", "discipline") else ("register", award.application_id)


class AwardGrid(Grid):
    details_template = "office/award.html"

    def details_extra(self, row):
        missing = gaps(row, build(row, passes_of(row)))
        return {"missing": [(field, text, *mending(row, field)) for field, text in missing if row.state == "awarded" or field.source != "award"]}
