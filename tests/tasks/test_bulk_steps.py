"""A step on very many rows as a job: it goes on where a dead worker left it, doubles nothing, and its sheet names those refused."""
import io

import openpyxl
import pytest

from models.applications import Application
from models.audit import Entry
from models.dismissals import Dismissal
from models.jobs import Job
from models.outbox import Outbox
from tasks import bulk_steps, dismissals, jobs

STEP = {"entity": "Application", "step": "approve", "answers": {"opinion": "同意"}}


def states(cases):
    return [Application.get_by_id(case.id).state for case in cases]


@pytest.fixture
def waiting(world):
    return [world.confirmed(world.applicant(f"人{n}")) for n in range(5)]


def test_every_row_is_done_and_the_job_says_so(world, waiting):
    job = Job.get_by_id(jobs.submit(bulk_steps.KIND, "", world.reviewer, ids=[case.id for case in waiting], **STEP).id)
    assert (job.state, job.done, job.total, job.message, job.result_id) == ("done", 5, 5, "完成 5 项，没有完成 0 项", None)
    assert states(waiting) == ["registered"] * 5 and Outbox.select().where(Outbox.template == "Application.approve").count() == 5


def test_a_worker_that_dies_loses_one_chunk_and_the_next_one_goes_on(world, waiting, monkeypatch):
    monkeypatch.setattr(bulk_steps, "BIG_CHUNK", 2)
    ids, kept = [case.id for case in waiting], {}
    job = Job.create(kind=bulk_steps.KIND, title="通过", user_id=world.reviewer.id)

    def dies(done, total, message, checkpoint):
        if done == 4:
            raise jobs.Interrupted
        kept.update(checkpoint)
    with pytest.raises(jobs.Interrupted):
        bulk_steps.run(job, dies, ids=ids, **STEP)
    assert states(waiting) == ["registered"] * 2 + ["confirmed"] * 3 and kept == {"done": 2, "refused": []}
    job.checkpoint, told = kept, []
    bulk_steps.run(job, lambda done, total, message, checkpoint: told.append(done), ids=ids, **STEP)
    assert told == [4, 5] and states(waiting) == ["registered"] * 5
    assert Entry.select().where(Entry.verb == "approve").count() == Outbox.select().where(Outbox.template == "Application.approve").count() == 5


def test_the_sheet_names_each_of_those_refused_with_its_reason(world, waiting):
    waiting[1].reject(by=world.reviewer, opinion="材料不全")
    job = Job.get_by_id(jobs.submit(bulk_steps.KIND, "", world.reviewer, ids=[*(case.id for case in waiting), 999999], **STEP).id)
    assert (job.state, job.message) == ("done", "完成 4 项，没有完成 2 项")
    rows = list(openpyxl.load_workbook(io.BytesIO(job.result.read())).active.values)
    assert rows[0] == ("申请", "原因") and "人1" in rows[1][0] and "实际 未通过" in rows[1][1] and rows[2] == ("编号 999999", "没有这一行，或不在您的范围内")


def test_whoever_lost_the_role_or_the_sight_meanwhile_does_nothing(world, waiting):
    ids = [case.id for case in waiting]
    job = Job.get_by_id(jobs.submit(bulk_steps.KIND, "", world.reviewer2, ids=ids, **STEP).id)
    assert job.message == "完成 0 项，没有完成 5 项" and states(waiting) == ["confirmed"] * 5
    assert Job.get_by_id(jobs.submit(dismissals.KIND, "", world.officer, ids=ids, ground="breach", statement="x").id).state == "failed"


def test_proposals_are_made_for_those_on_the_register_only(world, waiting):
    registered = world.registered(world.applicant("在册"))
    job = Job.get_by_id(jobs.submit(dismissals.KIND, "", world.clerk, ids=[registered.id, waiting[0].id], ground="over_limit", statement="超期").id)
    assert job.message == "完成 1 项，没有完成 1 项" and Dismissal.get().application == registered
