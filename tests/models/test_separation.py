"""Separation: the three powers touch no case and stand alone, nobody gives a role to himself, and two do what a unit wants done by two."""
import datetime as dt

import pytest

from models import clock
from models.parameters import Parameter
from models.people import Grant, Role, User
from models.registry import ENTITIES
from models.reports import Report
from models.roles import POWERS
from models.workflow import Refused
from tests.models.refusals import refused
from tests.world import account, proposed

OF_A_CASE = [kind for kind in ENTITIES.values() if "application" in kind._meta.fields or kind.__name__ == "Application"]


def rule(world, name):
    Parameter.add(world.centre, name=name, title="四眼", value=True, valid_from=dt.date(2026, 1, 1), institution=world.unit)


def role(name):
    return Role.get(Role.name == name)


@pytest.mark.parametrize("kind", OF_A_CASE, ids=lambda kind: kind.__name__)
def test_the_three_powers_neither_read_nor_write_nor_move_what_belongs_to_a_case(kind):
    assert not set(POWERS) & {*kind.readers.split(), *kind.writers.split()}
    assert not set(POWERS) & {name for step in getattr(kind, "steps", {}).values() for name in step.roles}


def test_it_does_not_read_the_log_security_does_not_write_accounts_the_auditor_writes_his_own_views_only():
    assert "it" not in ENTITIES["Entry"].readers.split() and "security" not in User.writers
    assert [kind.__name__ for kind in ENTITIES.values() if "auditor" in kind.writers.split()] == ["OwnView"]


@pytest.mark.parametrize("giver", ["it", "unit_admin"])
def test_nobody_gives_a_role_to_himself(world, giver):
    user = getattr(world, giver)
    with pytest.raises(Refused):
        Grant.add(user, user=user, role=role("clerk"))
    assert User.get_by_id(user.id).role_names == [giver]


def test_nobody_takes_his_own_role_back_once_it_has_ended(world):
    grant = Grant.get(Grant.user == world.it)
    grant.change(None, until=clock.today() - dt.timedelta(1))
    assert "不能给自己授予" in str(refused(grant.change, world.it, until=None).reasons[0])


def test_a_unit_admin_gives_the_roles_of_his_unit_inside_his_unit_and_no_others(world):
    plain, foreign = account("plain", institution=world.unit), account("foreign", institution=world.unit2)
    assert Grant.add(world.unit_admin, user=plain, role=role("clerk")).id
    for user, name in ((plain, "unit_admin"), (plain, "it"), (plain, "officer"), (foreign, "clerk"), (world.it, "clerk"), (world.applicant(), "clerk")):
        assert refused(Grant.add, world.unit_admin, user=user, role=role(name)), (user, name)


@pytest.mark.parametrize("giver", ["clerk", "reviewer", "officer", "centre", "security", "auditor"])
def test_others_give_no_role_at_all(world, giver):
    assert refused(Grant.add, getattr(world, giver), user=account("plain", institution=world.unit), role=role("clerk")).reasons


@pytest.mark.parametrize("held, wanted", [("security", "it"), ("auditor", "security"), ("clerk", "auditor"), ("it", "clerk")])
def test_one_of_the_three_powers_goes_with_no_other_role(world, held, wanted):
    user = account("both", held, institution=world.unit)
    assert "不与其他角色兼任" in refused(Grant.add, world.it, user=user, role=role(wanted)).fields["role"]


def test_a_power_is_free_again_when_its_role_has_ended(world):
    user = account("former", "clerk", institution=world.unit)
    Grant.get(Grant.user == user).change(world.it, until=clock.today() - dt.timedelta(1))
    assert Grant.add(world.it, user=User.get_by_id(user.id), role=role("auditor")).id


def test_a_role_needs_its_place(world):
    assert "要求账号有所属的单位" in refused(Grant.add, world.it, user=account("nowhere"), role=role("clerk")).fields["role"]


def test_a_delegation_ends_after_its_last_day(world):
    user, case = account("deputy", "clerk", institution=world.unit), world.confirmed()
    Grant.add(world.unit_admin, user=user, role=role("reviewer"), until=clock.today() + dt.timedelta(10))
    with clock.at(clock.today() + dt.timedelta(11)):
        assert "您的角色不能" in str(refused(case.approve, by=User.get_by_id(user.id), opinion="同意"))
    with clock.at(clock.today() + dt.timedelta(10)):
        assert case.approve(by=User.get_by_id(user.id), opinion="同意").state == "registered"


# four eyes -------------------------------------------------------------------------------------------------------------------------------
def both(world):
    """Somebody who is clerk and reviewer of the unit."""
    return account("both", "clerk", "reviewer", institution=world.unit)


def test_who_plans_a_meeting_does_not_decide_it_where_the_unit_wants_two(world):
    rule(world, "award.four_eyes")
    user, award = both(world), proposed(world)
    meeting = world.listed(world.meeting(user), award)
    assert "筹备会议的人不能自己决定" in str(refused(meeting.decide, by=user, decision_number="校学位〔2026〕9 号"))
    assert meeting.decide(by=world.reviewer, decision_number="校学位〔2026〕9 号").state == "decided"


def report(world):
    term = world.term(award_from=dt.date(2026, 3, 1), report_from=dt.date(2026, 3, 1))
    return Report.get(Report.term == term, Report.institution == world.unit)


def test_a_report_is_checked_by_another_where_the_unit_wants_two(world):
    rule(world, "report.four_eyes")
    user, row = both(world), report(world)
    assert "请审核人员先复核" in str(refused(row.confirm_no_award, by=world.clerk))
    row.endorse(by=user)
    assert "复核的人不能自己报送" in str(refused(row.confirm_no_award, by=user))
    assert row.confirm_no_award(by=world.clerk).state == "no_award"
    row.send_back(by=world.officer, reason="漏报")
    assert "请审核人员先复核" in str(refused(row.confirm_no_award, by=world.clerk)), "what was returned is checked anew"
    row.endorse_again(by=world.reviewer)
    assert row.state == "returned" and row.confirm_no_award(by=world.clerk).state == "no_award"


def test_a_change_after_the_check_asks_for_another(world):
    rule(world, "report.four_eyes")
    case = world.awarded()
    row = report(world)
    row.endorse(by=world.reviewer)
    case.person.change(None, name_pinyin="LIN XU BAI")
    assert "请重新复核" in str(refused(row.submit, by=world.clerk))
    row.endorse(by=world.reviewer)
    assert row.submit(by=world.clerk).state == "submitted"


def test_nobody_checks_where_nobody_asks_for_it(world):
    assert "不必复核" in str(refused(report(world).endorse, by=world.reviewer))
