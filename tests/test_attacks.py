"""Attacks on the whole program, in their short form; `make attack` tries every one (tests/attack). What a request does is undone at once."""
import json
import random
from base64 import urlsafe_b64encode
from functools import partial

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login.utils import encode_cookie
from lxml import html
from peewee import fn

from models import base
from models.audit import Entry
from models.files import File
from models.notices import NoticeTemplate
from models.workflow import Refused
from tests.attack import LONG, columns, dealt, judge, law, own, scripts, surface, uploads
from tests.attack.looks import looks
from tests.attack.sheets import sheets_of
from tests.test_routes import PROVEN_OTHERWISE, routes
from tests.views.test_api import fits
from tests.world import let_in

BREAKS, NOTHING = "a\r\nX-Mark7: 1\r\nBcc: mark7@example.cn", "a\x00b"
EXPRESSIONS = ("' OR '1'='1", "') OR 1=1 --", "1; DROP TABLE person", "%' OR 1=1 --", "\\", "%", "_", "*", "[a", "\x00", "{{1234567*7654321}}", "${1234567*7654321}", "{1234567*7654321}", "<%=1234567*7654321%>", "#{1234567*7654321}",
               "{0.__class__}", "x" * 5000, "9" * 400, "-1", "1e309", "NaN", "２０２６", "😀", "\ud800".encode("utf-8", "replace").decode())
COMPUTED = "9449772114007"  # long enough that no number, date or code of a page holds it by chance
COUNTS = {"login", "tally", "throttle", "api_token"}       # tables of the machinery
TAKEN = {"read", "reveal", "sheet", "export", "api"}       # verbs of entries about what was read or taken as a file
WAYS_OUT = ("../config.py", "../../config.py", "..%2f..%2fconfig.py", "%2e%2e/%2e%2e/config.py", "..\\..\\config.py", "....//....//config.py", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd",
            "file:///etc/passwd", "../../../../../../etc/passwd", "..%252f..%252fconfig.py", "kit.css%00.png", "C:\\Windows\\win.ini")


@pytest.fixture(scope="module")
def forms(ground, engine):
    """[(role, account or None, Sheet)] of the forms on the pages that this run looks at."""
    return own.forms(ground, engine, 199)


def sent(ground, user, sheet, data, **more):
    return ground.ask(user, "POST", sheet.path, data, **more) if sheet.method == "POST" else ground.ask(user, "GET", sheet.path, query_string=data, **more)


# scripts ------------------------------------------------------------------------------------------------------------------------------
def test_a_script_in_any_text_of_any_row_stays_text_on_pages_papers_and_sheets(ground, engine, record_property):
    asked = dealt([(role, user, ("GET", path, None)) for role, user, path in own.pages(ground)] + own.requests(ground), engine, 257)
    shown, found = 0, []
    with base.db.atomic() as undone:
        assert scripts.poison() > 140
        for role, user, request in asked:
            answer = ground.ask(user, *request)
            shown += "mark7" in answer.text
            if answer.status >= 500 or scripts.found_in(answer):
                found.append(f"{role} {request}: {answer.status} {scripts.found_in(answer)}")
        undone.rollback()
    assert shown > len(asked) / 4
    judge(record_property, len(asked), found)


def test_what_is_typed_into_any_box_of_any_form_comes_back_as_text_and_breaks_nothing(ground, forms, record_property):
    found, number = [], 0
    for role, user, sheet in forms:
        for text in (scripts.MARKER, BREAKS, NOTHING):
            for data in (sheet.filled(text), sheet.flooded(text)):
                answer, number = sent(ground, user, sheet, data), number + 1
                if answer.status >= 500 or "X-Mark7" in answer.headers or scripts.found_in(answer):
                    found.append(f"{role} {sheet.method} {sheet.path} {text!r}: {answer.status} {scripts.found_in(answer)}")
    judge(record_property, number, found)


# looking ------------------------------------------------------------------------------------------------------------------------------
def of_each_route(ground, engine):
    """[(role, account, path)]: one page of every GET route that somebody opens, on each database that of another; in the long form what is dealt besides."""
    found, adapter = {}, ground.app.url_map.bind("localhost")
    accounts = ground.accounts()[::1 if engine == "sqlite" else -1]
    for role, user in accounts:
        for path in looks(ground, role, user):
            found.setdefault(adapter.match(path.partition("?")[0])[0], (role, user, path))
    for probe in surface.probes(ground.app):
        if probe.method == "GET" and probe.endpoint not in found:
            for role, user in accounts:
                if law.answers(ground, probe, role, user)[1] != {403} and (row := law.in_sight(probe, user).first()):
                    found[probe.endpoint] = role, user, probe.of(row.id)[1]
                    break
    return list(found.values()) + (dealt(own.pages(ground), engine, 2) if LONG else [])


def test_who_only_looks_writes_nothing_but_that_he_looked(ground, engine, record_property):
    """Of all that a GET writes: an entry that says that something was read or taken as a file, and what counts visits and log-ins."""
    asked, last, found = of_each_route(ground, engine), Entry.select(fn.MAX(Entry.id)).scalar(), []
    for role, user, path in asked:
        answer = ground.ask(user, "GET", path, look=lambda: {verb for verb, in Entry.select(Entry.verb).where(Entry.id > last).tuples()})
        if not answer.wrote <= COUNTS | {"entry"} or not answer.seen <= TAKEN:
            found.append(f"{role} {path}: {sorted(answer.wrote)} {sorted(answer.seen)}")
    assert len(asked) > 200
    judge(record_property, len(asked), found)


# expressions --------------------------------------------------------------------------------------------------------------------------
def test_what_is_asked_of_a_list_is_never_an_expression(ground, engine, record_property):
    """Search, every filter, order, place, view and a kept view: no failure, nothing computed, and no row that the plain list does not have."""
    asked = dealt([(role, user, name, text) for role, user in ground.accounts() for name, screen in ground.screens.items() if screen.open_to(user) for text in EXPRESSIONS], engine, 211, long=6)
    found, number = [], 0
    for role, user, name, text in asked:
        screen, at = ground.screens[name].seen_by(user), f"/office/{name}/"
        rows = {str(row.id) for row in screen.rows(user)}
        keys = ["q", "sort", "after", "before", "view", *(key for item in screen.filters.values() for key in item.keys)]
        for query in ({key: text} for key in keys):
            answer, number = ground.ask(user, "GET", at, query_string=query), number + 1
            if answer.status != 200 or COMPUTED in answer.text or not listed(answer, name) <= rows:
                found.append(f"{role} {at} {query}: {answer.status}")
        answer, number = ground.ask(user, "POST", f"{at}keep/", {"list": f"?q={text}", "title": text[:20]}), number + 1
        if answer.status not in (200, 302):
            found.append(f"{role} {at}keep/ {text!r}: {answer.status}")
    judge(record_property, number, found)


def listed(answer, name):
    """Numbers of the rows that a list shows."""
    links = html.fromstring(answer.data).xpath(f"//tbody//a[contains(@href, '/office/{name}/details/?id=')]/@href")
    return {link.rpartition("=")[2] for link in links}


@pytest.mark.parametrize("text", [
    "{{7*7}}", "{{ ''.__class__ }}", "{{ 收件人.__class__.__mro__ }}", "{{ 收件人['x'] }}", "{{ 收件人[0] }}", "{{ 收件人.upper() }}", "{{ self }}", "{{ cycler }}", "{{ lipsum() }}",
    "{{ 收件人|attr('__class__') }}", "{{ 收件人|map('upper') }}", "{{ '%s'|format(收件人) }}", "{{ 'x' * 999999999 }}", "{{ 9 ** 9 ** 9 }}", "{{ '" + "x" * 6000 + "' }}", "{{ " + "9" * 4000 + " }}",
    "{% for a in 收件人 %}x{% endfor %}", "{% for a in range(10 ** 9) %}{% endfor %}", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "{% set a = 1 %}", "{% set a %}x{% endset %}",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% extends 'base.html' %}", "{% block a %}{% endblock %}", "{% call 收件人() %}{% endcall %}", "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}", "{{ [收件人] * 9 }}", "{{ {'a': 1} }}", "{{ 收件人 ~ 收件人 }}", "{{ -1 }}", "{{ 收件人 is string }}", "{{ 收件人 if 标题 }}", "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
    "{% if 标题 %}" * 60 + "{% endif %}" * 60, "{{ 标题" + "|upper" * 300 + " }}", "{{ 收件人!r }}", "{收件人.__class__}", "{收件人}", "{0}", "{", "{% raw %}{{ x }}{% endraw %}", "{{ 标题", "{% if 标题 %}"])
def test_a_template_of_notices_computes_nothing(ground, text):
    template = NoticeTemplate.get()
    with base.db.atomic(), pytest.raises(Refused):
        template.change(ground.world.it, body=text)


# columns, files ---------------------------------------------------------------------------------------------------------------------------
def test_columns_that_a_form_does_not_ask_for_are_not_written_whatever_is_sent(ground, forms, record_property):
    look = partial(columns.written, columns.known())
    before, found, number, wrote = look(), [], 0, 0
    for role, user, sheet in forms:
        if sheet.method == "POST":
            plain = sent(ground, user, sheet, dict(sheet.fields) | sheet.filled("7"), look=look)
            more = sent(ground, user, sheet, dict(sheet.fields) | columns.everything(sheet) | sheet.filled("7"), look=look)
            number, wrote = number + 1, wrote + (plain.seen != before)
            if more.seen not in (plain.seen, before):              # refused as a whole is as good
                found.append(f"{role} {sheet.path}: {[kind for kind in plain.seen if plain.seen[kind] != more.seen[kind]]}")
    assert wrote > 5
    judge(record_property, number, found)


def upload_pages(ground, engine):
    """[(role, account, path)] of pages with a form that takes files: those of a draft and an import always, of the others what this run looks at."""
    world = ground.world
    case = world.sides[0].draft
    always = [("applicant", case.applicants()[0], f"/apply/{case.id}/{step}") for step in ("photo", "materials")] + [("clerk", world.clerk, "/office/import/course_result/")]
    return always + dealt([page for page in own.pages(ground) if any(part in page[2] for part in ("/create/", "/edit/", "/step/", "/fill/", "/desk/", "/import/", "/me/", "/apply/", "/photo"))], engine, 61)


def test_no_name_header_or_content_of_an_upload_does_anything(ground, engine, record_property):
    last, forms, found, number, stored = File.select(fn.MAX(File.id)).scalar(), {}, [], 0, 0
    for role, user, path in upload_pages(ground, engine):
        for sheet in sheets_of(path, ground.ask(user, "GET", path)):
            if sheet.files:
                forms.setdefault((role, sheet.shape), (role, user, sheet))
    for role, user, sheet in forms.values():
        for body in uploads.bodies(sheet):
            answer = ground.ask(user, "POST", sheet.path, body, content_type=f"multipart/form-data; boundary={uploads.BOUNDARY.decode()}", look=partial(uploads.kept, ground, user, last))
            number, stored = number + 1, stored + answer.seen[0]
            if answer.status >= 500 or "X-Mark7" in answer.headers or scripts.found_in(answer) or answer.seen[1]:
                found.append(f"{role} {sheet.path} {body[-300:]!r}: {answer.status} {scripts.found_in(answer)} {answer.seen[1]}")
    assert stored > 5
    judge(record_property, number, found)


def test_no_path_leads_to_a_file_that_is_not_meant(ground, record_property):
    world, found, number = ground.world, [], 0
    for way in WAYS_OUT:
        for user, path in ((None, f"/static/{way}"), (None, f"/look/{way}"), (None, f"/consent/{way}"), (None, f"/check/{way}"), (world.clerk, f"/file/{way}"), (world.door, f"/office/door/{way}"),
                           (world.clerk, f"/office/import/{way}/template/"), (world.clerk, f"/office/import/{way}/"), (world.clerk, f"/office/own/{way}/"), (world.it, f"/office/configure/edit/{way}/"),
                           (world.it, f"/office/configure/check/{way}/"), (None, f"/gateway/bill/{way}"), (world.clerk, f"/office/report/sheet/?id=1&form={way}"),
                           (world.site_head, f"/office/seated_room/papers/?paper={way}&form={way}"), (None, f"/pay/notify/{way}")):
            for method in ("GET", "POST"):
                answer, number = ground.ask(user, method, path, {"form": way} if method == "POST" else None), number + 1
                if answer.status >= 500 or b"root:" in answer.data or b"SECRET_KEY" in answer.data or answer.status == 200 and path.startswith("/static"):
                    found.append(f"{method} {path}: {answer.status}")
    judge(record_property, number, found)


# cookies and tokens -------------------------------------------------------------------------------------------------------------------
def forged(ground):
    """{how: Cookie header} of everything but a log-in."""
    world, app = ground.world, ground.app
    name, _, real = ground.cookie(world.clerk).partition("=")
    payload, stamp, signature = real.rsplit(".", 2)
    inside = {"_user_id": world.security.fs_uniquifier, "_fresh": True, "login": "0" * 32}
    stranger = Flask("stranger", static_folder=None)
    stranger.secret_key = "k" * 32
    serial, weak = app.session_interface.get_signing_serializer, SecureCookieSessionInterface().get_signing_serializer
    plain = urlsafe_b64encode(json.dumps(inside).encode()).rstrip(b"=").decode()
    with app.app_context():
        remembered = encode_cookie(world.security.fs_uniquifier)
    return {"of another key": f"{name}={serial(stranger).dumps(inside)}", "signed with SHA-1": f"{name}={weak(app).dumps(serial(app).loads(real))}",
            "with another content": f"{name}={plain}.{stamp}.{signature}", "without a signature": f"{name}={payload}.{stamp}.",
            "without a stamp": f"{name}={payload}.{signature}", "cut": f"{name}={real[:-5]}", "with a later stamp": f"{name}={payload}.zzzzzz.{signature}", "plain": f"{name}={plain}",
            "that names no log-in": f"{name}={serial(app).dumps(inside)}", "empty": f"{name}=", "remembered, forged": f"remember_token={world.security.fs_uniquifier}|{'0' * 128}",
            "remembered, unsigned": f"remember_token={world.security.fs_uniquifier}", "remembered, signed": f"remember_token={remembered}"}


def test_a_forged_cookie_opens_nothing(ground, record_property):
    pages = ("/office/", "/office/account/", "/me", f"/file/{ground.world.sides[0].register.photo_id}", "/account/protection")
    found, number = [], 0
    for how, cookie in forged(ground).items():
        for page in pages:
            answer, number = ground.ask(None, "GET", page, headers={"Cookie": cookie}), number + 1
            if answer.status != 302 or "/login" not in answer.location:
                found.append(f"a cookie {how} on {page}: {answer.status}")
    assert ground.ask(ground.world.clerk, "GET", "/office/").status == 200
    judge(record_property, number, found)


def test_the_token_of_somebody_else_or_of_an_earlier_log_in_serves_for_no_post(ground, record_property):
    ground.app.config["WTF_CSRF_ENABLED"] = True
    found, number = [], 0
    try:
        with base.db.atomic() as undone:
            foreign, earlier, now = token_of(ground, ground.world.reviewer)[1], token_of(ground, ground.world.clerk)[1], token_of(ground, ground.world.clerk)
            client, right = now
            for endpoint, path in routes(ground.app, "POST"):
                if endpoint not in PROVEN_OTHERWISE:
                    for name, token in (("foreign", foreign), ("earlier", earlier)):
                        status, number = client.post(path, data={"csrf_token": token, "id": "1", "confirm": "1"}).status_code, number + 1
                        if status != 400:
                            found.append(f"{name} {path}: {status}")
            assert client.post("/account/appearance", data={"csrf_token": right}).status_code == 204
            undone.rollback()
    finally:
        ground.app.config["WTF_CSRF_ENABLED"] = False
    judge(record_property, number, found)


def token_of(ground, user):
    """(a client with a log-in of its own, the token that its pages carry)."""
    client = ground.app.test_client()
    let_in(client, user)
    page = html.fromstring(client.get("/office/account/").data)
    return client, page.xpath("//input[@name='csrf_token']/@value")[0]


# the interface ------------------------------------------------------------------------------------------------------------------------
def test_random_questions_to_the_interface_are_answered_as_described(ground, record_property):
    """In the long form 10,000 more of them come from a tool of its own (tests/attack/test_random.py)."""
    chance, spec = random.Random(2013), ground.ask(None, "GET", "/api/openapi.json").json
    texts, found, number = [*EXPRESSIONS, "1", "0", "submitted", "unit", "2147483647", "2147483648", ""], [], 0
    for _ in range(1000 if LONG else 60):
        for path, operations in spec["paths"].items():
            asks = [ask["name"] for ask in operations["get"]["parameters"] if ask["in"] == "query"] + ["more"]
            at, query = path.replace("{id}", str(chance.choice((1, 2, 0, 999999, 2147483647)))), {chance.choice(asks): chance.choice(texts) for _ in range(chance.randint(0, 3))}
            answer, number = ground.ask(ground.world.officer, "GET", at, query_string=query), number + 1
            if str(answer.status) not in operations["get"]["responses"]:
                found.append(f"{at} {query}: {answer.status}")
            else:
                fits(spec, at, answer.status, answer.json)
    judge(record_property, number, found)
