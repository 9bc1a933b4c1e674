"""The case page: the figures of the three conditions, results, what may be seen of the person, and what is done next."""
import datetime as dt

import pytest

from models import clock
from models.audit import Entry
from models.courses import CourseResult


@pytest.fixture
def short(world):
    """A case of the register with twenty of thirty credits and no exam passed."""
    case = world.registered()
    world.studied(case, 20)
    return case


def test_shows_required_actual_and_difference_of_each_condition(world, enter, short):
    page = enter(world.clerk).get(f"/office/register/details/?id={short.id}")
    assert "30 学分" in page and "20 学分" in page and "10 学分" in page
    assert "2 科" in page and "不晚于 2031-03-20" in page


def test_shows_results_documents_and_history_of_the_person(world, enter, short):
    page = enter(world.reviewer).get(f"/office/register/details/?id={short.id}")
    assert "课程1" in page and short.register_number in page and "变更历史" in page and "资格审核通过" not in page
    assert f"/file/{short.photo_id}" in page


def test_a_draft_result_is_on_the_page_of_the_unit_and_counts_nothing(world, enter, short):
    third = short.programme.plans.get().courses.where(CourseResult.course.rel_model.code == "EC503").get()
    CourseResult.add(world.clerk, application=short, course=third, score=90, taken_on=clock.today())
    page = enter(world.clerk).get(f"/office/register/details/?id={short.id}")
    assert "课程3" in page and "未公布" in page and "20 学分" in page


def test_the_document_number_is_masked_until_somebody_asks_and_that_is_recorded(world, enter, short):
    visitor, number = enter(world.clerk), short.person.document_number
    assert number not in visitor.get(f"/office/register/details/?id={short.id}")
    assert number in visitor.post("/office/register/reveal/", 200, id=short.id, field="person.document_number")
    assert Entry.select().where(Entry.verb == "reveal", Entry.row_id == short.id, Entry.user_id == world.clerk.id).exists()


def test_the_number_is_shown_whole_to_whoever_the_case_waits_for_and_to_nobody_else(world, enter):
    case = world.confirmed()
    number, phone = case.person.document_number, case.person.phone
    for user, whole in ((world.reviewer, True), (world.clerk, False), (world.officer, False)):
        page = enter(user).get(f"/office/application/details/?id={case.id}")
        assert (number in page) == (phone in page) == whole, str(user)
        assert number not in enter(user).get("/office/application/")
    case.approve(by=world.reviewer, opinion="同意")
    assert number not in enter(world.reviewer).get(f"/office/register/details/?id={case.id}")


def readings(user, row):
    return Entry.select().where(Entry.verb == "read", Entry.entity == row._meta.table_name, Entry.row_id == row.id, Entry.user_id == user.id).count()


def test_reading_a_case_is_an_entry_once_an_hour_and_no_part_of_its_history(world, enter, short):
    visitor = enter(world.clerk)
    for _ in range(2):
        page = visitor.get(f"/office/register/details/?id={short.id}")
    assert readings(world.clerk, short) == 1 and "查看完整资料" not in page
    clock.stop(clock.now() + dt.timedelta(minutes=61))
    enter(world.clerk).get(f"/office/register/details/?id={short.id}")
    enter(world.clerk2).get(f"/office/register/details/?id={short.id}", 404)
    assert readings(world.clerk, short) == 2 and readings(world.clerk2, short) == 0


def test_whoever_opens_the_confirmation_desk_on_somebody_reads_his_number_and_that_is_an_entry(world, enter):
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    assert case.person.document_number in enter(world.clerk).get(f"/office/confirmation/desk/?id={case.id}")
    assert readings(world.clerk, case) == 1


def test_a_foreign_case_is_not_found_whatever_the_method(world, enter, short):
    visitor = enter(world.clerk2)
    visitor.get(f"/office/register/details/?id={short.id}", 404)
    visitor.post("/office/register/reveal/", 404, id=short.id, field="person.document_number")
    visitor.post("/office/register/step/dismiss/", 404, id=short.id, confirm="1", ground="own_request", reason="无", again="1")


def test_an_officer_reads_the_case_and_decides_nothing_about_it(world, enter, short):
    page = enter(world.officer).get(f"/office/register/details/?id={short.id}")
    assert "20 学分" in page and "/step/" not in page


def test_a_submitted_case_leads_the_clerk_to_the_confirmation_desk(world, enter):
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    assert f"/office/confirmation/desk/?id={case.id}" in enter(world.clerk).get(f"/office/application/details/?id={case.id}")
    assert "/office/confirmation/desk/" not in enter(world.reviewer).get(f"/office/application/details/?id={case.id}")


def test_a_defence_request_shows_the_conditions_of_then_and_of_today(world, enter):
    with clock.at(dt.date(2026, 9, 10)):
        case = world.admitted()
    page = enter(world.reviewer).get(f"/office/defence_request/details/?id={case.defence_requests.get().id}")
    assert page.count("在规定年限内") == 2 and "提交时的三项条件" in page


def test_an_award_says_what_its_report_lacks_and_where_it_is_mended(world, enter):
    with clock.at(dt.date(2026, 9, 10)):
        case = world.awarded()
        thesis = case.theses.get()
        award = case.awards.get()
        assert "报送需要的各项都已填写" in enter(world.clerk).get(f"/office/award/details/?id={award.id}")
        thesis.change(world.clerk, keywords="")
        page = enter(world.clerk).get(f"/office/award/details/?id={award.id}")
    assert "论文关键词" in page and f"/office/thesis/details/?id={thesis.id}" in page
