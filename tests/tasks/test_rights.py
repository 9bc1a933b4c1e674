"""A job works under the rights of whoever ordered it at the time it runs: withdrawn in between, it refuses with a sentence and writes nothing."""
import pytest

from models import base
from models.applications import Application
from models.audit import Entry
from models.dismissals import Dismissal
from models.exams.seating.plan import SeatPlan
from models.exams.sessions import ExamSession
from models.files import File
from models.imports import ImportRun
from models.jobs import Job
from models.people import Grant, Role, User
from models.reports import Report
from tasks import bulk_steps, dismissals, jobs, rechecks, seating
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS
from tasks.print import cases as papers
from tasks.print import seating as site_papers
from tasks.print import tickets, transcripts
from tasks.reporting import outputs
from tests.attack import columns
from tests.crowd import crowd, hall
from views import held

TELLS = dict.fromkeys(("import_check", "import_commit", "import_undo"), "ImportRun") | {"seating": "SeatPlan"}      # whose own row says that nothing came of it
WITHDRAWN = {"the account": lambda user: User.update(state="disabled").where(User.id == user.id).execute(),
             "the role": lambda user: Grant.update(role=Role.get(Role.name == "auditor")).where(Grant.user == user).execute()}


def rows_of(world):
    """The first side."""
    return world.sides[0]


def plan_of(world):
    """A plan that is being drawn, and no job is at it."""
    session = world.session(2027)
    site = hall(world, "901", rooms=2)
    crowd(world, session, [(site.id, world.unit.id, False) for _ in range(9)])
    ExamSession.update(state="closed").where(ExamSession.id == session.id).execute()
    return SeatPlan.add(world.exam, session=session).draw(by=world.exam)


def brought(world):
    """A file of one course result that was brought in."""
    data = f"注册号,课程代码,成绩,考试日期\n{rows_of(world).register.register_number},EC503,85,2026-03-01\n".encode()
    return bring(IMPORTS["course_result"], world.clerk, "成绩.csv", data)


def checked(world):
    run = brought(world)
    done(runs.begin(run, "rehearse", "import_check", world.clerk))
    return ImportRun.get_by_id(run.id)


def imported(world):
    run = checked(world)
    done(runs.begin(run, "commit", "import_commit", world.clerk, good_only=False))
    return ImportRun.get_by_id(run.id)


def waiting(world):
    return [world.confirmed(world.applicant(f"待审{n}")).id for n in range(2)]


ORDERS = {          # kind -> function (world) that orders one
    "export": lambda world: jobs.submit("export", "", world.clerk, screen="register", args={}),
    outputs.KIND: lambda world: outputs.order(Report.get(Report.institution == world.unit), outputs.FORMS["xlsx"], world.clerk),
    transcripts.KIND: lambda world: transcripts.order([rows_of(world).register.id], world.clerk, "https://example.cn/check/"),
    papers.KIND: lambda world: papers.order("review", [rows_of(world).register.id], world.clerk, "https://example.cn/check/"),
    tickets.KIND: lambda world: tickets.order(world.sitting, world.site, world.exam),
    site_papers.KIND: lambda world: site_papers.order(world.sitting, world.site, "door", "pdf", world.exam),
    seating.KIND: lambda world: seating.order(plan_of(world), world.exam),
    "import_check": lambda world: runs.begin(brought(world), "rehearse", "import_check", world.clerk),
    "import_commit": lambda world: runs.begin(checked(world), "commit", "import_commit", world.clerk, good_only=False),
    "import_undo": lambda world: runs.begin(imported(world), "undo", "import_undo", world.clerk),
    rechecks.KIND: lambda world: rechecks.order(world.clerk, "年度复核", units=[world.unit.id]),
    bulk_steps.KIND: lambda world: jobs.submit(bulk_steps.KIND, "", world.reviewer, entity="Application", step="approve", ids=waiting(world), answers={"opinion": "同意"}),
    dismissals.KIND: lambda world: jobs.submit(dismissals.KIND, "", world.clerk, ids=[world.registered(world.applicant("超期")).id], ground="over_limit", statement="超期"),
    held.KIND: lambda world: held.order(rows_of(world).register.applicants()[0])}


@pytest.fixture
def world(ground):
    """The abundant world; what a test does in it is taken back. Jobs wait until they are run."""
    with base.db.atomic() as undone:
        yield ground.world
        undone.rollback()


def done(job):
    """The job as it is once a worker has run it."""
    Job.update(state="running", owner="worker").where(Job.id == job.id).execute()
    jobs.run(Job.get_by_id(job.id))
    return Job.get_by_id(job.id)


def standing(kind):
    """All that is written, but for what the job's own row tells of itself."""
    rows = columns.written(columns.known())
    rows.pop(TELLS.get(kind, ""), None)
    return rows, Entry.select().where(Entry.verb.not_in(("fail", "keep"))).count(), File.select().count()


def test_each_kind_of_job_has_a_probe(ground):
    assert set(ORDERS) == set(jobs.RUNNERS)


@pytest.mark.parametrize("kind", ORDERS)
def test_with_his_rights_it_is_done(world, kind):
    before = standing(kind)
    job = done(ORDERS[kind](world))
    assert job.state == "done", job.error
    assert standing(kind) != before


@pytest.mark.parametrize("withdrawn", WITHDRAWN)
@pytest.mark.parametrize("kind", ORDERS)
def test_once_they_are_withdrawn_it_refuses_with_a_sentence_and_writes_nothing(world, kind, withdrawn):
    job = ORDERS[kind](world)
    WITHDRAWN[withdrawn](User.get_by_id(job.user_id))
    before = standing(kind)
    job = done(job)
    assert job.state == "failed" and ("没有执行" in job.error or "不对您开放" in job.error), job.error
    assert "程序出错" not in job.error and standing(kind) == before


@pytest.mark.parametrize("kind", [kind for kind in ORDERS if kind.startswith("import_")])
def test_who_has_gone_to_another_unit_imports_nothing_there(world, kind):
    job = ORDERS[kind](world)
    User.update(institution=world.unit2).where(User.id == job.user_id).execute()
    before = standing(kind)
    job = done(job)
    assert job.state == "failed" and "不属于做这次导入的单位" in job.error and standing(kind) == before


def test_who_has_gone_to_another_unit_moves_no_row_of_the_first(world):
    for kind in (bulk_steps.KIND, dismissals.KIND):
        job = ORDERS[kind](world)
        User.update(institution=world.unit2).where(User.id == job.user_id).execute()
        ids = job.params["ids"]
        states = [Application.get_by_id(id).state for id in ids]
        job = done(job)
        assert job.message == f"完成 0 项，没有完成 {len(ids)} 项"
        assert [Application.get_by_id(id).state for id in ids] == states and not Dismissal.select().where(Dismissal.application.in_(ids)).exists()
