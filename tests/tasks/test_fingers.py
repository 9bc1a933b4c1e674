"""Fingers by the clock and by the reader: templates made from kept prints, prints destroyed after the award, the simulated reader of the demo."""
from models import clock
from models.applications import Application, Confirmation
from models.audit import Entry
from models.files import File
from models.fingerprints import matcher
from models.fingerprints.templates import FingerTemplate, enrol, likeness
from models.parameters import value
from tasks.fingers import enrol_seated
from tasks.readers import readers
from tasks.upkeep import forget_fingers
from tests.doors import capture, exam_day, read


def test_the_simulated_reader_is_of_the_demo_only_and_gives_another_capture_each_time():
    assert set(readers(False)) == {"file"}
    reader = readers(True)["simulated"]
    first, second = reader.capture(None, 7, 1), reader.capture(None, 7, 1)
    assert first != second and matcher.score(matcher.read(first, False).template, matcher.read(second, False).template) > 48


def test_after_the_award_templates_and_prints_go_and_everything_else_stays(world):
    awarded, other = world.registered(world.applicant("甲")), world.registered(world.applicant("乙"))
    for case in (awarded, other):
        enrol(world.clerk, case, 1, read(1))
    Application.update(state="awarded").where(Application.id == awarded.id).execute()
    paths = {kept.case_ref: kept.path for kept in File.select().where(File.kind == "fingerprint")}
    for _ in range(2):
        forget_fingers()
    assert [row.application_id for row in FingerTemplate.select()] == [other.id]
    assert not paths[awarded.id].exists() and paths[other.id].exists()
    done, kept = (Confirmation.get(application=case) for case in (awarded, other))
    assert done.finger_one_id is None and done.finger_two_id is None and done.scene_id and kept.finger_one_id
    assert Entry.select().where(Entry.verb == "forget", Entry.row_id == awarded.id).count() == 1


def test_who_has_a_seat_soon_and_no_template_gets_one_from_his_kept_prints(world):
    person, = exam_day(world, "甲", printed=False)
    kept = File.keep(capture(1), "指纹一.png", "fingerprint", "image/png", case_ref=person.case.id)
    Confirmation.update(finger_one=kept).where(Confirmation.application == person.case).execute()
    enrol_seated()
    assert not FingerTemplate.select().exists()
    with clock.at(person.language.entry.session.exam_on - clock.days(3)):
        enrol_seated()
        enrol_seated()
    row, = FingerTemplate.select()          # the second print is a plain picture: too poor
    assert row.finger == 1 and likeness([row], capture(1, 1)) >= value("fingers.threshold")
