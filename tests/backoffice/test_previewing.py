"""Beside a list: the drawer of one row, the number of all rows, and the totals under it."""
import pytest

from backoffice import grid, listing
from models.audit import Entry
from models.exams.sites import ExamSite
from models.reference import Province
from tests.backoffice.offices import Counting, office  # noqa: F401


@pytest.fixture
def case(office):      # noqa: F811
    return office.world.confirmed(office.world.applicant("沈知远"))


@pytest.fixture
def cap_of_two(monkeypatch):
    for module in (listing, grid):
        monkeypatch.setattr(module, "CAP", 2)
    monkeypatch.setattr(listing, "MANY", 2)


@pytest.fixture
def sites(office):      # noqa: F811
    """Three sites of two sizes in a list that adds them up."""
    (office.shipped / "programme.toml").write_text('model = "ExamSite"\ncolumns = ["name", "code", "capacity"]\nroles = ["exam"]\nfilters = ["code"]\ntotals = ["capacity"]\n')
    office.screens.refresh()
    for code, capacity in (("002", 100), ("003", 250)):
        ExamSite.create(province=Province.get(Province.code == "11"), code=code, name=f"第 {code} 考点", capacity=capacity)
    return office.enter(office.world.exam)


def test_a_drawer_holds_the_values_the_last_events_and_what_can_be_done_now(office, case):      # noqa: F811
    page = office.enter(office.world.reviewer).get(f"/office/application/preview/?id={case.id}").text
    assert page.lstrip().startswith("<aside") and "<html" not in page and "沈知远" in page and "待审核" in page
    assert f"/office/application/step/approve/?id={case.id}" in page and "最近变动" in page and "确认" in page
    assert case.person.document_number not in page and Entry.select().where(Entry.verb == "reveal").count() == 0


def test_nobody_looks_into_the_drawer_of_a_row_out_of_his_sight(office, case):      # noqa: F811
    assert office.enter(office.world.reviewer2).get(f"/office/application/preview/?id={case.id}").status_code == 404
    assert office.enter(office.world.reviewer).get("/office/application/preview/?id=999999").status_code == 404
    assert office.enter(office.world.it).get(f"/office/application/preview/?id={case.id}").status_code == 403


def test_a_field_that_is_hidden_from_a_role_is_not_in_its_drawer(office, case):      # noqa: F811
    (office.site / "application.toml").write_text('hide = { reviewer = ["person.sex"] }\n')
    office.screens.refresh()
    shown = {user.username: "性别" in office.enter(user).get(f"/office/application/preview/?id={case.id}").text for user in (office.world.reviewer, office.world.clerk)}
    assert shown == {"reviewer": False, "clerk": True}


def test_a_long_list_is_counted_to_the_last_row_when_asked(office, case, cap_of_two):      # noqa: F811
    for n in range(3):
        office.world.registered(office.world.applicant(f"在册{n}"))
    client = office.enter(office.world.clerk)
    assert "2+" in client.get("/office/application/").text
    assert client.get("/office/application/count/").json == {"rows": 4} and client.get("/office/application/count/?f.state=confirmed").json == {"rows": 1}
    assert office.enter(office.world.clerk2).get("/office/application/count/").json == {"rows": 0}


def test_the_named_columns_are_added_up_over_all_rows_of_the_list_in_the_same_query(sites):
    with Counting() as counted:
        page = sites.get("/office/programme/").text
    assert "合计 3 行" in page and "650" in page.split("<tfoot>")[1]
    assert sum("SUM(" in sql for sql in counted.statements) == 1
    assert "100" in sites.get("/office/programme/?f.code=002").text.split("<tfoot>")[1]


def test_a_list_beyond_the_cap_says_that_it_is_not_added_up(sites, cap_of_two):
    page = sites.get("/office/programme/").text
    assert "筛选到 2 行以内才合计" in page and "650" not in page


def test_only_numbers_of_the_list_itself_can_be_added_up(office):      # noqa: F811
    for name in ("discipline", "state", "year_limit"):
        (office.site / "programme.toml").write_text(f'totals = ["{name}"]\n')
        office.screens.refresh()
        assert f"“{name}”不是这个列表自己的数字列" in "".join(office.screens.problems)
