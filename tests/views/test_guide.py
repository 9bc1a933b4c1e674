"""The guide: every role has one, what it names is there and open to the role, and every refusal leads to the line of law behind it."""
from io import BytesIO

import pytest
from lxml import html
from PIL import Image

import config
from models import law
from models.roles import ROLES, STAFF
from tests.world import account
from views.guiding import PICTURES, SIZE, tasks

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


@pytest.mark.parametrize("role", STAFF)
def test_every_task_of_a_role_has_its_picture_with_words_for_whoever_does_not_see_it(office, enter, world, role):
    visitor = enter(getattr(world, role))
    shots = html.fromstring(visitor.get(GUIDE)).xpath('//img[@class="shot"]')
    assert [shot.get("alt") for shot in shots] == [task.shows for task in tasks(role)] and all(len(task.shows) > 6 and task.at for task in tasks(role))
    for shot in shots:
        answer = visitor.client.get(shot.get("src"))
        assert answer.status_code == 200 and answer.mimetype == "image/webp" and "immutable" in answer.headers["Cache-Control"]
        assert Image.open(BytesIO(answer.data)).size == SIZE == (int(shot.get("width")), int(shot.get("height"))) and shot.get("loading") == "lazy"


def test_the_pictures_are_those_of_the_guide_each_shown_once_and_light():
    files = {file.name: file.stat().st_size for file in (config.ROOT / "backoffice/static" / PICTURES).iterdir()}
    named = [f"{task.picture}.webp" for role in STAFF for task in tasks(role)]
    assert sorted(named) == sorted(files) and max(files.values()) <= 30_000 and sum(files.values()) <= 600_000


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
