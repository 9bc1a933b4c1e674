"""The seats in the office and on the applicant's site (stage 6): the plan and its map, the papers of a site, a ticket in its window, a recheck, the figures."""
import datetime as dt
import io

import openpyxl
import pytest

from models import clock
from models.exams.entries import ExamEntry
from models.exams.rechecks import ResultRecheck
from models.exams.results import ExamResult
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom
from models.exams.tickets import AdmissionTicket
from models.jobs import Job
from tests.crowd import crowd, hall


@pytest.fixture
def closed(world):
    """A closed session with eleven paid at one site, among them a person with an account."""
    session = world.session().change(world.exam, ticket_from=dt.date(2026, 5, 10), ticket_until=dt.date(2026, 5, 23))
    world.mine, world.hall = world.applicant("江南"), hall(world)
    case = world.registered(world.mine)
    crowd(world, session, [(world.hall.id, world.unit2.id if n % 2 else world.unit.id, False) for n in range(11)])
    first = ExamEntry.select().order_by(ExamEntry.id).first()
    ExamEntry.update(application=case).where(ExamEntry.application == first.application_id).execute()
    clock.stop(dt.date(2026, 4, 10))
    session.close(by=world.exam)
    return session


def taken(visitor, plan, step, **values):
    return visitor.post(f"/office/seat_plan/step/{step}/", id=plan.id, confirm="1", again="1", **values)


@pytest.fixture
def fixed(world, enter, closed):
    plan = SeatPlan.get()
    office = enter(world.exam)
    taken(office, plan, "draw")
    taken(office, plan, "fix")
    return SeatPlan.get()


def test_a_plan_is_drawn_by_a_job_shown_with_seed_and_figures_and_fixed(world, enter, closed):
    office, plan = enter(world.exam), SeatPlan.get()
    page = office.get(f"/office/seat_plan/details/?id={plan.id}")
    assert "待排座" in page and closed.seed_hash in page
    page = taken(office, plan, "draw")
    plan = SeatPlan.get()
    assert plan.state == "draft" and plan.seed in page and "22<small>" in page and Job.select().where(Job.kind == "seating").count() == 1
    assert "准考证号已生成" in taken(office, plan, "fix") and AdmissionTicket.select().count() == 22


def test_a_plan_for_which_the_places_do_not_suffice_is_refused_with_figures(world, enter, closed):
    crowd(world, closed, [(world.hall.id, world.unit.id, False)] * 150)
    office = enter(world.exam)
    page = office.get(f"/office/seat_plan/step/draw/?id={SeatPlan.get().id}")
    assert "英语的座位不够" in page and "161 个" in page and "120 个" in page and "41 个" in page
    assert not Job.select().exists()


def test_a_seat_map_shows_who_sits_where_to_the_site_and_to_nobody_elsewhere(world, enter, fixed):
    row = SeatedRoom.get()
    page = enter(world.exam).get(f"/office/seated_room/details/?id={row.id}")
    assert "座位图" in page and "江南" in page and "复旦大学" in page
    enter(world.site_head).get(f"/office/seated_room/details/?id={row.id}", 404)
    world.site_head.site_ref = world.hall.id
    world.site_head.save()
    assert "江南" in enter(world.site_head).get(f"/office/seated_room/details/?id={row.id}")


def test_the_papers_are_ordered_by_the_office_and_the_site_head_and_fetched_by_who_ordered(world, enter, fixed):
    world.site_head.site_ref = world.hall.id
    world.site_head.save()
    head = enter(world.site_head)
    assert "准考证" not in head.get("/office/seated_room/papers/").split("<form")[1]
    page = head.post("/office/seated_room/papers/", session=fixed.session_id, site=world.hall.id, paper="door", form="pdf")
    job = Job.select().order_by(Job.id.desc()).get()
    assert "完成" in page and head.client.get(f"/file/{job.result_id}").data[:4] == b"%PDF"
    assert enter(world.door).client.get(f"/file/{job.result_id}").status_code == 404
    head.post("/office/seated_room/papers/", 404, session=fixed.session_id, site=world.site.id, paper="door", form="pdf")
    head.post("/office/seated_room/papers/", 404, session=fixed.session_id, site=world.hall.id, paper="tickets", form="pdf")
    enter(world.exam).post("/office/seated_room/papers/", session=fixed.session_id, site=world.hall.id, paper="tickets", form="pdf")
    assert Job.select().where(Job.kind == "site_tickets", Job.state == "done").count() == 1


def test_a_ticket_is_fetched_only_in_its_window_and_only_by_its_person(world, enter, fixed):
    ticket = AdmissionTicket.select().join(ExamEntry).where(ExamEntry.application == world.mine.person.applications.get()).get()
    mine = enter(world.mine)
    assert "不在准考证下载时间内" in mine.get("/me/exam/tickets") and "不在准考证下载时间内" in mine.get(mine.client.get(f"/me/exam/ticket/{ticket.id}").location)
    clock.stop(dt.datetime(2026, 5, 23, 23, 59))
    assert "下载准考证" in mine.get("/me/exam/tickets") and f"{world.hall}" in mine.get("/me/exam/tickets")
    assert mine.get(f"/me/exam/ticket/{ticket.id}")[:4] == b"%PDF"
    enter(world.applicant("别人")).get(f"/me/exam/ticket/{ticket.id}", 404)
    clock.stop(dt.datetime(2026, 5, 24))
    assert mine.client.get(f"/me/exam/ticket/{ticket.id}").status_code == 302


def test_a_recheck_is_asked_for_on_a_page_and_answered_in_the_office(world, enter):
    case, session = world.registered(), world.session()
    world.sat(case, session, score=58)
    session.change(world.exam, recheck_from=dt.date(2026, 7, 1), recheck_until=dt.date(2026, 7, 15))
    world.published(session)
    clock.stop(dt.date(2026, 7, 2))
    result, mine, office = ExamResult.select().first(), enter(case.applicants()[0]), enter(world.exam)
    assert "请填写复查的理由" in mine.post(f"/me/exam/recheck/{result.id}", 422, statement=" ")
    assert "复查申请已提交" in mine.post(f"/me/exam/recheck/{result.id}", statement="漏评一题")
    row = ResultRecheck.get()
    assert "漏评一题" in office.get(f"/office/result_recheck/details/?id={row.id}")
    office.post("/office/result_recheck/step/correct/", id=row.id, confirm="1", score="63", reason="漏加 5 分")
    page = mine.get("/me/exam/tickets")
    assert "漏加 5 分" in page and ">63<" in page
    enter(world.applicant("别人")).get(f"/me/exam/recheck/{result.id}", 404)


def test_the_figures_are_shown_with_bars_and_as_a_workbook(world, enter):
    session = world.session()
    world.sat(world.registered(), session, score=70)
    world.published(session)
    office = enter(world.exam)
    for by in ("subject", "province", "unit"):
        page = office.get(f"/office/exam_statistics/?by={by}")
        assert "<svg" in page and "100.0%" in page
    office.get("/office/exam_statistics/?by=nothing", 404)
    book = openpyxl.load_workbook(io.BytesIO(office.get("/office/exam_statistics/xlsx/")))
    assert book.sheetnames == ["科目", "考试省份", "学位授予单位"] and book["学位授予单位"]["A2"].value == "北京大学"
    assert enter(world.door).client.get("/office/exam_statistics/").status_code == 403
