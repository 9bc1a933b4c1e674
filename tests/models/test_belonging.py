"""All stages: what belongs to a case, read at once - and of it what somebody may see - and queries that are written out once."""
from models.applications import Application, Confirmation, Document
from models.belonging import gather, latest, shown
from models.changes.data import DataChange
from models.courses import CourseResult
from models.exams.results import ExamResult
from models.programmes import Course
from models.written import ask, blank
from tests.backoffice.offices import Counting

KINDS = {CourseResult: (CourseResult.course,), Confirmation: (), ExamResult: (), Document: (), DataChange: ()}


def test_kinds_without_rows_are_not_asked_and_the_others_once(world):
    case = world.registered()
    world.studied(case, 20)
    fresh = Application.get_by_id(case.id)
    assert fresh.person.name == "林叙白"
    with Counting() as counted:
        gather(fresh, world.clerk, KINDS)
        assert [result.course.name for result in fresh.course_results] == ["课程1", "课程2"]
        assert fresh.confirmation is not None and list(fresh.exam_results) == fresh.person.data_changes == []
    assert len(counted.statements) == 3


def test_what_is_told_of_a_case_rests_on_all_rows_but_only_those_in_sight_are_shown(world):
    case = world.registered()
    session = world.session()
    world.sat(case, session)
    for user, number in ((world.clerk, 0), (world.exam, 2)):
        fresh = Application.get_by_id(case.id)
        gather(fresh, user, KINDS)
        assert len(fresh.exam_results) == 2 and len(shown(fresh, ExamResult)) == number == ExamResult.visible_to(user).count()
    world.published(session)
    fresh = Application.get_by_id(case.id)
    gather(fresh, world.clerk, KINDS)
    assert len(shown(fresh, ExamResult)) == 2 and latest(fresh.exam_results).id == max(row.id for row in fresh.exam_results) and latest([]) is None


def named(by):
    return Course.select(Course.code).where(Course.name == blank("name")).order_by(getattr(Course, by).desc()).tuples()


def test_a_query_that_is_written_out_once_is_asked_with_other_values_and_sees_what_is_new(world):
    assert ask(named, "code", name="课程1") == [("EC501",)] and ask(named, "code", name="课程9") == []
    Course.update(name="课程9").where(Course.code == "EC503").execute()
    assert ask(named, "code", name="课程9") == [("EC503",)]
    with Counting() as counted:
        ask(named, "code", name="课程2")
        ask(named, "id", name="课程2")
    assert len(set(counted.statements)) == 2
