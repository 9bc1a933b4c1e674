"""The fixtures that everything else stands on: a test finds the database as `setup` leaves it."""
import pytest

from models.reference import Code, Institution, Province
from models.roles import ROLES
from models.people import Role, User


@pytest.mark.parametrize("turn", (1, 2))
def test_what_another_test_wrote_changed_or_deleted_is_gone(database, turn):
    assert Institution.get(Institution.code == "10001").name == "北京大学"
    assert Code.select().exists() and Role.select().count() == len(ROLES)
    assert User.create(username="somebody", fs_uniquifier="x").id == 1
    Institution.update(name="别的名称").execute()
    Code.delete().execute()
    Province.update(short_name="x").where(Province.code == "11").execute()


def test_what_a_test_left_open_does_not_stay(database):
    database.begin()
    Institution.update(name="没有提交").execute()


def test_and_is_not_seen_by_the_next(database):
    assert not Institution.select().where(Institution.name == "没有提交").exists()
