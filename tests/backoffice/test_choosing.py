"""The columns that a user chooses for a list: kept with the account, only what the screen shows him anyway, sorted, and taken back."""
import pytest

from backoffice.choosing import choosable, choose, chosen
from models.people import User
from tests.backoffice.offices import office  # noqa: F401


@pytest.fixture
def case(office):      # noqa: F811
    return office.world.registered(office.world.applicant("沈知远"))


def heads(page):
    """The words over the columns."""
    return [text.split("<")[0].strip() for text in page.text.split("<thead>")[1].split("</thead>")[0].replace("</a>", "<").split(">") if text.split("<")[0].strip()]


def test_a_clerk_chooses_columns_and_has_them_on_every_computer(office, case):      # noqa: F811
    clerk, other = office.world.clerk, office.world.reviewer
    client = office.enter(clerk)
    before = heads(client.get("/office/application/"))
    answer = client.post("/office/application/columns/?f.state=registered", data={"column": ["number", "person.sex"]})
    assert answer.location == "/office/application/?f.state=registered"
    page = office.enter(User.get_by_id(clerk.id)).get(answer.location)
    assert heads(page) == ["姓名", "申请号", "性别", "操作"] and "沈知远" in page.text
    assert heads(office.enter(other).get("/office/application/")) == before
    client.post("/office/application/columns/", data={"reset": "1"})
    assert heads(client.get("/office/application/")) == before and User.get_by_id(clerk.id).settings["columns"] == {}


def test_the_columns_come_in_the_order_in_which_he_put_them_and_the_first_stays_first(office, case):      # noqa: F811
    client = office.enter(office.world.clerk)
    client.post("/office/application/columns/", data={"column": ["person.sex", "number", "person.name", "person.sex"]})
    client = office.enter(User.get_by_id(office.world.clerk.id))
    assert heads(client.get("/office/application/")) == ["姓名", "性别", "申请号", "操作"]
    page = client.get("/office/application/columns/").text
    assert page.index('value="person.sex"') < page.index('value="number"')


def test_a_column_that_the_screen_does_not_show_him_cannot_be_had(office, case):      # noqa: F811
    screen, clerk = office.screens["application"], office.world.clerk
    choose(clerk, screen, ["number", "opinion", "person.phone", "id"])
    assert [column.name for column in chosen(screen, User.get_by_id(clerk.id))] == ["person.name", "number"]


def test_a_field_that_is_hidden_from_a_role_leaves_the_columns_that_it_chose(office, case):      # noqa: F811
    clerk = office.world.clerk
    choose(clerk, office.screens["application"], ["number", "person.sex"])
    (office.site / "application.toml").write_text('hide = { clerk = ["person.sex"] }\n')
    office.screens.refresh()
    clerk = User.get_by_id(clerk.id)
    assert [column.name for column in chosen(office.screens["application"].seen_by(clerk), clerk)] == ["person.name", "number"]


def test_what_the_sheet_and_the_details_show_can_be_a_column_too_and_be_sorted_by(office, case):      # noqa: F811
    (office.shipped / "application.toml").write_text((office.shipped / "application.toml").read_text() + 'details = [{ title = "办理", fields = ["registered_on", "opinion", "photo"] }]\n')
    office.screens.refresh()
    names = [column.name for column in choosable(office.screens["application"])]
    assert "registered_on" in names and "opinion" not in names and "photo" not in names
    choose(office.world.clerk, office.screens["application"], ["registered_on"])
    page = office.enter(User.get_by_id(office.world.clerk.id)).get("/office/application/?sort=-registered_on")
    assert "有的条件没有用上" not in page.text and heads(page)[1] == "入册日期"


def test_the_form_offers_every_column_and_ticks_those_that_are_shown(office, case):      # noqa: F811
    page = office.enter(office.world.clerk).get("/office/application/columns/").text
    assert 'value="person.sex" checked' in page and 'name="column" value="person.name"' not in page and "恢复原来的列" in page
