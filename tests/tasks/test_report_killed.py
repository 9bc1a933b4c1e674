"""kill -9 of a real worker process in the middle of a long file of a report: the next one leaves exactly one whole file, and one entry."""
import datetime as dt
import io
import signal
import subprocess
import sys

import openpyxl
import pytest

import config
from models.audit import Entry
from models.files import File
from models.jobs import Job
from tasks import jobs, queue
from tasks.reporting import outputs
from tests.reported import lengthened, reported

LINES = 1100
WORKER = """
import os, signal, sys
from pathlib import Path
import config
from tasks import jobs, queue, setup
from tasks.reporting import outputs
setup.open_all(config.load(environ={}, demo=True, instance_dir=Path(sys.argv[1]), database_url=sys.argv[2]))
told = jobs.progress_of
def watched(row):
    progress = told(row)
    def say(done, *args, **kept):
        progress(done, *args, **kept)
        if done >= 1000:
            os.kill(os.getpid(), signal.SIGKILL)
    return say
jobs.progress_of = watched
with queue.connected():
    jobs.run(jobs.claim())
"""


@pytest.mark.parametrize("name", ["xlsx", "dbf", "json"])
def test_a_process_that_is_killed_in_the_middle_leaves_no_half_file_and_no_second_one(world, settings, monkeypatch, name):
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)
    report = lengthened(reported(world, "卫长庚"), LINES)
    before = {path for path in settings.files_dir.rglob("*") if path.is_file()}
    outputs.order(report, outputs.FORMS[name], world.clerk)
    dead = subprocess.run([sys.executable, "-c", WORKER, settings.instance_dir, settings.database_url], cwd=config.ROOT, capture_output=True, text=True, check=False)
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    job = Job.get()
    assert (job.state, job.done, job.result) == ("running", 500, None) and not Entry.select().where(Entry.verb == "sheet").exists()
    Job.update(beat=dt.datetime(2026, 1, 1)).execute()
    jobs.run(jobs.claim())
    job = Job.get()
    assert (job.state, job.done) == ("done", LINES), job.error
    assert {path for path in settings.files_dir.rglob("*") if path.is_file()} - before == {job.result.path}
    assert File.select().where(File.kind == "result").count() == Entry.select().where(Entry.verb == "sheet").count() == 1
    if name == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(job.result.read()), read_only=True).active.max_row == LINES + 2
