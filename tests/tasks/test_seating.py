"""The drawing of the seats as a job (stage 6): killed at any chunk it ends in the one plan, two orders make one job, and a refusal leaves the plan waiting."""
import pytest

from models.exams.entries import ExamEntry
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom, Seat
from models.exams.sessions import ExamSession
from models.exams.sites import Room
from models.jobs import Job
from tasks import jobs, seating
from tests.crowd import crowd, hall


class Killed(Exception):
    """The worker is gone."""


@pytest.fixture
def plan(world, monkeypatch):
    """Three sites and two subjects: six chunks, each a transaction; the plan is being drawn and no job is at it."""
    monkeypatch.setattr(seating, "AT_ONCE", 1)
    session = world.session()
    crowd(world, session, [(site.id, world.unit2.id if n % 2 else world.unit.id, False) for site in (hall(world, code, rooms=2) for code in ("101", "102", "103")) for n in range(9)])
    ExamSession.update(state="closed").where(ExamSession.id == session.id).execute()
    return SeatPlan.add(world.exam, session=session).draw(by=world.exam)


def seats():
    return sorted(Seat.select(Seat.entry, Seat.room, Seat.number).tuples())


def draw(plan, at=seating.BEGINNING, dies=None):
    """The last checkpoint that was kept; with `dies` the worker is killed in the transaction of that chunk."""
    kept = [at]

    def progress(done, total, message, checkpoint):
        if done == dies:
            raise Killed
        kept.append(checkpoint)
    try:
        seating.draw(plan, progress, at)
    except Killed:
        assert dies
    return kept[-1]


def test_a_worker_that_is_killed_at_any_chunk_leaves_what_another_completes_to_the_one_plan(world, plan):
    draw(plan)
    whole, digest = seats(), SeatPlan.get().digest
    assert len(whole) == 54
    for dies in range(1, 7):
        plan = SeatPlan.get().redraw(by=world.exam, reason="演习")
        at = draw(plan, dies=dies)
        assert at["chunk"] == dies - 1 and SeatPlan.get().state == "drawing"
        draw(plan, at)
        now = SeatPlan.get()
        assert (now.state, now.digest, now.seats_count) == ("draft", digest, 54) and seats() == whole and Seat.select().count() == 54
        assert sum(row.seated for row in SeatedRoom.select().where(SeatedRoom.used == True)) == 54      # noqa: E712


def test_a_plan_whose_job_waits_is_not_ordered_again(world, plan):
    waiting = Job.create(kind="seating", title="排座位", params={"plan": plan.id, "round": plan.round}, user_id=world.exam.id)
    assert seating.order(plan, world.exam) is None and Job.select().count() == 1
    jobs.cancel(waiting, world.exam)
    assert seating.order(plan, world.exam) is not None and SeatPlan.get().state == "draft"


def test_a_plan_that_cannot_be_drawn_any_more_waits_as_before_and_its_job_says_why(world, plan):
    Room.update(state="closed").where(Room.number != "001").execute()
    ExamEntry.update(special_needs=True).where(ExamEntry.id == ExamEntry.select().first().id).execute()
    job = Job.get_by_id(seating.order(plan, world.exam).id)
    assert job.state == "failed" and "特殊需要座位不够" in job.error
    assert SeatPlan.get().state == "waiting" and not Seat.select().exists()
