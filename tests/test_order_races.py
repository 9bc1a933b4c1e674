"""An order of long work that is sent twice - a double press, a replay, a reload - is one job, with real threads on both databases. The twin shows
the race without the lock."""
import threading

import pytest
from peewee import IntegrityError

from models.audit import Entry
from models.jobs import Job
from models.register import Recheck
from tasks import bulk_steps, jobs, queue, rechecks
from tests.test_races import PATIENCE, together


@pytest.fixture
def waiting(world):
    return [world.confirmed(world.applicant(f"人{n}")).id for n in range(3)]


@pytest.fixture
def unheard(monkeypatch):
    """Nobody listens to the queue."""
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)


def approving(by, ids, order_key="order"):
    """The call that orders the approval of all of these cases."""
    return lambda: jobs.submit(bulk_steps.KIND, "", by, order_key, entity="Application", step="approve", ids=ids, answers={"opinion": "同意"}).id


def test_an_order_that_is_sent_four_times_at_once_is_one_job(world, waiting, unheard):
    assert len(set(together(*[approving(world.reviewer, waiting)] * 4))) == Job.select().count() == 1


def test_without_the_lock_both_find_no_order_and_both_write(world, waiting, unheard):
    """The twin: only the unique column keeps the second one out, and the person is shown a failure."""
    looked = threading.Barrier(2, timeout=PATIENCE)

    def naive():
        assert Job.get_or_none(Job.order_key == "order") is None
        looked.wait()
        return Job.create(kind=bulk_steps.KIND, title="通过", user_id=world.reviewer.id, order_key="order").id
    found = together(naive, naive)
    assert [type(outcome) for outcome in found if isinstance(outcome, Exception)] == [IntegrityError]


def test_a_replay_after_it_is_done_leads_to_the_same_job_and_does_nothing_again(world, waiting):
    first = approving(world.reviewer, waiting)()
    assert Job.get_by_id(first).state == "done"
    assert approving(world.reviewer, [])() == first         # its list has nothing left by then
    assert Entry.select().where(Entry.verb == "approve").count() == 3 and Job.select().count() == 1


def test_the_key_of_somebody_else_and_another_key_are_other_orders(world, waiting, unheard):
    orders = [approving(world.reviewer, waiting), approving(world.reviewer2, waiting), approving(world.reviewer, waiting, "another"), approving(world.reviewer, waiting, "")]
    assert len({order() for order in orders}) == 4


def test_a_recheck_of_the_nation_that_is_ordered_twice_at_once_is_one_for_each_unit(world, unheard):
    world.registered()
    found = together(*[lambda: rechecks.order(world.centre, "年度复核", order_key="order").id] * 2)
    assert len(set(found)) == 1 and Recheck.select().count() == 1
