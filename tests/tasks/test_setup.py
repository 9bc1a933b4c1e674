"""What `setup` puts there first, and what accounts made at the command line may be."""
import pytest

from models.audit import Entry
from models.people import User
from models.reference import Institution
from models.workflow import Refused
from tasks import setup


def test_bringing_up_to_date_twice_changes_nothing(database):
    before = Institution.select().count()
    setup.bring_up_to_date()
    assert Institution.select().count() == before


def test_an_empty_database_becomes_one_with_reference_data(blank):
    setup.open_all(blank, immediate=True)
    setup.bring_up_to_date()
    assert Institution.select().where(Institution.code == "10001").exists()


def test_an_account_gets_its_role_and_place_and_an_audit_entry(database):
    account = setup.create_account("somebody", "clerk", institution="10001")
    assert User.get_by_id(account.id).powers() == [("clerk", "unit")]
    assert str(account.institution) == "北京大学"
    assert Entry.select().where(Entry.verb == "create", Entry.entity == "account").exists()


@pytest.mark.parametrize("role, place, word", (("clerk", {}, "--institution"), ("reviewer", {"institution": "99999"}, "99999"),
                                               ("officer", {"institution": "10001"}, "--office")))
def test_an_account_without_the_place_of_its_role_is_refused(database, role, place, word):
    with pytest.raises(Refused, match=word):
        setup.create_account("somebody", role, **place)
    assert not User.select().exists()


def test_a_user_name_is_given_once(database):
    setup.create_account("somebody", "it")
    with pytest.raises(Refused, match="用户名"):
        setup.create_account("somebody", "it")
