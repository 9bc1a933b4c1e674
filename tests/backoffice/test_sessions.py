"""Log-ins in use: how long they last, that they can be listed and ended, one at a time where it is asked for, and what the log keeps of each."""
import datetime as dt

import pytest
from peewee import OperationalError

from backoffice.sessions import device_of
from models import clock
from models.logins import Login
from models.parameters import Parameter
from models.people import User
from tests.backoffice.test_security import change, log_in
from tests.world import PASSWORD, account

MORNING = dt.datetime(2026, 3, 20, 9)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"


def after(minutes):
    return clock.at(MORNING + dt.timedelta(minutes=minutes))


def logged_in(app, name="clerk", **more):
    client = app.test_client()
    assert log_in(client, name, **more).status_code == 302
    return client


def test_a_log_in_is_over_when_nothing_was_done_for_half_an_hour_and_says_so(app, clerk):
    with after(0):
        client = logged_in(app)
    for minutes in (29, 58):
        with after(minutes):
            assert client.get("/office/").status_code == 200
    with after(89):
        assert client.get("/office/").location == "/login?next=/office/"
        assert "长时间没有操作" in client.get("/login").text
    assert Login.get().ended_why == "长时间没有操作"


def test_asking_how_far_a_job_is_does_not_keep_a_log_in_alive(app, clerk):
    with after(0):
        client = logged_in(app)
    with after(20):
        client.get("/office/jobs/1", headers={"Accept": "application/json"})
    with after(31):
        assert client.get("/office/").status_code == 302


def test_what_a_page_reports_keeps_a_log_in_alive(app, clerk):
    with after(0):
        client = logged_in(app)
    with after(20):
        client.post("/account/appearance", data={"theme": "dark"}, headers={"Accept": "application/json"})
    with after(40):
        assert client.get("/office/").status_code == 200


def test_a_page_is_read_though_its_use_cannot_be_noted(app, clerk, monkeypatch):
    def full(login):
        raise OperationalError("database or disk is full")
    client = logged_in(app)
    monkeypatch.setattr(Login, "beat", full)
    assert client.get("/office/").status_code == 200


def test_however_busy_a_log_in_ends_after_the_longest_time(app, clerk):
    with after(0):
        client = logged_in(app)
    for minutes in range(25, 600, 25):
        with after(minutes):
            assert client.get("/office/").status_code == 200
    with after(600):
        assert client.get("/office/").status_code == 302


def test_the_strictest_of_several_roles_decides(app, clerk):
    Parameter.update(value={"reviewer": 10, "*": 30}).where(Parameter.name == "login.idle_minutes").execute()
    log_in(app.test_client(), "clerk")
    both = account("both", "clerk", "reviewer", institution=clerk.institution)
    assert Login.get().idle == 30 and Login.begin(both, "token", "password").idle == 10


def test_a_cookie_from_before_the_log_out_opens_nothing(app, clerk):
    client, thief = logged_in(app), app.test_client()
    thief.set_cookie("tongli", client.get_cookie("tongli").value)
    assert thief.get("/office/").status_code == 200
    client.post("/logout")
    assert thief.get("/office/").status_code == 302


def test_a_session_that_names_no_log_in_opens_nothing(app, clerk):
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = clerk.fs_uniquifier, True
    assert client.get("/office/").status_code == 302


def test_the_log_in_of_another_account_does_not_serve(app, clerk):
    client, other = logged_in(app), account("other", "clerk", institution=clerk.institution)
    with client.session_transaction() as session:
        session["_user_id"] = other.fs_uniquifier
    assert client.get("/office/").status_code == 302


def test_one_ends_a_log_in_elsewhere_and_all_but_ones_own(app, clerk):
    here, there, third = (logged_in(app, headers={"User-Agent": CHROME}) for _ in range(3))
    page = here.get("/account/protection").text
    assert "Chrome · Windows" in page and page.count(">结束</button>") == 2
    _, second, _ = Login.select().order_by(Login.id)
    here.post("/account/logins/end", data={"id": second.id})
    assert [client.get("/office/").status_code for client in (here, there, third)] == [200, 302, 200]
    here.post("/account/logins/end")
    assert [client.get("/office/").status_code for client in (here, third)] == [200, 302]


def test_nobody_ends_the_log_in_of_somebody_else(app, enter, clerk):
    client = logged_in(app)
    enter(account("other", "clerk", institution=clerk.institution)).post("/account/logins/end", data={"id": Login.get().id})
    assert client.get("/office/").status_code == 200


def test_a_new_password_ends_all_other_log_ins_in_the_list_too(app, clerk):
    here, there = logged_in(app), logged_in(app)
    change(here, PASSWORD, "Another-2026")
    assert here.get("/office/").status_code == 200 and there.get("/office/").status_code == 302
    assert [row.ended_why for row in Login.select().order_by(Login.id)] == ["", "密码已修改"]


@pytest.mark.parametrize("alone, status", [(True, 302), (False, 200)])
def test_staff_are_logged_in_in_one_place_where_the_parameter_says_so(app, clerk, alone, status):
    Parameter.update(value=alone).where(Parameter.name == "login.one_at_a_time").execute()
    first, second = logged_in(app), logged_in(app)
    assert first.get("/office/").status_code == status and second.get("/office/").status_code == 200


def test_every_try_is_kept_with_address_and_device_and_never_with_what_was_typed(app, clerk):
    client = app.test_client()
    for name, password in (("clerk", "wrong"), ("110105199001010071", "wrong"), ("clerk", PASSWORD)):
        log_in(client, name, password, headers={"User-Agent": CHROME})
    rows = list(Login.select().order_by(Login.id))
    assert [(row.user_name, row.means, row.address, row.device) for row in rows] == [
        ("clerk", "failed", "127.0.0.1", "Chrome · Windows"), ("未知账号", "failed", "127.0.0.1", "Chrome · Windows"),
        ("clerk", "password", "127.0.0.1", "Chrome · Windows")]
    assert "110105199001010071" not in str([row.__data__ for row in rows])
    assert "未成功" in client.get("/account/protection").text


def test_many_failures_from_one_address_lock_it_for_everybody_there_and_for_nobody_elsewhere(app, clerk):
    Parameter.update(value=3).where(Parameter.name == "login.address_tries").execute()
    for n in range(3):
        log_in(app.test_client(), f"nobody{n}", "wrong")
    assert "这个地址失败的次数太多" in log_in(app.test_client(), "clerk").text
    assert User.get_by_id(clerk.id).failed == 0
    assert app.test_client().post("/login", data={"identity": "clerk", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.0.0.2"}).status_code == 302


def test_the_addresses_of_one_ipv6_network_count_as_one(app, clerk):
    Parameter.update(value=3).where(Parameter.name == "login.address_tries").execute()
    for n in range(3):
        app.test_client().post("/login", data={"identity": f"nobody{n}", "password": "wrong"}, environ_base={"REMOTE_ADDR": f"2001:db8::{n + 1}"})
    status = [app.test_client().post("/login", data={"identity": "clerk", "password": PASSWORD}, environ_base={"REMOTE_ADDR": address}).status_code
              for address in ("2001:db8::9", "2001:db8:0:1::9")]
    assert status == [200, 302]


@pytest.mark.parametrize("agent, device", [
    (CHROME, "Chrome · Windows"), ("", "未知设备"), ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari MicroMessenger/8.0", "微信 · iPhone"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox · Linux"), ("curl/8.0", "未知设备")])
def test_a_device_is_named_in_words(agent, device):
    assert device_of(agent) == device
