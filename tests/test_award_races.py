"""What happens when meetings decide at once, with real threads on both databases. The protection of the numbers has a twin that shows the
race without it."""
import threading

from peewee import fn

from models import clock
from models.applications import Application
from models.awards import AgendaItem, Award, Meeting
from models.defences import Defence
from tests.test_races import PATIENCE, entries, losers, together


def proposed(world, count):
    """Awards that only wait to be granted, after a defence that was passed."""
    found = []
    for n in range(count):
        case = world.registered(world.applicant(f"硕士{n}"))
        Application.update(state="defended").where(Application.id == case.id).execute()
        Defence.create(application=case, institution=case.institution_id, held_on=clock.today(), state="passed")
        found.append(Award.add(world.clerk, application=case.id, person=case.person_id, institution=case.institution_id, discipline=case.discipline_id))
    return found


def deciding(world, meeting):
    """The call that decides a meeting."""
    return lambda: Meeting.get_by_id(meeting.id).decide(by=world.reviewer, decision_number="决〔2026〕1 号")


def numbers():
    return sorted(award.certificate_number for award in Award.select().where(Award.state == "awarded"))


def test_certificate_numbers_given_by_eight_meetings_at_once_have_no_gap_and_no_double(world):
    awards = proposed(world, 40)
    meetings = [world.listed(world.meeting(), *awards[n::8]) for n in range(8)]
    assert losers(together(*[deciding(world, meeting) for meeting in meetings])) == []
    assert numbers() == [f"10001320260{n:05d}" for n in range(1, 41)]


def test_a_number_that_a_failed_decision_took_is_given_again(world):
    first, second = proposed(world, 2)
    Application.update(state="registered").where(Application.id == first.application_id).execute()
    meetings = [Meeting.get_by_id(world.listed(world.meeting(), second).id), world.meeting()]
    AgendaItem.create(meeting=meetings[1], award=first, institution=world.unit)
    assert "论文答辩没有通过" in losers(together(*[deciding(world, meeting) for meeting in meetings]))[0]
    assert numbers() == ["1000132026000001"]


def test_two_who_look_up_the_highest_number_at_once_come_to_the_same(world):
    """The twin: the highest number so far plus one, without the serial. Only the unique column keeps the second from the same certificate."""
    meeting = world.listed(world.meeting(), *proposed(world, 1))
    meeting.decide(by=world.reviewer, decision_number="决〔2026〕1 号")
    read = threading.Barrier(2, timeout=PATIENCE)

    def naive():
        number = int(Award.select(fn.MAX(Award.certificate_number)).scalar()) + 1
        read.wait()
        return number
    assert together(naive, naive) == [1000132026000002] * 2


def test_the_same_typed_certificate_number_is_given_once(world):
    meetings = [world.listed(world.meeting(), award) for award in proposed(world, 2)]
    AgendaItem.update(certificate_number="1000132026000500").execute()          # as two clerks who typed it at the same moment
    refused, = losers(together(*[deciding(world, meeting) for meeting in meetings]))
    assert "这个证书编号已经用过" in refused and numbers() == ["1000132026000500"]


def test_two_decisions_of_one_meeting_at_once_grant_each_degree_once(world):
    meeting = world.listed(world.meeting(), *proposed(world, 6))
    refused, = losers(together(deciding(world, meeting), deciding(world, meeting)))
    assert refused.startswith("现在的状态不能“决定授予”") and entries("grant") == entries("award") == 6


def test_one_award_comes_to_one_of_two_agendas(world):
    award, = proposed(world, 1)
    meetings = [world.meeting(), world.meeting()]
    found = together(*[lambda meeting=meeting: AgendaItem.add(world.clerk, meeting=meeting, award=award) for meeting in meetings])
    refused, = losers(found)
    assert "这个人已列入" in refused and AgendaItem.select().count() == 1


def test_two_who_list_everybody_at_once_list_each_once(world):
    awards = proposed(world, 5)
    meetings = [world.meeting(), world.meeting()]
    losers(together(*[lambda id=meeting.id: Meeting.get_by_id(id).fill(by=world.clerk) for meeting in meetings]))
    assert sorted(item.award_id for item in AgendaItem.select()) == [award.id for award in awards]


def test_a_degree_that_is_decided_while_its_case_is_dismissed_is_either_granted_or_gone(world):
    awards = proposed(world, 8)
    meetings = [world.listed(world.meeting(), award) for award in awards]
    calls = [deciding(world, meeting) for meeting in meetings]
    calls += [lambda id=award.application_id: Application.get_by_id(id).dismiss(by=world.reviewer, ground="breach", reason="论文作假") for award in awards]
    losers(together(*calls))
    for award, meeting in zip(awards, meetings):
        case, kept = Application.get_by_id(award.application_id), Award.get_or_none(Award.id == award.id)
        state = (case.state, kept and kept.state, Meeting.get_by_id(meeting.id).state)
        assert state in (("awarded", "awarded", "decided"), ("dismissed", None, "planned"), ("defended", "proposed", "planned"))
    assert numbers() == [f"10001320260{n:05d}" for n in range(1, len(numbers()) + 1)]
