"""The rules over a whole register beside hand-written SQL, one explanation, a recheck of one unit and a rehearsal of 5,000 dismissals, a bulk step as a job.

`python -m tests.bench.rules` prints the rows of `measure()`: {name, database, value, unit, reference, ratio, goal, met}.
"""
import datetime as dt
import sys
import time

from peewee import fn

from models import clock
from models.applications import Application, Confirmation
from models.base import db, on_sqlite
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.files import File
from models.parameters import value
from models.people import User
from models.reference import Province
from models.register import Recheck
from models.rehearsals import rehearse_dismissal
from models.rules.book import DEFENCE, Register, explain
from models.rules.sql import View
from tasks import bulk_steps
from tasks.jobs import submit
from tests.bench.both import on_both, opened
from tests.bench.rows import fill
from tests.world import World

CASES, DISMISSALS, EXPLAINED, RUNS = 50_000, 5_000, 50, 3
TODAY = dt.date(2026, 6, 15)
RESULTS = """INSERT INTO course_result (edition, application_id, course_id, institution_id, attempt, score, passed, taken_on, state, published_at)
SELECT 0, a.id, c.id, a.institution_id, t.n, 60 + (a.id + c.id + t.n) {mod} 40, {yes}, a.registered_on, 'published', '2026-01-05 09:00:00'
FROM application a CROSS JOIN course c CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2) t
WHERE a.registered_on IS NOT NULL AND (a.id + c.id) {mod} 4 <> 0"""
BARE = """SELECT SUM({left}), SUM(COALESCE(x.language, 0)), SUM(COALESCE(x.comprehensive, 0)), SUM(COALESCE(k.credits, 0))
FROM application a JOIN programme p ON p.id = a.programme_id JOIN discipline d ON d.id = a.discipline_id
LEFT JOIN (SELECT r.application_id, MAX(CASE WHEN s.kind = 'language' THEN 1 ELSE 0 END) AS language, MAX(CASE WHEN s.kind = 'comprehensive' THEN 1 ELSE 0 END)
           AS comprehensive FROM exam_result r JOIN exam_session e ON e.id = r.session_id JOIN session_subject b ON b.id = r.subject_id
           JOIN subject s ON s.id = b.subject_id WHERE r.outcome = 'pass' AND e.state = 'published' GROUP BY r.application_id) x ON x.application_id = a.id
LEFT JOIN (SELECT application_id, SUM(credits) AS credits FROM (SELECT DISTINCT r.application_id, c.id, c.credits FROM course_result r
           JOIN course c ON c.id = r.course_id WHERE r.state = 'published' AND r.passed) q GROUP BY application_id) k ON k.application_id = a.id
WHERE a.state IN ('registered', 'defence_requested')"""


def measure(cases=CASES):
    """The rows for both databases."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, cases))


def _measured(name, address, folder, cases):
    with opened(address, folder), clock.at(TODAY):
        world = World()
        fill(world, cases)
        study()
        return list(_rows(name, world))


def study():
    """Course results for all of the register, and one published session that half of it sat."""
    db.execute_sql(RESULTS.format(**({"yes": "1", "mod": "%"} if on_sqlite() else {"yes": "true", "mod": "%%"})))
    session = ExamSession.create(name="2025", year=2025, entry_from=dt.date(2025, 3, 1), entry_until=dt.date(2025, 3, 31), exam_on=dt.date(2025, 5, 25),
                                 state="published", published_at=dt.datetime(2025, 8, 1, 9))
    for code in ("101", "202"):
        paper = SessionSubject.create(session=session, subject=Subject.get(Subject.code == code))
        sat = Application.select(0, session.id, Application.id, Application.institution, paper.id, Province.get().id, "paid", clock.now()).where(
            Application.registered_on.is_null(False), Application.id.bin_and(1) == 0)
        entry, result = ExamEntry, ExamResult
        entry.insert_from(sat, (entry.edition, entry.session, entry.application, entry.institution, entry.subject, entry.province, entry.state, entry.entered_at)).execute()
        marks = entry.select(0, entry.id, entry.session, entry.application, entry.institution, entry.subject, 70, "pass").where(entry.subject == paper.id)
        result.insert_from(marks, (result.edition, result.entry, result.session, result.application, result.institution, result.subject, result.score,
                                   result.outcome)).execute()
    db.execute_sql("ANALYZE")


def _rows(name, world):
    def row(what, value, unit, reference, goal, by="value"):
        ratio = round(value / reference, 2) if reference else None
        return {"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio, "goal": goal,
                "met": (ratio if by == "ratio" else value) <= goal}

    def quickest(work, runs=RUNS):
        taken = []
        for _ in range(runs):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        return min(taken)
    ours, bare = quickest(lambda: totals()), quickest(lambda: db.execute_sql(BARE.format(left=LEFT[on_sqlite()])).fetchone())
    assert [int(n) for n in totals()] == [int(n) for n in db.execute_sql(BARE.format(left=LEFT[on_sqlite()])).fetchone()]
    yield row("three rules over the register, against bare SQL", ours, "s", bare, 1.5, "ratio")
    some = list(Application.select().where(Application.state == "registered").limit(EXPLAINED))
    yield row("explanation of one case", quickest(lambda: [explain(DEFENCE, case) for case in some]) * 1000 / len(some), "ms", None, 10)
    check = Recheck.add(world.clerk, institution=world.unit, name="复核")
    size = Application.select().where(Application.institution == world.unit, Application.state.in_(("registered", "defence_requested"))).count()
    yield row(f"recheck of one unit of {size} cases", quickest(lambda: check.run(by=world.clerk), 1), "s", None, 10)
    ids = [id for id, in Application.select(Application.id).where(Application.state == "registered").limit(DISMISSALS).tuples()]
    yield row(f"rehearsal of {len(ids)} dismissals", quickest(lambda: rehearse_dismissal(ids, world.centre), 1), "s", None, 5)
    ids = waiting(world)
    order = {"entity": "Application", "step": "approve", "ids": ids, "answers": {"opinion": "同意"}}
    yield row(f"approval of {len(ids)} cases as a job", quickest(lambda: submit(bulk_steps.KIND, "", world.reviewer, **order), 1), "s", None, 10)
    assert Application.select().where(Application.id.in_(ids[:1000]), Application.state == "registered").count() == len(ids[:1000])


def waiting(world):
    """The ids of the first unit's cases, made to wait for their review: each confirmed on site, each person with an account."""
    mine, image = Application.institution == world.unit, File.keep(b"image", "image.png", "form", "image/png", institution=world.unit)
    Application.update(state="confirmed", register_number=None, confirmed_at=clock.now()).where(mine).execute()
    ids = [(id, person) for id, person in Application.select(Application.id, Application.person).where(mine).tuples()]
    complete = {"institution": world.unit, "originals": value("confirmation.originals"), "biometric_consent": True, "scene": image, "finger_one": image,
                "finger_two": image, "form_scan": image, "confirmed_by": world.clerk}
    for start in range(0, len(ids), 500):
        Confirmation.insert_many([complete | {"application": id} for id, _ in ids[start:start + 500]]).execute()
        User.insert_many([{"name": "本人", "email": f"bulk{person}@example.cn", "fs_uniquifier": f"bulk{person}", "person": person}
                          for _, person in ids[start:start + 500]]).execute()
    return [id for id, _ in ids]


LEFT = {True: "CAST(julianday(a.deadline) - julianday('2026-06-15') AS integer)", False: "a.deadline - DATE '2026-06-15'"}


def totals():
    """The sums of the figures over the register, by the rules."""
    register = Register(DEFENCE, View(TODAY), Application.state.in_(("registered", "defence_requested")))
    columns = register.columns
    return register.select(*(fn.SUM(columns[name]) for name in ("limit_left", "exams_language", "exams_comprehensive")), fn.SUM(columns["credits_earned"]) / 10).tuples().get()


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(f"{line['database']:<11}{line['name']:<50}{line['value']:>9} {line['unit']:<4}{line['ratio'] or '':>8}  goal {line['goal']:<5}{'met' if line['met'] else 'not met'}")
