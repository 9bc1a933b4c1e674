"""Every route, visited as nobody and as every role: who is let in, who is sent to log in, who is refused; nothing ever breaks."""
import pytest

import views
from backoffice.app import create_app
from models import clock
from models.applications import Application
from models.people import User
from models.roles import ROLES
from tests.world import DAY, let_in

PUBLIC = {"static", "health", "health.live", "health.ready", "account.home", "security.login", "security.forgot_password", "security.reset_password",
          "programmes.home", "programmes.search", "programmes.show", "announcements.all", "announcements.show", "consent.show", "registration.register", "checks.ask", "checks.show", "degrees.all", "degrees.show",
          "verifying.verify", "api.openapi", "gateway.ask", "gateway.page", "gateway.bill", "helping.show", "figures.show", "site_look.style", "site_look.logo"}
NEVER = {"metrics"}        # but for whom the settings allow: tests/backoffice/test_watching.py
PROVEN_OTHERWISE = {"notified.notify": "by the signature of the payment provider"}      # the table of exceptions; docs/security.md repeats it
VALUES = {"filename": "kit.css", "token": "nothing", "id": 1, "version": "2026-1", "step": "approve", "what": "cancel", "form": "review", "name": "degree", "change": "extension", "code": "ABCD", "item": 1,
          "screen": "register", "own": "own_nothing", "kind": "biometrics"}


@pytest.fixture
def app(settings, world):
    clock.stop(DAY)
    yield create_app(settings, views.register)
    clock.stop()


@pytest.fixture
def enter(app):
    """A client logged in as an account, or as nobody."""
    def entered(user=None):
        client = app.test_client()
        if user is not None:
            let_in(client, user)
        return client
    return entered


def routes(app, method):
    """[(endpoint, path)] of every route that answers a method."""
    adapter = app.url_map.bind("localhost")
    return [(rule.endpoint, adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments}, method=method))
            for rule in app.url_map.iter_rules() if method in rule.methods]


def test_nobody_sees_only_what_is_public(app, enter):
    nobody = enter()
    for endpoint, path in routes(app, "GET"):
        answer = nobody.get(path)
        if endpoint in PUBLIC:
            assert answer.status_code in (200, 302, 404), path
        elif endpoint in NEVER:
            assert answer.status_code == 403, path
        elif endpoint.startswith("api."):
            assert answer.status_code == 401 and answer.is_json, path
        else:
            assert answer.status_code == 302 and "/login" in answer.location, f"{path}: {answer.status_code}"


def test_no_post_of_nobody_does_anything_without_a_token(app, enter):
    nobody = enter()
    for endpoint, path in routes(app, "POST"):
        answer = nobody.post(path, data={"id": "1", "confirm": "1"})
        assert answer.status_code == 400 or (answer.status_code == 302 and "/login" in answer.location), f"{path}: {answer.status_code}"


def test_only_these_routes_take_a_post_without_a_token_and_each_proves_itself_otherwise(app, enter):
    exempt = app.extensions["csrf"]
    found = {endpoint for endpoint, view in app.view_functions.items() if f"{view.__module__}.{view.__name__}" in exempt._exempt_views}
    assert found == set(PROVEN_OTHERWISE) and len(exempt._exempt_views) == len(found) and not exempt._exempt_blueprints
    assert enter().post("/pay/notify/alipay", data={"out_trade_no": "1", "sign": "forged"}).status_code == 400


@pytest.mark.parametrize("role", ROLES)
def test_no_post_of_a_role_does_anything_without_a_token(app, enter, world, role):
    client = enter(account_of(world, role))
    for endpoint, path in routes(app, "POST"):
        assert client.post(path, data={"id": "1", "confirm": "1"}).status_code in (400, 403), path


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_into_its_own_screens_and_refused_at_every_other(app, enter, world, role):
    user, screens = account_of(world, role), views.load_screens(app.settings.site_screens)
    client = enter(user)
    for endpoint, path in routes(app, "GET"):
        status, name = client.get(path).status_code, endpoint.partition(".")[0]
        assert status < 500, path
        if name in screens:
            if not screens[name].open_to(user):
                assert status == 403, f"{role} {path}: {status}"
            elif endpoint.endswith(".index"):
                assert status == 200, f"{role} {path}: {status}"
        elif endpoint in NEVER:
            assert status == 403, f"{role} {path}: {status}"
        elif path.startswith(("/me", "/apply")):
            assert (status == 403) == (role != "applicant"), f"{role} {path}: {status}"
        elif path == "/office/":
            assert status == (403 if role == "applicant" else 200)


def test_a_foreign_row_is_not_found_whatever_the_method(app, enter, world):
    app.config["WTF_CSRF_ENABLED"] = False
    case = world.confirmed()
    own, foreign = enter(world.reviewer), enter(world.reviewer2)
    assert own.get(f"/office/application/details/?id={case.id}").status_code == 200
    for path in ("details/", "edit/", "step/approve/"):
        assert foreign.get(f"/office/application/{path}?id={case.id}").status_code in (403, 404)
        assert foreign.get(f"/office/application/{path}?id=999999").status_code == foreign.get(f"/office/application/{path}?id={case.id}").status_code
    assert foreign.post("/office/application/step/approve/", data={"id": case.id, "confirm": "1", "opinion": "同意"}).status_code == 404
    assert foreign.post("/office/application/reveal/", data={"id": case.id, "field": "person.document_number"}).status_code == 404
    assert foreign.get(f"/file/{case.photo_id}").status_code == 404
    assert Application.get_by_id(case.id).state == "confirmed"


def test_a_disabled_account_is_thrown_out_at_the_next_request(enter, world):
    client = enter(world.clerk)
    assert client.get("/office/").status_code == 200
    world.clerk.disable(by=world.it)
    assert client.get("/office/").status_code in (302, 403)


def account_of(world, role):
    return world.applicant() if role == "applicant" else User.get(User.username == role)
