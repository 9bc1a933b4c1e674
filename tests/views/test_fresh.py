"""Before a dangerous step the password is asked for again when the log-in is not fresh; what was typed stays, and nothing happens before."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry
from models.logins import Login
from models.people import Grant, User
from models.registry import ENTITIES
from models.reports import AnnualReport, Report
from tests.backoffice.conftest import with_password
from tests.views.conftest import Visitor
from tests.world import DAY, PASSWORD, account

DISMISS = "/office/register/step/dismiss/"
FRESH = {"Application.dismiss", "Dismissal.approve", "AnnualReport.file", "AnnualReport.undo", "ApiToken.revoke", "Award.withdraw", "User.disable", "User.enable", "Passkey.remove"}


@pytest.fixture
def stale(office):
    """A visitor whose log-in is sixteen minutes old."""
    def visitor(user):
        found = Visitor(office, with_password(user))
        Login.update(proved_at=clock.now() - dt.timedelta(minutes=16)).where(Login.user == user).execute()
        return found
    return visitor


def test_these_steps_are_dangerous():
    assert {f"{step.model_name}.{step.name}" for kind in ENTITIES.values() for step in getattr(kind, "steps", {}).values() if step.fresh} == FRESH


def test_a_dismissal_asks_for_the_password_and_keeps_what_was_typed(world, stale):
    case, visitor = world.registered(), stale(world.clerk)
    given = {"id": case.id, "shown": case.id, "again": "1", "confirm": "1", "ground": "over_limit", "reason": "超过年限，文号 7"}
    page = visitor.post(DISMISS, 422, **given)
    assert 'name="present_password"' in page and "超过年限，文号 7" in page and Application.get_by_id(case.id).state == "registered"
    assert "密码不对。还可以再试 4 次" in visitor.post(DISMISS, 422, **given, present_password="wrong")
    assert Application.get_by_id(case.id).state == "registered"
    visitor.post(DISMISS, **given, present_password=PASSWORD)
    assert Application.get_by_id(case.id).state == "dismissed"


def test_filing_asks_for_the_password_and_the_next_one_does_not(world, stale):
    world.term(award_from=dt.date(2026, 3, 1), report_from=DAY)
    rows = {row.report.institution_id: row for row in AnnualReport.select()}
    for row in Report.select():
        row.confirm_no_award(by=world.clerk if row.institution == world.unit else world.clerk2)
    row, visitor = rows[world.unit.id], stale(world.officer)
    address = "/office/annual_report/step/file/"
    assert 'name="present_password"' in visitor.get(f"{address}?id={row.id}")
    visitor.post(address, 422, id=row.id, shown=row.id, confirm="1")
    assert AnnualReport.get_by_id(row.id).state == "open"
    visitor.post(address, id=row.id, shown=row.id, confirm="1", present_password=PASSWORD)
    assert AnnualReport.get_by_id(row.id).state == "filed"
    assert Login.get(Login.user == world.officer).proved_at == clock.now()


def test_a_step_that_is_not_dangerous_asks_for_nothing(world, stale):
    case = world.confirmed()
    stale(world.reviewer).post("/office/application/step/approve/", id=case.id, shown=case.id, confirm="1", opinion="同意")
    assert Application.get_by_id(case.id).state == "registered"


def test_an_export_with_full_numbers_asks_and_goes_on_with_what_was_chosen(world, stale):
    world.registered()
    visitor, wish = stale(world.reviewer), {"chosen": "1", "column": ["person.name", "person.document_number"], "form": "csv", "full": "1", "reason": "核对学籍"}
    page = visitor.post("/office/register/export/?sort=register_number", 422, **wish)
    assert 'name="reason" value="核对学籍"' in page and page.count('name="column"') == 2 and 'action="/office/register/export/?sort=register_number"' in page
    assert not Entry.select().where(Entry.verb == "export_full").exists()
    assert "11010519900101" in visitor.post("/office/register/export/", 200, **wish, present_password=PASSWORD).decode("utf-8-sig")
    assert visitor.post("/office/register/export/", 200, **wish | {"full": ""}), "without full numbers it is no danger"


@pytest.mark.parametrize("path, given", [
    ("grant", {"role": "clerk"}), ("revoke", {"role": "reviewer"}), ("link", {}), ("guard", {"what": "logins"}), ("edit", {"name": "新名", "username": "colleague"})])
def test_accounts_are_not_touched_before_the_password_is_given(world, stale, path, given):
    colleague, visitor = account("colleague", "reviewer", institution=world.unit), stale(world.it)
    before = (User.get_by_id(colleague.id).name, set(colleague.role_names), Entry.select().count())
    page = visitor.post(f"/office/user/{path}/", 422, id=colleague.id, **given)
    assert 'name="present_password"' in page and f'name="id" value="{colleague.id}"' in page
    assert (User.get_by_id(colleague.id).name, set(User.get_by_id(colleague.id).role_names), Entry.select().count()) == before
    visitor.post(f"/office/user/{path}/", 200 if path == "link" else 302, id=colleague.id, **given, present_password=PASSWORD)
    assert Entry.select().count() > before[2]


def test_wrong_passwords_lock_here_as_at_the_door(world, stale):
    visitor = stale(world.it)
    for _ in range(5):
        page = visitor.post("/office/user/link/", 422, id=world.clerk.id, present_password="wrong")
    assert "账号锁定到" in page
    assert "账号锁定到" in visitor.post("/office/user/link/", 422, id=world.clerk.id, present_password=PASSWORD)
    assert not Entry.select().where(Entry.verb == "password_link").exists()


# what is looked after ------------------------------------------------------------------------------------------------------------------------
def test_security_unlocks_ends_log_ins_and_takes_away_a_lost_second_factor(world, enter):
    User.update(failed=5, failed_at=clock.now(), locked_until=clock.now() + dt.timedelta(minutes=9), code_secret="A" * 32, code_counter=1).where(
        User.id == world.clerk.id).execute()
    elsewhere, visitor = enter(world.clerk), enter(world.security)
    assert "锁定到" in visitor.get(f"/office/user/details/?id={world.clerk.id}")
    for what in ("unlock", "second", "logins"):
        visitor.post("/office/user/guard/", id=world.clerk.id, what=what)
    kept = User.get_by_id(world.clerk.id)
    assert (kept.failed, kept.locked_until, kept.code_counter, kept.code_secret) == (0, None, None, None)
    elsewhere.get("/office/", 302)
    assert [entry.verb for entry in Entry.select().where(Entry.user_id == world.security.id).order_by(Entry.id)] == ["unlock", "second_dropped", "logins_ended"]


def test_nobody_guards_himself_nor_an_account_that_he_does_not_keep(world, enter):
    enter(world.security).post("/office/user/guard/", 403, id=world.security.id, what="second")
    enter(world.unit_admin).post("/office/user/guard/", 404, id=world.clerk2.id, what="second")
    enter(world.unit_admin).post("/office/user/guard/", 403, id=account("mighty", "exam", institution=world.unit).id, what="second")
    enter(world.it).post("/office/user/guard/", 404, id=world.clerk.id, what="nonsense")


@pytest.mark.parametrize("until, said", [("2026-04-30", "到 2026-04-30 为止"), ("2026-03-19", "要求不早于今天"), ("soon", "要求形如"), ("", "已授予")])
def test_a_role_is_given_until_a_day(world, enter, until, said):
    colleague = account("colleague", institution=world.unit)
    assert said in enter(world.unit_admin).post("/office/user/grant/", id=colleague.id, role="reviewer", until=until)
    assert Grant.select().where(Grant.user == colleague).exists() == (until in ("2026-04-30", ""))


@pytest.mark.parametrize("role, status", [("security", 200), ("auditor", 200), ("it", 403), ("clerk", 403), ("unit_admin", 403)])
def test_the_log_of_log_ins_is_read_by_security_and_auditor(world, enter, role, status):
    page = enter(getattr(world, role)).get("/office/login/", status)
    assert status == 403 or ("来源地址" in page and role in page)


def test_security_sees_the_last_log_ins_of_an_account_on_its_page_and_those_who_keep_it_do_not(world, enter):
    Login.begin(world.clerk, "token", "password", address="10.9.8.7", device="Firefox · Linux")
    page = f"/office/user/details/?id={world.clerk.id}"
    assert "10.9.8.7" in enter(world.security).get(page) and "10.9.8.7" not in enter(world.it).get(page)
