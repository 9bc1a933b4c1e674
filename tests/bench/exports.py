"""100,000 rows of twenty columns exported by the real job, beside the bare writer with the same values: processor time, memory, first progress.

Each runs in a process of its own. The reference is xlsxwriter in constant_memory, called with the method of each type, over rows that
lie in memory already; the job reads, decrypts, names and formats them besides. Memory is the peak of the resident set while the job
runs, less what the process held before.
"""
import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path

import xlsxwriter

import config
from backoffice import export
from backoffice.extract import Extract, outputs
from backoffice.listing import Listing
from backoffice.screens import Screens
from models import base
from models.people import User
from models.registry import ENTITIES
from tasks import jobs, queue, setup
from tests.bench.both import on_both
from tests.bench.rows import fill
from tests.world import World

ROWS = 100_000
SCREEN = """
model = "Application"
title = "申请"
columns = ["person.name", "person.document_number", "number", "register_number", "state", "institution", "discipline", "submitted_at", "confirmed_at",
           "registered_on", "deadline", "year_limit", "min_credits", "person.sex", "person.birth_date", "person.country", "degree_ground", "degree_date",
           "employer", "person.email"]
"""


def measure(rows=ROWS):
    """Rows of {name, database, value, unit, reference, ratio, goal, met}."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, rows))


def _measured(name, address, folder, rows):
    _open(folder, address)
    setup.bring_up_to_date()
    with queue.connected():
        world = World()
        fill(world, rows)
        jobs.submit("export", "", world.centre, screen="list", args={})
    base.db.close_all()
    base.db.initialize(None)
    bare, ours = (_child(part, folder, address) for part in ("bare", "job"))

    def row(what, value, unit, goal, reference=None):
        ratio = round(value / reference, 2) if reference else None
        return {"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio, "goal": goal,
                "met": (ratio or value) <= goal}
    return [row(f"export of {ours['rows']:,} rows, against the bare writer", ours["seconds"], "s", 1.25, bare["seconds"]),
            row("memory that an export adds", ours["memory"], "MiB", 80), row("first rows reported", ours["first"], "s", 1)]


def _open(folder, address):
    setup.open_all(config.load(environ={}, demo=True, instance_dir=Path(folder), database_url=address))
    screens = Path(folder) / "screens"
    screens.mkdir(exist_ok=True)
    (screens / "list.toml").write_text(SCREEN)
    export.configure(Screens(screens, Path(folder) / "site", ENTITIES))
    queue.huey.immediate = False


def _child(part, folder, address):
    run = subprocess.run([sys.executable, "-m", "tests.bench.exports", part, folder, address], capture_output=True, text=True, cwd=config.ROOT, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def bare(folder, address):
    """The bare writer over the values of the same list."""
    screen = export._screens["list"]
    with queue.connected():
        listing = Listing(screen, User.get(User.username == "centre"))
        rows = [row for columns in Extract(listing, outputs(screen.export)).batches(2000) for row in zip(*columns)]
    start = time.process_time()
    book = xlsxwriter.Workbook(Path(folder) / "bare.xlsx", {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for n, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(n, place, value)
            elif isinstance(value, dt.datetime):
                sheet.write_datetime(n, place, value, moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(n, place, value, day)
            elif value is not None:
                sheet.write_number(n, place, value)
    book.close()
    return {"seconds": time.process_time() - start, "rows": len(rows)}


def job(folder, address):
    """The job as a worker runs it."""
    reported, told = [], jobs.progress_of

    def watched(row):
        progress = told(row)

        def say(done, *args, **kept):
            progress(done, *args, **kept)
            if done:
                reported.append(time.perf_counter())
        return say
    jobs.progress_of = watched
    with queue.connected():
        row = jobs.claim()
        before = _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")           # the peak counts anew from here
        start, processor = time.perf_counter(), time.process_time()
        jobs.run(row)
        seconds = time.process_time() - processor
        done = jobs.Job.get_by_id(row.id)
        assert done.state == "done", done.error
        return {"seconds": seconds, "rows": done.done, "memory": (_resident("VmHWM") - before) / 1024, "first": reported[0] - start}


def _resident(what):
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))


if __name__ == "__main__":
    if sys.argv[1:2] in (["bare"], ["job"]):
        _open(*sys.argv[2:])
        print(json.dumps({"bare": bare, "job": job}[sys.argv[1]](*sys.argv[2:])))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS):
            print(line)
