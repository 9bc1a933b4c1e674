"""The second factor: codes that serve once, recovery codes, half a log-in that opens nothing, and who must have one."""
import datetime as dt
import re
from dataclasses import replace

import pytest
from passlib.totp import TOTP

from backoffice import factors
from backoffice.app import create_app
from models import clock
from models.audit import Entry
from models.base import db
from models.logins import Login
from models.passkeys import Passkey
from models.people import Person, User
from tests.backoffice.conftest import with_password
from tests.backoffice.test_security import log_in
from tests.world import account, let_in, number_for


def code(secret, steps=0):
    """What the app shows now, or some steps of half a minute later."""
    totp = TOTP(secret)
    return totp.generate(totp.normalize_time(None) + 30 * steps).token


@pytest.fixture
def secret(clerk):
    """The clerk has an app; the secret in it."""
    secret = factors.new_secret()
    factors.take_code_app(clerk, secret, 1)
    return secret


def answer(client, text, **more):
    return client.post("/login/second", data={"code": text, **more})


def test_the_password_is_half_a_log_in_that_opens_nothing_but_the_second_step(client, clerk, secret):
    log_in(client, "clerk")
    for path in ("/office/", "/office/account/", "/account/protection", "/home", "/file/1"):
        assert client.get(path).location.startswith("/login/second"), path
    assert client.post("/account/logins/end").location.startswith("/login/second")
    assert Login.get().half and "第二步验证" in client.get("/login/second").text


def test_the_code_opens_the_rest_and_leads_to_where_one_wanted_to_go(client, clerk, secret):
    log_in(client, "clerk", next="/office/account/")
    onward = client.get("/office/account/").location
    assert onward == "/login/second?next=/office/account/"
    assert answer(client, f" {code(secret)[:3]} {code(secret)[3:]}", next="/office/account/").location == "/office/account/"
    assert client.get("/office/account/").status_code == 200 and Login.get().means == "code"


def test_the_way_on_never_leads_outside(client, clerk, secret):
    log_in(client, "clerk")
    assert answer(client, code(secret), next="https://evil.example/").location == "/home"


def test_a_code_serves_once(app, clerk, secret):
    shown, clients = code(secret), [app.test_client() for _ in range(2)]
    for client in clients:
        log_in(client, "clerk")
    assert answer(clients[0], shown).status_code == 302
    assert "验证码不对，或者已经用过" in answer(clients[1], shown).text
    assert not factors.code_serves(User.get_by_id(clerk.id), code(secret, -1)), "nor does an earlier one after it"
    assert answer(clients[1], code(secret, 1)).status_code == 302


def test_wrong_codes_lock_the_account_and_the_right_one_does_not_open_it_then(client, clerk, secret):
    log_in(client, "clerk")
    said = [answer(client, "000000").text for _ in range(5)]
    assert "还可以再试 4 次" in said[0] and "账号锁定到" in said[4]
    assert answer(client, code(secret)).status_code == 422 and client.get("/office/").status_code == 302


def test_a_password_does_not_forgive_wrong_codes(app, clerk, secret):
    """Else somebody who knows the password would guess codes without an end."""
    for _ in range(2):
        client = app.test_client()
        log_in(client, "clerk")
        answer(client, "000000")
        answer(client, "000001")
    assert User.get_by_id(clerk.id).failed == 4


def test_a_recovery_code_serves_once_and_is_kept_as_a_digest(app, clerk, secret):
    written = factors.new_recovery_codes(clerk)
    assert len(set(written)) == 10 and not set(written) & set(User.get_by_id(clerk.id).recovery_codes)
    for status in (302, 422):
        client = app.test_client()
        log_in(client, "clerk")
        assert answer(client, written[3].upper().replace("-", " ")).status_code == status
    assert len(User.get_by_id(clerk.id).recovery_codes) == 9
    assert Login.select().where(Login.means == "recovery").count() == 1


def set_up(client):
    """Set up an app as a person does: (its secret, the page that comes at the end)."""
    assert client.post("/account/code").location == "/account/code"
    page = client.get("/account/code").text
    secret = "".join(re.search(r'<code class="mono">([A-Z2-7 ]+)</code>', page)[1].split())
    assert "data:image/svg+xml" in page
    return secret, client.post("/account/code", data={"code": code(secret)}).text


def test_an_app_is_set_up_by_its_first_code_and_the_recovery_codes_are_shown_once(enter, client, clerk):
    inside = enter(clerk)
    inside.post("/account/code")
    assert "验证码不对" in inside.post("/account/code", data={"code": "000000"}).text and not factors.has_second(User.get_by_id(clerk.id))
    secret, page = set_up(inside)
    assert len(re.findall(r"<li>[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}</li>", page)) == 10
    assert not re.search(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}</li>", inside.get("/account/protection").text)
    stored, = db.execute_sql("SELECT code_secret FROM account WHERE username = 'clerk'").fetchone()
    assert User.get_by_id(clerk.id).code_secret == secret and secret not in stored
    log_in(client, "clerk")
    assert client.get("/office/").location.startswith("/login/second")
    assert [entry.verb for entry in Entry.select().where(Entry.entity == "account").order_by(Entry.id)][:2] == ["code_app", "recovery_codes"]


def test_what_is_set_up_does_not_lie_open_in_the_cookie(enter, clerk):
    inside = enter(clerk)
    inside.post("/account/code")
    page = inside.get("/account/code").text
    secret = "".join(re.search(r'<code class="mono">([A-Z2-7 ]+)</code>', page)[1].split())
    with inside.session_transaction() as session:
        assert secret not in str(dict(session))


# who must have one -------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def strict(settings, database):
    """The application where the roles of the parameter need a second factor."""
    app = create_app(replace(settings, second_factor=True))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_who_must_have_a_second_factor_can_do_nothing_before_it_is_set_up(strict, clerk):
    client = strict.test_client()
    let_in(client, clerk)
    assert client.get("/office/").location == "/account/protection"
    assert "您的角色要求第二步验证" in client.get("/account/protection").text
    set_up(client)
    assert client.get("/office/").status_code == 200
    assert "请先登记另一种" in client.post("/account/code/drop").text and factors.has_second(User.get_by_id(clerk.id))


def test_applicants_need_none_and_in_the_demo_nobody_does(strict, app, clerk, database):
    person = with_password(account("lin", "applicant", person=Person.create(name="林叙白", document_number=number_for(7), phone="13800000007")))
    outside, demo = strict.test_client(), app.test_client()
    let_in(outside, person), let_in(demo, clerk)
    assert outside.get("/me/account").status_code == 200 and demo.get("/office/").status_code == 200


def test_a_second_factor_that_nobody_demands_can_be_removed(enter, clerk, secret):
    assert enter(clerk).post("/account/code/drop").status_code == 302
    assert not factors.has_second(User.get_by_id(clerk.id))


def test_a_passkey_of_somebody_else_is_not_there(enter, clerk):
    other = account("other", "security")
    key = Passkey.add(other, user=other, name="钥匙", credential="id", public_key="key")
    assert enter(clerk).post(f"/account/key/{key.id}/remove").status_code == 404
    assert Passkey.get_by_id(key.id).state == "valid"


def test_what_no_key_has_signed_opens_nothing(client, clerk):
    client.post("/login/key/options")
    for text in ("", "{}", '{"id": "x"}', '{"id": 1, "response": null}', "[]"):
        assert client.post("/login/key", data={"answer": text}).location.startswith("/login")
        assert client.get("/office/").status_code == 302


def test_a_log_in_of_yesterday_that_waits_for_its_second_step_is_over(client, clerk, secret):
    with clock.at(clock.now() - dt.timedelta(days=1)):
        log_in(client, "clerk")
    assert client.get("/login/second").location.startswith("/login")
