"""Stage 10: how far a term has come - every unit in sight with its report, what it reported the term before, and how late it is."""
from dataclasses import dataclass

from peewee import fn

from models import clock
from models.awards import Award
from models.reports.annual import AnnualReport
from models.reports.report import Report
from models.reference import Institution


@dataclass(frozen=True)
class UnitReport:
    """One unit of a term. `before` is how many it reported the term before, None without a report; `left_out` counts 漏报."""
    report: Report
    annual: AnnualReport
    before: int | None
    left_out: int
    days_late: int

    @property
    def difference(self):
        return None if self.before is None or not self.report.stands else self.report.line_count - self.before


def season(term, user):
    """[UnitReport] of all units whose reports the user sees, by their codes; the same few statements for one unit and for all."""
    rows = list(Report.visible_to(user).select(Report, Institution, AnnualReport).join(Institution)
                .join_from(Report, AnnualReport, attr="annual", on=AnnualReport.report == Report.id).where(Report.term == term).order_by(Institution.code))
    before = dict(Report.select(Report.institution, Report.line_count).where(Report.term == before_of(term), Report.state.in_(("submitted", "no_award", "filed"))).tuples())
    left_out = Report.left_out_of([row.id for row in rows])
    oldest = _oldest_unreported(term) if term.rolling else {}
    found = []
    for row in rows:
        row.term = term
        late = _late(oldest.get(row.institution_id), term) if term.rolling else row.days_late
        found.append(UnitReport(row, row.annual, before.get(row.institution_id), left_out.get(row.id, 0), late))
    return found


def before_of(term):
    """The term whose awards end last before those of this one begin; None without."""
    kind = type(term)
    return kind.select().where(kind.award_until < term.award_from).order_by(kind.award_until.desc()).first()


def _oldest_unreported(term):
    """{institution id: day of its oldest award in the term that no line has}."""
    line = Report.lines.rel_model
    has = line.select(line.id).join(Report).where(Report.term == term, line.award == Award.id, line.ended.is_null())
    rows = (Award.select(Award.institution, fn.MIN(Award.awarded_on)).where(Award.state == "awarded", Award.awarded_on.between(term.award_from, term.award_until), ~fn.EXISTS(has))
            .group_by(Award.institution))
    return dict(rows.tuples())


def _late(day, term):
    return 0 if day is None else max(0, (clock.today() - day).days - term.within_days)
