"""Stage 10: report terms; a new one is proposed as the next semester after the last."""
from backoffice.grid import Grid
from models.reports import ReportTerm


class TermGrid(Grid):
    def defaults(self, user):
        return ReportTerm.propose()
