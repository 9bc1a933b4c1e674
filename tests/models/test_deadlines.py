"""All stages: whose turn it is and since when, what ends on which day, and how long the steps take."""
import datetime as dt

from models import clock
from models.applications import Application
from models.deadlines import ahead, held_by
from models.durations import medians
from models.exams.results import PriorPass
from models.releases import ask_release
from tests.world import DAY


def days(case, on=None):
    return [(str(deadline.day), deadline.what, deadline.who, deadline.left) for deadline in ahead(Application.get_by_id(case.id), on)]


def test_a_case_is_held_by_whoever_has_to_act_since_it_came_to_him(world):
    case = world.draft(world.applicant())
    assert held_by(case) == ("本人", clock.now())
    with clock.at(DAY + dt.timedelta(days=2)):
        case.submit(by=case.applicants()[0])
        world.confirmation(case)
    with clock.at(DAY + dt.timedelta(days=5)):
        case.confirm(by=world.clerk)
        assert held_by(case) == ("单位", clock.now())
    with clock.at(DAY + dt.timedelta(days=9)):
        assert held_by(case)[1].date() == DAY + dt.timedelta(days=5)
        case.reject(by=world.reviewer, opinion="不符")
        assert held_by(case)[0] is None


def test_the_deadlines_ahead_follow_the_state(world):
    user = world.applicant()
    case = world.draft(user)
    assert days(case) == [("2026-04-15", "申请截止", "本人", 26)]
    case.submit(by=user)
    assert days(case) == [("2026-05-15", "现场确认截止", "本人", 56)]
    assert days(case, dt.date(2026, 5, 16)) == []
    world.confirmation(case)
    case.confirm(by=world.clerk)
    assert days(case) == []
    case.approve(by=world.reviewer, opinion="同意")
    assert days(case, dt.date(2031, 3, 20)) == [("2031-03-20", "学习年限到期", "本人", 0)]


def test_passes_that_run_out_requests_for_release_and_the_thesis_stand_among_them(world):
    case = world.registered(programme=world.publish(world.unit, world.clerk, code="0502", exam_valid_years=2))
    PriorPass.add(world.centre, name="林叙白", document_number=case.person.document_number, kind="language", subject_name="英语", passed_on=dt.date(2025, 5, 30))
    ask_release(case.person, None, case.applicants()[0])
    assert [line[:3] for line in days(case)] == [("2026-04-04", "放行申请答复", "单位"), ("2027-05-30", "外国语水平考试成绩有效期", "本人"), ("2031-03-20", "学习年限到期", "本人")]
    world.studied(case)
    assert ("2027-03-20", "按时提交论文") in [line[:2] for line in days(case)]


def test_the_median_of_the_days_a_step_takes_is_told_by_unit_and_within_the_scope(world):
    other = world.publish(world.unit2, world.clerk2)
    for programme, waits in ((world.programme, (1, 4, 10)), (other, (2, 4))):
        for wait in waits:
            case = world.confirmed(world.applicant(), programme)
            with clock.at(DAY + dt.timedelta(days=wait)):
                case.approve(by=world.hands(case)[1], opinion="同意")

    def told(user, **window):
        return [(row.institution, row.count, row.days) for row in medians(user, **window) if row.step == "approve"]
    assert told(world.centre) == [(world.unit.id, 3, 4.0), (world.unit2.id, 2, 3.0)]
    assert told(world.officer) == told(world.reviewer) == [(world.unit.id, 3, 4.0)] and told(world.it) == []
    assert told(world.reviewer, until=dt.datetime(2026, 3, 25)) == [(world.unit.id, 2, 2.5)]
    assert {row.label for row in medians(world.reviewer)} == {"提交", "确认", "通过"}
