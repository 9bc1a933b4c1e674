"""Stage 8: the unit's own check list, the materials handed in with a request, and what is returned for completion."""
import pytest

from models.applications import Application
from models.audit import Entry
from models.defences import CheckItem, RequestDocument, attach, request_defence
from models.files import File
from tests.models.refusals import refused, sentences


@pytest.fixture
def case(world):
    return world.ready()


def scan(case, name="论文.pdf"):
    return File.keep(b"%PDF-1.4 thesis", name, "document", "application/pdf", institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)


def test_a_unit_checks_by_its_own_list_and_without_one_by_that_of_the_platform(world, case):
    request = request_defence(case, case.applicants()[0])
    assert [title for title, _ in request.checklist()] == ["发表论文或成果", "学位论文定稿", "导师同意答辩"]
    for position, title in ((2, "学术报告两次"), (1, "公开发表一篇")):
        CheckItem.add(world.reviewer, institution=world.unit, title=title, position=position)
    CheckItem.add(world.reviewer, institution=world.unit, title="旧要求", in_use=False)
    CheckItem.add(world.reviewer2, institution=world.unit2, title="别的单位的要求")
    assert request.checklist() == [("公开发表一篇", False), ("学术报告两次", False)]


def test_a_request_is_approved_once_every_item_is_ticked(world, case):
    for title in ("公开发表一篇", "学术报告两次"):
        CheckItem.add(world.reviewer, institution=world.unit, title=title)
    request = request_defence(case, case.applicants()[0])
    request.tick(world.reviewer, ["公开发表一篇", "不在单子上的"])
    assert request.ticked == ["公开发表一篇"]
    assert sentences(request.approve, by=world.reviewer, opinion="同意") == ["请逐项核对本单位的要求：学术报告两次：要求 2 项，实际 1 项，差 1 项"]
    request.tick(world.reviewer, ["公开发表一篇", "学术报告两次"])
    assert request.approve(by=world.reviewer, opinion="同意").state == "approved"
    assert Entry.select().where(Entry.verb == "tick").count() == 2


def test_only_a_reviewer_of_the_unit_ticks_and_only_while_it_waits(world, case):
    user = case.applicants()[0]
    request = request_defence(case, user)
    assert "您的角色不能核对" in sentences(request.tick, world.clerk)[0]
    assert sentences(request.tick, world.reviewer2) == ["没有这一行，或不在您的范围内"]
    request.send_back(by=world.reviewer, reason="请补签字")
    assert sentences(request.tick, world.reviewer) == ["只能核对待审的申请：要求 待审，实际 退回补正"]


def test_what_was_ticked_is_looked_at_again_after_a_return(world, case):
    user = case.applicants()[0]
    request_defence(case, user).tick(world.reviewer).send_back(by=world.reviewer, reason="请补签字")
    again = request_defence(Application.get_by_id(case.id), user)
    assert again.ticked == [] and "要求 3 项，实际 0 项" in sentences(again.approve, by=world.reviewer, opinion="同意")[0]


def test_materials_go_with_the_request_and_are_replaced_under_their_title(world, case):
    user = case.applicants()[0]
    attach(case, user, "学位论文", scan(case))
    attach(case, user, "学位论文", scan(case, "论文二稿.pdf"))
    request = request_defence(case, user)
    assert [(row.title, row.file.name) for row in request.documents] == [("学位论文", "论文二稿.pdf")]
    assert RequestDocument.visible_to(world.reviewer).count() == 1 and not RequestDocument.visible_to(world.reviewer2).exists()
    assert not RequestDocument.visible_to(world.applicant("旁人")).exists()
    assert File.seen(world.reviewer, request.documents.get().file_id) and File.seen(world.reviewer2, request.documents.get().file_id) is None


def test_materials_stand_while_the_request_is_reviewed_and_are_completed_when_it_is_returned(world, case):
    user = case.applicants()[0]
    attach(case, user, "学位论文", scan(case))
    request = request_defence(case, user)
    wrong = refused(request.documents.get().change, user, file=scan(case, "新稿.pdf")).fields
    assert wrong == {"file": "提交之后不能再改材料：要求 草稿、退回补正，实际 待审"}
    assert "现在不能申请答辩" in sentences(attach, Application.get_by_id(case.id), user, "导师意见", scan(case))[0]
    request.send_back(by=world.reviewer, reason="缺导师意见")
    attach(Application.get_by_id(case.id), user, "导师意见", scan(case))
    assert request.documents.count() == 2


def test_no_material_opens_a_request_for_whoever_lacks_a_condition(world):
    case = world.registered()
    assert "修满学分" in str(refused(attach, case, case.applicants()[0], "学位论文", scan(case)))
    assert not case.defence_requests.exists()


def test_a_dismissed_case_takes_its_materials_along(world, case):
    attach(case, case.applicants()[0], "学位论文", scan(case))
    case.dismiss(by=world.clerk, ground="breach", reason="违纪")
    assert not RequestDocument.select().exists()
