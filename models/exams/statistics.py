"""Stage 6: how the exam went - by subject, by province of the exam, by unit - over the results that somebody may see, in one statement each."""
from dataclasses import dataclass

from peewee import Case, fn

from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.sessions import SessionSubject, Subject
from models.reference import Institution, Province

BY = {"subject": "科目", "province": "考试省份", "unit": "学位授予单位"}


@dataclass(frozen=True)
class Line:
    """The figures of one subject, province or unit; `average` is of those who sat, None when nobody did."""
    name: str
    total: int
    passed: int
    failed: int
    absent: int
    breach: int
    average: float | None

    @property
    def sat(self):
        return self.passed + self.failed

    @property
    def rate(self):
        """The share of those who passed among those who sat, 0 to 1."""
        return self.passed / self.sat if self.sat else 0


def lines(user, session, by):
    """[Line] of the results of a session that the user sees, in the order of codes."""
    kind, code, name = {"subject": (Subject, Subject.code, Subject.name), "province": (Province, Province.code, Province.short_name),
                        "unit": (Institution, Institution.code, Institution.name)}[by]
    outcome = lambda value: fn.COALESCE(fn.SUM(Case(None, ((ExamResult.outcome == value, 1),), 0)), 0)      # noqa: E731
    rows = ExamResult.select(name, fn.COUNT(ExamResult.id), *map(outcome, ("pass", "fail", "absent", "breach")), fn.AVG(ExamResult.score))
    rows = {"subject": lambda: rows.join(SessionSubject).join(Subject), "unit": lambda: rows.join(Institution),
            "province": lambda: rows.join(ExamEntry, on=ExamResult.entry == ExamEntry.id).join(Province)}[by]()
    seen = ExamResult.visible_to(user).select(ExamResult.id)
    rows = rows.where(ExamResult.session == session, ExamResult.id.in_(seen)).group_by(code, name).order_by(code)
    return [Line(name, *figures, None if average is None else float(average)) for name, *figures, average in rows.tuples()]


def whole(found):
    """The sum of lines as one."""
    sums = [sum(getattr(line, name) for line in found) for name in ("total", "passed", "failed", "absent", "breach")]
    scored = [(line.average, line.sat) for line in found if line.average is not None]
    sat = sum(count for _, count in scored)
    return Line("合计", *sums, sum(average * count for average, count in scored) / sat if sat else None)
