"""Stage 10 in figures: what was awarded, reported and filed - by term, office, unit, discipline or state - within what somebody sees.
Each is one statement: awards and lines are counted by their places before they are joined to the reports."""
from dataclasses import dataclass, replace

from peewee import JOIN, Case, fn

from models.awards import Award
from models.reference import Discipline, Institution, Office
from models.reports import Report, ReportLine, ReportTerm

BY = {"term": "学期", "office": "省级学位办", "unit": "学位授予单位", "discipline": "学科专业", "state": "报送状态"}
STANDING = ("submitted", "no_award", "filed")


@dataclass(frozen=True)
class Count:
    """One line: code and name of what is counted; units that take part, degrees awarded, reported, filed."""
    code: str
    name: str
    units: int
    awarded: int
    reported: int
    filed: int


def counts(user, by, term=None):
    """[Count] in the order of their codes, of one term (its id) or of all that were opened. Terms come the last first."""
    rows = (_by_discipline if by == "discipline" else _by_report)(user, by, term)
    found = [Count(str(code), name, units, *(int(number or 0) for number in numbers)) for code, name, units, *numbers in rows]
    return [replace(row, name=Report.STATES[row.code][0]) for row in found] if by == "state" else found


def _reports(user, term):
    """The reports in sight, of one term or all."""
    rows = Report.visible_to(user)
    return rows.where(Report.term == term) if term else rows


def _by_report(user, by, term):
    """Awards are counted per unit and term; what was reported is the number of lines that each report says."""
    within = (Award.awarded_on >= ReportTerm.award_from) & (Award.awarded_on <= ReportTerm.award_until)
    awarded = (Award.select(Award.institution, ReportTerm.id.alias("term"), fn.COUNT(Award.id).alias("number")).join(ReportTerm, on=within)
               .where(Award.state == "awarded", *([ReportTerm.id == term] if term else [])).group_by(Award.institution, ReportTerm.id).alias("awarded"))
    code, name = {"term": (ReportTerm.award_from, ReportTerm.name), "office": (Office.code, Office.name), "unit": (Institution.code, Institution.name),
                  "state": (Report.state, Report.state)}[by]
    query = (_reports(user, term).select(code, name, fn.COUNT(Report.id), fn.SUM(fn.COALESCE(awarded.c.number, 0)),
                                         fn.SUM(Case(None, [(Report.state.in_(STANDING), Report.line_count)], 0)),
                                         fn.SUM(Case(None, [(Report.state == "filed", Report.line_count)], 0)))
             .join(ReportTerm).switch(Report).join(Institution).join(Office)
             .join_from(Report, awarded, JOIN.LEFT_OUTER, on=(awarded.c.institution_id == Report.institution) & (awarded.c.term == Report.term)))
    return query.group_by(code, name).order_by(code.desc() if by == "term" else code).tuples()


def _by_discipline(user, by, term):
    """Awards of the windows with the lines that carry them; units are those with an award."""
    line = (ReportLine.report == Report.id) & ReportLine.ended.is_null() & ~ReportLine.removed & (ReportLine.award == Award.id)
    within = (Award.institution == Report.institution) & (Award.awarded_on >= ReportTerm.award_from) & (Award.awarded_on <= ReportTerm.award_until)
    carried = ReportLine.id.is_null(False)
    each = (_reports(user, term).select(Award.discipline, fn.COUNT(Award.institution.distinct()).alias("units"),
                                        fn.SUM(Case(None, [(Award.state == "awarded", 1)], 0)).alias("awarded"),
                                        fn.SUM(Case(None, [(carried & Report.state.in_(STANDING), 1)], 0)).alias("reported"),
                                        fn.SUM(Case(None, [(carried & (Report.state == "filed"), 1)], 0)).alias("filed"))
            .join(ReportTerm).join_from(Report, Award, on=within).join_from(Report, ReportLine, JOIN.LEFT_OUTER, on=line)
            .group_by(Award.discipline).alias("each"))
    query = Discipline.select(Discipline.code, Discipline.name, each.c.units, each.c.awarded, each.c.reported, each.c.filed)
    return query.join(each, on=each.c.discipline_id == Discipline.id).order_by(Discipline.code, Discipline.catalogue).tuples()
