"""Stage 1: the colleges of a unit, which one a programme and its cases are of, and what an account of one may do beside it."""
from types import SimpleNamespace

import pytest

from models.applications import Application
from models.audit import Entry, Version
from models.awards import Meeting
from models.changes.handover import Handover
from models.changes.programme import ProgrammeChange
from models.colleges import College
from models.defences.booking import whose
from models.people import User, holders
from models.programmes import Programme
from models.register import Recheck
from models.screens import OwnView, save_view
from models.seeing import why
from models.staff import Expert
from models.workflow import Refused
from tests.models.refusals import refused, sentences
from tests.world import DAY


@pytest.fixture
def colleges(world):
    """The two colleges of the first unit, 经济学院 and 法学院."""
    return [College.add(world.unit_admin, institution=world.unit, name=name) for name in ("经济学院", "法学院")]


def test_a_case_is_of_the_college_of_its_programme_from_its_draft_on(world, colleges):
    economics, _ = colleges
    world.programme.change(world.clerk, college=economics)
    assert world.draft(world.applicant()).college == economics


def test_a_programme_that_goes_to_another_college_takes_its_cases_along_with_an_entry_each(world, colleges):
    economics, law = colleges
    cases = [world.registered(), world.draft(world.applicant("草稿"))]
    for college, before in ((economics, None), (law, economics.id), (None, law.id)):
        world.programme.change(world.clerk, reason="院系调整", college=college)
        for case in cases:
            now = Application.get_by_id(case.id)
            entry = Entry.select().where(Entry.entity == "application", Entry.row_id == case.id).order_by(Entry.id.desc()).first()
            assert now.college == college and now.edition > case.edition
            assert (entry.verb, entry.reason, entry.case_ref, entry.user_id) == ("college", "院系调整", case.id, world.clerk.id)
            assert Version.get(Version.entry == entry).values == {"college": [before, college and college.id]}


def test_a_change_that_leaves_the_college_writes_to_no_case(world, colleges):
    case = world.registered()
    world.programme.change(world.clerk, direction="产业经济")
    assert Application.get_by_id(case.id).edition == case.edition


def test_a_change_of_programme_changes_the_college(world, colleges):
    other = world.publish(world.unit, world.clerk, code="0301", college=colleges[1])
    case = world.registered()
    ProgrammeChange.add(case.applicants()[0], application=case, programme=other).approve(by=world.reviewer, opinion="同意")
    assert Application.get_by_id(case.id).college == colleges[1]


def test_a_college_is_one_of_the_same_unit(world):
    foreign = College.add(world.unit_admin2, institution=world.unit2, name="经济学院")
    fault = refused(world.programme.change, world.clerk, college=foreign).fields["college"]
    assert fault == f"学院：要求是{world.unit}的学院，实际 经济学院 属于 {world.unit2}"


def test_a_unit_has_no_two_colleges_of_one_name_or_code(world, colleges):
    assert sentences(College.add, world.unit_admin, institution=world.unit, name="法学院") == ["本单位已有这个名称的学院"]
    colleges[0].change(world.unit_admin, code="02")
    assert sentences(colleges[1].change, world.unit_admin, code="02") == ["本单位已有这个代码的学院"]


@pytest.fixture
def places(world):
    """(the accounts of 经济学院, those of 法学院) by role; the programme of the world belongs to the first, `world.law_programme` to the second."""
    (_, _, economics), (_, world.law_programme, law) = world.colleges()
    return economics, law


def test_a_clerk_of_a_college_writes_its_programmes_and_none_beside_them(world, places):
    economics, law = places
    values = {"discipline": world.programme.discipline, "year": 2027, "apply_from": DAY, "apply_until": DAY, "confirm_from": DAY, "confirm_until": DAY}
    own = Programme.add(law["clerk"], **Programme.given_by(law["clerk"]), **values)
    assert own.college == law["clerk"].college
    with pytest.raises(Refused, match="属于别的单位或学院，您只能查看"):
        world.programme.change(law["clerk"], direction="别的")
    for college in (None, economics["clerk"].college):
        with pytest.raises(Refused, match="属于别的单位或学院"):
            own.change(law["clerk"], college=college)
    assert Programme.get_by_id(own.id).college == law["clerk"].college


def test_what_belongs_to_the_whole_unit_is_written_by_no_account_of_a_college(world, places):
    clerk = places[1]["clerk"]
    expert = world.expert("裴敬堂", "T001")
    assert Expert.seen(clerk, expert.id) is not None
    for write in (lambda: expert.change(clerk, title="教授"), lambda: world.expert("新人", "T002", clerk), lambda: world.meeting(clerk),
                  lambda: Recheck.add(clerk, institution=world.unit, name="复核"),
                  lambda: College.add(clerk, institution=world.unit, name="新学院")):
        with pytest.raises(Refused, match="属于全单位，学院账号只能查看"):
            write()


def test_an_account_that_goes_to_another_college_sees_the_other_one_at_once(world, places):
    economics, law = places
    case, clerk = world.registered(), law["clerk"]
    assert Application.seen(clerk, case.id) is None
    moved = clerk.change(world.unit_admin, college=economics["clerk"].college)
    assert Application.seen(User.get_by_id(moved.id), case.id) is not None
    with pytest.raises(Refused, match="学院：要求是复旦大学的学院"):
        moved.change(world.it, institution=world.unit2)


def test_a_reviewer_of_a_college_lets_nobody_go_to_another_college(world, places):
    economics, _ = places
    case = world.registered()
    change = ProgrammeChange.add(case.applicants()[0], application=case, programme=world.law_programme)
    assert "属于法学院：转出本学院的变更，由全单位的账号办理" in sentences(change.approve, by=economics["reviewer"], opinion="同意")[0]
    change.approve(by=world.reviewer, opinion="同意")
    assert Application.get_by_id(case.id).college == world.law_programme.college


def test_notices_about_a_case_go_to_its_college_and_to_the_whole_unit(world, places):
    economics, law = places
    told = {str(user) for user in holders(("clerk",), economics["clerk"].college_id, institution=world.unit.id)}
    assert told == {"clerk", "clerk_economics"} and {str(user) for user in holders(("clerk",), institution=world.unit.id)} == {"clerk"}


def test_a_defence_of_another_college_is_told_without_its_person(world, places):
    case, other = world.registered(world.applicant("林叙白")), world.registered(world.applicant("苏敏华"), world.law_programme)
    assert whose(SimpleNamespace(application=case), case) == "林叙白 的答辩" and whose(SimpleNamespace(application=other), case) == "法学院的答辩"


def test_whoever_takes_over_has_no_narrower_place_than_who_leaves(world, places):
    economics, law = places
    for leaver, successor in ((world.clerk, law["clerk"]), (economics["clerk"], law["clerk"])):
        assert "接办人限于法学院" in refused(Handover.add, world.unit_admin, institution=world.unit, leaver=leaver, successor=successor).fields["successor"]
    Handover.add(world.unit_admin, institution=world.unit, leaver=law["clerk"], successor=world.clerk)


def test_a_view_that_is_shared_in_a_college_stays_there(world, places):
    economics, law = places
    save_view(economics["clerk"], "register", "共用", "?q=林", True)
    assert [OwnView.visible_to(user).count() for user in (economics["reviewer"], law["clerk"], world.clerk)] == [1, 0, 0]


def test_why_names_the_college_of_the_row_and_that_of_the_account(world, places):
    _, law = places
    case, clerk = world.registered(), law["clerk"]
    assert "这一行属于经济学院，clerk_law只看法学院" in why(clerk, Application, case.id).text
    assert "会议属于全单位，clerk_law只看法学院" in why(clerk, Meeting, world.meeting().id).text.replace(Meeting.label, "会议")
    world.programme.change(world.clerk, college=clerk.college)
    assert why(clerk, Application, case.id).text.startswith("经办看本学院的申请，这一行属于法学院")
