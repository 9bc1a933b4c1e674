"""20,000 lines of one report as each of its files, by the real job, beside the bare writer; and the statistics over them.

Every file is written in a process of its own. The reference of the workbook is xlsxwriter in constant_memory over the same texts, which lie
in memory already; the job reads, decrypts and checks them against their digests besides. Memory is the peak of the resident set
while the job runs, less what the process held before. `python -m tests.bench.report_files` prints the rows of `measure()`.
"""
import json
import subprocess
import sys
import time
from pathlib import Path

import xlsxwriter

import config
from models import base, clock
from models.base import db, on_sqlite
from models.people import User
from models.record import FIELDS
from models.reference import Institution
from models.reports import Report, ReportTerm
from models.statistics import BY, counts
from tasks import jobs, queue, setup
from tasks.reporting import outputs
from tasks.reporting.lines import batches
from tests.bench.both import on_both
from tests.bench.exports import _resident
from tests.reported import lengthened, reported
from tests.world import DAY, World

LINES, UNITS, RUNS = 20_000, 100, 9
MOST = 150                          # MiB that a file may take
GOALS = {"dbf": 30, "json": 10, "summary": 10, "photos": 30}       # seconds


def measure(lines=LINES):
    """Rows of {name, database, value, unit, reference, ratio, goal, met}."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, lines))


def _measured(name, address, folder, lines):
    _open(folder, address)
    setup.bring_up_to_date()
    with queue.connected(), clock.at(DAY):
        world = World()
        report = lengthened(reported(world, "卫长庚"), lines)
        db.execute_sql("ANALYZE")
        for form in outputs.FORMS.values():
            outputs.order(report, form, world.clerk)
    _close()
    found = []

    def row(what, value, unit, goal, reference=None, least=False):
        ratio = round(value / reference, 2) if reference else None
        met = (ratio or value) >= goal if least else (ratio or value) <= goal
        found.append({"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio,
                      "goal": goal, "met": met})
    bare = _child("bare", folder, address)
    for form in outputs.FORMS:          # the jobs wait in the order in which they were submitted
        ours = _child("job", folder, address)
        if form == "xlsx":
            row(f"{lines:,} lines as xlsx, throughput against the bare writer", lines / ours["seconds"], "/s", 0.7, lines / bare["seconds"], least=True)
        else:
            row(f"{lines:,} lines as {form}", ours["seconds"], "s", GOALS[form])
        row(f"memory that {form} adds", ours["memory"], "MiB", MOST)
    for by, taken in _child("statistics", folder, address).items():
        row(f"statistics by {by}, {lines:,} lines, {UNITS} units", taken, "ms", 50)
    return found


def _open(folder, address):
    setup.open_all(config.load(environ={}, demo=True, instance_dir=Path(folder), database_url=address))
    queue.huey.immediate = False


def _close():
    base.db.close_all()
    base.db.initialize(None)


def _child(part, folder, address):
    run = subprocess.run([sys.executable, "-m", "tests.bench.report_files", part, folder, address], capture_output=True, text=True, cwd=config.ROOT, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def bare(folder):
    """The bare writer over the texts of the same cells."""
    columns = [(field.code, part) for field in FIELDS for part in ((0, 1) if field.table else (0,))]
    rows = [[(line.values, line.names)[part].get(code, "") for code, part in columns] for lines in batches(Report.get(Report.line_count > 1)) for line in lines]
    start = time.process_time()
    book = xlsxwriter.Workbook(Path(folder) / "bare.xlsx", {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for n, texts in enumerate(rows):
        for place, text in enumerate(texts):
            if text:
                sheet.write_string(n, place, text)
    book.close()
    return {"seconds": time.process_time() - start}


def job(folder):
    """The next job as a worker runs it."""
    row, before = jobs.claim(), _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")           # the peak counts anew from here
    start = time.process_time()
    jobs.run(row)
    seconds = time.process_time() - start
    done = jobs.Job.get_by_id(row.id)
    assert done.state == "done", done.error
    return {"seconds": seconds, "memory": (_resident("VmHWM") - before) / 1024}


def statistics(folder):
    """Milliseconds of the quickest of some runs of what the page of the centre asks, with the awards spread over the units: processor time on
    SQLite, which works in this process, time on the clock on PostgreSQL."""
    clock_of = time.process_time if on_sqlite() else time.perf_counter
    term = ReportTerm.get()
    units = [row.id for row in Institution.select(Institution.id).order_by(Institution.id).limit(UNITS)]
    first = Report.get(Report.line_count > 1)
    reports = {first.institution_id: first.id}
    for unit in units:
        if unit not in reports:
            reports[unit] = (Report.get_or_none(Report.term == term, Report.institution == unit)
                             or Report.create(institution=unit, term=term, state="submitted", round=1, line_count=LINES // UNITS)).id
    for n, (unit, report) in enumerate(reports.items()):
        db.execute_sql(f"UPDATE award SET institution_id = {unit} WHERE id - id / {len(reports)} * {len(reports)} = {n}")
        db.execute_sql(f"UPDATE report_line SET report_id = {report}, institution_id = {unit} WHERE award_id - award_id / {len(reports)} * {len(reports)} = {n}")
    db.execute_sql("ANALYZE")
    user, found = User.get(User.username == "centre"), {}
    for by in BY:
        taken = []
        for _ in range(RUNS):
            start = clock_of()
            assert counts(user, by, term.id)
            taken.append(clock_of() - start)
        found[by] = min(taken) * 1000
    return found


if __name__ == "__main__":
    if sys.argv[1:2] and not sys.argv[1].isdecimal():
        _open(*sys.argv[2:])
        with queue.connected():
            print(json.dumps({"bare": bare, "job": job, "statistics": statistics}[sys.argv[1]](sys.argv[2])))
    else:
        for line in measure(int(sys.argv[1]) if sys.argv[1:] else LINES):
            print(f"{line['database']:<11}{line['name']:<60}{line['value']:>9} {line['unit']:<4}{line['ratio'] or '':>6} goal {line['goal']:<5}{'met' if line['met'] else 'not met'}")
