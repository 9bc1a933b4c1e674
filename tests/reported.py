"""A report that was submitted, with as many lines as names are given; and, for sizes, one with copies of its first line."""
import datetime as dt

from models import bulk
from models.applications import Application
from models.awards import Award
from models.people import Person
from models.reports import Report, ReportLine
from models.sealed import blind

SPRING = dt.date(2026, 3, 1)


def graduates(world, *names):
    """The cases of these people of the first unit, each with a degree of today."""
    cases = [world.registered(user=world.applicant(name)) for name in names]
    world.examined(*cases)
    for case in cases:
        world.studied(case)
    return [world.graduate(world.admit(case)) for case in cases]


def reported(world, *names):
    """The report of the first unit with the people of these names, submitted by its clerk; its term has the world's first day in both windows."""
    report = Report.get(Report.institution == world.unit, Report.term == world.term(award_from=SPRING, report_from=SPRING))
    graduates(world, *names)
    return report.submit(by=world.clerk)


def lengthened(report, count):
    """The report with so many lines in all, copies of its first with numbers of their own; returns it."""
    line, have = report.current_lines().first(), report.line_count
    numbers = range(have + 1, count + 1)
    _copy(line.award.person, [{"document_index": blind(f"copy{n}"), "phone_index": None} for n in numbers], people := bulk.reserve(Person, len(numbers)))
    _copy(line.award.application, [{"person": person, "number": f"C{n:09d}", "register_number": f"C{n:09d}"} for n, person in zip(numbers, people)],
          cases := bulk.reserve(Application, len(numbers)))
    _copy(line.award, [{"person": person, "application": case, "certificate_number": f"1000139999{n:06d}"} for n, person, case in zip(numbers, people, cases)],
          awards := bulk.reserve(Award, len(numbers)))
    _copy(line, [{"award": award, "number": n, "certificate_number": f"1000139999{n:06d}"} for n, award in zip(numbers, awards)], bulk.reserve(ReportLine, len(numbers)))
    Report.update(line_count=count).where(Report.id == report.id).execute()
    return Report.get_by_id(report.id)


def _copy(row, differing, ids):
    kind = type(row)
    names = [name for name in kind._meta.fields if name != "edition"]
    stored, kept = bulk.storing(kind, names), dict(row.__data__)
    rows = []
    for id, values in zip(ids, differing):
        row.__data__ = kept | {"id": id} | values
        rows.append((0, *stored(row)))
    row.__data__ = kept
    bulk.insert(kind, ("edition", *names), rows)
