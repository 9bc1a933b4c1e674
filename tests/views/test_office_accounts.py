"""Accounts in the office: who gives which role to whom, and who may set a password anew."""
import pytest

from models import clock
from models.audit import Entry
from models.people import Grant, User
from tests.world import account


@pytest.fixture
def colleague(world):
    return account("colleague", institution=world.unit)


def roles(user):
    return set(User.get_by_id(user.id).role_names)


def give(visitor, user, role, status=302):
    return visitor.post("/office/user/grant/", status, id=user.id, role=role)


def test_a_unit_admin_makes_an_account_in_his_unit_and_gives_it_a_role(world, enter):
    visitor = enter(world.unit_admin)
    page = visitor.post("/office/user/create/", username="new", name="新人", institution=world.unit.id)
    user = User.get(User.username == "new")
    assert "新人" in page and user.institution == world.unit and user.must_change
    assert "经办" in give(visitor, user, "clerk") and roles(user) == {"clerk"}


def test_a_unit_admin_makes_no_account_in_another_unit(world, enter):
    enter(world.unit_admin).post("/office/user/create/", 422, username="new", name="新人", institution=world.unit2.id)
    assert not User.select().where(User.username == "new").exists()


def test_an_account_that_nobody_could_log_in_to_is_refused_at_its_field(world, enter):
    assert "请填写用户名或电子邮箱" in enter(world.it).post("/office/user/create/", 422, name="新人")


@pytest.mark.parametrize("role", ["unit_admin", "officer", "centre", "it", "applicant", "nonsense"])
def test_a_unit_admin_gives_no_role_above_clerk_and_reviewer(world, enter, colleague, role):
    give(enter(world.unit_admin), colleague, role, 403)
    assert roles(colleague) == set()


def test_it_gives_every_role_of_staff_whose_place_the_account_has(world, enter, colleague):
    visitor = enter(world.it)
    give(visitor, colleague, "unit_admin")
    give(visitor, colleague, "exam")
    give(visitor, colleague, "officer", 403)           # the account belongs to no office
    give(visitor, colleague, "applicant", 403)
    assert roles(colleague) == {"unit_admin", "exam"}


def test_nobody_gives_himself_a_role_and_others_cannot_give_at_all(world, enter, colleague):
    give(enter(world.it), world.it, "centre", 403)
    for user in (world.security, world.clerk):
        give(enter(user), colleague, "clerk", 403)


def test_a_role_that_is_taken_back_ends_at_once_and_stays_on_record(world, enter, colleague):
    visitor = enter(world.unit_admin)
    give(visitor, colleague, "clerk")
    page = visitor.post("/office/user/revoke/", id=colleague.id, role="clerk")
    assert "已收回" in page and roles(colleague) == set()
    assert Grant.get(Grant.user == colleague).until < clock.today()
    give(visitor, colleague, "clerk")
    assert roles(colleague) == {"clerk"} and Grant.select().where(Grant.user == colleague).count() == 1


def test_a_one_time_link_is_shown_once_and_recorded(world, enter):
    page = enter(world.unit_admin).post("/office/user/link/", 200, id=world.clerk.id)
    assert "/reset/" in page
    assert Entry.select().where(Entry.verb == "password_link", Entry.row_id == world.clerk.id, Entry.user_id == world.unit_admin.id).exists()


def test_nobody_reaches_an_account_that_has_more_than_he_could_give(world, enter):
    mighty = account("mighty", "clerk", "exam", institution=world.unit)
    visitor = enter(world.unit_admin)
    visitor.post("/office/user/link/", 403, id=mighty.id)
    visitor.get(f"/office/user/edit/?id={mighty.id}", 403)
    visitor.post("/office/user/edit/", 403, id=mighty.id, email="mine@example.cn")
    assert "/office/user/edit/" not in visitor.get(f"/office/user/details/?id={mighty.id}")


def test_the_accounts_of_applicants_are_their_own(world, enter):
    user = world.applicant()
    visitor = enter(world.it)
    visitor.get(f"/office/user/details/?id={user.id}")
    visitor.post("/office/user/link/", 403, id=user.id)
    visitor.get(f"/office/user/edit/?id={user.id}", 403)


def test_accounts_of_other_units_are_not_found(world, enter):
    visitor = enter(world.unit_admin)
    for path in ("grant", "revoke", "link"):
        visitor.post(f"/office/user/{path}/", 404, id=world.clerk2.id, role="clerk")
