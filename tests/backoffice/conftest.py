"""Fixtures of the office tests: the application over the test's database, and somebody who is logged in."""
import pytest
from passlib.hash import argon2

from backoffice.app import create_app
from models.reference import Institution
from tests.world import PASSWORD, account, let_in

QUICK = argon2.using(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def app(settings, database):
    application = create_app(settings)
    application.config["WTF_CSRF_ENABLED"] = False      # the tests about forged requests switch it on again
    return application


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def unit(database):
    return Institution.get(Institution.code == "10001")


@pytest.fixture
def clerk(unit):
    return with_password(account("clerk", "clerk", institution=unit))


def with_password(user):
    """The account with the password of all demo accounts."""
    user.password = QUICK
    user.save()
    return user


@pytest.fixture
def enter(app):
    """A client that is logged in as a user, without the cost of a password."""
    def entered(user):
        client = app.test_client()
        let_in(client, user)
        return client
    return entered
