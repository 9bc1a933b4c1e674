"""Stage 5 on paper: what a transcript says, that its code is verified, and many of them as one file."""
import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from models.courses import CourseResult
from models.exemptions import Exemption
from models.files import File
from models.jobs import Job
from models.programmes import Course
from models.transcripts import Transcript, as_typed, contents, digest, new_code
from tasks.print import transcripts
from tests.models.refusals import sentences
from tests.world import picture

ADDRESS = "https://tongli.example/check/"


@pytest.fixture
def case(world):
    case = world.registered()
    world.studied(case, 10)
    second, third = Course.get(Course.code == "EC502"), Course.get(Course.code == "EC503")
    CourseResult.add(world.clerk, application=case, course=second, score=Decimal(50)).publish(by=world.clerk)
    CourseResult.add(world.clerk, application=case, course=second, score=Decimal(77))
    proof = File.keep(picture(), "证明.jpg", "document", "image/jpeg", institution=case.institution_id, case_ref=case.id)
    Exemption.add(world.clerk, application=case, course=third, ground="language", document=proof).approve(by=world.reviewer, opinion="同意")
    return case


def text_of(content):
    return ["".join(page.extract_text().replace("\0", "").split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_it_says_the_best_published_attempt_and_exemptions_and_nothing_that_is_not_published(world, case):
    said = contents([case])[case.id]
    assert [(line[0], line[4], line[6]) for line in said["courses"]] == [("EC501", "80", ""), ("EC502", "50", "不合格"), ("EC503", "免修", "")]
    assert (said["earned"], said["needed"]) == ("20", "30")


def test_it_is_noted_with_a_code_and_the_digest_of_what_it_says(world, case):
    row, content = transcripts.one(case, world.clerk, ADDRESS)
    page, = text_of(content)
    assert all(words in page for words in ("课程成绩单", "林叙白", case.register_number, "免修", row.code, ADDRESS + row.code, "取得学分20，要求30"))
    assert row.sha256 == digest(contents([case])[case.id]) and as_typed(row.code.lower().replace("-", " ")) == row.code
    assert len({new_code() for _ in range(1000)}) == 1000


def test_many_come_as_one_file_and_whoever_has_no_result_is_left_out(world, case):
    bare, foreign = world.registered(world.applicant("赵一")), world.registered(world.applicant("钱二"), world.publish(world.unit2, world.clerk2))
    other = world.registered(world.applicant("孙三"))
    world.studied(other)
    job = transcripts.order([row.id for row in (case, bare, foreign, other)], world.clerk, ADDRESS)
    job = Job.get_by_id(job.id)
    assert job.state == "done" and (job.done, job.total) == (4, 4) and "共 2 份" in job.message
    pages = text_of(job.result.read())
    assert len(pages) == 2 and "林叙白" in pages[0] and "孙三" in pages[1]
    assert {row.code for row in Transcript.select()} == {code for row in Transcript.select() for code in [row.code] if code in "".join(pages)}
    assert Transcript.select().count() == 2


def test_nobody_without_a_published_result_has_a_transcript(world):
    case = world.registered()
    assert sentences(transcripts.one, case, world.clerk, ADDRESS) == ["林叙白 还没有已公布的成绩"]
    job = transcripts.order([case.id], world.clerk, ADDRESS)
    assert Job.get_by_id(job.id).state == "failed" and not Transcript.select().exists()


def test_a_plan_of_sixty_courses_goes_on_to_further_pages_with_its_head(world, case):
    plan = case.plan
    for number in range(60):
        course = Course.create(plan=plan, code=f"Z{number:03d}", name=f"选修课程{number}", credits=Decimal(1))
        CourseResult.create(application=case, course=course, institution=case.institution_id, score=75, passed=True, state="published")
    pages = text_of(transcripts.one(case, world.clerk, ADDRESS)[1])
    assert len(pages) == 3 and all("课程名称" in page for page in pages[:2]) and all(f"第{n}页" in page for n, page in enumerate(pages, 1))


def test_a_rare_character_is_printed_and_one_that_the_font_lacks_is_told_by_its_number(world):
    case = world.registered(world.applicant("李𠮷𪚥"))
    world.studied(case)
    page, = text_of(transcripts.one(case, world.clerk, ADDRESS)[1])
    assert "李𠮷〓U+2A6A5" in page
