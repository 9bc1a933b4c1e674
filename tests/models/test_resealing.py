"""Rotation of the keys: afterwards everything opens with the newest key alone; begun again it passes over what is done."""
import pytest

from models import resealing, sealed
from models.audit import Entry, Version
from models.base import db
from models.changes.data import DataChange
from models.files import File
from models.fingerprints.templates import FingerTemplate, enrol
from models.people import Person
from models.reports import ReportLine
from tests.doors import read

NEW = ("sm4", b"n" * 16)


@pytest.fixture
def rotated(world):
    """A world sealed under the key of the demo, with a newer key before it; gives the old keys back at the end."""
    case = world.registered()
    enrol(world.clerk, case, 1, read(1))
    DataChange.add(case.applicants()[0], person=case.person, institution=world.unit, phone="13900000001")
    case.person.change(world.clerk, phone="13900000002")
    before = dict(sealed._keys), sealed._blind
    sealed.configure({"k2": NEW, **before[0]}, before[1])
    yield case
    sealed.configure(*before)


def total(counts):
    return sum(count.done for count in counts)


def alone():
    """Only the new key is at hand."""
    sealed.configure({"k2": NEW}, sealed._blind)


def test_everything_opens_with_the_newest_key_alone(rotated):
    number, prints = rotated.person.document_number, [kept.read() for kept in File.select().where(File.encrypted).order_by(File.id)]
    counts = {count.place: count.done for count in resealing.reseal()}
    alone()
    person = Person.get_by_id(rotated.person_id)
    assert (person.document_number, person.phone, DataChange.get().phone) == (number, "13900000002", "13900000001")
    assert [kept.read() for kept in File.select().where(File.encrypted).order_by(File.id)] == prints and len(prints) == 5
    assert FingerTemplate.get().template == read(1).template
    told, = [version.values["phone"] for version in Version.of(person) if "phone" in version.values]
    assert Person.phone.opened(told[1]) == "13900000002"
    assert counts["person.document_number"] and counts["data_change.phone"] == 1 and counts["version.values"] == 2 and counts["finger_template"] == 1 and counts["file"] == 5


def test_the_index_by_which_numbers_are_found_and_the_edition_stay(rotated):
    before = Person.get_by_id(rotated.person_id)
    total(resealing.reseal())
    after = Person.get_by_id(rotated.person_id)
    assert (after.document_index, after.phone_index, after.edition) == (before.document_index, before.phone_index, before.edition)


def test_a_file_that_an_earlier_version_kept_in_clear_is_sealed_under_a_new_name(rotated):
    photo = rotated.photo
    content, before = photo.read(), photo.path
    before.write_bytes(content)
    File.update(encrypted=False).where(File.id == photo.id).execute()
    result = File.keep(b"rows", "x.xlsx", "result", "application/zip")
    total(resealing.reseal())
    alone()
    kept = File.get_by_id(photo.id)
    assert kept.read() == content and content[:50] not in kept.path.read_bytes() and not before.exists()
    assert File.get_by_id(result.id).read() == b"rows" and total(resealing.reseal()) == 0


def test_a_second_run_has_nothing_to_do(rotated):
    assert total(resealing.reseal()) > 5 and total(resealing.reseal()) == 0


def test_stopped_in_the_middle_it_goes_on_where_it_was(rotated, monkeypatch):
    monkeypatch.setattr(resealing, "CHUNK", 1)
    places = resealing.reseal()
    done = next(count.done for count in places if count.done)
    places.close()
    whole = done + total(resealing.reseal())
    alone()
    assert Person.get_by_id(rotated.person_id).phone == "13900000002" and whole > 5


def test_a_value_that_no_key_opens_is_named_and_holds_up_nothing(rotated):
    db.execute_sql("UPDATE data_change SET phone = 'k0:AAAA'")
    counts = {count.place: count for count in resealing.reseal()}
    assert counts["data_change.phone"].unreadable == [DataChange.select(DataChange.id).tuples().get()[0]] and counts["file"].done == 5


def test_a_value_that_somebody_saves_meanwhile_stays(rotated, monkeypatch):
    """Between the reading of a chunk and the writing of its rows."""
    renew, person = resealing._value, Person.get_by_id(rotated.person_id)

    def meanwhile(kind, field, id, text):
        if field is Person.phone and id == person.id:
            Person.update(phone="13900000003").where(Person.id == id).execute()
        return renew(kind, field, id, text)
    monkeypatch.setattr(resealing, "_value", meanwhile)
    total(resealing.reseal())
    assert Person.get_by_id(person.id).phone == "13900000003"


def test_the_snapshot_of_a_report_is_among_what_is_sealed_anew():
    assert (ReportLine, ReportLine.values) in resealing._sealed()


def test_the_log_says_that_it_was_done(rotated):
    total(resealing.reseal())
    assert Entry.get(Entry.verb == "reseal").reason == "最新的密钥 k2"
