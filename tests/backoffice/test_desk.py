"""The desk: what waits for whom, with numbers that agree with the lists, and tiles and windows that views add."""
import datetime as dt

import pytest
from flask_admin import expose
from lxml import html

from backoffice import desk
from backoffice.app import create_app
from backoffice.listing import Listing
from backoffice.screens import Problems, Screens
from backoffice.security import Guarded
from models import clock
from models.jobs import Job
from models.reference import Announcement
from models.registry import ENTITIES
from tests.world import account, let_in

ALL = 'model = "Announcement"\ntitle = "公告"\nmenu = "基础数据"\ncolumns = ["title", "state"]\nfilters = ["state"]\n'
SOME = ALL.replace("公告", "已撤下的公告") + 'where = { state = "withdrawn" }\n'


class Shown(Guarded):
    """A bare view over one screen: its page says how many rows the list of the address has."""

    def __init__(self, name, screen):
        self.screen, self.screen_name, self.shown_screens, self.more_tools = screen, name, lambda: [screen], lambda screen, user: []
        super().__init__(name=screen.title, category=screen.menu, endpoint=name, url=name)

    @expose("/")
    def index(self):
        from flask import request
        from flask_security import current_user
        return str(Listing(self.screen, current_user, request.args).query().count())


@pytest.fixture
def app(settings, database, tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "announcement.toml").write_text(ALL)
    (folder / "withdrawn.toml").write_text(SOME)
    screens = Screens(folder, settings.site_screens, ENTITIES)

    def register(app, admin):
        for name, screen in screens.items():
            admin.add_view(Shown(name, screen))
    return create_app(settings, register)


@pytest.fixture
def centre(database):
    return account("centre", "centre")


def announce(state, days=0, count=1):
    for _ in range(count):
        Announcement.create(title="统考报名", body="…", state=state, published_at=clock.today() - dt.timedelta(days=days))


def rows(page):
    import re
    return [(title, int(count.replace(",", "").rstrip("+")), link.replace("&amp;", "&")) for link, title, count in
            re.findall(r'<a class="key" href="([^"]+)">([^<]+)</a></th><td class="num"><a href="[^"]+">([^<]+)</a>', page.text)]


def test_what_waits_is_counted_once_and_leads_to_exactly_these_rows(enter, centre):
    announce("draft", count=3), announce("withdrawn", count=2), announce("published", count=4)
    inside = enter(centre)
    (title, count, link), = rows(inside.get("/office/"))
    assert (title, count) == ("公告：草稿", 3)
    assert inside.get(link).text == "3"


def test_more_than_a_thousand_is_said_as_such(enter, centre):
    Announcement.insert_many([{"title": "统考报名", "body": "…"}] * 1001).execute()
    assert "1,000+" in enter(centre).get("/office/").text


def test_nothing_waits_for_a_role_without_the_step(enter, unit):
    announce("draft")
    page = enter(account("clerk", "clerk", institution=unit)).get("/office/")
    assert rows(page) == [] and "没有等您处理的事" in page.text


def test_the_head_names_day_role_and_reach(enter, unit):
    with clock.at(dt.date(2026, 3, 20)):
        page = enter(account("clerk", "clerk", "reviewer", institution=unit)).get("/office/")
    assert "2026年3月20日 星期五" in page.text and "经办和审核" in page.text and "数据范围：北京大学" in page.text


def test_tiles_and_windows_are_shown_to_their_roles(app, enter, centre):
    front = app.extensions["admin"][0].index_view
    front.tile("centre", lambda user: desk.Tile("在册申请人", 12345, "/office/register/"))
    front.tile("exam", lambda user: desk.Tile("考点", 7, "/office/site/"))
    front.window("centre exam", lambda user: [desk.Window("网上申请", dt.date(2026, 3, 1), dt.date(2026, 3, 20))])
    with clock.at(dt.date(2026, 3, 20)):
        page = enter(centre).get("/office/")
    assert "12,345" in page.text and "考点" not in page.text and "网上申请" in page.text and "最后一天" in page.text


def test_every_application_has_a_desk_of_its_own(app, settings, enter, centre):
    create_app(settings).extensions["admin"][0].index_view.tile("centre", lambda user: desk.Tile("别处的数字", 1, "/"))
    assert "别处的数字" not in enter(centre).get("/office/").text


def test_the_menu_has_the_screens_under_their_group(enter, centre):
    page = enter(centre).get("/office/")
    assert page.text.index("<h2>基础数据</h2>") < page.text.index('href="/office/announcement/"')


def test_ones_own_running_work_is_shown_and_can_be_asked_for(enter, centre):
    mine = Job.create(kind="export", title="导出公告", user_id=centre.id, state="running", done=1200, total=5000, message="写入中")
    other = Job.create(kind="export", title="别人的导出", user_id=centre.id + 1, state="running")
    inside = enter(centre)
    page = inside.get("/office/")
    assert f'data-poll="/office/jobs/{mine.id}"' in page.text and "1,200 / 5,000" in page.text and "别人的导出" not in page.text
    answer = inside.get(f"/office/jobs/{mine.id}", headers={"Accept": "application/json"}).json
    assert (answer["label"], answer["done"], answer["total"], answer["ended"], answer["result"]) == ("进行中", 1200, 5000, False, None)
    assert "导出公告" in inside.get(f"/office/jobs/{mine.id}").text
    assert inside.get(f"/office/jobs/{other.id}").status_code == 404


def test_the_macros_print_conditions_reasons_and_fields(app):
    from flask import render_template_string
    from wtforms import Form, StringField
    from wtforms.validators import InputRequired

    from models.conditions import Condition
    from models.workflow import Reason

    class Asking(Form):
        place = StringField("地点", [InputRequired("请填写地点")], description="楼和房间")
    form = Asking()
    form.validate()
    with app.test_request_context():
        text = render_template_string(
            '{% import "admin/lib.html" as lib %}{{ lib.conds([c]) }}{{ lib.reasons([r, "不在范围内"]) }}{{ lib.field(form.place) }}'
            '{{ lib.stages([{"name": "发布学科", "state": "done", "lines": ["3月9日"]}]) }}{{ lib.crumbs([("报送", "/x"), ("本学期", None)]) }}{{ lib.mask("11010519900101001X") }}',
            c=Condition("credits", "修满学分", False, "30 学分", "24 学分", "6 学分", "还差两门", .8), r=Reason("学分不足", "30", "24", "6"), form=form)
    for part in ("<dd>30 学分</dd>", 'width="80.0%"', "学分不足：要求 <b>30</b>，实际 <b>24</b>，差 <b>6</b>", "<li>不在范围内</li>",
                 'aria-describedby="place-help place-error" aria-invalid="true"', 'id="place-help">楼和房间', "请填写地点", '<a href="/x">报送</a>', "110105********001X"):
        assert part in text


# charts that screens ask for --------------------------------------------------------------------------------------------------------
CHARTS = ('tiles = [{ title = "按状态", by = "state", hint = "全部公告" }, { title = "按月", by = "published_at" }, { title = "撤下的按月", by = "published_at", where = { state = "withdrawn" } },\n'
          '  { title = "两种状态", by = "state", where = { state = ["draft", "withdrawn"] } }]\n')


@pytest.fixture
def charting(settings, database, tmp_path):
    """A function from the tiles of the one screen of announcements to the bars that its desk shows: {title: [(label, number, link)]}."""
    def shown(tiles, user):
        folder = tmp_path / "charting"
        folder.mkdir()
        (folder / "announcement.toml").write_text(ALL.replace('["state"]\n', '["state", "published_at", { name = "published_at", kind = "empty" }]\n') + tiles)
        screens = Screens(folder, settings.site_screens, ENTITIES)
        app = create_app(settings, lambda app, admin: admin.add_view(Shown("announcement", screens["announcement"])))
        inside = app.test_client()
        let_in(inside, user)
        page = html.fromstring(inside.get("/office/").text)
        found = {}
        for card in page.xpath('//section[.//table[contains(@class, "funnel")]]'):
            found[card.findtext(".//h2")] = [(row.findtext("th"), int(row.find(".//td/a").text.replace(",", "")), row.find(".//td/a").get("href")) for row in card.iter("tr")]
        return found, inside
    return shown


def test_a_tile_is_drawn_by_a_state_or_by_months_and_every_bar_leads_to_exactly_its_rows(charting, centre):
    for state, day, count in (("draft", None, 3), ("withdrawn", dt.date(2026, 2, 28), 2), ("published", dt.date(2026, 1, 1), 4)):
        for _ in range(count):
            Announcement.create(title="统考报名", body="…", state=state, published_at=day)
    found, inside = charting(CHARTS, centre)
    assert [(label, number) for label, number, _ in found["按状态"]] == [("草稿", 3), ("已发布", 4), ("已撤下", 2)]
    assert [(label, number) for label, number, _ in found["按月"]] == [("2026-01", 4), ("2026-02", 2), ("未填", 3)]
    assert [(label, number) for label, number, _ in found["撤下的按月"]] == [("2026-02", 2)]
    assert [(label, number) for label, number, _ in found["两种状态"]] == [("草稿", 3), ("已撤下", 2)]
    for bars in found.values():
        for label, number, link in bars:
            assert inside.get(link).text == str(number), label


def test_days_over_many_years_are_drawn_by_year_the_oldest_together_and_none_is_lost(charting, centre):
    for year in (2026, 2025, 2015, 2012, 2001):
        Announcement.create(title="统考报名", body="…", state="published", published_at=dt.date(year, 12, 31))
    found, inside = charting('tiles = [{ title = "按年", by = "published_at" }]\n', centre)
    assert sum(number for _, number, _ in found["按年"]) == 5 and found["按年"][0][:2] == ("2016 年以前", 3) and len(found["按年"]) == 3
    assert all(inside.get(link).text == str(number) for _, number, link in found["按年"])


def test_a_chart_without_rows_and_one_of_another_role_are_not_drawn(charting, centre):
    assert charting(CHARTS, centre)[0] == {}


@pytest.mark.parametrize("tiles, said", [
    ('[{ title = "x", by = "stat" }]', "没有“stat”这个字段；是不是“state”"), ('[{ title = "x", by = "published_at" }]', "按“published_at”画图，先把它写进 filters"),
    ('[{ title = "x", by = "title" }]', "不能按“title”画图"), ('[{ title = "x", by = "state", where = { body = "x" } }]', "先把“body”写进 filters")])
def test_what_cannot_be_drawn_is_named(tmp_path, tiles, said):
    (tmp_path / "announcement.toml").write_text(ALL.replace('["state"]', '["state", "title"]') + f"tiles = {tiles}\n")
    with pytest.raises(Problems) as caught:
        Screens(tmp_path, tmp_path / "none", ENTITIES)
    assert any(problem.startswith("announcement.toml:6: tiles: ") and said in problem for problem in caught.value.found), caught.value.found
