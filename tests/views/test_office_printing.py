"""Papers of cases: who prints which of whom, what they say, that many come as one file, and that everybody can verify one by its code."""
import io

import pytest
from pypdf import PdfReader

from models.applications import Application
from models.jobs import Job
from models.printouts import FIELDS, FORMS, MORE, Printout, says
from tasks.print.layouts import take

DETAILS = "/office/{}/details/?id={}"


def words(content):
    """The text of a PDF without spaces."""
    return "".join("".join(page.extract_text().replace("\0", "").split()) for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def case(world):
    return world.confirmed(world.applicant("林叙白"))


def test_the_review_form_says_what_was_filled_in_and_is_verified_by_its_code(enter, office, world, case):
    clerk = enter(world.clerk)
    assert 'action="/office/application/paper/review/"' in clerk.get(DETAILS.format("application", case.id))
    text = words(clerk.post("/office/application/paper/review/", 200, id=case.id))
    row = Printout.get()
    for said in ("资格审查表", "林叙白", case.person.document_number, "北京大学", "1000142012000001", "某研究所", case.number, row.code, "学位授予单位（盖章）"):
        assert said in text, said
    page = office.test_client().get(f"/check/{row.code}").get_data(as_text=True)
    assert "资格审查表" in page and "林**" in page and "有效" in page and case.person.document_number not in page


def test_the_defence_form_has_the_three_conditions_and_the_units_list(enter, world):
    case = world.ready(user=world.applicant("林叙白"))
    world.admit(case)
    text = words(enter(world.reviewer).post("/office/register/paper/defence/", 200, id=case.id))
    request = case.defence_requests.get()
    for said in ("答辩资格审核表", *(item["title"] for item in request.evidence), *request.ticked, "已核对", "满足"):
        assert said in text, said


def test_the_notice_of_dismissal_names_ground_and_reason_and_stays_valid_when_the_rest_is_cleared(enter, office, world):
    case = world.registered(world.applicant("林叙白"))
    enter(world.clerk).post("/office/register/paper/review/", 200, id=case.id)
    before = Printout.get().code
    case.dismiss(by=world.reviewer, ground="over_limit", reason="2026 年第 3 号文件\n学习年限届满")
    text = words(enter(world.clerk).post("/office/dismissed/paper/dismissal/", 200, id=case.id))
    assert "〓" not in text and "超过规定的学习年限" in text and "2026年第3号文件" in text and "可以重新提出申请" in text
    visitor = office.test_client()
    assert visitor.get(f"/check/{Printout.get().code}").status_code == 200 and visitor.get(f"/check/{before}").status_code == 404


def test_a_paper_that_a_case_has_not_is_not_offered_nor_printed(enter, world, case):
    clerk = enter(world.clerk)
    assert "清退通知" not in clerk.get(DETAILS.format("application", case.id))
    for form in ("dismissal", "defence", "nothing"):
        clerk.post(f"/office/application/paper/{form}/", 404, id=case.id)
    assert not Printout.select().exists()


def test_a_foreign_case_is_unknown_and_who_only_looks_on_prints_nothing(enter, world, case):
    enter(world.clerk2).post("/office/application/paper/review/", 404, id=case.id)
    enter(world.officer).post("/office/application/paper/review/", 404, id=case.id)
    enter(world.officer).get("/office/application/papers/", 403)
    assert not Printout.select().exists()


def test_the_papers_of_a_list_come_as_one_file_and_who_has_none_is_counted(enter, world, case):
    other = world.confirmed(world.applicant("周知微"))
    gone = world.draft(user := world.applicant("吴撤回")).submit(by=user)
    gone.withdraw(by=user)
    clerk = enter(world.clerk)
    page = clerk.get("/office/application/papers/?list=?f.state=confirmed%26f.state=withdrawn")
    assert "有 <b>3</b> 人" in page
    clerk.post("/office/application/papers/", list="?f.state=confirmed&f.state=withdrawn", form="review")
    job = Job.get(Job.kind == "papers")
    assert job.state == "done" and "共 2 份，没有这种表格的 1 人" in job.message
    text = words(job.result.read())
    assert "林叙白" in text and "周知微" in text and "吴撤回" not in text
    assert {row.application_id for row in Printout.select()} == {case.id, other.id} and Application.get_by_id(gone.id).state == "withdrawn"


def test_a_transcript_is_one_of_the_papers_of_a_case_and_of_a_list(enter, world):
    case, other = world.ready(), world.registered(world.applicant("周知微"))
    clerk = enter(world.clerk)
    assert "paper/transcript/" in clerk.get(DETAILS.format("register", case.id)) and "paper/transcript/" not in clerk.get(DETAILS.format("register", other.id))
    assert "成绩单" in words(clerk.post("/office/register/paper/transcript/", 200, id=case.id))
    clerk.post("/office/register/paper/transcript/", 404, id=other.id)
    clerk.post("/office/register/papers/", list="", form="transcript")
    assert "共 1 份，没有成绩的 1 人" in Job.get(Job.kind == "transcripts").message


def test_a_form_that_the_site_takes_away_is_neither_offered_nor_printed(enter, office, settings, world, case):
    settings.site_screens.mkdir(exist_ok=True)
    (settings.site_screens / "application.toml").write_text('prints = ["defence"]\n')
    office.extensions["screens"].refresh()
    clerk = enter(world.clerk)
    assert "资格审查表</button>" not in clerk.get(DETAILS.format("application", case.id))
    clerk.post("/office/application/paper/review/", 404, id=case.id)
    page = clerk.post("/office/application/papers/", 422, list="?f.state=confirmed", form="review")
    assert "请选择要打印的表格" in page and "答辩资格审核表" in page and "资格审查表" not in page.split("<form")[-1]
    assert not Printout.select().exists()


def test_a_file_of_the_site_lays_a_form_out_and_a_wrong_one_is_told_and_changes_nothing(enter, office, settings, world, case):
    screens, prints = office.extensions["screens"], settings.site_screens.parent / "prints"
    prints.mkdir()
    (prints / "review.toml").write_text('title = "申请硕士学位审查表"\nintro = ["{{ 姓名 }}，{{ 年度 }} 年"]\nfields = ["姓名", { name = "申请号", label = "编号" }]\nboxes = ["研究生院（盖章）"]\n', "utf-8")
    screens.refresh()
    clerk, it = enter(world.clerk), enter(world.it)
    text = words(clerk.post("/office/application/paper/review/", 200, id=case.id))
    assert "申请硕士学位审查表" in text and "林叙白，2026年" in text and f"编号{case.number}" in text and "研究生院（盖章）" in text and "证件号码" not in text
    assert Printout.get().code in text
    assert "本站文件" in it.get("/office/configure/")
    (prints / "review.toml").write_text('titel = "x"\n', "utf-8")
    screens.refresh()
    assert "prints/review.toml:1: titel: 没有这个键；是不是“title”？" in it.get("/office/configure/") and "按出厂的样式打印" in clerk.get("/office/application/papers/")
    assert "证件号码" in words(clerk.post("/office/application/paper/review/", 200, id=case.id))
    take({})


def test_what_a_layout_may_name_is_what_stands_on_the_form(world):
    ready = world.ready(user=world.applicant("王若水"))
    world.admit(ready)
    gone = world.registered(world.applicant("周知微"))
    gone.dismiss(by=world.reviewer, ground="over_limit", reason="届满")
    for form, row in (("review", ready), ("defence", ready), ("dismissal", gone)):
        said = says(form, Application.get_by_id(row.id))
        assert tuple(name for group in said["facts"] for name, _ in group) == FIELDS[form] and tuple(said["more"]) == MORE[form]


def test_without_a_form_or_without_anybody_nothing_is_printed_and_it_is_said(enter, world, case):
    clerk = enter(world.clerk)
    assert "请选择要打印的表格" in clerk.post("/office/application/papers/", 422, list="")
    assert "这个列表里没有人" in clerk.post("/office/application/papers/", 422, list="?f.state=rejected", form="review")
    assert set(FORMS) == {"review", "defence", "dismissal"}
