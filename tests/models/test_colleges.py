"""Stage 1: the colleges of a unit, and which one a programme and its cases are of."""
import pytest

from models.applications import Application
from models.audit import Entry, Version
from models.changes.programme import ProgrammeChange
from models.colleges import College
from tests.models.refusals import refused, sentences


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
