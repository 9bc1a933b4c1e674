"""Consent: texts in dated versions, and what each person said to which of them."""
import datetime as dt
import importlib.util

import pytest

from models import clock, consents
from models.base import db
from models.consents import Consent, ConsentText, record_consent, standing, text_of
from models.people import Person
from models.registry import MIGRATIONS
from tests.models.refusals import refused
from tests.world import DAY


def new_text(world, **values):
    return ConsentText.add(world.centre, **{"kind": "biometrics", "version": "2026-2", "title": "新的同意书", "body": "内容", "valid_from": DAY} | values)


def test_the_text_in_force_is_the_latest_whose_day_has_come(world):
    new_text(world, valid_from=DAY + dt.timedelta(days=2))
    assert text_of("biometrics").version == "2026-1"
    with clock.at(DAY + dt.timedelta(days=2)):
        assert text_of("biometrics").version == "2026-2"


def test_a_text_that_is_in_force_is_not_changed_any_more(world):
    future = new_text(world, valid_from=DAY + dt.timedelta(days=2))
    assert future.change(world.centre, body="更好的内容").body == "更好的内容"
    with clock.at(DAY + dt.timedelta(days=2)):
        assert "已经启用" in str(refused(future.change, world.centre, body="又改").reasons[0])


def test_a_text_does_not_begin_in_the_past_and_a_version_is_used_once(world):
    assert "不早于今天" in refused(new_text, world, valid_from=DAY - dt.timedelta(days=1)).fields["valid_from"]
    assert "已经有了" in str(refused(new_text, world, version="2026-1").reasons[0])


def test_the_last_word_counts_each_is_kept_and_the_same_said_again_adds_nothing(world):
    person = world.applicant().person
    for by, given in ((world.clerk, True), (world.clerk, True), (person.users.get(), False)):
        record_consent(by, person, "biometrics", given)
    assert [(row.given, row.taken_by) for row in Consent.select().order_by(Consent.id)] == [(True, world.clerk), (False, None)]
    assert standing(person, "biometrics").given is False and standing(person, "privacy") is None


def test_a_new_version_is_agreed_to_anew(world):
    person = world.applicant().person
    record_consent(None, person, "biometrics")
    new_text(world)
    record_consent(None, person, "biometrics")
    assert [row.text.version for row in Consent.select().order_by(Consent.id)] == ["2026-1", "2026-2"]


@pytest.mark.parametrize("role", ["clerk", "reviewer", "unit_admin"])
def test_a_unit_reads_what_its_own_people_said_and_nobody_elses(world, role):
    mine, foreign = world.registered(), world.registered(programme=world.publish(world.unit2, world.clerk2))
    for case in (mine, foreign):
        record_consent(None, case.person, "privacy")
    seen = [row.person for row in Consent.visible_to(getattr(world, role))]
    assert seen == ([] if role == "unit_admin" else [mine.person])


def test_what_was_agreed_to_before_there_were_texts_is_taken_over(world):
    case = world.confirmed()
    Person.update(consented_at=clock.now()).where(Person.id == case.person_id).execute()
    ConsentText.delete().execute()
    spec = importlib.util.spec_from_file_location("privacy", MIGRATIONS / "0020_the_privacy.py")
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    migration.take_over(db.obj)
    consents.load()
    assert {(row.person, row.text.kind, row.text.version, row.given, row.taken_by_id) for row in Consent.select()} == {
        (case.person, "privacy", "2026-1", True, None), (case.person, "biometrics", "2026-1", True, world.clerk.id)}
    assert ConsentText.select().count() == 2
