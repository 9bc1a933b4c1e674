"""The confirmation desk (stage 3): what is captured there, how it is kept, and what stands against confirming."""
import io

import pytest

from models.applications import Application, Confirmation
from models.audit import Entry
from models.consents import Consent
from models.files import File
from models.fingerprints.templates import FingerTemplate
from tests.doors import capture, read
from tests.world import account, number_for, pdf, picture

DESK = "/office/confirmation/desk/"
ORIGINALS = ["学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见"]


@pytest.fixture
def case(world):
    user = world.applicant()
    return world.draft(user).submit(by=user)


def image(form="PNG", colour="black"):
    return io.BytesIO(picture(300, 400, colour, form)), f"x.{form.lower()}"


def finger(seed):
    return io.BytesIO(capture(seed)), "finger.png"


def captured(**values):
    """All that the desk asks for."""
    return {"originals": ORIGINALS, "biometric_consent": "on", "scene": image("JPEG"), "finger_one": finger(1), "finger_two": finger(2),
            "form_scan": (io.BytesIO(pdf()), "form.pdf"), **values}


def test_finds_the_person_by_application_number_or_document_number(enter, world, case):
    visitor = enter(world.clerk)
    for number in (case.number, case.person.document_number, f" {case.person.document_number.lower()} "):
        assert f'value="{case.id}"' in visitor.get(f"{DESK}?q={number}")


def test_says_that_a_number_is_not_known_here_even_when_it_is_elsewhere(enter, world, case):
    for user in (world.clerk, world.clerk2):
        number = number_for(999) if user is world.clerk else case.number
        assert "没有号码为" in enter(user).get(f"{DESK}?q={number}")


def test_shows_the_whole_document_number_because_the_work_needs_it(enter, world, case):
    assert case.person.document_number in enter(world.clerk).get(f"{DESK}?id={case.id}")


def test_one_screen_confirms_the_person_and_goes_on_to_the_next(enter, world, case):
    page = enter(world.clerk).post(DESK, id=case.id, confirm="1", **captured())
    assert "现场确认完成" in page and "没有人等待现场确认" in page
    assert Application.get_by_id(case.id).state == "confirmed"


def by_script(visitor, **values):
    """The answer to the script of the page: status, and what is told."""
    answer = visitor.client.post(DESK, data=values, headers={"Accept": "application/json"}, content_type="multipart/form-data")
    return answer.status_code, answer.get_json()


def test_the_script_saves_at_once_and_confirms_what_it_saved_later(enter, world, case):
    visitor = enter(world.clerk)
    status, told = by_script(visitor, id=case.id, confirm="1", held="1", edition="", **captured())
    assert status == 200 and Application.get_by_id(case.id).state == "submitted" and Confirmation.get().gaps() == []
    assert f'value="{case.id}"' in visitor.get(f"{DESK}?id={case.id}") and "没有人等待现场确认" in visitor.get(f"{DESK}?held={case.id}")
    status, told = by_script(visitor, id=case.id, confirm="saved", edition=told["edition"])
    assert status == 200 and "现场确认完成" in told["done"] and Application.get_by_id(case.id).state == "confirmed"
    status, told = by_script(visitor, id=case.id, confirm="saved", edition="0")
    assert status == 422 and "不在确认台办理" in told["against"][0]


def test_the_script_is_told_what_stands_against_it_and_what_it_saved_is_kept(enter, world, case):
    visitor = enter(world.clerk)
    status, told = by_script(visitor, id=case.id, confirm="1", held="1", edition="", originals=["身份证"])
    assert status == 422 and "原件没有核对完" in told["against"][0] and Confirmation.get().originals == ["身份证"]
    status, told = by_script(visitor, id=case.id, confirm="1", held="1", edition=told["edition"], **captured())
    assert status == 200 and Confirmation.select().count() == 1


def test_what_somebody_else_changed_since_it_was_saved_is_not_confirmed(enter, world, case):
    visitor = enter(world.clerk)
    _, told = by_script(visitor, id=case.id, confirm="1", held="1", edition="", **captured())
    Confirmation.get().change(world.clerk, note="证件换了")
    status, answer = by_script(visitor, id=case.id, confirm="saved", edition=told["edition"])
    assert status == 422 and "别人已经修改" in answer["against"][0] and Application.get_by_id(case.id).state == "submitted"


def test_images_and_prints_are_kept_encrypted_and_never_served(enter, world, case):
    visitor = enter(world.clerk)
    visitor.post(DESK, id=case.id, **captured())
    confirmation = Confirmation.get()
    for kept in (confirmation.scene, confirmation.finger_one, confirmation.finger_two):
        assert kept.encrypted and not kept.path.read_bytes().startswith((b"\x89PNG", b"\xff\xd8")) and kept.read().startswith((b"\x89PNG", b"\xff\xd8"))
        visitor.get(f"/file/{kept.id}", 404)
    assert confirmation.form_scan.encrypted
    visitor.get(f"/file/{confirmation.form_scan_id}")


def test_templates_of_both_fingers_are_taken_at_once_and_the_page_shows_nothing_of_them(enter, world, case):
    visitor = enter(world.clerk)
    visitor.post(DESK, id=case.id, **captured())
    assert [(row.finger, row.template) for row in FingerTemplate.select().order_by(FingerTemplate.finger)] == [(1, read(1).template), (2, read(2).template)]
    page = visitor.get(f"/office/confirmation/details/?id={Confirmation.get().id}")
    assert "模板" not in page and "特征点" not in page


def test_a_poor_print_is_told_at_once_and_everything_else_is_kept(enter, world, case):
    page = enter(world.clerk).post(DESK, 422, id=case.id, confirm="1", **captured(finger_two=image(colour="gray"), note="到场较晚"))
    assert 'id="finger_two-error"' in page and "指纹图像质量不够" in page and "不低于 20" in page
    row = Confirmation.get()
    assert row.finger_one_id and row.scene_id and row.form_scan_id and row.finger_two_id is None and row.note == "到场较晚"
    assert [template.finger for template in FingerTemplate.select()] == [1] and Application.get_by_id(case.id).state == "submitted"


def test_in_the_demo_a_simulated_reader_takes_both_fingers(enter, world, case):
    empty = {name: (io.BytesIO(b""), "") for name in ("finger_one", "finger_two")}
    enter(world.clerk).post(DESK, id=case.id, confirm="1", reader="simulated", **captured(**empty))
    assert FingerTemplate.select().count() == 2 and Application.get_by_id(case.id).state == "confirmed"


def test_nothing_is_kept_without_the_consent_of_the_person(enter, world, case):
    page = enter(world.clerk).post(DESK, 422, id=case.id, **{name: value for name, value in captured().items() if name != "biometric_consent"})
    assert "本人没有同意采集" in page and not Confirmation.select().exists()
    assert not File.select().where(File.kind.in_(("scene", "fingerprint"))).exists()


def test_whoever_refuses_is_confirmed_by_his_papers_and_what_he_said_is_kept(enter, world, case):
    visitor = enter(world.clerk)
    assert "采集同意书" in visitor.get(f"{DESK}?id={case.id}")
    visitor.post(DESK, id=case.id, originals=ORIGINALS, biometric_refused="on", form_scan=captured()["form_scan"], confirm="1")
    assert Application.get_by_id(case.id).state == "confirmed" and not FingerTemplate.select().exists()
    assert not File.select().where(File.kind.in_(("scene", "fingerprint"))).exists()
    consent, = case.person.consents
    assert (consent.given, consent.text.kind, consent.text.version, consent.taken_by) == (False, "biometrics", "2026-1", world.clerk)


def test_nobody_refuses_and_agrees_at_once_and_a_refusal_keeps_no_capture(enter, world, case):
    visitor = enter(world.clerk)
    assert "只能选一项" in visitor.post(DESK, 422, id=case.id, biometric_refused="on", biometric_consent="on", originals=ORIGINALS)
    without = {name: value for name, value in captured().items() if name != "biometric_consent"}
    assert "本人没有同意采集" in visitor.post(DESK, 422, id=case.id, biometric_refused="on", **without)
    assert not Consent.select().exists() and not Confirmation.select().exists()


def test_a_consent_that_is_taken_back_at_the_desk_destroys_what_was_captured(enter, world, case):
    visitor = enter(world.clerk)
    visitor.post(DESK, id=case.id, **captured())
    paths = [file.path for file in File.select().where(File.kind.in_(("scene", "fingerprint")))]
    assert len(paths) == 3 and FingerTemplate.select().count() == 2
    visitor.post(DESK, id=case.id, edition=Confirmation.get().edition, originals=ORIGINALS, biometric_refused="on")
    assert not any(path.exists() for path in paths) and not FingerTemplate.select().exists()
    kept = Confirmation.get()
    assert (kept.scene, kept.finger_one, kept.finger_two, kept.biometric_refused) == (None, None, None, True)
    assert [consent.given for consent in Consent.select().order_by(Consent.id)] == [True, False]
    assert Entry.get(Entry.verb == "forget").row_id == case.id


def test_what_is_missing_stands_there_and_what_was_captured_is_kept(enter, world, case):
    visitor = enter(world.clerk)
    page = visitor.post(DESK, 422, id=case.id, confirm="1", **captured(originals=ORIGINALS[:3], finger_two=(io.BytesIO(b""), "")))
    assert "原件没有核对完" in page and "2 枚" in page and "已有，再选就是更换" in page
    assert Application.get_by_id(case.id).state == "submitted"
    edition = Confirmation.get().edition
    visitor.post(DESK, id=case.id, edition=edition, confirm="1", originals=ORIGINALS, biometric_consent="on", finger_two=finger(2))
    assert Application.get_by_id(case.id).state == "confirmed"


def test_prints_that_cannot_be_taken_need_a_reason_and_a_second_person(enter, world, case):
    colleague = account("colleague", "clerk", institution=world.unit)
    without = captured(finger_one=(io.BytesIO(b""), ""), finger_two=(io.BytesIO(b""), ""), no_fingers_reason="手部受伤")
    visitor = enter(world.clerk)
    assert "第二人见证" in visitor.post(DESK, 422, id=case.id, confirm="1", **without)
    visitor.post(DESK, id=case.id, edition=Confirmation.get().edition, confirm="1", originals=ORIGINALS, biometric_consent="on",
                 no_fingers_reason="手部受伤", witness=str(colleague.id))
    assert Confirmation.get().witness == colleague


def test_nobody_of_another_unit_and_not_the_clerk_himself_is_a_witness(enter, world, case):
    for person in (world.clerk, world.clerk2, world.officer):
        enter(world.clerk).post(DESK, id=case.id, edition=getattr(Confirmation.get_or_none(), "edition", ""), witness=str(person.id), no_fingers_reason="手部受伤")
        assert Confirmation.get().witness is None


@pytest.mark.parametrize("field, content, sentence", [
    ("scene", pdf(), "要求 JPEG 或 PNG 图片"), ("finger_one", b"nothing", "不是图片"), ("form_scan", b"GIF89a", "不是图片")])
def test_a_wrong_upload_is_refused_at_its_field_and_keeps_what_was_typed(enter, world, case, field, content, sentence):
    page = enter(world.clerk).post(DESK, 422, id=case.id, **captured(note="到场较晚", **{field: (io.BytesIO(content), "x")}))
    assert f'id="{field}-error"' in page and sentence in page and "到场较晚" in page
    assert not Confirmation.select().exists() and not File.select().where(File.kind == "fingerprint").exists()


def test_the_second_of_two_clerks_is_told_that_somebody_saved_before(enter, world, case):
    colleague = account("colleague", "clerk", institution=world.unit)
    enter(world.clerk).post(DESK, id=case.id, note="先到")
    page = enter(colleague).post(DESK, 422, id=case.id, note="后到")
    assert "别人已经修改" in page and "后到" in page and Confirmation.get().note == "先到"


def test_a_case_that_does_not_wait_is_not_confirmed_again(enter, world):
    case = world.registered()
    before = Confirmation.select().count()
    page = enter(world.clerk).post(DESK, id=case.id, confirm="1", **captured())
    assert "不在确认台办理" in page and Confirmation.select().count() == before


def test_the_desk_is_the_clerks_and_a_foreign_case_is_not_found(enter, world, case):
    enter(world.reviewer).get(DESK, 403)
    enter(world.clerk2).get(f"{DESK}?id={case.id}", 404)
    enter(world.clerk2).post(DESK, 404, id=case.id, confirm="1")
