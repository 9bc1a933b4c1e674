"""The case page: the figures of the three conditions, results, what may be seen of the person, and what is done next."""
import datetime as dt

import pytest
from lxml import html

from models import clock
from models.applications import Document
from models.audit import Entry
from models.comments import Comment
from models.courses import CourseResult
from models.files import File
from models.staff import Expert


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


def test_a_result_is_entered_from_the_page_of_the_case_by_whoever_may(world, enter, short):
    path = f"/office/course_result/create/?application={short.id}"
    assert path in enter(world.clerk).get(f"/office/register/details/?id={short.id}") and f'value="{short.id}"' in enter(world.clerk).get(path)
    for user in (world.reviewer, world.officer):
        assert path not in enter(user).get(f"/office/register/details/?id={short.id}")
    type(short).update(state="awarded").where(type(short).id == short.id).execute()
    assert path not in enter(world.clerk).get(f"/office/register/details/?id={short.id}")


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


def test_a_confirmed_case_leads_the_reviewer_to_the_review_desk(world, enter):
    case = world.confirmed()
    assert f"/office/review/?id={case.id}" in enter(world.reviewer).get(f"/office/application/details/?id={case.id}")
    assert f"/office/review/?id={case.id}" not in enter(world.clerk).get(f"/office/application/details/?id={case.id}")


def test_what_was_cleared_is_told_in_numbers_instead_of_as_never_there(world, enter):
    case = world.registered()
    world.studied(case)
    case.dismiss(by=world.reviewer, ground="breach", reason="违纪")
    page = enter(world.reviewer).get(f"/office/application/details/?id={case.id}")
    assert "已清除的办理内容" in page and "<dt>课程成绩</dt><dd>3</dd>" in page and "还没有课程成绩" not in page and "没有上传材料" not in page


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


# what comes next ------------------------------------------------------------------------------------------------------------------
def test_the_head_says_the_next_step_who_takes_it_and_until_when(world, enter, short):
    session = world.session()
    page = enter(world.clerk).get(f"/office/register/details/?id={short.id}")
    assert f"报考{session}" in page and "由<b>本人</b>办理，不晚于 <b>2026-03-31</b>" in page and "还剩 11 天" in page


def test_the_forecast_names_the_month_and_what_it_hangs_on_or_why_nobody_can_say(world, enter, short):
    visitor = enter(world.reviewer)
    assert "无法预计何时可以申请</b>：还没有公布可以报考的统考批次" in visitor.get(f"/office/register/details/?id={short.id}")
    session = world.session()
    page = visitor.get(f"/office/register/details/?id={short.id}")
    assert "最早可于 2026-05 申请</b>（2026-05-23）" in page and f"在{session}（2026-05-23 考试）合格并公布；再修满 10 学分" in page


# what is said about it --------------------------------------------------------------------------------------------------------------
def test_clerk_and_reviewer_talk_on_the_page_and_nobody_else_reads_it(world, enter, short):
    page = enter(world.clerk).post("/office/register/comment/", id=short.id, text="请核对导师\n<b>签字</b>")
    assert "已留言" in page and "请核对导师\n&lt;b&gt;签字&lt;/b&gt;" in page
    assert "请核对导师" in enter(world.reviewer).get(f"/office/register/details/?id={short.id}")
    for reader in (world.officer, world.centre):
        page = enter(reader).get(f"/office/register/details/?id={short.id}")
        assert "请核对导师" not in page and 'id="talk"' not in page


def test_a_comment_that_is_refused_stays_typed_with_the_reason_beside_it(world, enter, short):
    text = "很长的话" * 300
    page = enter(world.clerk).post("/office/register/comment/", 422, id=short.id, text=text)
    assert text in page and "要求不超过 1000 字，实际 1200 字，差 200 字" in page and not Comment.select().exists()


def test_nobody_talks_about_a_foreign_case_and_an_officer_not_at_all(world, enter, short):
    enter(world.clerk2).post("/office/register/comment/", 404, id=short.id, text="您好")
    enter(world.officer).post("/office/register/comment/", 403, id=short.id, text="您好")
    assert not Comment.select().exists()


# the list around it -------------------------------------------------------------------------------------------------------------------
def test_a_case_opened_from_a_list_leads_to_its_neighbours_there_and_back_to_the_list(world, enter):
    first, second, third = (world.confirmed(world.applicant(name)) for name in ("甲", "乙", "丙"))
    submitted = world.applicant("丁")
    world.draft(submitted).submit(by=submitted)
    visitor = enter(world.reviewer)
    page = visitor.get("/office/application/?f.state=confirmed&sort=number")
    link = html.fromstring(page).xpath(f'//th/a[contains(@href, "id={second.id}")]/@href')[0]
    page = html.fromstring(visitor.get(link))
    beside = {link.get("rel"): link for link in page.xpath('//nav[@class="end row small near"]/a')}
    assert "甲" in beside["prev"].text_content() and "丙" in beside["next"].text_content()
    assert page.xpath('//ol[@class="crumbs"]//a[contains(@href, "f.state=confirmed&sort=number")]')
    last = visitor.get(beside["next"].get("href"))
    assert "已是最后一条" in last and "乙" in last and "丁" not in last


def test_who_decides_keeps_his_place_in_the_list(world, enter):
    first, second = (world.confirmed(world.applicant(name)) for name in ("甲", "乙"))
    visitor = enter(world.reviewer)
    page = visitor.get(f"/office/application/details/?id={first.id}&list=?f.state%3Dconfirmed%26sort%3Dnumber")
    step = next(link for link in html.fromstring(page).xpath('//div[@class="acts"]//a/@href') if "/step/approve/" in link)
    page = visitor.post(step, confirm="1", id=first.id, opinion="同意")
    assert "资格审核通过，已入册，状态 待审核 → 在册。" in page and "下一条：乙</a>" in page
    assert html.fromstring(page).xpath('//a[@rel="next"]')[0].text_content().endswith("乙")


def test_a_case_opened_otherwise_has_no_neighbours_and_a_wrong_list_does_no_harm(world, enter, short):
    visitor = enter(world.clerk)
    assert 'class="end row small near"' not in visitor.get(f"/office/register/details/?id={short.id}")
    assert "已是第一条" in visitor.get(f"/office/register/details/?id={short.id}&list=%3Ff.nothing%3D1%26sort%3Dperson%26after%3Dx")


# its papers ---------------------------------------------------------------------------------------------------------------------------
def test_papers_that_a_browser_can_show_open_in_the_page_and_may_be_framed_by_us_alone(world, enter, short):
    for name, kind in (("证明.pdf", "application/pdf"), ("成绩.xlsx", "application/octet-stream")):
        paper = File.keep(b"%PDF-1.4", name, "document", kind, institution=short.institution_id, person_ref=short.person_id, case_ref=short.id)
        Document.add(world.clerk, application=short, title=name, file=paper)
    visitor = enter(world.clerk)
    links = {link.text: link for link in html.fromstring(visitor.get(f"/office/register/details/?id={short.id}")).xpath('//li/a[contains(@href, "/file/")]')}
    assert (links["证明.pdf"].get("data-paper"), links["成绩.xlsx"].get("data-paper"), links["签字的资格审查表"].get("data-paper")) == ("pdf", None, "image")
    headers = visitor.client.get(links["证明.pdf"].get("href")).headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "SAMEORIGIN" and "script-src" not in headers["Content-Security-Policy"]
    for other in (links["成绩.xlsx"].get("href"), links["签字的资格审查表"].get("href"), "/office/"):
        headers = visitor.client.get(other).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"
    assert 'data-paper' not in enter(world.officer).get(f"/office/register/details/?id={short.id}")


# what is said when it is done ----------------------------------------------------------------------------------------------------------
def test_who_saves_reads_which_fields_changed_and_who_adds_can_add_another(world, enter):
    visitor = enter(world.clerk)
    form = {"name": "裴敬堂", "document_type": "01", "staff_number": "T001", "supervises": "y", "available": "y"}
    page = visitor.post("/office/expert/create/", **form)
    assert '已新建“裴敬堂（T001）”。 <a href="/office/expert/create/">再新建一条</a>' in page
    row = Expert.get()
    page = visitor.post(f"/office/expert/edit/?id={row.id}", edition=row.edition, **form | {"name": "裴敬唐", "title": "教授"})
    assert "改了姓名、职称。" in page
    page = visitor.post(f"/office/expert/edit/?id={row.id}", edition=row.edition + 1, **form | {"name": "裴敬唐", "title": "教授"})
    assert "已保存“裴敬唐（T001）”。" in page
