"""The words of screen files: one table, from which the checks, the schema for editors and the page of the docs follow; and what hostile files do."""
import json
import os
import tomllib
from time import process_time

import jsonschema
import pytest

import config
import views
from backoffice.screens import Problems, Screens, documents
from backoffice.screens.invented import as_role
from backoffice.screens.vocabulary import FITS, INSIDE, VOCABULARY, WORDS, fault
from models.registry import ENTITIES
from tasks.print.forms import FORMS

DOCS = config.ROOT / "docs"
KEYS = [(where, key) for where, keys in WORDS.items() for key in keys]


@pytest.fixture
def folders(tmp_path):
    shipped, site = tmp_path / "shipped", tmp_path / "screens"
    for folder in (shipped, site):
        folder.mkdir()
    (shipped / "programme.toml").write_text('model = "Programme"\ncolumns = ["discipline", "state", "year", "place", "institution"]\nroles = ["clerk", "officer"]\n'
                                            'steps = ["publish"]\nform = [{ fields = ["year", "place"] }]\n')
    return shipped, site


def problems(folders, text, name="programme"):
    (folders[1] / f"{name}.toml").write_text(text)
    with pytest.raises(Problems) as caught:
        Screens(*folders, ENTITIES, ("CaseGrid",), forms=FORMS)
    return caught.value.found


@pytest.mark.parametrize("where, key", KEYS, ids=lambda item: getattr(item, "name", item))
def test_every_word_says_what_it_does_with_an_example_of_its_type_and_stands_in_the_page(where, key):
    assert key.what and key.example and fault(key, tomllib.loads(f"it = {key.example}")["it"]) is None
    assert f"| `{key.name}` | {key.type} |" in (DOCS / "screens.md").read_text("utf-8")


def test_the_page_and_the_schema_are_those_of_the_table():
    assert (DOCS / "screens.md").read_text("utf-8") == documents.reference()
    assert (DOCS / "screens.schema.json").read_text("utf-8") == documents.schema()


def test_what_stands_inside_a_word_has_words_of_its_own():
    assert {where for where, _ in INSIDE} <= set(VOCABULARY) and set(INSIDE.values()) | {"screen", "site", "print"} == set(VOCABULARY)
    assert all(name in VOCABULARY[where] for where, name in INSIDE)


def test_the_schema_accepts_every_shipped_screen_and_refuses_what_the_loader_refuses():
    judge = jsonschema.Draft202012Validator(json.loads(documents.schema()))
    for path in sorted(views.SHIPPED.glob("*.toml")):
        assert list(judge.iter_errors(tomllib.loads(path.read_text("utf-8")))) == [], path.name
    for text in ("colums = []", "page_size = 'x'", "columns = [{ nmae = 'x' }]", "steps = [{ name = 'x', tone = 'red' }]", "roles = 'clerk'"):
        assert list(judge.iter_errors(tomllib.loads(text))), text


@pytest.mark.parametrize("value", [None, {}, [], "", 1, 1.5, True, "x", ["x"], [{}], 2**40, float("nan"), "\x00"])
def test_no_value_breaks_the_check_of_a_type(value):
    assert all(isinstance(fits(value), bool) for fits in FITS.values())


@pytest.mark.parametrize("text, line, said", [
    ('columns = [{ name = "year", widht = 3 }]\n', 1, "是不是“width”"),
    ('columns = [{ name = "year", width = 5000 }]\n', 1, "要求 0 到 200"),
    ('columns = [{ name = "year", format = "dya" }]\n', 1, "是不是“day”"),
    ('columns = [{ name = "year", format = "day" }]\n', 1, "不能写成“day”"),
    ('\nsteps = [{ name = "publsh", label = "发布" }]\n', 2, "是不是“publish”"),
    ('steps = [{ name = "publish", tone = "rde" }]\n', 1, "没有“rde”这一种"),
    ('steps = ["publish", "publish"]\n', 1, "写了两次"),
    ('roles = ["officer"]\nsteps = ["publish"]\n', 2, "这个界面的角色都不能“发布”"),
    ('steps = ["close"]\n', 1, "没有把“close”给clerk"),
    ('columns = ["place", "contact"]\n', 1, "没有把“contact”给clerk、officer看"),
    ('order_by = "phone"\n', 1, "没有把“phone”给clerk、officer看"),
    ('roles = ["centre"]\n', 1, "界面不能给它"),
    ('model = "Application"\n', 1, "不能改为显示另一个对象"),
    ('hide = { offcier = ["place"] }\n', 1, "是不是“officer”"),
    ('hide = { officer = ["palce"] }\n', 1, "是不是“place”"),
    ('hide = { officer = ["discipline", "state", "year", "place", "institution"] }\n', 1, "对officer没有剩下任何一列"),
    ('columns = [{ name = "place", mask = true }]\nfilters = ["place"]\n', 2, "用 mask 遮住了"),
    ('where = { year = "x" }\n', 1, "不能等于"),
    ('where = { year = 99999999999999999999 }\n', 1, "不能等于"),
    ('views = [{ title = "x", where = { state = "drafft" } }]\n', 1, "是不是“draft”"),
    ('views = [{ title = "x", where = { state = "draft" }, name = "a" }, { title = "y", where = { state = "draft" }, name = "a" }]\n', 1, "有两个视图都叫"),
    ('tiles = [{ title = "x", where = { yaer = 2026 } }]\n', 1, "是不是“year”"),
    ('form = [{ fields = [{ name = "year", default = "abc" }] }]\n', 1, "default：要求数字"),
    ('form = [{ fields = [{ name = "year", where = { x = 1 } }] }]\n', 1, "不是从另一种记录里选的"),
    ('grid = "Grid"\n', 1, "没有“Grid”这个表格"),
])
def test_a_mistake_of_the_site_is_one_sentence_with_line_key_and_what_was_meant(folders, text, line, said):
    found = problems(folders, text)
    assert any(problem.startswith(f"programme.toml:{line}: ") and said in problem for problem in found), found


@pytest.mark.parametrize("extra, said", [
    ('{ name = "Number", label = "x" }', "小写字母开头"), ('{ name = "a b", label = "x" }', "小写字母开头"), ('{ name = "n" }', "要求 label"),
    ('{ name = "n", label = "x", type = "txet" }', "是不是“text”"), ('{ name = "n", label = "x", type = "choice" }', "要有 choices"),
    ('{ name = "n", label = "x", choices = { a = "b" } }', "别的类型不能有"), ('{ name = "n", label = "x", pattern = "(" }', "不是 RE2 的正则表达式"),
    ('{ name = "n", label = "x", pattern = "(?=a)" }', "不是 RE2 的正则表达式"), ('{ name = "n", label = "x", pattern = "((a{99}){99}){99}" }', "不是 RE2 的正则表达式"),
    ('{ name = "n", label = "x", type = "date", pattern = "x" }', "pattern 只用于文字"), ('{ name = "n", label = "x", min = 3, max = 2 }', "min 要求不大于 max"),
    ('{ name = "n", label = "x", type = "decimal", places = 9 }', "places：要求 1 到 6"), ('{ name = "n", label = "x", type = "file", indexed = true }', "不能建索引"),
    ('{ name = "n", label = "x", visible = ["clrek"] }', "是不是“clerk”"), ('{ name = "n", label = "x", visible = ["applicant"] }', "不能看"),
    ('{ name = "n", label = "x", visible = ["clerk"], editable = ["officer"] }', "editable：角色“officer”不能看“n”"),
    ('{ name = "n", label = "x" }, { name = "n", label = "y" }', "声明了两次"), ('{ name = "n", label = "x", was = "n" }', "还是一个字段的名字"),
    ('{ name = "a", label = "x", was = "b" }, { name = "b", label = "y", was = "a" }', "还是一个字段的名字"),
    ('{ name = "a", label = "x", was = "c" }, { name = "b", label = "y", was = "c" }', "已由“a”接过"), ('{ name = "n", label = "x", max = 99999999 }', "文字的长度要求"),
])
def test_a_mistake_in_an_added_field_is_named(folders, extra, said):
    assert any(said in problem for problem in problems(folders, f"extra = [{extra}]\n"))


@pytest.mark.parametrize("text, line, said", [
    ('prints = ["reviw"]\n', 1, "申请没有“reviw”这种表格；是不是“review”？"),
    ('title = "x"\nprints = ["certificate"]\n', 2, "申请没有“certificate”这种表格"),
    ('prints = ["review", "review"]\n', 1, "“review”写了两次"),
    ('prints = "review"\n', 1, "要求文字列表"),
    ('roles = ["officer"]\nprints = ["review"]\n', 2, "这个界面的角色都不能打印“资格审查表”，它由经办、审核打印"),
    ('prints = ["defence"]\n', 1, "出厂的界面没有把“答辩资格审核表”给clerk打印"),
])
def test_a_form_that_a_screen_cannot_offer_is_named(folders, text, line, said):
    found = problems(cases(folders), text, "application")
    assert any(problem.startswith(f"application.toml:{line}: prints: ") and said in problem for problem in found), found


def test_a_site_takes_a_form_away_and_a_narrower_screen_prints_no_more(folders):
    (cases(folders)[1] / "application.toml").write_text("prints = []\n")
    assert Screens(*folders, ENTITIES, ("CaseGrid",), forms=FORMS)["application"].prints == ()
    (folders[1] / "application.toml").write_text('roles = ["officer"]\n')
    assert Screens(*folders, ENTITIES, ("CaseGrid",), forms=FORMS)["application"].prints == ()
    (folders[1] / "own_cases.toml").write_text('model = "Application"\ncolumns = ["state"]\nprints = ["review"]\n')
    assert "这个界面不带自己的页面，不能打印“资格审查表”" in "".join(problems(folders, "", "application"))


def cases(folders):
    """The folders with a screen of cases that prints the review form for its clerks."""
    (folders[0] / "application.toml").write_text('model = "Application"\ncolumns = ["state"]\nroles = ["clerk", "officer"]\ngrid = "CaseGrid"\nprints = ["review"]\n')
    return folders


def test_an_added_field_can_be_declared_once_and_only_where_rows_have_room_for_it(folders):
    (folders[0] / "office.toml").write_text('model = "Office"\ncolumns = ["name"]\n')
    (folders[0] / "other.toml").write_text('model = "Programme"\ncolumns = ["year"]\n')
    (folders[1] / "other.toml").write_text('extra = [{ name = "n", label = "x" }]\n')
    (folders[1] / "office.toml").write_text('extra = [{ name = "n", label = "x" }]\n')
    found = problems(folders, 'extra = [{ name = "n", label = "y" }]\n')
    assert any("不能补充字段" in text for text in found) and any("已在 other.toml 里声明" in text for text in found)


def test_a_column_that_no_role_of_the_screen_may_see_is_named(folders):
    found = problems(folders, 'roles = ["officer"]\ncolumns = ["year", "extra.n"]\nextra = [{ name = "n", label = "x", visible = ["clerk"] }]\n')
    assert any("这个界面的角色都不能看“extra.n”" in text for text in found)


@pytest.mark.parametrize("text, said", [
    ('title = "' + "x" * 10_000_000 + '"\n', "要求不超过 256 KB，实际 9,766 KB"), ("title = \n", "不是 TOML"), ("a = " + "[" * 100_000 + "\n", "括号套得太深"),
    ("a" + ".a" * 50_000 + " = 1\n", "括号套得太深"), ("order = " + "9" * 100_000 + "\n", "programme.toml:1: "), ("title = 1\ntitle = 2\n", "不是 TOML"),
])
def test_a_hostile_text_is_one_sentence(folders, text, said):
    found = problems(folders, text)
    assert len(found) == 1 and said in found[0] and len(found[0]) < 400


def test_a_file_that_cannot_be_read_is_one_sentence(folders):
    (folders[1] / "broken.toml").write_bytes(b"\xff\xfe\x00")
    (folders[1] / "folder.toml").mkdir()
    os.symlink(folders[1] / "nothing", folders[1] / "gone.toml")
    found = problems(folders, 'title = "学科"\n')
    assert [text.partition(":")[0] for text in found if "不能读取" in text or "不是 UTF-8" in text] == ["broken.toml", "folder.toml", "gone.toml"]


def test_a_name_with_capitals_and_a_folder_that_cannot_be_read_are_one_sentence_each(folders, monkeypatch):
    (folders[1] / "Programme.toml").write_text('title = "a"\n')
    (folders[1] / "other.TOML").write_text('title = "a"\n')
    assert problems(folders, 'title = "学科"\n') == ["Programme.toml:1: 文件名要求小写，实际有大写，而且和 programme.toml 是同一个名字", "other.TOML:1: 文件名要求小写，实际有大写"]

    def refused(folder):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(os, "listdir", refused)
    assert problems(folders, 'title = "学科"\n') == ["screens/: 不能读取（Permission denied）"]


def test_a_screen_of_the_sites_own_is_named_own(folders):
    text = 'model = "Programme"\ncolumns = ["year"]\n'
    assert "文件名要以 own_ 开头" in problems(folders, text, "latest")[0]
    (folders[1] / "latest.toml").unlink()
    (folders[1] / "own_latest.toml").write_text(text)
    screen = Screens(*folders, ENTITIES)["own_latest"]
    assert screen.roles == ("clerk", "officer") and screen.steps == () and screen.form == ()


def test_hiding_takes_a_field_from_every_part_of_the_screen_for_that_role_alone(folders):
    (folders[1] / "programme.toml").write_text('filters = ["place"]\nsearch = ["place"]\nexport = ["year", "place"]\nviews = [{ title = "二教", where = { place = "二教" } }]\n'
                                               'hide = { officer = ["place"] }\n')
    screen = Screens(*folders, ENTITIES)["programme"]
    officer, clerk = screen.seen_by(as_role("officer")), screen.seen_by(as_role("clerk"))
    assert "place" in str([column.name for column in clerk.columns]) and clerk.views and clerk.search and "place" in clerk.filters
    assert "place" not in [column.name for column in (*officer.columns, *officer.export)] and "place" not in officer.filters
    assert officer.views == {} and officer.search == () and [box.name for box in officer.boxes] == ["year"]


def test_a_hundred_and_fifty_screens_are_read_and_checked_within_a_second_of_work(tmp_path):
    shipped, site = tmp_path / "shipped", tmp_path / "screens"
    for folder in (shipped, site):
        folder.mkdir()
    paths = sorted(views.SHIPPED.glob("*.toml"))
    for path in paths:
        (shipped / path.name).write_bytes(path.read_bytes())
    for number in range(150 - len(paths)):
        (site / f"own_{number}.toml").write_text('model = "Application"\nroles = ["clerk"]\ncolumns = ["person.name", "state", "deadline"]\nfilters = ["state", "deadline"]\n')
    started = process_time()
    assert len(Screens(shipped, site, ENTITIES, grids=views.GRIDS, forms=FORMS)) == 150
    assert process_time() - started < 1
