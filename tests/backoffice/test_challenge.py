"""The challenge against robots: solved once, or waited for; asked for at registration and after failures, of known and unknown accounts alike."""
import base64
import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from altcha import Challenge, solve_challenge

from backoffice.app import create_app
from models import clock
from tests.backoffice.test_security import log_in
from tests.world import PASSWORD

NOON = dt.datetime(2026, 3, 20, 12)


@pytest.fixture
def app(settings, database):
    application = create_app(replace(settings, challenge=True))
    application.config["WTF_CSRF_ENABLED"] = False
    return application


def offered(page):
    return re.search(r'name="challenge" value="([^"]+)"', page)[1]


def solved(packed):
    """What the browser sends once it has found the number."""
    what = json.loads(base64.b64decode(packed))
    what["solution"] = solve_challenge(Challenge.from_dict(what["challenge"])).to_dict()
    return base64.b64encode(json.dumps(what).encode()).decode()


def failing(client, name, times=5):
    """The page after so many failures, the lock of which is over."""
    for _ in range(times):
        page = log_in(client, name, "wrong").text
    return page


@pytest.mark.parametrize("name", ["clerk", "nobody-of-this-name"])
def test_after_failures_the_next_try_needs_a_challenge_whether_the_account_exists_or_not(client, clerk, name):
    with clock.at(NOON):
        assert 'name="challenge"' not in failing(client, name, 4)
        page = failing(client, name, 1)
    with clock.at(NOON + dt.timedelta(minutes=16)):
        assert "人机验证" in log_in(client, name).text
        again = log_in(client, name, challenge=solved(offered(page)))
        assert (again.status_code == 302) == (name == "clerk")


def test_a_challenge_serves_once(client, clerk):
    with clock.at(NOON):
        answer = solved(offered(failing(client, "clerk")))
    with clock.at(NOON + dt.timedelta(minutes=16)):
        assert "账号或密码不对" in log_in(client, "clerk", "wrong", challenge=answer).text
        assert "已经用过" in log_in(client, "clerk", challenge=answer).text


def test_without_a_script_one_waits_with_the_same_form(client, clerk):
    with clock.at(NOON):
        failing(client, "clerk")
    with clock.at(NOON + dt.timedelta(minutes=16)) as begun:
        first = offered(log_in(client, "clerk").text)
        page = log_in(client, "clerk", challenge=first).text
        assert "请等 15 秒再提交" in page and offered(page) == first
    with clock.at(begun + dt.timedelta(seconds=15)):
        assert log_in(client, "clerk", PASSWORD, challenge=first).status_code == 302


@pytest.mark.parametrize("forge", [
    lambda what: what["challenge"]["parameters"]["data"].update(at="2020-01-01T00:00:00"),
    lambda what: what["challenge"]["parameters"].update(keyPrefix="0"), lambda what: what["challenge"].update(signature="0" * 64),
    lambda what: what.pop("challenge"), lambda what: what.update(challenge=None)])
def test_a_challenge_that_we_did_not_make_serves_for_nothing(client, clerk, forge):
    with clock.at(NOON):
        what = json.loads(base64.b64decode(offered(failing(client, "clerk"))))
    forge(what)
    with clock.at(NOON + dt.timedelta(minutes=16)):
        page = log_in(client, "clerk", challenge=base64.b64encode(json.dumps(what).encode()).decode())
        assert page.status_code == 200 and "人机验证" in page.text


def test_a_challenge_of_this_morning_is_too_old(client, clerk):
    with clock.at(NOON):
        answer = offered(failing(client, "clerk"))
    with clock.at(NOON + dt.timedelta(hours=3)):
        assert "要重新开始" in log_in(client, "clerk", challenge=answer).text
