"""The door: who gets in, what a failure says, the lock, new passwords, and what the log keeps of it."""
import datetime as dt
import re
from threading import Thread

import pytest
from passlib.hash import argon2

from backoffice.logins import Counted
from backoffice.security import one_time_link
from models import clock
from models.audit import Entry
from models.base import db
from models.files import File
from models.outbox import Outbox
from models.parameters import Parameter
from models.people import Person, User
from tests.backoffice.conftest import with_password
from tests.backoffice.offices import Counting
from tests.world import PASSWORD, account, number_for


def log_in(client, identity, password=PASSWORD, headers=None, **more):
    return client.post("/login", data={"identity": identity, "password": password, **more}, headers=headers)


@pytest.fixture
def applicant(database):
    person = Person.create(name="林叙白", document_number=number_for(7), phone="13800000007")
    return with_password(account("lin", "applicant", person=person))


def seen(answer, without):
    """What the page says, apart from its tokens and what was typed."""
    return re.sub(r'(content|value|nonce)="[^"]*"', "", answer.text).replace(without, "")


def verbs():
    return [entry.verb for entry in Entry.select().where(Entry.entity == "account").order_by(Entry.id)]


# who gets where

@pytest.mark.parametrize("path", ["/office/", "/office/account/", "/office/jobs/1", "/office/nothing/", "/me/account", "/file/1"])
def test_nobody_is_sent_to_the_log_in_and_back_afterwards(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer.location == f"/login?next={path}"


def test_nobody_posts_anything(client):
    assert client.post("/office/account/").location == "/login"


def test_an_applicant_has_no_business_in_the_office(enter, applicant):
    assert [enter(applicant).get(path).status_code for path in ("/office/", "/office/account/", "/office/nothing/")] == [403, 403, 403]


def test_staff_have_no_business_in_the_applicants_pages(enter, clerk):
    assert enter(clerk).get("/me/account").status_code == 403


def test_a_disabled_account_is_out_at_once(enter, clerk):
    inside = enter(clerk)
    assert inside.get("/office/").status_code == 200
    User.update(state="disabled").where(User.id == clerk.id).execute()
    assert inside.get("/office/").location.startswith("/login")


def test_staff_land_on_the_desk_and_applicants_on_their_case(app, clerk, applicant):
    for name, home in (("clerk", "/office/"), ("lin", "/me")):
        client = app.test_client()
        assert log_in(client, name).location == "/home"
        assert client.get("/home").location == home


@pytest.mark.parametrize("spelling", ["lin", "lin@example.cn", "LIN@example.cn", number_for(7), f" {number_for(7)} ", number_for(7).lower()])
def test_user_name_mail_and_document_number_all_lead_to_the_account(client, applicant, spelling):
    assert log_in(client, spelling).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "////evil.example", "\\\\evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_outside(client, clerk, target):
    assert re.fullmatch(r"/home|%5C%5Cevil\.example", log_in(client, "clerk", next=target).location)


def test_the_way_back_leads_to_where_one_came_from(client, clerk):
    assert 'name="next" value="/office/account/"' in client.get("/login?next=/office/account/").text
    assert log_in(client, "clerk", next="/office/account/").location == "/office/account/"


def test_log_out_takes_a_post(enter, clerk):
    inside = enter(clerk)
    assert inside.get("/logout").status_code == 405
    inside.post("/logout")
    assert inside.get("/office/").status_code == 302 and verbs() == ["logout"]


def test_pages_of_the_library_that_are_not_in_use_do_not_exist(app):
    addresses = {str(rule) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert addresses == {"/login", "/logout", "/reset", "/reset/<token>"}


# failures

def test_a_failure_says_how_many_tries_are_left_and_the_fifth_locks(client, clerk):
    with clock.at(dt.datetime(2026, 3, 20, 10, 0)):
        said = [re.search(r'<b>(.*?)</b>(.*?)</p>', log_in(client, "clerk", "wrong").text) for _ in range(5)]
        assert [text[2] for text in said[:2]] == ["还可以再试 4 次；之后账号锁定 15 分钟。", "还可以再试 3 次；之后账号锁定 15 分钟。"]
        assert "锁定到 10:15" in said[4][1]
        assert "锁定到 10:15" in log_in(client, "clerk").text, "the right password does not open a locked account"
    with clock.at(dt.datetime(2026, 3, 20, 10, 15)):
        assert log_in(client, "clerk").status_code == 302
    assert verbs() == ["login_failed"] * 5 + ["login_locked", "login"]


def test_an_unknown_account_is_answered_like_a_known_one(app, clerk):
    def answers(identity):
        client, heard = app.test_client(), []
        for minute in (0, 1, 2, 3, 4, 5, 18, 19, 20):
            with clock.at(dt.datetime(2026, 3, 20, 10, minute)):
                heard.append(seen(log_in(client, identity, "wrong"), identity))
        return heard
    assert answers("clerk") == answers("nobody-of-this-name")


def test_what_was_typed_for_an_unknown_account_is_not_kept_readable(client, database):
    log_in(client, "110105199001010071", "wrong")
    entry = Entry.get(Entry.verb == "login_failed")
    assert entry.row_id is None and "1101" not in str(entry.__data__) and len(entry.digest) == 64


def test_only_failures_count(client, clerk):
    for _ in range(3):
        for _ in range(4):
            log_in(client, "clerk", "wrong")
        assert log_in(client, "clerk").status_code == 302
        client.post("/logout")
    assert User.get_by_id(clerk.id).failed == 0


def test_parallel_tries_do_not_get_past_the_limit(clerk):
    taken = []

    def attempt():
        with db.connection_context():
            taken.append(Counted(clerk).take())
    threads = [Thread(target=attempt) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(taken) == [False] * 15 + [True] * 5


def test_a_disabled_account_learns_so_only_with_the_right_password(client, clerk):
    User.update(state="disabled").where(User.id == clerk.id).execute()
    assert "已停用" not in log_in(client, "clerk", "wrong").text
    assert "已停用" in log_in(client, "clerk").text


def test_nothing_typed_counts_as_nothing(client, clerk):
    assert "请填写账号和密码" in log_in(client, "clerk", "").text
    assert User.get_by_id(clerk.id).failed == 0 and verbs() == []


# passwords

def change(client, old, new, again=None, path="/office/account/"):
    return client.post(path, data={"password": old, "new_password": new, "new_password_confirm": new if again is None else again})


@pytest.mark.parametrize("old, new, again, sentence", [
    ("wrong", "Another-2026", None, "现在的密码不对"),
    (PASSWORD, "kurz", None, "要求至少 8 个字符，实际 4 个，差 4 个"),
    (PASSWORD, "my-Clerk-2026", None, "密码不能包含用户名或电子邮箱"),
    (PASSWORD, "Another-2026", "Another-2027", "两次输入的新密码不一致"),
    (PASSWORD, "password-1", None, "这个密码太常见"),
    (PASSWORD, "aaaaaaaaaaaa", None, "这个密码太常见"),
    (PASSWORD, "woaini1314520", None, "这个密码太常见"),
    (PASSWORD, "rvbmsc5pvq6j", None, "泄露过的密码"),
    (PASSWORD, PASSWORD, None, "新密码和现在的密码一样"),
    ("", "", None, "请填写新密码"),
])
def test_a_new_password_is_refused_at_its_field(enter, clerk, old, new, again, sentence):
    answer = change(enter(clerk), old, new, again)
    assert answer.status_code == 200 and sentence in answer.text
    assert User.get_by_id(clerk.id).password == clerk.password


def test_a_new_password_ends_the_other_log_ins(app, enter, clerk):
    here, elsewhere = enter(clerk), enter(clerk)
    assert change(here, PASSWORD, "Another-2026").status_code == 302
    assert here.get("/office/").status_code == 200 and elsewhere.get("/office/").status_code == 302
    assert log_in(app.test_client(), "clerk", "Another-2026").status_code == 302 and verbs() == ["password", "login"]


def test_the_last_passwords_cannot_be_used_again(enter, clerk):
    inside = enter(clerk)
    names = ["Another-2026", "Another-2027", "Another-2028", "Another-2029", "Another-2030"]
    for old, new in zip([PASSWORD, *names], names):
        assert change(inside, old, new).status_code == 302
    assert "新密码不能与最近 5 个密码相同" in change(inside, names[-1], names[0]).text
    assert change(inside, names[-1], "Another-2031").status_code == 302 and change(inside, "Another-2031", "Another-2032").status_code == 302
    assert change(inside, "Another-2032", names[0]).status_code == 302, "five others lie between"


def test_an_applicant_changes_it_on_his_own_page(enter, applicant):
    assert change(enter(applicant), PASSWORD, "Another-2026", path="/me/account").location == "/me/account"


def test_who_must_change_the_password_can_do_nothing_else_before(enter, clerk):
    User.update(must_change=True).where(User.id == clerk.id).execute()
    inside = enter(clerk)
    assert inside.get("/office/").location == "/office/account/" and inside.get("/file/1").location == "/office/account/"
    change(inside, PASSWORD, "Another-2026")
    assert inside.get("/office/").status_code == 200


def test_a_link_sets_the_password_once_and_unlocks(app, clerk):
    User.update(failed=5, locked_until=clock.now() + dt.timedelta(minutes=9), must_change=True).where(User.id == clerk.id).execute()
    with app.app_context():
        link = one_time_link(clerk)
    assert link.startswith("http://127.0.0.1:8000/reset/")
    client, path = app.test_client(), link.removeprefix("http://127.0.0.1:8000")
    assert "设置新密码" in client.get(path).text
    assert "差 4 个" in client.post(path, data={"password": "kurz", "password_confirm": "kurz"}).text
    assert client.post(path, data={"password": "Another-2026", "password_confirm": "Another-2026"}).location == "/login"
    assert client.get(path).location == "/reset", "it works once"
    assert log_in(client, "clerk", "Another-2026").status_code == 302
    assert client.get("/office/").status_code == 200


def test_a_link_ends_after_a_day(app, clerk, monkeypatch):
    with app.app_context():
        path = one_time_link(clerk).removeprefix("http://127.0.0.1:8000")
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = dt.timedelta(seconds=-1)
    answer = app.test_client().get(path, follow_redirects=True)
    assert "这个链接已过期" in answer.text


def test_a_forgotten_password_brings_a_letter_and_an_unknown_name_the_same_answer(app, clerk):
    known, unknown = (seen(app.test_client().post("/reset", data={"identity": name}, headers={"Host": "evil.example"}), name) for name in ("clerk", "nobody"))
    assert known == unknown and "链接已经寄出" in known
    letter = Outbox.get()
    assert letter.user_id == clerk.id and letter.state == "waiting" and "http://127.0.0.1:8000/reset/" in letter.body and "evil" not in letter.body


def test_a_letter_to_nobody_costs_the_work_of_one_to_somebody(app, clerk):
    def asked(name):
        with Counting() as counted:
            app.test_client().post("/reset", data={"identity": name})
        return sum(text.startswith('INSERT INTO "outbox"') for text in counted.statements)
    assert asked("clerk") == asked("nobody") == 1 and Outbox.select().count() == 1


def test_letters_for_one_account_are_few_and_the_answer_does_not_tell(app, clerk):
    pages = {seen(app.test_client().post("/reset", data={"identity": name}), name) for name in ["clerk"] * 6 + ["nobody"]}
    assert len(pages) == 1 and Outbox.select().count() == 5


def test_one_address_asks_for_so_many_letters_in_an_hour_and_no_more(app, clerk):
    Parameter.update(value=2).where(Parameter.name == "reset.per_address").execute()
    assert [app.test_client().post("/reset", data={"identity": f"nobody{n}"}).status_code for n in range(3)] == [200, 200, 429]
    elsewhere = {"REMOTE_ADDR": "10.0.0.2"}
    assert app.test_client().post("/reset", data={"identity": "clerk"}, environ_base=elsewhere).status_code == 200


@pytest.mark.parametrize("name", ["clerk", "nobody-of-this-name"])
def test_a_failure_costs_one_hash_whether_the_account_exists_or_not(client, clerk, monkeypatch, name):
    made, kept = [], {word: getattr(argon2, word) for word in ("verify", "hash")}
    for word, real in kept.items():
        monkeypatch.setattr(argon2, word, lambda *given, real=real, **more: (made.append(1), real(*given, **more))[1])
    log_in(client, name, "wrong")
    assert len(made) == 1


# files and looks

def keep(**owner):
    return File.keep(b"%PDF-1.7", "材料 一.pdf", "document", "application/pdf", **owner)


def test_a_file_is_fetched_by_whoever_may_see_it_and_is_not_there_for_others(enter, clerk, unit):
    row, other = keep(institution=unit), account("clerk2", "clerk", institution=unit.id + 1)
    answer = enter(clerk).get(f"/file/{row.id}")
    assert answer.data == b"%PDF-1.7" and answer.headers["X-Content-Type-Options"] == "nosniff" and "inline" in answer.headers["Content-Disposition"]
    assert enter(other).get(f"/file/{row.id}").status_code == 404
    assert enter(clerk).get("/file/999999").status_code == 404


def test_what_a_browser_might_run_is_only_handed_over_as_a_download(enter, clerk, unit):
    row = File.keep(b"<script>1</script>", "说明.html", "document", "text/html", institution=unit)
    assert enter(clerk).get(f"/file/{row.id}").headers["Content-Disposition"].startswith("attachment")


def test_biometrics_and_expired_files_are_not_there_for_anybody(enter, clerk, unit):
    finger = File.keep(b"print", "左手.png", "fingerprint", "image/png", institution=unit)
    mine = File.keep(b"print", "右手.png", "fingerprint", "image/png", user_ref=clerk.id)
    old = File.keep(b"xlsx", "导出.xlsx", "result", "application/octet-stream", user_ref=clerk.id, expires_at=clock.now())
    assert [enter(clerk).get(f"/file/{row.id}").status_code for row in (finger, mine, old)] == [404, 404, 404]


def test_theme_and_density_stay_with_the_account(enter, clerk):
    inside = enter(clerk)
    inside.post("/account/appearance", data={"theme": "dark", "density": "<script>", "other": "1"})
    assert User.get_by_id(clerk.id).settings == {"theme": "dark"}
    assert '<html lang="zh-CN" data-theme="dark"' in inside.get("/office/").text
