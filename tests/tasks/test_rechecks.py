"""The recheck of many units as one job, and the notices of deadlines."""
import datetime as dt

import pytest

from models import clock
from models.jobs import Job
from models.outbox import Outbox
from models.parameters import Parameter
from models.people import User
from models.register import Finding, Recheck
from tasks import jobs, rechecks
from tasks.reminders import announce_deadlines
from tests.world import DAY


@pytest.fixture
def units(world):
    """A case in each of two units."""
    return [world.registered(), world.registered(world.applicant(), world.publish(world.unit2, world.clerk2))]


def test_the_centre_rechecks_every_unit_and_each_sees_its_own(world, units):
    job = Job.get_by_id(rechecks.order(world.centre, "全国复核").id)
    assert (job.state, job.done, job.total, job.message) == ("done", 2, 2, "已复核 2 个单位")
    assert [row.state for row in Recheck.select()] == ["done", "done"]
    assert {user.username: Finding.visible_to(user).count() for user in (world.centre, world.clerk, world.officer2)} == {"centre": 2, "clerk": 1, "officer2": 1}


def test_a_unit_orders_its_own(world, units):
    rechecks.order(world.clerk, "本单位", units=[world.unit.id])
    assert [row.institution for row in Recheck.select()] == [world.unit] and Finding.get().application == units[0]


def test_what_was_cut_off_goes_on_where_it_stood_and_doubles_nothing(world, units, monkeypatch):
    """The worker dies between the two units; the next one finishes the second only."""
    done = []

    def dies(number, total, message):
        done.append(number)
        if number == 2:
            raise jobs.Interrupted
    rows = [Recheck.add(world.centre, institution=unit, name="复核") for unit in (world.unit, world.unit2)]
    job = Job.create(kind="recheck", title="复核", user_id=world.centre.id)
    with pytest.raises(jobs.Interrupted):
        rechecks.run(job, dies, [row.id for row in rows])
    assert [Recheck.get_by_id(row.id).state for row in rows] == ["done", "draft"], "the second went with its progress"
    rechecks.run(job, lambda *told: done.append(told[0]), [row.id for row in rows])
    assert done == [1, 2, 1, 2] and Finding.select().count() == 2


@pytest.mark.parametrize("left, told", [(91, 0), (90, 1), (84, 1), (83, 0), (30, 1), (7, 1), (1, 1), (0, 0)])
def test_the_person_is_told_so_many_days_before_the_limit_is_over_and_only_once(world, left, told):
    case = world.registered()
    with clock.at(case.deadline - dt.timedelta(days=left)):
        for _ in range(2):
            announce_deadlines()
        found = list(Outbox.select().where(Outbox.template == "Application.deadline"))
        assert len(found) == told
        if told:
            assert found[0].subject == f"学习年限还有 {left} 天到期" and User.get_by_id(found[0].user_id).person == case.person


def test_the_days_of_the_notices_are_a_parameter(world):
    case = world.registered()
    Parameter.add(world.centre, name="deadline.notice_days", title="提醒", value=[200], valid_from=DAY)
    with clock.at(case.deadline - dt.timedelta(days=200)):
        announce_deadlines()
        assert Outbox.select().where(Outbox.template == "Application.deadline").count() == 1
