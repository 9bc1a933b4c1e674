"""The guide: every role has one, what it names is there and open to the role, and every refusal leads to the line of law behind it."""
import pytest

from models import law
from models.roles import ROLES, STAFF
from tests.world import account
from views.guiding import tasks

GUIDE = "/office/guide/"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_tasks_whose_pages_are_open_to_it(office, enter, world, role):
    visitor = enter(getattr(world, role) if role != "applicant" else world.applicant())
    with office.test_request_context():
        addresses = [(task, office.url_for(task.at, **task.given)) for task in tasks(role) if task.at]
    assert len(tasks(role)) >= 2 and all(task.title and task.steps for task in tasks(role))
    for task, address in addresses:
        assert visitor.client.get(address).status_code in (200, 302), f"{role}: {task.title}"


@pytest.mark.parametrize("role", STAFF)
def test_a_role_reads_its_own_tasks_each_with_the_way_there(enter, world, role):
    page = enter(getattr(world, role)).get(GUIDE)
    assert all(task.title in page and task.steps[0] in page for task in tasks(role))
    assert page.count("现在去做") == sum(bool(task.at) for task in tasks(role))


def test_who_has_two_roles_reads_both_and_nobody_elses(enter, world):
    page = enter(account("both", "clerk", "reviewer", institution=world.unit)).get(GUIDE)
    assert tasks("clerk")[0].title in page and tasks("reviewer")[0].title in page and tasks("exam")[0].title not in page


def test_the_table_of_law_is_a_page_with_every_step(enter, world):
    page = enter(world.clerk).get(f"{GUIDE}rules/")
    rows = [row for _, _, rows in law.table() for row in rows]
    assert len(rows) > 100 and all(f'<tr id="{step}">' in page for _, step, *_ in rows)


def test_what_cannot_be_done_leads_to_its_rule(enter, world):
    case = world.draft(user := world.applicant()).submit(by=user)
    address = 'href="/office/guide/rules/#Application.confirm"'
    assert address in enter(world.clerk).get(f"/office/application/details/?id={case.id}")
    assert address in enter(world.clerk).get(f"/office/application/step/confirm/?id={case.id}")


def test_everybody_reads_what_applicants_ask(office, world):
    page = office.test_client().get("/help").get_data(as_text=True)
    assert all(task.title in page for task in tasks("applicant"))
