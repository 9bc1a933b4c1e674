"""Fixtures of the tests of pages: the small world on its day, the applicant site alone or the whole program, and clients that are logged in."""
import pytest

import views
import views.site
from backoffice.app import create_app
from models import clock
from tests.world import DAY, World, let_in


@pytest.fixture
def world(database):
    clock.stop(DAY)
    yield World()
    clock.stop()


@pytest.fixture
def site(settings, world):
    """The application with the applicant site alone."""
    app = create_app(settings, lambda app, admin: views.site.register(app))
    app.config["WTF_CSRF_ENABLED"] = False      # the tests about forged requests switch it on again
    return app


@pytest.fixture
def visit(site):
    """A client for a user, or for nobody."""
    def visited(user=None):
        client = site.test_client()
        if user is not None:
            let_in(client, user)
        return client
    return visited


@pytest.fixture
def office(settings, world):
    """The whole program."""
    app = create_app(settings, views.register)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def enter(office):
    """A visitor of the office for a user."""
    return lambda user: Visitor(office, user)


class Visitor:
    """Somebody who is logged in and reads pages as text."""

    def __init__(self, app, user):
        self.client = app.test_client()
        let_in(self.client, user)

    def get(self, path, status=200):
        return self._text(self.client.get(path), status)

    def post(self, path, status=302, **values):
        """The text of the answer; with a redirect that of the page it leads to."""
        answer = self.client.post(path, data=values)
        text = self._text(answer, status)
        return self.get(answer.location) if status == 302 else text

    @staticmethod
    def _text(answer, status):
        assert answer.status_code == status, f"{answer.request.path}: {answer.status_code}"
        return answer.get_data(as_text=True) if answer.mimetype in ("text/html", "application/json") else answer.data
