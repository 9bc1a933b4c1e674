"""The page on which IT staff change screens: checked, previewed, compared, applied with a reason, rolled back; and nobody else comes near it."""
import json

import pytest

import views
from backoffice.screens import Screens
from models.applications import Application
from models import extras
from models.audit import Entry
from models.registry import ENTITIES
from models.screens import ScreenVersion, applied
from tasks.print.forms import FORMS

EDIT = "/office/configure/edit/register/"
TEXT = 'title = "在册名单"\ncolumns = ["person.name", "state", "register_number"]\n'


@pytest.fixture
def it(enter, world, office):
    yield enter(world.it)
    extras.take({})


@pytest.fixture
def screens(office, it):
    return office.extensions["screens"]


def send(it, act, text=TEXT, status=200, path=EDIT, **more):
    return it.post(path, status, text=text, act=act, seen=str(more.pop("seen", 0)), **more)


def apply(it, text=TEXT, seen=0, reason="改名"):
    return send(it, "apply", text, 302, seen=seen, reason=reason)


def test_every_shipped_file_is_a_screen_and_stands_in_the_list(it, screens):
    page = it.get("/office/configure/")
    for path in views.SHIPPED.glob("*.toml"):
        assert path.stem in screens and f"/office/configure/edit/{path.stem}/" in page, path.name


def test_the_list_says_where_each_screen_comes_from(it, office, screens):
    assert "register.toml" in it.get("/office/configure/") and "在此修改" not in it.get("/office/configure/")
    apply(it)
    assert "在此修改，第 1 版" in it.get("/office/configure/")


@pytest.mark.parametrize("role", ("clerk", "unit_admin", "officer", "centre", "exam", "security", "auditor"))
def test_nobody_but_it_reaches_it(enter, world, role):
    for path in ("/office/configure/", EDIT, "/office/configure/edit/the_site/"):
        enter(getattr(world, role)).get(path, 403)
    enter(getattr(world, role)).post(EDIT, 403, text=TEXT, act="apply", reason="x", seen="0")
    assert not ScreenVersion.select().exists()


def test_a_text_is_applied_with_a_reason_and_in_force_at_once(it, enter, world, screens):
    assert "请写明理由" in send(it, "apply", status=422)
    apply(it)
    assert screens["register"].title == "在册名单" and "在册名单" in enter(world.clerk).get("/office/register/")
    assert applied()["register"].shipped == screens.file_text("register") and Entry.get(Entry.entity == "screen_version").reason == "改名"


def test_a_wrong_text_is_refused_with_every_problem_and_stays_in_the_box(it, screens):
    page = send(it, "apply", 'titel = "x"\ncolumns = ["nmae"]\n', 422, reason="x")
    assert "register.toml:1: titel: 没有这个键；是不是“title”？" in page and "没有“nmae”这个字段" in page and "titel = &#34;x&#34;" in page
    assert not ScreenVersion.select().exists() and screens["register"].title == "在册申请人"


def test_the_text_is_checked_while_it_is_typed(it):
    said = json.loads(it.post("/office/configure/check/register/", 200, text='columns = ["nmae"]\n'))
    assert len(said["problems"]) == 1 and said["changes"] == []
    said = json.loads(it.post("/office/configure/check/register/", 200, text='title = "名单"\n'))
    assert said["problems"] == [] and [change["key"] for change in said["changes"]] == ["title"]


def test_the_difference_to_what_is_live_is_shown_key_by_key(it):
    page = send(it, "check")
    assert "没有问题" in page and "在册申请人" in page and "在册名单" in page and "<th scope=\"row\">columns</th>" in page


@pytest.mark.parametrize("text", ["[" * 100_000, "x" * 300_000, "title = 1", "a = " + "{a=" * 30, "\r\n\r\n]"])
def test_hostile_texts_are_sentences(it, text):
    assert "处要改" in send(it, "apply", text, 422, reason="x")


def test_what_the_shipped_screens_do_not_give_is_refused(it):
    for text, said in (('columns = ["person.consent_version"]\n', "没有把“person.consent_version”给"), ('columns = ["reviewer.password"]\n', "没有把“reviewer.password”给"),
                       ('full = ["person.document_number"]\n', "没有把完整的"), ('steps = ["submit"]\n', "都不能"), ('roles = ["it"]\n', "界面不能给它"),
                       ('grid = "UserGrid"\n', "没有把“UserGrid”给")):
        assert said in send(it, "apply", text, 422, reason="x").replace("&#34;", '"'), text


def test_a_wider_base_filter_shows_no_row_that_no_shipped_screen_showed(it, enter, world, screens):
    applicant = world.applicant("代填者")
    draft = world.draft(applicant)
    Application.update(prepared=True).where(Application.id == draft.id).execute()
    assert Application.visible_to(world.clerk).where(Application.id == draft.id).exists()
    apply(it, "where = {}\n")
    assert draft.id not in {row.id for row in screens["register"].rows(world.clerk)}
    handed = world.draft(world.applicant("已提交"))
    handed.submit(by=handed.applicants()[0])
    assert handed.id in {row.id for row in screens["register"].rows(world.clerk)}


def test_the_preview_shows_invented_rows_and_no_case(it, world):
    case = world.registered(world.applicant("真实姓名"))
    page = send(it, "preview", role="officer")
    assert "省级学位办看到的在册名单" in page and "示例" in page and "真实姓名" not in page and case.register_number not in page
    assert "看到的" not in send(it, "preview", role="it")


@pytest.mark.parametrize("name", ["application", "register", "award", "report", "audit", "user", "exam_entry", "job", "annual_report", "thesis"])
def test_every_kind_of_screen_can_be_previewed_as_each_of_its_roles_without_asking_for_rows(it, screens, name):
    for role in screens[name].roles:
        assert "虚构的行" in it.post(f"/office/configure/edit/{name}/", 200, text="", act="preview", role=role, seen="0")


def test_an_earlier_version_is_looked_at_and_applied_again(it, screens):
    apply(it)
    apply(it, 'title = "第二"\n', 1)
    page = it.get(f"{EDIT}?version=1")
    assert "第 1 版的内容" in page and "在册名单" in page and screens["register"].title == "第二"
    apply(it, TEXT, 2, "退回第一版")
    assert screens["register"].title == "在册名单" and ScreenVersion.select().count() == 3
    apply(it, "", 3, "出厂")
    assert screens["register"].title == "在册申请人"


def test_of_two_who_apply_at_once_the_second_is_told(it, screens):
    apply(it)
    page = send(it, "apply", 'title = "另一个"\n', 422, reason="x", seen=0)
    assert "别人应用了第 1 版" in page and "另一个" in page and screens["register"].title == "在册名单"


def test_an_upgrade_changes_nothing_that_was_applied_before_its_difference_was_seen(it, screens, settings, tmp_path):
    apply(it)
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for path in views.SHIPPED.glob("*.toml"):
        (shipped / path.name).write_bytes(path.read_bytes())
    text = (shipped / "register.toml").read_text().replace('menu = "在册管理"', 'menu = "在册"')
    (shipped / "register.toml").write_text(text)
    later = Screens(shipped, settings.site_screens, ENTITIES, grids=views.GRIDS, versions=applied, forms=FORMS)
    later.refresh()
    assert later.problems == [] and later["register"].menu == "在册管理" and later.overtaken == ["register"]
    ScreenVersion.update(shipped=screens.file_text("register").replace('order = 30', 'order = 31')).execute()
    screens.refresh()
    ScreenVersion.update(number=2).execute()
    screens.refresh()
    page = it.get(EDIT)
    assert "出厂文件在应用以后更新过" in page and "-order = 31" in page and "+order = 30" in page and "出厂文件已更新" in it.get("/office/configure/")


def test_every_process_takes_an_applied_version_over_when_it_looks(it, settings):
    other = views.load_screens(settings.site_screens)
    apply(it)
    assert other["register"].title == "在册申请人"
    other.refresh()
    assert other["register"].title == "在册名单"


def test_what_is_applied_lies_over_the_sites_file(it, settings, screens):
    settings.site_screens.mkdir(exist_ok=True)
    (settings.site_screens / "register.toml").write_text('title = "本站的"\nhelp = "本站的话"\n')
    screens.refresh()
    assert screens["register"].title == "本站的"
    apply(it)
    assert (screens["register"].title, screens["register"].help) == ("在册名单", "本站的话")


def test_the_form_writes_into_the_text_and_leaves_the_rest_of_it_alone(it):
    page = send(it, "form", "# 本校的改动\norder = 31\n", title="在册名单", **{
        "step.dismiss": "退出培养", "x.name": "campus_number", "x.label": "校内编号", "x.type": "text", "x.editable": "clerk", "x.into": "columns",
        "hide.role": "officer", "hide.field": "person.phone", "prints.shown": "1", "prints": "review", "tile.title": "在册", "tile.field": "state", "tile.value": "registered"})
    text = page.partition('<textarea class="box code" id="text"')[2].partition(">")[2].partition("</textarea>")[0].replace("&#34;", '"')
    assert "# 本校的改动" in text and "order = 31" in text and 'title = "在册名单"' in text and 'label = "退出培养"' in text and "extra.campus_number" in text
    assert "officer" in text and "person.phone" in text and 'title = "在册"' in text and 'prints = ["review"]' in text and "处要改" not in page


def test_a_screen_of_the_sites_own_comes_and_goes_without_a_new_start(it, enter, world, screens):
    world.registered()
    assert it.client.post("/office/configure/new/", data={"name": "limits", "model": "Application"}).location.startswith("/office/configure/edit/own_limits/")
    text = 'model = "Application"\ntitle = "年限一览"\nmenu = "在册管理"\nroles = ["clerk"]\ncolumns = ["person.name", "deadline"]\nfilters = ["deadline"]\nwhere = { state = "registered" }\n'
    send(it, "apply", text, 302, path="/office/configure/edit/own_limits/", reason="新的一览")
    clerk, reviewer = enter(world.clerk), enter(world.reviewer)
    page = clerk.get("/office/own/own_limits/")
    assert "年限一览" in page and "林叙白" in page and "/office/own/own_limits/details/" in page and "年限一览" in clerk.get("/office/")
    row = screens["own_limits"].rows(world.clerk).get()
    assert "林叙白" in clerk.get(f"/office/own/own_limits/details/?id={row.id}")
    assert clerk.client.get("/office/own/own_limits/export/").status_code == 200
    reviewer.get("/office/own/own_limits/", 403)
    assert "年限一览" not in reviewer.get("/office/")
    clerk.get("/office/own/own_nothing/", 404)
    clerk.get("/office/own/register/", 404)
    send(it, "apply", "", 302, path="/office/configure/edit/own_limits/", reason="不要了", seen=1)
    clerk.get("/office/own/own_limits/", 404)


def test_a_tile_counts_on_the_desk_and_leads_to_its_rows(it, enter, world):
    world.registered()
    apply(it, 'tiles = [{ title = "在册人数", where = { state = "registered" }, hint = "含延期", tone = "wait" }]\n')
    page = enter(world.clerk).get("/office/")
    assert "在册人数" in page and "/office/register/?f.state=registered" in page and "含延期" in page
    assert "在册人数" not in enter(world.exam).get("/office/")


def test_a_renamed_step_is_called_so_on_every_page_and_keeps_its_name_in_the_log(it, enter, world):
    case = world.registered()
    apply(it, 'steps = [{ name = "dismiss", label = "退出培养", confirm = "请先核对名单。" }]\n')
    clerk = enter(world.clerk)
    assert "退出培养" in clerk.get("/office/register/") and "退出培养" in clerk.get(f"/office/register/details/?id={case.id}")
    page = clerk.get(f"/office/register/step/dismiss/?id={case.id}")
    assert "退出培养：先看会发生什么" in page and "请先核对名单" in page
    clerk.client.post("/office/register/step/dismiss/", data={"confirm": "1", "id": case.id, "shown": case.id, "ground": "own_request", "reason": "本人申请", "again": "1"})
    assert Entry.get(Entry.verb == "dismiss").verb_label == "清退"


def test_the_site_file_gives_name_colours_footer_announcement_and_menu(it, enter, world, screens):
    path = "/office/configure/edit/the_site/"
    text = ('name = "某省同力平台"\naccent = "#7a1f1f"\nfooter = "某省学位办"\nannouncement = { text = "今晚停机维护", tone = "wait" }\n'
            'groups = ["在册管理"]\nrenamed = { "报送" = "学位信息报送" }\n')
    send(it, "apply", text, 302, path=path, reason="本省的名称")
    page = enter(world.clerk).get("/office/")
    assert "某省同力平台" in page and "今晚停机维护" in page and "学位信息报送" in page and page.index("<h2>在册管理") < page.index("<h2>招生与申请")
    assert "某省学位办" in it.client.get("/programmes").text and "#7a1f1f" in it.client.get("/look/style.css").text
    assert "<title>考场入场 · 某省同力平台</title>" in enter(world.door).get("/office/door/")
    for wrong, said in (('accent = "#ffff00"\n', "看不清"), ('accent = "red"\n', "十六进制"), ('logo = "../x.png"\n', "没有“../x.png”"), ('nmae = "x"\n', "是不是“name”"),
                        ('announcement = { txet = "x" }\n', "是不是“text”"), (f'name = "{"长" * 61}"\n', "要求不超过 60 字")):
        assert said in send(it, "apply", wrong, 422, path=path, reason="x", seen=1), wrong


def test_a_choice_that_is_taken_away_from_rows_that_have_it_is_said_in_the_editor_and_on_the_page(it, world, settings, screens):
    text = 'extra = [{ name = "mode", label = "方式", type = "choice", choices = { full = "全日制"%s } }]\n'
    settings.site_screens.mkdir(exist_ok=True)
    (settings.site_screens / "application.toml").write_text(text % ', part = "在职"')
    screens.refresh()
    world.draft(world.applicant("沈知远"))
    Application.update(extra={"mode": "part"}).execute()
    assert "请看一看" not in it.get("/office/configure/")
    said = "申请的补充字段“方式”：选项 part 已去掉，还有 1 行在用；这些行照样显示，不能再选它"
    told = json.loads(it.post("/office/configure/check/application/", 200, text=text % ""))
    assert told["problems"] == [] and told["hints"] == [said] and said in send(it, "check", text % "", 200, path="/office/configure/edit/application/")
    (settings.site_screens / "application.toml").write_text(text % "")
    screens.refresh()
    assert said in it.get("/office/configure/")


def test_a_logo_is_served_from_memory(it, settings, screens):
    folder = settings.site_screens.parent
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    (folder / "site.toml").write_text('logo = "logo.png"\n')
    screens.refresh()
    (folder / "logo.png").unlink()
    assert it.client.get("/look/logo.png").data.startswith(b"\x89PNG") and "/look/logo.png" in it.get("/office/")


def test_a_user_keeps_a_view_of_a_list_shares_it_and_drops_it(enter, world):
    clerk, reviewer = enter(world.clerk), enter(world.reviewer)
    page = clerk.post("/office/register/keep/", list="?f.state=registered&sort=deadline", title="快到期的", shared="1")
    assert "已保存视图“快到期的”" in page and "快到期的" in reviewer.get("/office/register/") and "快到期的" not in enter(world.clerk2).get("/office/register/")
    assert "请填写名称" in clerk.post("/office/register/keep/", list="", title=" ")
    view = world.clerk.own_views.get()
    assert view.address == "?f.state=registered&sort=deadline"
    enter(world.clerk2).post("/office/register/drop/", 404, id=view.id)
    assert "只能查看" in reviewer.post("/office/register/drop/", id=view.id)
    clerk.post("/office/register/drop/", id=view.id)
    assert "快到期的</a>" not in clerk.get("/office/register/")


def test_a_page_reads_no_file_and_parses_nothing(enter, world, monkeypatch, screens):
    clerk = enter(world.clerk)
    clerk.get("/office/register/")

    def refuse(*args, **kwargs):
        raise AssertionError("a page looked at the files of the screens")
    for name in ("refresh", "tried", "layers", "_stamps"):
        monkeypatch.setattr(type(screens), name, refuse)
    clerk.get("/office/register/")
    clerk.get("/office/")
