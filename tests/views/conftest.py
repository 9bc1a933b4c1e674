"""Fixtures of the site tests: the small world on its day, and clients that are logged in."""
import pytest

import views.site
from backoffice.app import create_app
from models import clock
from tests.world import DAY, World


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
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
        return client
    return visited
