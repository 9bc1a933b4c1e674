"""The list query: every row once whatever the order, search and filters, counts with a cap, bad arguments as sentences, few queries."""
import datetime as dt
from copy import copy
from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import MultiDict

from backoffice import jumping, overlong, searching
from backoffice import listing as module
from backoffice.listing import Listing
from models.programmes import Programme
from models.reference import Discipline
from tests.backoffice.offices import Counting, office  # noqa: F401
from tests.world import number_for


def at(screen, user, address):
    """The list behind an address."""
    return Listing(screen, user, MultiDict(parse_qsl(address.lstrip("?"))))


def forth(screen, user, **args):
    """(pages of ids from the first page on, the last list)."""
    listing = Listing(screen, user, args)
    pages = [[row.id for row in listing.page()]]
    while listing.next:
        listing = at(screen, user, listing.next)
        pages.append([row.id for row in listing.page()])
    return pages, listing


def back(screen, user, listing):
    """Pages of ids from before a list back to the first page."""
    while listing.previous:
        listing = at(screen, user, listing.previous)
        yield [row.id for row in listing.page()]


def sized(screen, size):
    """The same screen with so many rows on a page."""
    other = copy(screen)
    other.page_size = size
    return other


@pytest.fixture
def programmes(office):      # noqa: F811
    """Twelve programmes, some with the same year, some never published."""
    disciplines = list(Discipline.select().where(Discipline.catalogue == "2011", Discipline.level == "first").limit(12))
    day = dt.date(2026, 1, 1)
    for n, discipline in enumerate(disciplines):
        Programme.create(institution=office.world.unit, discipline=discipline, year=2020 + n % 3, apply_from=day, apply_until=day + dt.timedelta(days=n),
                         confirm_from=day, confirm_until=day + dt.timedelta(days=60), place=f"{n} 号楼", published_at=None if n % 2 else dt.datetime(2026, 1, 1 + n // 4))
    return Programme.select().count()


@pytest.mark.parametrize("sort", ["year", "-year", "apply_until", "published_at", "-published_at", "state"])
def test_every_row_comes_once_and_back_the_same_way(office, programmes, sort):      # noqa: F811
    screen = sized(office.screens["programme"], 5)
    pages, last = forth(screen, office.world.clerk, sort=sort)
    ids = [id for page in pages for id in page]
    assert len(ids) == programmes == len(set(ids))
    assert list(back(screen, office.world.clerk, last)) == pages[-2::-1]


@pytest.mark.parametrize("sort", ["published_at", "-published_at"])
def test_rows_without_a_value_stand_at_the_end_either_way(office, programmes, sort):      # noqa: F811
    screen = office.screens["programme"]
    rows = Listing(screen, office.world.clerk, {"sort": sort}).page()
    days = [row.published_at for row in rows]
    there = [day for day in days if day]
    assert days[:len(there)] == sorted(there, reverse=sort.startswith("-")) and not any(days[len(there):])


def test_a_list_shows_only_what_its_user_may_see(office):      # noqa: F811
    world = office.world
    world.registered()
    screen = office.screens["application"]
    assert len(Listing(screen, world.clerk).page()) == 1
    assert Listing(screen, world.clerk2).page() == [] and Listing(screen, world.clerk2).counted[0] == 0


def test_a_person_is_found_by_the_whole_number_or_any_two_characters_of_the_name(office):      # noqa: F811
    world, screen = office.world, office.screens["application"]
    number = number_for(77)
    world.registered(world.applicant("阿卜杜热西提·阿卜杜热合曼", document_number=number))
    world.registered(world.applicant("段𬭎"))
    found = lambda q: [str(row.person) for row in Listing(screen, world.clerk, {"q": q}).page()]      # noqa: E731
    assert found(number) == found(number.lower()) == found("阿卜杜") == found("西提") == found("提·阿") == found("阿") == ["阿卜杜热西提·阿卜杜热合曼"]
    assert found("段𬭎") == found("段") == ["段𬭎"]
    for text in (number[:17], "热", "热提", "西提阿", "𬭎", "%", "*", "_", '"西提"', "西提 OR", "%西", "西提*"):
        assert found(text) == [], text


def test_a_name_that_is_changed_is_found_by_the_new_one_only(office):      # noqa: F811
    world, screen = office.world, office.screens["application"]
    person = world.registered(world.applicant("欧阳若兮")).person
    world.registered(world.applicant("令狐若兮"))
    found = lambda q: sorted(str(row.person) for row in Listing(screen, world.clerk, {"q": q}).page())      # noqa: E731
    assert found("若兮") == ["令狐若兮", "欧阳若兮"] and found("阳若") == ["欧阳若兮"]
    person.change(None, name="欧阳清")
    assert found("若兮") == ["令狐若兮"] and found("阳若") == [] and found("阳清") == ["欧阳清"]


def test_a_search_that_finds_more_than_can_be_named_finds_the_same(office, monkeypatch):      # noqa: F811
    world, screen = office.world, office.screens["application"]
    for name in ("张建国", "李建国", "王建国", "赵建设"):
        world.registered(world.applicant(name))
    ids = lambda q: [row.id for row in Listing(screen, world.clerk, {"q": q}).page()]      # noqa: E731
    named = ids("建国")
    monkeypatch.setattr(searching, "FEW", 1)
    assert ids("建国") == named and len(named) == 3
    assert Listing(screen, world.clerk2, {"q": "建国"}).page() == []


def test_names_of_the_common_tables_are_found_by_any_part(office, programmes):      # noqa: F811
    rows = Listing(office.screens["programme"], office.world.clerk, {"q": "经济"}).page()
    assert {row.discipline.name for row in rows} == {"理论经济学", "应用经济学"}


@pytest.mark.parametrize("args, expected", [
    ({"f.year.from": "2021", "f.year.to": "2021"}, 4), ({"f.apply_until.to": "2026-01-03"}, 3), ({"f.apply_until.from": "20260110", "f.year.to": "2025"}, 3),
    ({"f.state": "draft"}, 12), ({"f.state": ["draft", "published"]}, 13), ({"view": "drafts"}, 12), ({"f.published_at.to": "2026-01-01"}, 2),
    ({"f.place": "1"}, 3), ({"f.year.from": "2022", "q": "经济"}, 2)])
def test_filters_narrow_the_list(office, programmes, args, expected):      # noqa: F811
    listing = Listing(office.screens["programme"], office.world.clerk, args)
    assert (len(listing.page()), listing.counted[0], listing.faults) == (expected, expected, [])


def test_a_filter_by_another_row_says_its_name_and_can_be_taken_off(office, programmes):      # noqa: F811
    discipline = office.world.programme.discipline
    listing = Listing(office.screens["programme"], office.world.clerk, {"f.discipline": str(discipline.id), "f.year.from": "2026"})
    assert [chip[:2] for chip in listing.chips] == [("学科专业", str(discipline)), ("接受年度", "2026 起")]
    assert listing.chips[0][2] == "?f.year.from=2026"


@pytest.mark.parametrize("args, said", [
    ({"f.year.from": "abc"}, "接受年度：要求数字，实际“abc”"), ({"f.apply_until.to": "2026-02-30"}, "要求真实的日期"), ({"f.state": "x"}, "没有“x”这一项"),
    ({"f.discipline": "99999999999999999999"}, "没有"), ({"f.discipline": "999999"}, "没有这一行"), ({"f.nothing": "1"}, "不能按“nothing”筛选"),
    ({"view": "none"}, "没有“none”这个视图"), ({"sort": "discipline"}, "不能按“discipline”排序"), ({"sort": "-password"}, "不能按"),
    ({"after": "x"}, "第一页"), ({"before": "99999999999999999999999"}, "第一页"), ({"after": "5~abc"}, "第一页"), ({"after": "5"}, "第一页"),
    ({"f.year.from": "99999999999999"}, "要求不超过")])
def test_what_cannot_be_read_is_a_sentence_and_the_list_still_comes(office, args, said):      # noqa: F811
    listing = Listing(office.screens["programme"], office.world.clerk, args)
    assert said in "".join(listing.faults) and len(listing.page()) == 1


def test_counts_stop_at_the_cap(office, programmes, monkeypatch):      # noqa: F811
    monkeypatch.setattr(module, "CAP", 10)
    monkeypatch.setattr(module, "MANY", 10)
    count, views = Listing(office.screens["programme"], office.world.clerk).counted
    assert (count, views) == (11, {"drafts": 11, "": 11})


def test_a_page_costs_as_many_queries_with_fifty_rows_as_with_one(office, programmes):      # noqa: F811
    user = office.world.clerk
    user.powers()
    with Counting() as counted:
        listing = Listing(office.screens["programme"], user)
        listing.counted
        rows = listing.page()
        [[column.cell(row) for column in office.screens["programme"].columns] for row in rows]
    assert len(rows) == 13 and len(counted.statements) <= 6


def test_a_whole_page_costs_few_queries(office, programmes):      # noqa: F811
    client = office.enter(office.world.clerk)
    client.get("/office/programme/")
    with Counting() as counted:
        assert client.get("/office/programme/").status_code == 200
    of_the_session = [sql for sql in counted.statements if any(f'"{table}"' in sql for table in ("account", "role", "login"))]
    assert len(counted.statements) - len(of_the_session) <= 6


@pytest.mark.parametrize("many", [5, 10_000], ids=["long", "short"])
@pytest.mark.parametrize("sort", ["-year", "id", "published_at", "-published_at"])
def test_a_jump_comes_to_the_page_that_paging_comes_to(office, programmes, monkeypatch, sort, many):      # noqa: F811
    monkeypatch.setattr(jumping, "_places", {})
    monkeypatch.setattr(jumping, "NEAR", 0)
    monkeypatch.setattr(module, "MANY", many)
    monkeypatch.setattr(Listing, "_indexed", lambda listing: True)
    screen, user = sized(office.screens["programme"], 2), office.world.clerk
    pages, _ = forth(screen, user, **({"sort": sort} if sort != "id" else {}))
    for number, page in [*list(enumerate(pages, 1))[::2], *enumerate(pages, 1)]:      # the second time from the places that the first one found
        listing = Listing(screen, user, {"page": str(number)} | ({"sort": sort} if sort != "id" else {}))
        assert [row.id for row in listing.page()] == page and listing.faults == []
        assert (listing.previous is None) == (number == 1) and (listing.next is None) == (number == len(pages))


@pytest.mark.parametrize("page", ["0", "99", "x", "-1", "1.5", "99999999999999999999"])
def test_a_page_that_is_not_there_is_said_and_the_first_one_comes(office, programmes, page):      # noqa: F811
    listing = Listing(office.screens["programme"], office.world.clerk, {"page": page})
    assert len(listing.page()) == 13 and f"没有第“{page}”页" in "".join(listing.faults)


def test_the_places_of_one_user_are_no_places_of_another(office, programmes, monkeypatch):      # noqa: F811
    monkeypatch.setattr(jumping, "_places", {})
    monkeypatch.setattr(jumping, "NEAR", 0)
    monkeypatch.setattr(module, "MANY", 0)
    screen = sized(office.screens["programme"], 1)
    assert Listing(screen, office.world.clerk, {"page": "5"}).page()
    other = Listing(screen, office.world.clerk2, {"page": "5"})
    assert [row.state for row in other.page()] == ["published"] and other.faults


def test_a_long_list_is_sorted_only_where_an_index_has_the_order(office, programmes, monkeypatch):      # noqa: F811
    screen, user = office.screens["programme"], office.world.clerk
    assert Listing(screen, user, {"sort": "apply_until"}).page()[0].apply_until == dt.date(2026, 1, 1)
    monkeypatch.setattr(module, "MANY", 10)
    listing = Listing(screen, user, {"sort": "apply_until"})
    rows = listing.page()
    assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True) and "请先筛选" in listing.faults[0]


def test_a_long_list_is_counted_to_the_end_when_that_is_asked_for(office, programmes, monkeypatch):      # noqa: F811
    monkeypatch.setattr(module, "MANY", 10)
    screen, user = office.screens["programme"], office.world.clerk
    listing = Listing(screen, user)
    assert (listing.number, listing.capped) == ("10+", True)
    listing = at(screen, user, listing.href(count="all"))
    assert (listing.number, listing.capped) == ("13", False)
    assert Listing(screen, user, {"view": "drafts", "count": "all"}).number == "12"


def test_a_list_far_longer_than_it_is_counted_is_not_counted_again_for_some_seconds(office, programmes, monkeypatch):      # noqa: F811
    monkeypatch.setattr(module, "MANY", 5)
    monkeypatch.setattr(overlong, "SPARE", 7)
    monkeypatch.setattr(overlong, "_until", {})
    screen, user, counts = office.screens["programme"], office.world.clerk, []
    for look in ({}, {}, {"view": "drafts"}, {}):
        if len(counts) == 3:
            now = overlong.time.monotonic()
            monkeypatch.setattr(overlong.time, "monotonic", lambda: now + overlong.KEPT)
        with Counting() as sent:
            assert Listing(screen, user, look).number == "5+"
        counts.append(sent.statements[0].count("COUNT(*)"))
    assert counts == [2, 1, 3, 2], "the list and its view; the view; the view as the list, its number and that of all rows; all anew"
    assert Listing(screen, office.world.clerk2).number == "1", "nobody else is told"
    listing = Listing(screen, user)
    with Counting() as sent:
        assert listing.page() and listing.number == "5+"
    assert [sql.count("COUNT(*)") for sql in sent.statements if "COUNT(*)" in sql] == [1, 2], "a first page that is the last is counted all the same"


# neighbours -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sort", ["id", "-year", "published_at", "-published_at", "state"])
def test_the_neighbours_of_a_row_are_those_beside_it_in_the_list(office, programmes, sort):      # noqa: F811
    screen, args = office.screens["programme"], {} if sort == "id" else {"sort": sort}
    ids = [id for page in forth(screen, office.world.clerk, **args)[0] for id in page]
    listing = Listing(screen, office.world.clerk, args)
    for before, id, after in zip([None, *ids], ids, [*ids[1:], None]):
        found = listing.neighbours(Programme.get_by_id(id))
        assert tuple(beside and beside[0] for beside in found) == (before, after)


def test_a_row_that_has_left_the_list_still_knows_where_it_stood(office, programmes):      # noqa: F811
    screen, world = office.screens["programme"], office.world
    listing = Listing(screen, world.clerk, {"f.year": "2021", "sort": "apply_until"})
    first, second, third, *_ = listing.page()
    Programme.update(year=2019).where(Programme.id == second.id).execute()
    assert [beside[0] for beside in listing.neighbours(Programme.get_by_id(second.id))] == [first.id, third.id]


def test_neighbours_in_the_order_of_an_index_are_found_without_counting(office, programmes, monkeypatch):      # noqa: F811
    monkeypatch.setattr(Listing, "_indexed", lambda listing: True)
    screen, world = office.screens["programme"], office.world
    listing, row = Listing(screen, world.clerk, {"sort": "year"}), Programme.select().where(Programme.year == 2021).get()
    with Counting() as counted:
        listing.neighbours(row)
    assert len(counted.statements) <= 4 and not any("COUNT" in sql for sql in counted.statements)
