"""What life brings, in the office: a clerk enters a request with its document, a reviewer decides, and each is seen by its own unit only."""
import datetime as dt
import io

import pytest

from models.applications import Application
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.handover import Handover
from models.changes.merging import PersonMerge
from models.changes.programme import ProgrammeChange
from models.files import File
from models.people import FormerDocument, User
from tests.world import account, number_for, pdf

PDF = pdf("proof")


def proof(content=PDF, name="证明.pdf"):
    return (io.BytesIO(content), name)


@pytest.fixture
def case(world):
    return world.registered()


def test_a_clerk_asks_for_an_extension_with_its_document_and_a_reviewer_grants_it(world, enter, case):
    given = {"application": case.id, "ground": "illness", "until": "2032-03-20", "statement": "住院"}
    visitor = enter(world.clerk)
    assert "请填写证明文件" in visitor.post("/office/extension/create/", 422, **given)
    assert "不是图片，或者已经损坏" in visitor.post("/office/extension/create/", 422, document=proof(b"MZ"), **given)
    assert "证明.pdf" in visitor.post("/office/extension/create/", document=proof(), **given)
    row, kept = Extension.get(), File.get(File.kind == "document")
    assert (row.document, row.institution, kept.read(), kept.case_ref) == (kept, world.unit, PDF, case.id)
    assert "延长年限：待审" in enter(world.reviewer).get("/office/")
    enter(world.reviewer).post("/office/extension/step/approve/", id=row.id, confirm="1", opinion="同意")
    assert Application.get_by_id(case.id).deadline == dt.date(2032, 3, 20)
    page = enter(world.clerk).get(f"/office/register/details/?id={case.id}")
    assert "延长年限申请" in page and "延长年限 <b>至 2032-03-20</b>" in page


def test_a_form_that_is_saved_again_keeps_its_document(world, enter, case):
    visitor = enter(world.clerk)
    given = {"application": case.id, "ground": "illness", "until": "2032-03-20", "statement": "住院"}
    visitor.post("/office/extension/create/", document=proof(), **given)
    row = Extension.get()
    visitor.post("/office/extension/edit/", id=row.id, edition=row.edition, **given | {"until": "2033-03-20"})
    again = Extension.get()
    assert (again.document_id, again.until) == (row.document_id, dt.date(2033, 3, 20))
    visitor.post("/office/extension/edit/", id=row.id, edition=again.edition, document=proof(name="新证明.pdf"), **given)
    assert Extension.get().document.name == "新证明.pdf"


def test_a_change_of_programme_is_asked_for_and_decided(world, enter, case):
    other = world.publish(world.unit, world.clerk, code="0301")
    enter(world.clerk).post("/office/programme_change/create/", application=case.id, programme=other.id, statement="岗位变动")
    row = ProgrammeChange.get()
    enter(world.reviewer).post("/office/programme_change/step/approve/", id=row.id, confirm="1", opinion="同意")
    assert Application.get_by_id(case.id).programme == other
    foreign = world.publish(world.unit2, world.clerk2)
    assert "请办理退出后重新申请" in enter(world.clerk).post("/office/programme_change/create/", 422, application=case.id, programme=foreign.id, statement="x")


def test_another_document_number_needs_proof_and_leaves_the_old_one_as_a_former_one(world, enter, case):
    old, new = case.person.document_number, number_for(77)
    given = {"person": case.person_id, "document_number": new, "statement": "重新编号"}
    visitor = enter(world.clerk)
    assert "须附证明文件" in visitor.post("/office/data_change/create/", 422, **given)
    visitor.post("/office/data_change/create/", evidence=proof(), **given)
    row = DataChange.get()
    assert new in enter(world.reviewer).get(f"/office/data_change/details/?id={row.id}"), "whoever decides sees the whole number"
    enter(world.reviewer).post("/office/data_change/step/approve/", id=row.id, confirm="1", opinion="属实")
    assert FormerDocument.get().document_number == old
    assert "曾用证件号" in visitor.get(f"/office/person/details/?id={case.person_id}")
    visitor.get(f"/office/former_document/details/?id={FormerDocument.get().id}")
    enter(world.clerk2).get(f"/office/former_document/details/?id={FormerDocument.get().id}", 404)


def test_the_centre_joins_two_persons_with_two_hands(world, enter, case):
    double, second = world.applicant("重复"), account("centre2", "centre")
    given = {"kept": case.person_id, "double": double.person_id, "statement": "同一人"}
    enter(world.centre).post("/office/person_merge/create/", **given)
    row = PersonMerge.get()
    assert "由两个人办理" in enter(world.centre).get(f"/office/person_merge/details/?id={row.id}")
    enter(second).post("/office/person_merge/step/approve/", id=row.id, confirm="1", opinion="属实", again="1")
    assert PersonMerge.get().state == "approved"
    enter(world.clerk).get("/office/person_merge/", 403)


def test_a_clerk_who_leaves_hands_over_and_his_account_is_closed(world, enter):
    leaver = account("leaver", "clerk", institution=world.unit)
    visitor = enter(world.unit_admin)
    visitor.post("/office/handover/create/", leaver=leaver.id, successor=world.clerk.id, statement="调离")
    visitor.post("/office/handover/step/take_over/", id=Handover.get().id, confirm="1", again="1")
    assert User.get_by_id(leaver.id).state == "disabled"


def test_the_requests_of_another_unit_are_not_found_whatever_the_method(world, enter, case):
    other = world.publish(world.unit, world.clerk, code="0301")
    rows = {"programme_change": ProgrammeChange.add(world.clerk, application=case, programme=other),
            "data_change": DataChange.add(world.clerk, person=case.person, institution=world.unit, email="new@example.cn")}
    for name, row in rows.items():
        for path in ("details/", "step/approve/"):
            enter(world.reviewer2).get(f"/office/{name}/{path}?id={row.id}", 404)
        enter(world.reviewer2).post(f"/office/{name}/step/approve/", 404, id=row.id, confirm="1", opinion="同意")
        assert type(row).get_by_id(row.id).state == "submitted"
        enter(world.clerk2).post(f"/office/{name}/edit/", 404, id=row.id)


def test_a_new_form_does_not_tell_the_name_of_a_foreign_row_that_its_address_gives(enter, world):
    own, foreign = world.registered(world.applicant("自己人")), world.registered(world.applicant("外单位人"), world.publish(world.unit2, world.clerk2))
    clerk = enter(world.clerk)
    assert "自己人" in clerk.get(f"/office/extension/create/?application={own.id}")
    assert "外单位人" not in clerk.get(f"/office/extension/create/?application={foreign.id}")
