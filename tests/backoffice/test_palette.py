"""What Ctrl-K finds: people through the scope of who asks, screens and actions of the role; in few queries."""
import pytest

import views
from backoffice.app import create_app
from models import clock
from tests.backoffice.offices import Counting
from tests.world import DAY, World, let_in, number_for


@pytest.fixture
def world(database):
    clock.stop(DAY)
    yield World()
    clock.stop()


@pytest.fixture
def ask(settings, world):
    """What an account finds by a text: [(title, screen)]."""
    app, clients = create_app(settings, views.register), {}

    def asked(user, text):
        client = clients.get(user.id) or clients.setdefault(user.id, app.test_client())
        if len(client._cookies or ()) == 0:
            let_in(client, user)
        return [(row["title"].partition(" ")[0], row["screen"]) for row in client.get("/office/find/", query_string={"q": text}).json["rows"]]
    asked.app = app
    return asked


def test_a_person_is_found_by_two_characters_of_the_name_or_a_whole_number_and_by_nothing_else(ask, world):
    number = number_for(77)
    case = world.registered(world.applicant("阿卜杜热西提", document_number=number))
    world.confirmed(world.applicant("沈知远"))
    found = [("阿卜杜热西提", "在册申请人")]
    assert ask(world.clerk, "阿卜") == ask(world.clerk, number) == ask(world.clerk, number.lower()) == ask(world.clerk, case.register_number) == ask(world.clerk, "热西提") == found
    assert ask(world.clerk, "沈") == [("沈知远", "申请")]
    assert ask(world.clerk, number[:17]) == ask(world.clerk, "西热") == ask(world.clerk, "%") == ask(world.clerk, "") == ask(world.clerk, "沈" * 81) == []


def test_nobody_finds_people_out_of_his_sight(ask, world):
    world.registered(world.applicant("沈知远"))
    assert [len(ask(user, "沈")) for user in (world.clerk, world.officer, world.centre, world.clerk2, world.officer2)] == [1, 1, 1, 0, 0]
    assert [ask(user, "沈") for user in (world.it, world.security, world.auditor, world.door)] == [[], [], [], []]
    assert ask(world.it, "clerk2") == [("clerk2", "账号")] and ask(world.exam, "沈") == [("沈知远", "人员")]


@pytest.mark.parametrize("name", ["clerk", "reviewer", "officer", "centre", "exam", "it"])
def test_an_answer_costs_at_most_six_queries(ask, world, name):
    world.registered(world.applicant("沈知远"))
    world.confirmed(world.applicant("沈知著"))
    user = getattr(world, name)
    ask(user, "沈")
    with Counting() as counted:
        ask(user, "沈")
    of_the_session = [sql for sql in counted.statements if any(f'FROM "{table}"' in sql for table in ("role", "login")) or 'FROM "account" AS "t1" WHERE ("t1"."fs_uniquifier"' in sql]
    assert len(counted.statements) - len(of_the_session) <= 6, counted.statements


def test_the_palette_holds_the_screens_and_the_actions_of_the_role_only(ask, world):
    pages = {}
    for user in (world.clerk, world.officer):
        client = ask.app.test_client()
        let_in(client, user)
        pages[user.username] = client.get("/office/find/places").text
    assert "/office/programme/create/" in pages["clerk"] and "/office/programme/create/" not in pages["officer"]
    assert "省内报送" not in pages["clerk"] and "/office/season/" in pages["officer"] and "/office/configure/" not in pages["clerk"]
    assert "/office/import/" in pages["clerk"] and "新建" in pages["clerk"] and "<html" not in pages["clerk"]
