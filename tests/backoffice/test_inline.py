"""A value changed in the list: only where the screen allows it and the form allows it to the user, with edition and log, and the row comes back."""
from decimal import Decimal

import pytest

from models.audit import Entry
from models.programmes import Course, TrainingPlan
from tests.backoffice.offices import office  # noqa: F401
from tests.world import DAY

ADDRESS = "/office/programme/inline/"
COURSES = """
    model = "Course"
    columns = ["name", "code", "credits", "required", "plan"]
    form = [{ title = "课程", fields = ["plan", "code", "name", "credits", "required"] }]
    inline = ["credits", "required"]
    """


@pytest.fixture
def course(office):      # noqa: F811
    """A course of a plan that is yet to be published, in the list of a screen that lets credits be changed in place."""
    world = office.world
    (office.shipped / "programme.toml").write_text(COURSES)
    office.screens.refresh()
    assert office.screens.problems == []
    plan = TrainingPlan.add(world.clerk, programme=world.programme, version=2, valid_from=DAY)
    return Course.add(world.clerk, plan=plan, code="EC601", name="新课", credits=Decimal(2))


def form(office, course, field="credits", user=None):      # noqa: F811
    return office.enter(user or office.world.clerk).get(ADDRESS, query_string={"id": course.id, "field": field})


def save(office, course, user=None, **values):      # noqa: F811
    return office.enter(user or office.world.clerk).post(ADDRESS, data={"id": course.id, "field": "credits", "edition": course.edition} | values)


def test_the_list_marks_what_can_be_changed_for_those_who_write_it(office, course):      # noqa: F811
    world = office.world
    assert office.enter(world.clerk).get("/office/programme/").text.count('data-edit="credits"') == 4
    assert "data-edit" not in office.enter(world.officer).get("/office/programme/").text


def test_a_value_is_saved_with_the_log_and_the_row_comes_back_as_it_is_now(office, course):      # noqa: F811
    assert 'name="credits"' in form(office, course).text and 'name="code"' not in form(office, course).text
    answer = save(office, course, credits="2.5", reason="按新方案")
    assert answer.status_code == 200 and "<tr" in answer.text and "2.5" in answer.text and "<form" not in answer.text
    again, entry = Course.get_by_id(course.id), Entry.select().order_by(Entry.id.desc()).get()
    assert (again.credits, again.edition, again.code) == (Decimal("2.5"), course.edition + 1, course.code)
    assert (entry.user_id, entry.row_id, entry.reason) == (office.world.clerk.id, course.id, "按新方案")


def test_what_cannot_be_read_comes_back_with_its_sentence_and_nothing_is_saved(office, course):      # noqa: F811
    answer = save(office, course, credits="很多")
    assert answer.status_code == 422 and "要求数字，实际“很多”" in answer.text and 'value="很多"' in answer.text
    assert Course.get_by_id(course.id).edition == course.edition


def test_who_comes_second_is_told_what_the_first_one_wrote(office, course):      # noqa: F811
    save(office, course, credits="2.5")
    answer = save(office, course, credits="3")
    assert answer.status_code == 409 and "2.5" in answer.text and Course.get_by_id(course.id).credits == Decimal("2.5")
    course.edition += 1
    assert save(office, course, credits="3").status_code == 200 and Course.get_by_id(course.id).credits == 3


def test_nothing_else_can_be_changed_so_and_nobody_else_changes_it(office, course):      # noqa: F811
    world = office.world
    assert [form(office, course, field).status_code for field in ("code", "plan", "state", "")] == [404] * 4
    assert [save(office, course, user, credits="9").status_code for user in (world.officer, world.clerk2, world.it)] == [404, 403, 404]
    assert save(office, course, credits="9", code="X", plan="1").status_code == 200
    assert (Course.get_by_id(course.id).code, Course.get_by_id(course.id).plan_id) == (course.code, course.plan_id)


def test_what_may_not_be_changed_now_says_why(office, course):      # noqa: F811
    published = Course.select().order_by(Course.id).first()
    assert "现在不能修改" in form(office, published).text and "保存" not in form(office, published).text
    assert save(office, published, credits="9").status_code == 422 and Course.get_by_id(published.id).credits == published.credits


def test_a_field_that_is_hidden_from_a_role_cannot_be_changed_by_it(office, course):      # noqa: F811
    (office.site / "programme.toml").write_text('hide = { clerk = ["credits"] }\n')
    office.screens.refresh()
    assert form(office, course).status_code == 404


@pytest.mark.parametrize("word", ['inline = ["plan"]', 'inline = ["state"]', 'inline = ["nothing"]'])
def test_a_screen_names_only_small_boxes_of_its_own_list(office, course, word):      # noqa: F811
    (office.site / "programme.toml").write_text(word + "\n")
    office.screens.refresh()
    assert "不是这个列表里能就地修改的列" in "".join(office.screens.problems)


def test_where_the_form_of_the_row_does_more_no_value_is_written_by_itself(office, course, monkeypatch):      # noqa: F811
    view = next(view for view in office.app.extensions["admin"][0]._views if view.endpoint == "programme")
    monkeypatch.setattr(view, "editing", type("Careful", (view.editing,), {}))
    assert form(office, course).status_code == 404 and "data-edit" not in office.enter(office.world.clerk).get("/office/programme/").text
