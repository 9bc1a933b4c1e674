"""The reporting season: extraction and submission of a unit with 2,000 awards, and the extraction of a whole term beside the bare statement.

`python -m tests.bench.reports` prints the rows of `measure()`: {name, database, value, unit, reference, ratio, goal, met}.
"""
import datetime as dt
import random
import sys
import time

from models import clock
from models.applications import Application
from models.awards import Award
from models.base import db
from models.defences import Defence, DefenceRequest, Thesis
from models.exams.results import PriorPass
from models.files import File
from models.people import Person
from models.reference import Institution
from models.reports import AnnualReport, InstitutionHead, Report, ReportLine, extract
from models.sealed import blind
from tests.bench.both import on_both, opened
from tests.bench.rows import fill
from tests.world import DAY, World

UNITS, AWARDS, LARGE, RUNS = 450, 23_196, 2000, 3
BARE = """SELECT w.id, p.name, p.name_pinyin, p.sex, p.country, p.ethnic_group, p.political_status, p.birth_date, p.document_type, p.document_number,
a.photo_id, i.code, h.president, h.chair, d.code, d.name, a.graduated_from_code, a.degree_unit_code, a.degree_category, a.degree_subject, a.degree_date,
a.degree_ground, a.foreign_degree, t.supervisor, t.supervisor_title, t.title, t.keywords, t.thesis_type, t.topic_source, t.length, t.started_on, v.held_on,
a.language, COALESCE(x.comprehensive, y.comprehensive), COALESCE(x.language, y.language), a.employer, a.employer_address, a.employer_postcode, a.post,
a.professional_title, a.years_of_work, a.submitted_at, a.number, w.awarded_on, w.certificate_number, w.decision_number, w.note, q.decided_on
FROM award w JOIN application a ON a.id = w.application_id JOIN person p ON p.id = w.person_id JOIN institution i ON i.id = w.institution_id
JOIN discipline d ON d.id = w.discipline_id LEFT JOIN thesis t ON t.application_id = a.id
LEFT JOIN defence v ON v.application_id = a.id AND v.state = 'passed' LEFT JOIN defence_request q ON q.application_id = a.id AND q.state = 'approved'
LEFT JOIN institution_head h ON h.institution_id = w.institution_id AND h.valid_from <= w.awarded_on AND (h.valid_to IS NULL OR h.valid_to >= w.awarded_on)
LEFT JOIN (SELECT r.application_id, MAX(CASE WHEN s.kind = 'language' THEN e.exam_on END) AS language,
           MAX(CASE WHEN s.kind = 'comprehensive' THEN e.exam_on END) AS comprehensive FROM exam_result r JOIN session_subject b ON b.id = r.subject_id
           JOIN subject s ON s.id = b.subject_id JOIN exam_session e ON e.id = r.session_id WHERE r.outcome = 'pass' AND e.state = 'published'
           GROUP BY r.application_id) x ON x.application_id = a.id
LEFT JOIN (SELECT document_index, MAX(CASE WHEN kind = 'language' THEN passed_on END) AS language,
           MAX(CASE WHEN kind = 'comprehensive' THEN passed_on END) AS comprehensive FROM prior_pass GROUP BY document_index) y
       ON y.document_index = p.document_index
WHERE w.state = 'awarded' AND w.awarded_on BETWEEN '2026-03-01' AND '2026-08-31' ORDER BY w.certificate_number"""


def measure(awards=AWARDS):
    """The rows for both databases."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, awards))


def _measured(name, address, folder, awards):
    with opened(address, folder), clock.at(DAY):
        world = World()
        awarded(world, awards)
        return list(_rows(name, world, awards))


def awarded(world, awards):
    """So many degrees with everything that a record needs; the first unit has LARGE of them, the others share the rest."""
    rng = random.Random(2013)
    fill(world, awards)
    there = (world.unit.id, world.unit2.id)
    others = list(Institution.select().where(Institution.id.not_in(there)).order_by(Institution.id).limit(UNITS - 1))
    Institution.update(taking_part=True).where(Institution.id.in_([world.unit.id, *(unit.id for unit in others)])).execute()
    InstitutionHead.insert_many([{"institution": unit, "president": "柳一舟", "chair": "柳一舟", "valid_from": dt.date(2009, 1, 1)}
                                 for unit in others]).execute()
    Person.update(name_pinyin="ZHANG SAN", birth_date=dt.date(1985, 5, 5), ethnic_group="01", political_status="13").execute()
    term = world.term(award_from=dt.date(2026, 3, 1), award_until=dt.date(2026, 8, 31), report_from=DAY)
    photo = File.keep(b"picture", "photo.jpg", "photo", "image/jpeg", institution=world.unit)
    Application.update(photo=photo, language="01", degree_unit_code="10001", degree_category="402", degree_subject="经济学", degree_ground="bachelor",
                       graduated_from_code="10001", degree_date=dt.date(2015, 7, 1), employer="某研究所", state="awarded").execute()
    cases = list(Application.select(Application.id, Application.person, Application.discipline).order_by(Application.id).limit(awards).tuples())
    large, serial = min(LARGE, awards), {}
    for start in range(0, len(cases), 500):
        part = []
        for place, (case, person, discipline) in enumerate(cases[start:start + 500], start):
            unit = world.unit if place < large else others[place % len(others)]
            serial[unit.id] = serial.get(unit.id, 0) + 1
            part.append({"application": case, "person": person, "institution": unit.id, "discipline": discipline, "state": "awarded", "awarded_on": DAY,
                         "decision_number": "决 1", "certificate_number": f"{unit.code}32026{serial[unit.id]:06d}"})
        ids = [row["application"] for row in part]
        Award.insert_many(part).execute()
        Defence.insert_many([{"application": id, "institution": world.unit, "held_on": DAY, "state": "passed"} for id in ids]).execute()
        DefenceRequest.insert_many([{"application": id, "institution": world.unit, "state": "approved", "decided_on": DAY} for id in ids]).execute()
        Thesis.insert_many([{"application": id, "institution": world.unit, "title": f"关于第 {id} 号问题的研究", "keywords": "经济；结构", "thesis_type": "2",
                             "supervisor": rng.choice(("裴敬堂", "严以宁"))} for id in ids]).execute()
    people = list(Person.select(Person.name, Person.document_number))
    for kind in ("language", "comprehensive"):
        for start in range(0, len(people), 500):
            PriorPass.insert_many([{"name": person.name, "document_number": "x", "document_index": blind(person.document_number), "kind": kind, "subject_name": kind,
                                    "passed_on": dt.date(2010, 5, 30)} for person in people[start:start + 500]]).execute()
    db.execute_sql("ANALYZE")
    return term


def _rows(name, world, awards):
    def row(what, value, unit, reference, goal, by="value"):
        ratio = round(value / reference, 2) if reference else None
        return {"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio, "goal": goal,
                "met": (ratio if by == "ratio" else value) <= goal}

    def quickest(work, runs=RUNS):
        taken = []
        for _ in range(runs):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
        return min(taken)
    window = (Award.state == "awarded", Award.awarded_on.between(dt.date(2026, 3, 1), dt.date(2026, 8, 31)))
    records = extract(*window)
    assert len(records) == awards and not any(record.faults for record in records), records[0].faults
    bare = quickest(lambda: db.execute_sql(BARE).fetchall())
    yield row(f"extraction of {awards} awards of {UNITS} units, against bare SQL", quickest(lambda: extract(*window)), "s", bare, 1.5, "ratio")
    report = Report.get(Report.institution == world.unit)
    yield row(f"extraction and submission of {report.in_window().count()} awards", quickest(lambda: report.submit(by=world.clerk), 1), "s", None, 1)
    assert ReportLine.select().where(ReportLine.report == report).count() == report.line_count == min(LARGE, awards)
    yield row("digests of its lines checked", quickest(lambda: Report.get_by_id(report.id).intact()), "s", None, 1)
    annual = AnnualReport.get(AnnualReport.report == report)
    yield row("filing of both records", quickest(lambda: annual.file(by=world.officer), 1), "s", None, 1)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS):
        print(f"{line['database']:<11}{line['name']:<65}{line['value']:>9} {line['unit']:<4}{line['ratio'] or '':>8}  goal {line['goal']:<5}{'met' if line['met'] else 'not met'}")
