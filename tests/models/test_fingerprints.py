"""Fingerprints (stages 3 and 6): what the matcher tells apart, how templates are kept, who never sees them, and when they are gone."""
import pytest

from models import sealed
from models.audit import Entry, Version
from models.base import db
from models.files import File
from models.fingerprints import matcher
from models.fingerprints.templates import FingerTemplate, enrol, enrolled, judged, likeness
from models.parameters import value
from models.workflow import Refused
from tests.doors import capture, read
from tests.world import picture


# the matcher ------------------------------------------------------------------------------------------------------------------------------
def test_two_captures_of_one_finger_are_alike_and_those_of_two_fingers_are_not(database):
    least = value("fingers.threshold")
    again, other = (matcher.read(capture(seed, 1), judging=False) for seed in (1, 2))
    assert matcher.score(read(1).template, again.template) >= least > matcher.score(read(1).template, other.template)


def test_a_template_is_the_standard_one_and_no_picture():
    found = read(1)
    assert found.template.startswith(matcher.ISO_HEAD) and len(found.template) < 1000
    assert found.minutiae > 20 and 20 < found.quality <= 100


def test_a_picture_without_a_print_is_a_print_of_no_quality_and_like_nothing():
    found = matcher.read(picture(300, 400, "white", "PNG"))
    assert found == matcher.Print(b"", 0, 0) and matcher.score(found.template, read(1).template) == 0


@pytest.mark.parametrize("data, sentence", [(b"nothing", "不是图片"), (b"", "不是图片"), (picture(60, 400, "white", "PNG"), "要求 每边 120 到 1200 像素"),
                                            (picture(300, 1300, "white", "PNG"), "实际 300 × 1300 像素")])
def test_what_is_no_capture_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(Refused, match=sentence):
        matcher.read(data)


def test_a_poor_capture_is_refused_with_the_figures(database):
    with pytest.raises(Refused, match="指纹图像质量不够.*要求 不低于 20，实际 0，差 20"):
        judged(picture(300, 400, "gray", "PNG"))


# how they are kept ------------------------------------------------------------------------------------------------------------------------
def test_a_template_is_kept_sealed_under_a_key_that_it_names(world):
    row = enrol(world.clerk, world.registered(), 1, read(1))
    stored, = db.execute_sql("SELECT kept FROM finger_template").fetchone()
    assert bytes(stored).startswith(sealed.newest().encode() + b":") and matcher.ISO_HEAD not in bytes(stored)
    assert FingerTemplate.get_by_id(row.id).template == read(1).template


def test_a_template_that_is_moved_to_another_person_does_not_open(world):
    mine, other = world.registered(world.applicant("甲")), world.registered(world.applicant("乙"))
    enrol(world.clerk, mine, 1, read(1))
    enrol(world.clerk, other, 1, read(2))
    FingerTemplate.update(kept=FingerTemplate.get(application=mine).kept).where(FingerTemplate.application == other).execute()
    with pytest.raises(ValueError, match="已损坏或被移动"):
        likeness(enrolled(other.id), capture(1))


def test_taking_a_finger_again_replaces_its_template(world):
    case = world.registered()
    for seed in (1, 2):
        enrol(world.clerk, case, 1, read(seed))
    assert [row.template for row in enrolled(case.id)] == [read(2).template]


def test_the_log_says_that_a_finger_was_taken_and_never_what_it_is(world):
    case = world.registered()
    enrol(world.clerk, case, 1, read(1))
    entry = Entry.get(Entry.entity == "finger_template")
    assert (entry.verb, entry.user_name, entry.case_ref, entry.names, entry.digest) == ("enrol", "clerk", case.id, "", "")
    assert not Version.select().where(Version.entry == entry).exists()


# when they are gone -----------------------------------------------------------------------------------------------------------------------
def test_a_dismissal_destroys_templates_and_prints(world):
    case = world.registered()
    enrol(world.clerk, case, 1, read(1))
    prints = [kept.path for kept in File.select().where(File.kind == "fingerprint")]
    case.dismiss(by=world.clerk, ground="breach", reason="违纪")
    assert not FingerTemplate.select().exists() and prints and not any(path.exists() for path in prints)
