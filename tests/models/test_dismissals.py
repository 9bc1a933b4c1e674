"""Stage 7: a dismissal rehearsed, proposed, cooled off, restored exactly or ended by a new application; and the release of a person."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application, start
from models.audit import Entry
from models.base import db
from models.courses import CourseResult
from models.defences import request_defence
from models.dismissals import Dismissal
from models.outbox import Outbox
from models.parameters import Parameter
from models.programmes import Course
from models.rehearsals import rehearse_dismissal
from models.releases import ReleaseRequest, ask_release
from tasks.reminders import end_cooling_off, remind_of_releases
from tests.models.refusals import refused, sentences
from tests.world import DAY


def rule(world, name, value):
    Parameter.add(world.centre, name=name, title="本单位", value=value, valid_from=DAY, institution=world.unit)


def propose(world, case, by=None):
    return Dismissal.add(by or world.clerk, application=case, ground="breach", statement="考试违纪，文号 3")


def fresh(case):
    return Application.get_by_id(case.id)


def everything(*but):
    return {table: sorted(map(str, db.execute_sql(f'SELECT * FROM "{table}"').fetchall())) for table in db.get_tables() if table not in but}


# rehearsal ----------------------------------------------------------------------------------------------------------------------------------
def test_a_rehearsal_says_why_what_goes_and_what_speaks_against_it_and_writes_nothing(world):
    case, session = world.registered(), world.session()
    world.sat(case, session)
    CourseResult.add(world.clerk, application=case, course=Course.get(), score=Decimal(70))
    before = everything()
    with clock.at(dt.date(2026, 4, 20)):
        line, = rehearse_dismissal([case.id], world.clerk)
    assert everything() == before
    assert line.refused == [] and [reason.text for reason in line.why] == ["通过国家统考：不满足", "修满学分：不满足"]
    assert line.against == ["课程成绩尚未公布 1 件", "已缴费、成绩尚未公布的统考报考 2 件", "已缴费、考试尚未举行，须先办退费 1 件"]
    assert line.cleared["统考报考"] == 2 and line.cleared["课程成绩"] == 1
    cleared = case.dismiss(by=world.clerk, ground="breach", reason="违纪").cleared
    assert line.cleared == cleared, "exactly what was announced is cleared"


def test_a_rehearsal_refuses_what_the_step_would_refuse_and_knows_no_foreign_case(world):
    case, gone, foreign = world.registered(), world.registered(world.applicant()), world.registered(world.applicant(), world.publish(world.unit2, world.clerk2))
    gone.dismiss(by=world.clerk, ground="breach", reason="违纪")
    rule(world, "dismissal.four_eyes", True)
    lines = rehearse_dismissal([case.id, gone.id, foreign.id, 10 ** 6], world.clerk)
    assert [[str(reason) for reason in line.refused] for line in lines] == [
        sentences(fresh(item).dismiss, by=world.clerk, ground="breach", reason="x") for item in (case, gone, foreign)] + [["没有这一行，或不在您的范围内"]]
    assert lines[2].case is None and lines[2].cleared == {}


# four eyes and the cool-off -----------------------------------------------------------------------------------------------------------------
def test_without_parameters_a_dismissal_needs_no_proposal(world):
    assert world.registered().dismiss(by=world.clerk, ground="breach", reason="违纪").state == "dismissed"


def test_where_four_eyes_are_asked_for_one_proposes_and_another_decides(world):
    rule(world, "dismissal.four_eyes", True)
    case = world.registered()
    assert "本单位的清退须由两人办理" in sentences(case.dismiss, by=world.reviewer, ground="breach", reason="违纪")[0]
    assert "不能自己决定" in sentences(propose(world, case, world.reviewer).approve, by=world.reviewer, opinion="同意")[0]
    Dismissal.get().withdraw(by=world.clerk)
    proposal = propose(world, case).approve(by=world.reviewer, opinion="同意")
    assert (Dismissal.get_by_id(proposal.id).state, fresh(case).state, fresh(case).dismissal_reason) == ("done", "dismissed", "考试违纪，文号 3")


def test_two_reviewers_decide_at_once_and_the_second_is_told(world):
    case = world.registered()
    mine, theirs = propose(world, case), Dismissal.get()
    mine.refuse(by=world.reviewer, reason="依据不足")
    assert sentences(theirs.approve, by=world.reviewer, opinion="同意")[0].startswith("现在的状态不能“同意”")
    assert fresh(case).state == "registered"


def test_during_the_cool_off_nothing_moves_and_it_can_be_restored_exactly(world):
    rule(world, "dismissal.cool_off_days", 30)
    case = world.ready()
    request_defence(case, case.applicants()[0]).tick(world.reviewer)
    proposal = propose(world, case)
    before = everything("entry", "version", "outbox", "dismissal", "application", "sqlite_sequence")
    row = {name: value for name, value in fresh(case).__data__.items() if name != "edition"}
    proposal.approve(by=world.reviewer, opinion="同意")
    assert (proposal.state, proposal.until, fresh(case).state) == ("approved", dt.date(2026, 4, 19), "frozen")
    assert everything("entry", "version", "outbox", "dismissal", "application", "sqlite_sequence") == before
    assert "只能给在册的人" in refused(CourseResult.add, world.clerk, application=fresh(case), course=Course.get(), score=Decimal(90)).fields["application"]
    assert "现在的状态不能" in sentences(fresh(case).defence_requests.get().approve, by=world.reviewer, opinion="x")[0]
    assert sentences(fresh(case).defence_requests.get().tick, world.reviewer, []) == ["清退冷静期内不能办理"]
    proposal.restore(by=world.reviewer, reason="申诉成立")
    assert {name: value for name, value in fresh(case).__data__.items() if name != "edition"} == row and row["state"] == "defence_requested"
    assert fresh(case).defence_requests.get().approve(by=world.reviewer, opinion="同意").state == "approved"


def test_the_cool_off_ends_with_its_last_day(world):
    rule(world, "dismissal.cool_off_days", 30)
    case = world.registered()
    proposal = propose(world, case).approve(by=world.reviewer, opinion="同意")
    assert "冷静期还没有结束" in sentences(proposal.finish, by=None)[0]
    for day, state in ((dt.date(2026, 4, 19), "frozen"), (dt.date(2026, 4, 20), "dismissed")):
        with clock.at(day):
            end_cooling_off()
            end_cooling_off()
            assert fresh(case).state == state
    assert Dismissal.get_by_id(proposal.id).state == "done" and Entry.select().where(Entry.verb == "dismiss_proposed").count() == 1


def test_a_new_application_of_the_person_ends_the_cool_off(world):
    rule(world, "dismissal.cool_off_days", 30)
    other = world.publish(world.unit2, world.clerk2)
    case = world.registered()
    user = case.applicants()[0]
    proposal = propose(world, case).approve(by=world.reviewer, opinion="同意")
    assert start(user.person, other, user).state == "draft"
    assert (fresh(case).state, Dismissal.get_by_id(proposal.id).state) == ("dismissed", "done")
    assert "现在的状态不能" in sentences(Dismissal.get_by_id(proposal.id).restore, by=world.reviewer, reason="x")[0]


def test_the_person_asks_for_his_own_exit_and_only_for_that(world):
    case = world.registered()
    user = case.applicants()[0]
    proposal = Dismissal.add(user, application=case, ground="breach", statement="工作变动")
    assert proposal.ground == "own_request"
    proposal.approve(by=world.reviewer, opinion="同意")
    assert (fresh(case).state, fresh(case).dismissal_ground) == ("dismissed", "own_request")


def test_somebody_elses_proposal_is_not_the_persons_to_withdraw(world):
    case = world.registered()
    assert "自己提出" in sentences(propose(world, case).withdraw, by=case.applicants()[0])[0]


# release --------------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def held(world):
    """A person whom the first unit holds and who wants to go to the second: (his case, his account, the programme)."""
    case = world.registered()
    return case, case.applicants()[0], world.publish(world.unit2, world.clerk2)


def test_a_request_for_release_stands_in_the_queue_of_the_unit_with_a_deadline(world, held):
    case, user, other = held
    request = ask_release(user.person, other, user)
    assert (request.institution, request.due) == (world.unit, dt.date(2026, 4, 4))
    assert ReleaseRequest.seen(world.reviewer, request.id) and not ReleaseRequest.seen(world.reviewer2, request.id)
    assert {row.user_id for row in Outbox.select().where(Outbox.template == "ReleaseRequest.asked")} == {world.clerk.id, world.reviewer.id}
    assert sentences(ask_release, user.person, other, user) == ["您已有一件待答复的放行申请"]


def test_a_dismissal_answers_it(world, held):
    case, user, other = held
    request = ask_release(user.person, other, user)
    case.dismiss(by=world.clerk, ground="own_request", reason="同意放行")
    assert ReleaseRequest.get_by_id(request.id).state == "released" and start(user.person, other, user).institution == world.unit2


def test_a_dismissal_that_cools_off_answers_it_as_well(world, held):
    case, user, other = held
    rule(world, "dismissal.cool_off_days", 30)
    proposal = propose(world, case)
    request = ask_release(user.person, other, user)
    proposal.approve(by=world.reviewer, opinion="同意")
    assert ReleaseRequest.get_by_id(request.id).state == "released" and fresh(case).state == "frozen"
    assert sentences(ask_release, user.person, other, user) == ["没有单位把您列为在册，可以直接申请"]
    assert start(user.person, other, user).state == "draft" and fresh(case).state == "dismissed"


def test_a_refusal_needs_its_reason_and_is_told(world, held):
    _, user, other = held
    request = ask_release(user.person, other, user)
    assert "不放行的理由" in refused(request.refuse, by=world.reviewer).fields["reason"]
    request.refuse(by=world.reviewer, reason="论文答辩已安排")
    assert request.answer == "论文答辩已安排" and Outbox.get(Outbox.template == "ReleaseRequest.refuse").user_id == user.id
    assert ask_release(user.person, other, user).state == "open", "one may ask again"


def test_it_is_refused_to_somebody_whom_nobody_holds_or_who_stays_in_the_unit(world, held):
    case, user, _ = held
    nobody = world.applicant()
    assert "没有单位" in sentences(ask_release, nobody.person, None, nobody)[0]
    assert "变更学科" in sentences(ask_release, user.person, world.publish(world.unit, world.clerk, code="0301"), user)[0]
    assert "不能单独操作" in sentences(ask_release(user.person, None, user).release, by=world.reviewer)[0]


def test_the_unit_is_reminded_and_the_centre_sees_what_is_late(world, held):
    _, user, other = held
    request = ask_release(user.person, other, user)

    def told(day):
        with clock.at(day):
            for _ in range(2):
                remind_of_releases()
            return sorted(row.user_id for row in Outbox.select().where(Outbox.template == "ReleaseRequest.due")), ReleaseRequest.overdue().count()
    unit = sorted((world.clerk.id, world.reviewer.id))
    assert told(dt.date(2026, 3, 31)) == ([], 0)
    assert told(dt.date(2026, 4, 1)) == (unit, 0)
    assert told(dt.date(2026, 4, 4)) == (unit, 0)
    assert told(dt.date(2026, 4, 5)) == (sorted(unit * 2 + [world.centre.id]), 1)
    with clock.at(dt.date(2026, 4, 5)):
        assert ReleaseRequest.get_by_id(request.id).days_late == 1 and ReleaseRequest.seen(world.centre, request.id)
