"""The interface for programs: what a token opens, every line by pages, figures, limits, sentences; and that it is as it is described."""
import datetime as dt

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from models import clock, extras
from models.applications import Application
from models.audit import Entry
from models.awards import Award
from models.parameters import Parameter
from models.reference import Institution
from models.reports import Report, ReportLine
from models.tokens import ApiToken
from tests.reported import lengthened, reported

UNTIL = dt.date(2026, 9, 1)


@pytest.fixture
def report(world):
    return reported(world, "卫长庚", "李𠮷安")


@pytest.fixture
def read(office):
    """Function (user, path, status) to the JSON that a program with a token of the user gets; every answer is held against the description."""
    tokens, spec = {}, office.test_client().get("/api/openapi.json").get_json()

    def answered(user, path, status=200):
        if user.id not in tokens:
            tokens[user.id] = ApiToken.issue(user, "程序", UNTIL)[1]
        answer = office.test_client().get(path, headers={"Authorization": f"Bearer {tokens[user.id]}"})
        assert answer.status_code == status and answer.is_json, f"{path}: {answer.status_code} {answer.text[:300]}"
        fits(spec, path, answer.status_code, answer.get_json())
        return answer.get_json()
    return answered


def fits(spec, path, status, answer):
    """Whether an answer has the shape that the description names for its path and status."""
    plain = "/".join("{id}" if part.isdecimal() else part for part in path.partition("?")[0].split("/"))
    if plain in spec["paths"]:
        shape = spec["paths"][plain]["get"]["responses"][str(status)]["content"]["application/json"]["schema"]
        OAS30Validator({**shape, "components": spec["components"]}).validate(answer)


def test_the_description_is_valid_and_names_every_route_and_no_other(office):
    spec = office.test_client().get("/api/openapi.json").get_json()
    validate(spec)
    rules = {rule.rule.replace("<int(max=2147483647):id>", "{id}") for rule in office.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert set(spec["paths"]) == rules - {"/api/openapi.json"}


def test_an_office_reads_the_reports_of_its_units_and_the_centre_all(world, report, read):
    assert [row["unit"]["code"] for row in read(world.officer, "/api/reports")["reports"]] == ["10001"]
    assert [row["unit"]["code"] for row in read(world.officer2, "/api/reports")["reports"]] == ["10246"]
    assert {row["unit"]["code"] for row in read(world.centre, "/api/reports")["reports"]} == {"10001", "10246"}
    assert read(world.officer2, f"/api/reports/{report.id}", 404) == read(world.officer2, "/api/reports/999999", 404) == {"error": "没有这份报送，或不在您的范围内"}
    assert read(world.officer2, f"/api/reports/{report.id}/lines", 404)["error"].startswith("没有这份报送")
    found = read(world.officer, f"/api/reports/{report.id}")
    assert (found["state"], found["lines"], found["digest"], found["round"]) == ("submitted", 2, report.digest, 1)


def test_the_list_is_narrowed_and_comes_in_pages(world, report, read):
    assert read(world.centre, "/api/reports?state=open&unit=10246")["reports"][0]["unit"]["name"] == "复旦大学"
    assert read(world.centre, f"/api/reports?term={report.term_id + 1}")["reports"] == []
    first = read(world.centre, "/api/reports?limit=1")
    second = read(world.centre, f"/api/reports?limit=1&after={first['next']}")
    assert second["next"] is None and {first["reports"][0]["id"], second["reports"][0]["id"]} == {row.id for row in Report.select()}


@pytest.mark.parametrize("limit", [7, 100, 500])
def test_all_pages_together_are_exactly_the_lines(world, report, read, limit):
    report, found, after = lengthened(report, 30 if limit == 7 else 501), [], 0
    while after is not None:
        page = read(world.officer, f"/api/reports/{report.id}/lines?limit={limit}&after={after}")
        found, after = found + page["lines"], page["next"]
    assert [(line["number"], line["values"], line["names"], line["digest"]) for line in found] == [
        (line.number, line.values, line.names, line.digest) for line in report.current_lines()]


def test_numbers_are_in_full_for_those_with_the_right_only(world, report, read):
    number = report.current_lines().first().values["ZJHM"]
    line = read(world.officer, f"/api/reports/{report.id}/lines")["lines"][0]
    assert line["values"]["ZJHM"] == number and line["masked"] is False
    Parameter.update(value=["centre"]).where(Parameter.name == "report.full_roles").execute()
    masked = read(world.officer, f"/api/reports/{report.id}/lines")["lines"][0]
    assert masked["masked"] is True and number not in str(masked) and masked["values"]["ZJHM"].startswith(number[:6])


def test_added_fields_are_told_to_the_roles_that_may_see_them_and_change_no_frozen_line(world, report, read):
    fields = {"note": ("text", ("officer", "centre")), "inner": ("text", ("clerk",)), "paid": ("flag", ("centre",)), "grade": ("decimal", ("officer", "centre"))}
    kinds = (Institution, Award, Application)
    before = read(world.centre, f"/api/reports/{report.id}/lines")["lines"]
    assert all(line["extra"] == {"award": {}, "application": {}} for line in before)
    extras.take({kind: {name: extras.made(kind, name, type, name, visible=visible) for name, (type, visible) in fields.items()} for kind in kinds})
    try:
        for kind in kinds:
            kind.update(extra={"note": kind.__name__, "inner": "x", "paid": 1, "grade": 7.5, "gone": "x"}).execute()
        told = read(world.centre, f"/api/reports/{report.id}/lines")
        assert told["report"]["unit"]["extra"] == {"note": "Institution", "paid": True, "grade": 7.5}
        assert all(line["extra"] == {name: {"note": kind.__name__, "paid": True, "grade": 7.5} for name, kind in zip(("award", "application"), kinds[1:], strict=True)} for line in told["lines"])
        assert [line | {"extra": 0} for line in told["lines"]] == [line | {"extra": 0} for line in before]
        assert read(world.officer, f"/api/reports/{report.id}")["unit"]["extra"] == {"note": "Institution", "grade": 7.5}
        Application.update(extra={}).execute()
        assert read(world.officer, f"/api/reports/{report.id}/lines")["lines"][0]["extra"]["application"] == {"note": None, "grade": None}
    finally:
        extras.take({})


def test_rows_are_narrowed_and_ordered_by_added_fields_as_the_answer_names_them(world, report, read, office):
    fields = {"area": ("choice", ("officer", "centre"), {"choices": (("east", "东"), ("west", "西"))}), "size": ("decimal", ("centre",), {}), "since": ("date", ("centre",), {}),
              "paid": ("flag", ("centre",), {}), "inner": ("text", ("clerk",), {})}
    extras.take({kind: {name: extras.made(kind, name, type, name, visible=visible, **more) for name, (type, visible, more) in fields.items()} for kind in (Institution, Award)})
    try:
        for code, extra in (("10001", {"area": "east", "size": 2.5, "since": "2026-01-02", "paid": 1, "inner": "x"}), ("10246", {"area": "west", "size": 10})):
            Institution.update(extra=extra).where(Institution.code == code).execute()

        def units(user, asked, status=200):
            answer = read(user, f"/api/reports?{asked}", status)
            return [row["unit"]["code"] for row in answer["reports"]] if status == 200 else answer["error"]
        assert units(world.centre, "unit.extra.area=west") == units(world.centre, "unit.extra.size.from=10") == units(world.centre, "unit.extra.since=") == ["10246"]
        assert units(world.centre, "unit.extra.since.to=2026-01-02&unit.extra.paid=true") == units(world.centre, "unit.extra.size.to=2.5") == ["10001"]
        assert units(world.centre, "order=unit.extra.size") == ["10001", "10246"] and units(world.centre, "order=-unit.extra.size") == ["10246", "10001"]
        for order, wanted in (("-unit.extra.size", ["10246", "10001"]), ("unit.extra.since", ["10001", "10246"])):
            found, after = [], 0
            while after is not None:
                page = read(world.centre, f"/api/reports?limit=1&order={order}&after={after}")
                found, after = found + [row["unit"]["code"] for row in page["reports"]], page["next"]
            assert found == wanted
        assert "要求数，实际“x”" in units(world.centre, "unit.extra.size=x", 422) and "要求 east、west 之一" in units(world.centre, "unit.extra.area=north", 422)
        assert units(world.officer, "unit.extra.area=east") == ["10001"] and "order：要求 unit.extra.area 之一" in units(world.officer, "order=unit.extra.size", 422)
        hidden, missing = (units(world.officer, f"unit.extra.{name}=x", 422).replace(name, "") for name in ("inner", "other"))
        assert hidden == missing and "没有“unit.extra.”这个参数，可用的有 term、state、unit、after、limit、unit.extra.area、order" == hidden

        first, second = (line.award_id for line in report.current_lines())
        Award.update(extra={"size": 7}).where(Award.id == first).execute()
        Award.update(extra={"size": 3}).where(Award.id == second).execute()
        lines = f"/api/reports/{report.id}/lines"
        assert [line["number"] for line in read(world.centre, f"{lines}?extra.award.size=3")["lines"]] == [2]
        assert [line["number"] for line in read(world.centre, f"{lines}?order=extra.award.size")["lines"]] == [2, 1]
        page = read(world.centre, f"{lines}?order=extra.award.size&limit=1")
        assert [line["number"] for line in read(world.centre, f"{lines}?order=extra.award.size&after={page['next']}")["lines"]] == [1]
        assert "已不在筛选的结果里" in read(world.centre, f"{lines}?order=extra.award.size&after=9", 422)["error"]
        assert "没有“extra.award.size”这个参数" in read(world.officer, f"{lines}?extra.award.size=3", 422)["error"]

        told = read(world.officer, "/api/openapi.json")
        validate(told)
        asks = {ask["name"]: ask["schema"] for ask in told["paths"]["/api/reports"]["get"]["parameters"]}
        assert asks["unit.extra.area"] == {"type": "string", "enum": ["east", "west"]} and "unit.extra.inner" not in asks
        assert "area" not in office.test_client().get("/api/openapi.json").text
    finally:
        extras.take({})


def test_a_line_that_is_not_what_was_frozen_is_not_given_out(world, report, read):
    ReportLine.update(values={"XM": "别人"}).where(ReportLine.report == report, ReportLine.number == 2).execute()
    assert "第 2 行与提交时的摘要不符" in read(world.officer, f"/api/reports/{report.id}/lines", 409)["error"]


def test_terms_and_figures(world, report, read):
    assert [(term["id"], term["reports"]) for term in read(world.officer, "/api/terms")["terms"]] == [(report.term_id, 1)]
    row, = read(world.officer, f"/api/statistics?by=unit&term={report.term_id}")["rows"]
    assert row == {"code": "10001", "name": "北京大学", "units": 1, "awarded": 2, "reported": 2, "filed": 0}
    assert [row["code"] for row in read(world.centre, "/api/statistics?by=state")["rows"]] == ["open", "submitted"]


def test_every_read_is_recorded_once_with_the_token_and_what_was_asked(world, report, read):
    read(world.officer, f"/api/reports/{report.id}/lines?limit=1")
    read(world.officer, "/api/reports?state=open")
    first, second = Entry.select().where(Entry.verb == "api").order_by(Entry.id)
    assert (first.entity, first.row_id, first.user_id) == ("report", report.id, world.officer.id) and "limit=1" in first.reason
    assert (second.entity, second.row_id) == ("report", None) and second.reason == "令牌“程序”：/api/reports?state=open"
    assert ApiToken.get().last_used_at == clock.now()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer \u00e9"])
def test_without_a_token_there_is_a_sentence_and_nothing_else(office, report, header):
    answer = office.test_client().get("/api/reports", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401 and "Authorization" in answer.get_json()["error"] and answer.headers["WWW-Authenticate"] == "Bearer"
    assert not Entry.select().where(Entry.verb == "api").exists()


def test_a_session_of_a_browser_opens_nothing(world, report, enter):
    assert enter(world.officer).client.get("/api/reports").status_code == 401


def test_a_token_that_serves_no_more_says_why(world, report, read):
    read(world.officer, "/api/reports")
    ApiToken.get().revoke(by=world.security)
    assert read(world.officer, "/api/reports", 403) == {"error": "这个令牌已收回"}


@pytest.mark.parametrize("query, words", [
    ("limit=501", "limit（一页的行数）：要求 0 至 500 的整数，实际“501”"), ("after=-1", "实际“-1”"), ("after=x&state=lost", "实际“lost”"), ("name=x", "没有“name”这个参数"),
    ("after=99999999999999", "after"), ("term=²", "term")])
def test_what_is_asked_wrongly_is_answered_with_what_is_right(world, report, read, query, words):
    assert words in read(world.officer, f"/api/reports?{query}", 422)["error"]


def test_an_address_that_is_not_there_answers_as_json_too(world, read):
    assert read(world.officer, "/api/nothing", 404)["error"] == "没有这一页"


def test_a_token_reads_only_so_often_an_hour(world, report, read):
    Parameter.update(value=2).where(Parameter.name == "api.per_token").execute()
    assert [read(world.officer, "/api/terms") and 200 for _ in range(2)] == [200, 200]
    assert "每小时不超过 2 次" in read(world.officer, "/api/terms", 429)["error"]
    read(world.centre, "/api/terms")


# the page of tokens --------------------------------------------------------------------------------------------------------------------------
def test_a_token_is_made_on_its_page_and_shown_once(world, enter, office):
    visitor = enter(world.officer)
    assert "生成令牌" in visitor.get("/office/token/")
    page = visitor.post("/office/token/new/", 200, name="数据中心", valid_until="2026-09-01")
    secret = page.split('<code class="mono">')[1].split("<")[0]
    assert ApiToken.of(secret).name == "数据中心"
    row = ApiToken.get()
    assert secret not in visitor.get(f"/office/token/details/?id={row.id}") and secret not in visitor.get("/office/token/")
    assert office.test_client().get("/api/terms", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_wrong_term_of_validity_is_said_at_its_field_and_nothing_is_lost(world, enter):
    page = enter(world.officer).post("/office/token/new/", 422, name="数据中心", valid_until="2029-01-01")
    assert "要求 2026-03-20 至 2027-03-20，实际 2029-01-01" in page and 'value="数据中心"' in page and not ApiToken.select().exists()


def test_security_sees_and_revokes_but_makes_none(world, enter):
    row, _ = ApiToken.issue(world.officer, "数据中心", UNTIL)
    visitor = enter(world.security)
    assert "数据中心" in visitor.get("/office/token/") and "生成令牌" not in visitor.get("/office/token/")
    visitor.get("/office/token/new/", 403)
    visitor.post("/office/token/step/revoke/", id=row.id, confirm="1", again="1")
    assert ApiToken.get().state == "revoked"
    enter(world.officer2).get(f"/office/token/details/?id={row.id}", 404)
