"""Fields that a site adds: kept in the row's JSON, and columns in every other respect, on both databases."""
import datetime as dt
import io
import re
from copy import copy
from decimal import Decimal
from urllib.parse import parse_qsl

import openpyxl
import pytest

from backoffice.listing import Listing
from models import extras
from models.applications import Application
from models.audit import Entry
from models.base import db, on_sqlite
from models.files import File
from models.people import User
from models.workflow import Refused
from tests.backoffice.offices import Counting, office  # noqa: F401
from tests.world import picture

FIELDS = '''
columns = ["person.name", "state", "number", "extra.campus_number", "extra.level", "extra.score", "extra.since", "extra.full"]
filters = ["state", "extra.campus_number", "extra.level", "extra.score", "extra.since", "extra.full", { name = "extra.level", kind = "empty" }]
search = ["person.name", "extra.campus_number"]
details = [{ title = "校内", fields = ["extra.campus_number", "extra.note", "extra.card"] }]
extra = [
    { name = "campus_number", label = "校内编号", pattern = "[0-9]{4}", example = "0001", editable = ["clerk"], visible = ["clerk", "reviewer"], indexed = true },
    { name = "level", label = "层次", type = "choice", choices = { a = "甲", b = "乙" }, editable = ["clerk"] },
    { name = "score", label = "得分", type = "decimal", places = 1, min = 0, max = 100, editable = ["clerk"], indexed = true },
    { name = "count", label = "次数", type = "integer", editable = ["clerk"] },
    { name = "since", label = "起算", type = "date", editable = ["clerk"] },
    { name = "full", label = "全日制", type = "flag", editable = ["clerk"] },
    { name = "note", label = "说明", type = "long", editable = ["clerk"] },
    { name = "card", label = "校园卡", type = "file", editable = ["clerk"] },
]
'''
VALUES = [{"campus_number": "0001", "level": "a", "score": Decimal("9.5"), "since": dt.date(2026, 3, 1), "full": True, "count": 3},
          {"campus_number": "0102", "level": "b", "score": Decimal("10"), "since": dt.date(2025, 12, 31), "full": False}, {}]


@pytest.fixture
def extended(office):      # noqa: F811
    """The office with added fields on applications, and three cases of which the last has no values."""
    world = office.world
    (office.site / "application.toml").write_text(FIELDS)
    office.screens.refresh()
    assert office.screens.problems == []
    office.cases = []
    for name, values in zip(("甲子", "乙丑", "丙寅"), VALUES):
        user = world.applicant(name)
        case = world.draft(user).submit(by=user)
        case.change(world.clerk, beside=True, extra=extras.merged(case, values))
        office.cases.append(case)
    yield office
    extras.take({})


def says(page, value):
    """Whether a page has the value by itself: the numbers of cases have such digits in them, too."""
    return re.search(rf">\s*{value}\s*<", page) is not None


def names(listing):
    assert listing.faults == []
    return [row.person.name for row in listing.page()]


@pytest.mark.parametrize("args, expected", [
    ({"f.extra.campus_number": "00"}, ["甲子"]), ({"f.extra.level": "b"}, ["乙丑"]), ({"f.extra.level": ["a", "b"]}, ["乙丑", "甲子"]),
    ({"f.extra.score.from": "9.6"}, ["乙丑"]), ({"f.extra.score.to": "9.5"}, ["甲子"]), ({"f.extra.since.from": "2026-01-01"}, ["甲子"]),
    ({"f.extra.full": "1"}, ["甲子"]), ({"f.extra.full": "0"}, ["乙丑"]), ({"f.extra.level.empty": "1"}, ["丙寅"]), ({"f.extra.level.empty": "0"}, ["乙丑", "甲子"]),
    ({"q": "01"}, ["乙丑"]), ({"q": "乙"}, ["乙丑"]), ({"q": "%"}, []),
    ({"sort": "extra.score"}, ["甲子", "乙丑", "丙寅"]), ({"sort": "-extra.score"}, ["乙丑", "甲子", "丙寅"]), ({"sort": "extra.campus_number"}, ["甲子", "乙丑", "丙寅"]),
    ({"sort": "-extra.since"}, ["甲子", "乙丑", "丙寅"]), ({"sort": "extra.full"}, ["乙丑", "甲子", "丙寅"])])
def test_an_added_field_filters_searches_and_sorts_like_a_column(extended, args, expected):
    assert names(Listing(extended.screens["application"], extended.world.clerk, args)) == expected


@pytest.mark.parametrize("sort", ("extra.score", "-extra.campus_number", "extra.since", "-extra.full"))
def test_the_pages_of_a_list_in_the_order_of_an_added_field_follow_each_other(extended, sort):
    screen = extended.screens["application"]
    whole = names(Listing(screen, extended.world.clerk, {"sort": sort}))
    screen = copy(screen)
    screen.page_size = 1
    listing, found = Listing(screen, extended.world.clerk, {"sort": sort}), []
    while True:
        found += names(listing)
        if not listing.next:
            break
        listing = Listing(screen, extended.world.clerk, parse_qsl(listing.next[1:]))
    assert found == whole


def test_a_list_with_added_fields_costs_no_further_query(extended):
    client = extended.enter(extended.world.clerk)
    client.get("/office/application/")
    with Counting() as counted:
        page = client.get("/office/application/").text
    assert all(text in page for text in ("校内编号", "0102", "乙", "9.5", "2025-12-31"))
    assert len([sql for sql in counted.statements if '"account"' not in sql and '"role"' not in sql]) <= 7


def test_whoever_may_not_see_a_field_does_not_see_it_filter_by_it_export_it_or_read_it_in_the_history(extended):
    world, case = extended.world, extended.cases[0]
    for user, there in ((world.reviewer, True), (world.officer, False)):
        client = extended.enter(user)
        assert ("校内编号" in client.get("/office/application/").text) == there
        assert says(client.get(f"/office/application/details/?id={case.id}").text, "0001") == there
        assert ("不能按" in client.get("/office/application/?f.extra.campus_number=0001").text) != there
        head = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(client.get("/office/application/export/").data)).active[1]]
        assert ("校内编号" in head) == there and "得分" in head


def test_the_page_of_a_row_shows_added_fields_that_the_screen_gave_no_place_to_whoever_may_see_them(extended):
    world, case = extended.world, extended.cases[0]
    (extended.site / "application.toml").write_text(FIELDS.replace('details = [{ title = "校内", fields = ["extra.campus_number", "extra.note", "extra.card"] }]\n', ""))
    extended.screens.refresh()
    for user, there in ((world.clerk, True), (world.officer, False)):
        page = extended.enter(user).get(f"/office/application/details/?id={case.id}").text
        assert says(page, "9.5") and says(page, "0001") == there


def test_an_export_holds_the_values_as_what_they_are(extended):
    rows = list(openpyxl.load_workbook(io.BytesIO(extended.enter(extended.world.clerk).get("/office/application/export/?sort=extra.campus_number").data)).active.values)
    found = dict(zip(rows[0], rows[1]))
    assert (found["校内编号"], found["层次"], found["得分"], found["全日制"]) == ("0001", "甲", 9.5, "是") and found["起算"].date() == dt.date(2026, 3, 1)


def fill(client, case, status, **values):
    edition = Application.get_by_id(case.id).edition
    answer = client.post("/office/application/fill/", data={"id": case.id, "edition": edition, **{f"extra.{name}": value for name, value in values.items()}})
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_clerk_fills_added_fields_of_a_case_that_is_closed_to_changes_and_it_is_in_its_history(extended):
    world, case = extended.world, extended.cases[2]
    clerk = extended.enter(world.clerk)
    assert "补充字段" in clerk.get(f"/office/application/details/?id={case.id}").text
    fill(clerk, case, 302, campus_number="0777", level="b", score="88.5", count="4", since="2026年1月2日", full="1", note="转入")
    page = clerk.get(f"/office/application/details/?id={case.id}").text
    assert "0777" in page and "填写补充字段" in page and "校内编号" in page
    kept = Application.get_by_id(case.id).extra
    assert kept == {"campus_number": "0777", "level": "b", "score": 88.5, "count": 4, "since": "2026-01-02", "full": 1, "note": "转入"}
    assert Entry.get(Entry.verb == "fill").row_id == case.id


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(extended):
    text = fill(extended.enter(extended.world.clerk), extended.cases[2], 422, campus_number="12", level="b", score="100.5", since="昨天", note="转入")
    assert "要求真实的日期" in text and "转入" in text
    text = fill(extended.enter(extended.world.clerk), extended.cases[2], 422, campus_number="12", level="b", score="100.5", since="2026-01-01", note="转入")
    assert "要求符合 [0-9]{4}，如 0001，实际“12”" in text and "要求不超过 100，实际 100.5，差 0.5" in text and "转入" in text
    assert Application.get_by_id(extended.cases[2].id).extra == {}


def test_only_the_roles_that_may_fill_a_field_have_the_form_and_only_in_their_own_rows(extended):
    world, case = extended.world, extended.cases[0]
    assert extended.enter(world.reviewer).get(f"/office/application/fill/?id={case.id}").status_code == 403
    assert extended.enter(world.clerk2).get(f"/office/application/fill/?id={case.id}").status_code == 404
    assert "补充字段</a>" not in extended.enter(world.reviewer).get(f"/office/application/details/?id={case.id}").text


def test_a_file_is_kept_with_the_case_and_opened_from_its_page(extended):
    case, client = extended.cases[2], extended.enter(extended.world.clerk)
    fill(client, case, 302, card=(io.BytesIO(picture(60, 80)), "校园卡.jpg"))
    file = File.get_by_id(Application.get_by_id(case.id).extra["card"])
    assert file.case_ref == case.id and f"/file/{file.id}" in client.get(f"/office/application/details/?id={case.id}").text
    fill(client, case, 302, campus_number="0003")
    assert Application.get_by_id(case.id).extra == {"card": file.id, "campus_number": "0003", "full": 0}


def test_two_who_fill_the_same_row_at_once_learn_of_each_other(extended):
    case, client = extended.cases[0], extended.enter(extended.world.clerk)
    stale = Application.get_by_id(case.id).edition
    fill(client, case, 302, campus_number="0009", level="a", score="1")
    answer = client.post("/office/application/fill/", data={"id": case.id, "edition": stale, "extra.campus_number": "0001", "extra.score": "2", "extra.level": "a"})
    assert answer.status_code == 409 and "0009" in answer.text


def test_a_choice_that_was_removed_stays_readable_and_can_be_saved_as_it_was(extended):
    (extended.site / "application.toml").write_text(FIELDS.replace('choices = { a = "甲", b = "乙" }', 'choices = { b = "乙" }'))
    extended.screens.refresh()
    case, client = extended.cases[0], extended.enter(extended.world.clerk)
    assert 'value="a"' in client.get(f"/office/application/fill/?id={case.id}").text
    fill(client, case, 302, campus_number="0005", level="a", score="9.5")
    assert Application.get_by_id(case.id).extra["level"] == "a"
    fill(client, extended.cases[1], 422, campus_number="0005", level="a")


def test_a_field_that_was_removed_is_hidden_and_its_values_come_back_with_it(extended):
    world, site = extended.world, extended.site / "application.toml"
    site.unlink()
    extended.screens.refresh()
    page = extended.enter(world.clerk).get(f"/office/application/details/?id={extended.cases[0].id}").text
    assert "校内编号" not in page and not says(page, "0001")
    site.write_text(FIELDS)
    extended.screens.refresh()
    assert says(extended.enter(world.clerk).get("/office/application/").text, "0001")


def test_a_field_that_was_renamed_keeps_its_values_and_its_history(extended):
    renamed = FIELDS.replace("campus_number", "school_number").replace('name = "school_number", label', 'name = "school_number", was = "campus_number", label')
    (extended.site / "application.toml").write_text(renamed)
    extended.screens.refresh()
    assert extended.screens.problems == []
    assert Application.get_by_id(extended.cases[0].id).extra["school_number"] == "0001" and "campus_number" not in Application.get_by_id(extended.cases[0].id).extra
    assert names(Listing(extended.screens["application"], extended.world.clerk, {"f.extra.school_number": "01"})) == ["乙丑"]
    fill(extended.enter(extended.world.clerk), extended.cases[0], 302, school_number="0002", level="a", score="9.5")
    assert "校内编号" in extended.enter(extended.world.clerk).get(f"/office/application/details/?id={extended.cases[0].id}").text


def test_a_field_marked_for_it_is_found_through_an_index(extended):
    field = extras.of(Application)["campus_number"]
    extras.settle()
    rows = Application.select(Application.id).where(field == "0001")
    sql, params = rows.sql()
    if on_sqlite():
        plan = " ".join(str(row) for row in db.execute_sql("EXPLAIN QUERY PLAN " + sql, params).fetchall())
    else:
        with db.atomic():
            db.execute_sql("SET LOCAL enable_seqscan = off")
            plan = " ".join(row[0] for row in db.execute_sql("EXPLAIN " + sql, params).fetchall())
    assert "extra_application_campus_number" in plan


def test_dismissal_clears_the_added_values_with_the_rest_of_the_case(extended):
    world = extended.world
    case = world.registered(world.applicant("清退者"))
    case.change(world.clerk, beside=True, extra=extras.merged(case, {"campus_number": "0100"}))
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert Application.get_by_id(case.id).extra == {}


def test_a_value_is_judged_when_it_changes_and_not_before(extended):
    case = extended.cases[0]
    with pytest.raises(Refused):
        extras.merged(case, {"campus_number": "x"})
    case.extra = {"campus_number": "an old one"}
    assert extras.merged(case, {"campus_number": "an old one", "level": "b"}) == {"campus_number": "an old one", "level": "b"}


def test_somebody_elses_field_stands_beside_the_form_of_a_programme(office):      # noqa: F811
    (office.site / "programme.toml").write_text('form = [{ title = "学科", fields = ["place", { name = "extra.room", optional = false }] }]\n'
                                                'extra = [{ name = "room", label = "门牌", editable = ["clerk"] }]\n')
    office.screens.refresh()
    assert office.screens.problems == []
    world, programme = office.world, office.world.programme
    path, values = f"/office/programme/edit/?id={programme.id}", {"id": programme.id, "edition": programme.edition, "place": "三教"}
    clerk, reviewer = office.enter(world.clerk), office.enter(User.get_by_id(world.reviewer.id))
    assert "请填写门牌" in clerk.post(path, data=values).text
    assert clerk.post(path, data=values | {"extra.room": "102"}).status_code == 302 and type(programme).get_by_id(programme.id).extra == {"room": "102"}
    assert "门牌" not in reviewer.get(path).text
    extras.take({})


def test_what_is_stored_today_reads_the_same_tomorrow(extended):
    field = extras.of(Application)
    row = Application.get_by_id(extended.cases[0].id)
    assert [field[name].of(row) for name in ("campus_number", "score", "since", "full", "count")] == ["0001", Decimal("9.5"), dt.date(2026, 3, 1), True, 3]
