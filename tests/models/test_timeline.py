"""The ten stages of a case as a time line."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.defences import request_defence
from models.timeline import timeline
from tests.world import DAY, World


@pytest.fixture
def world(database):
    with clock.at(DAY):
        yield World()


def states(case):
    return [item["state"] for item in timeline(Application.get_by_id(case.id))]


def test_a_time_line_has_the_ten_stages_in_their_order(world):
    line = timeline(world.draft(world.applicant()))
    assert [item["number"] for item in line] == list(range(1, 11))
    assert [item["name"] for item in line][:4] == ["发布学科", "网上申请", "现场确认", "资格审核"]


def test_one_stage_after_the_other_is_done_until_the_register(world):
    user = world.applicant()
    case = world.draft(user)
    assert states(case)[:4] == ["done", "now", "next", "next"]
    case.submit(by=user)
    assert states(case)[:4] == ["done", "done", "now", "next"]
    world.confirmation(case)
    case.confirm(by=world.clerk)
    assert states(case)[:4] == ["done", "done", "done", "now"]
    case.approve(by=world.reviewer, opinion="同意")
    assert states(case)[:6] == ["done"] * 4 + ["now", "now"]


def test_courses_and_exam_say_how_much_is_missing(world):
    case = world.registered()
    world.studied(case, 20)
    study, exam = timeline(case)[4:6]
    assert study["note"].startswith("20")
    assert "10" in study["late"] and exam["late"] == "差 2 科"


def test_after_the_award_everything_but_the_report_is_done(world):
    case = world.registered()
    session = world.session()
    world.sat(case, session)
    world.published(session)
    with clock.at(dt.date(2026, 9, 10)):
        world.studied(case)
        request_defence(case, case.applicants()[0]).tick(world.reviewer).approve(by=world.reviewer, opinion="同意")
        assert states(case)[7:] == ["done", "now", "next"]
        case = Application.get_by_id(case.id)
        world.defence(case).record_pass(by=world.clerk)
        world.decide(case.awards.get())
        assert states(case)[4:6] == ["done", "done"] and states(case)[7:] == ["done", "done", "now"]


def test_a_dismissed_case_ends_with_its_dismissal(world):
    case = world.registered()
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    line = timeline(Application.get_by_id(case.id))
    assert line[6]["note"] == "已清退" and [item["state"] for item in line[7:]] == ["next"] * 3
    assert line[4]["state"] == line[5]["state"] == "next"


def test_a_returned_case_asks_its_person_for_attention(world):
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    case.send_back(by=world.clerk, reason="看不清")
    assert "补正" in timeline(Application.get_by_id(case.id))[1]["late"]
