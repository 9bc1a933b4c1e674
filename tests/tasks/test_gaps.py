"""What the report of a degree lacks is asked for by the clock, of those who can mend it."""
import datetime as dt

import pytest

from models import clock
from models.awards import Award
from models.defences import Thesis
from models.outbox import Outbox
from models.people import Person
from models.reports import Report
from tasks.gaps import ask_for_gaps
from tests.world import DAY, proposed


@pytest.fixture
def award(world):
    return proposed(world)


def told(day, user):
    """What a user has been told by the evening of a day."""
    with clock.at(day):
        ask_for_gaps()
    return [notice.body for notice in Outbox.select().where(Outbox.template == "Award.gaps", Outbox.user_id == user.id).order_by(Outbox.id)]


def test_the_clerk_is_asked_on_the_day_after_the_proposal_and_again_each_fortnight(world, award):
    Thesis.update(keywords="").execute()
    counts = [len(told(DAY + dt.timedelta(days=n), world.clerk)) for n in (0, 1, 2, 14, 15, 16, 30)]
    assert counts == [0, 1, 1, 1, 2, 2, 3]
    assert "论文关键词：没有填写" in told(DAY, world.clerk)[0] and "还缺 1 项" in told(DAY, world.clerk)[0]
    assert told(DAY, award.applicants()[0]) == []


def test_the_person_is_asked_for_what_is_his_own(world, award):
    Person.update(ethnic_group="").where(Person.id == award.person_id).execute()
    assert "民族：没有填写" in told(DAY + dt.timedelta(days=1), award.applicants()[0])[0]
    assert len(told(DAY + dt.timedelta(days=1), world.clerk)) == 1


def test_nobody_is_asked_where_nothing_is_missing_or_the_report_stands(world, award):
    assert told(DAY + dt.timedelta(days=1), world.clerk) == []
    world.decide(award)
    report = Report.get(Report.term == world.term(award_from=DAY, report_from=DAY), Report.institution == world.unit)
    report.submit(by=world.clerk)
    Thesis.update(keywords="").execute()
    assert told(DAY + dt.timedelta(days=1), world.clerk) == []


def test_clerks_of_other_units_are_not_asked(world, award):
    Thesis.update(keywords="").execute()
    assert told(DAY + dt.timedelta(days=1), world.clerk2) == [] and Award.get().state == "proposed"
