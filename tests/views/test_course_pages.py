"""Stage 5 on pages: transcripts are printed and verified by everybody, a new version of a plan is made, the applicant objects to a result."""
import datetime as dt
import html
from decimal import Decimal

import pytest

from models import clock
from models.courses import CourseResult
from models.jobs import Job
from models.objections import Objection
from models.programmes import Course, TrainingPlan
from models.transcripts import Transcript
from tests.world import DAY


@pytest.fixture
def case(world):
    case = world.registered()
    world.studied(case, 20)
    return case


def test_one_transcript_opens_at_once_and_everybody_can_verify_it_by_its_code(world, enter, case, visit):
    clerk = enter(world.clerk)
    assert case.register_number in clerk.get(f"/office/transcript/print/?number={case.register_number}")
    content = clerk.post("/office/transcript/print/", 200, numbers=case.register_number)
    assert content[:5] == b"%PDF-"
    row = Transcript.get()
    nobody = visit()
    page = nobody.get(nobody.get("/check", query_string={"code": row.code.lower().replace("-", " ")}).location)
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and "林**" in text and "北京大学" in text and str(DAY.year) in text
    assert not any(words in text for words in ("林叙白", case.register_number, case.person.document_number, "课程1"))
    assert nobody.get("/check/ABCD-EFGH-JKMN-PQRS").status_code == 404


def test_many_are_printed_by_a_job(world, enter, case):
    other = world.registered(world.applicant("赵一"))
    world.studied(other, 10)
    clerk = enter(world.clerk)
    clerk.post("/office/transcript/print/", programme=case.programme_id)
    job = Job.select().where(Job.kind == "transcripts").get()
    assert job.state == "done" and clerk.get(f"/file/{job.result_id}")[:5] == b"%PDF-"
    assert Transcript.select().count() == 2 and "林叙白" in clerk.get("/office/transcript/")


def test_a_foreign_number_prints_nothing_and_the_officer_prints_none(world, enter, case):
    page = enter(world.clerk2).post("/office/transcript/print/", 422, numbers=case.register_number)
    assert "或不在您的范围内" in page and not Transcript.select().exists()
    assert "两样选一样" in enter(world.clerk).post("/office/transcript/print/", 422)
    enter(world.officer).get("/office/transcript/print/", 403)


def test_a_site_that_takes_transcripts_away_from_the_screen_offers_and_prints_none_there(world, enter, office, settings, case):
    assert "/office/transcript/print/" in enter(world.clerk).get("/office/transcript/")
    settings.site_screens.mkdir(exist_ok=True)
    (settings.site_screens / "transcript.toml").write_text("prints = []\n")
    office.extensions["screens"].refresh()
    clerk = enter(world.clerk)
    assert "/office/transcript/print/" not in clerk.get("/office/transcript/")
    clerk.post("/office/transcript/print/", 403, numbers=case.register_number)
    assert not Transcript.select().exists()


def test_a_dismissed_case_takes_its_codes_along(world, enter, case, visit):
    enter(world.clerk).post("/office/transcript/print/", 200, numbers=case.register_number)
    code = Transcript.get().code
    case.dismiss(by=world.reviewer, ground="breach", reason="违纪")
    assert visit().get(f"/check/{code}").status_code == 404


def test_a_new_version_of_a_plan_is_made_and_published_on_its_page(world, enter):
    plan, clerk = TrainingPlan.get(), enter(world.clerk)
    assert "制定新版本" in clerk.get(f"/office/training_plan/details/?id={plan.id}")
    clerk.post("/office/training_plan/step/renew/", id=plan.id, confirm="1", valid_from=str(DAY + dt.timedelta(days=5)))
    fresh = TrainingPlan.get(TrainingPlan.version == 2)
    assert fresh.state == "draft" and fresh.courses.count() == 3
    clerk.post("/office/training_plan/step/publish/", id=fresh.id, confirm="1")
    assert TrainingPlan.get_by_id(fresh.id).state == "published" and "第 2 版" in clerk.get(f"/office/programme/details/?id={world.programme.id}")


def test_the_applicant_objects_within_the_days_and_reads_the_answer(world, visit, enter, case):
    result = CourseResult.add(world.clerk, application=case, course=Course.get(Course.code == "EC503"), score=Decimal(55)).publish(by=world.clerk)
    person = visit(case.applicants()[0])
    assert f"/me/courses/{result.id}/objection" in person.get("/me/courses").get_data(as_text=True)
    assert "请填写异议的理由" in person.post(f"/me/courses/{result.id}/objection", data={"statement": " "}).get_data(as_text=True)
    assert person.post(f"/me/courses/{result.id}/objection", data={"statement": "漏改一题"}).status_code == 302
    row = Objection.get()
    enter(world.clerk).post("/office/objection/step/uphold/", id=row.id, confirm="1", score="66", reason="漏计 11 分")
    page = html.unescape(person.get("/me/courses").get_data(as_text=True))
    assert "55 → 66" in page and "漏计 11 分" in page and "已更正" in page


def test_an_objection_to_a_result_of_somebody_else_or_after_the_days_is_refused(world, visit, case):
    result, other = case.course_results.first(), world.registered(world.applicant("赵一"))
    assert visit(other.applicants()[0]).post(f"/me/courses/{result.id}/objection", data={"statement": "x"}).status_code == 404
    clock.stop(DAY + dt.timedelta(days=16))
    answer = visit(case.applicants()[0]).post(f"/me/courses/{result.id}/objection", data={"statement": "x"})
    assert answer.status_code == 422 and "提出异议的期限已过" in answer.get_data(as_text=True) and not Objection.select().exists()
