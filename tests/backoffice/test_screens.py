"""Screens: what their files may say, what is wrong is said all at once, and the site's folder lies over the shipped one."""
import re

import pytest

from backoffice.screens import Problems, Screens
from models.registry import ENTITIES


@pytest.fixture
def folders(tmp_path):
    shipped, site = tmp_path / "shipped", tmp_path / "site"
    for folder in (shipped, site):
        folder.mkdir()
    (shipped / "announcement.toml").write_text('model = "Announcement"\ntitle = "公告"\ncolumns = ["title", "state"]\norder_by = "-published_at"\n')
    return shipped, site


def read(folders, **files):
    for name, text in files.items():
        (folders[0] / f"{name}.toml").write_text(text)
    return Screens(*folders, ENTITIES, grids=("CaseGrid",))


def problems(folders, text, name="programme"):
    with pytest.raises(Problems) as caught:
        read(folders, **{name: text})
    return caught.value.found


def test_a_screen_says_model_title_columns_and_order(folders):
    screen = read(folders)["announcement"]
    assert (screen.model, screen.title, [column.label for column in screen.columns]) == (ENTITIES["Announcement"], "公告", ["标题", "状态"])
    assert screen.order_by == (ENTITIES["Announcement"].published_at, True)


def test_what_is_not_said_follows_from_the_model(folders):
    screen = read(folders, office='model = "Office"\n')["office"]
    assert screen.title == ENTITIES["Office"].label and "applicant" not in screen.roles and "clerk" in screen.roles


def test_a_column_may_be_one_value_of_a_json_field_when_it_is_named(folders):
    screens = read(folders, line='model = "ReportLine"\ncolumns = [{ name = "values.XM", label = "姓名" }]\n')
    line = ENTITIES["ReportLine"](values={"XM": "段𬭎"})
    assert screens["line"].columns[0].cell(line) == ("段𬭎", None)
    assert "要用 label 写明名称" in problems(folders, 'model = "ReportLine"\ncolumns = ["values.XM"]\n', "line")[0]


def test_the_site_replaces_single_keys(folders):
    (folders[1] / "announcement.toml").write_text('title = "通知"\n')
    screen = read(folders)["announcement"]
    assert screen.title == "通知" and [column.name for column in screen.columns] == ["title", "state"]


def test_a_column_may_lie_behind_foreign_keys_and_be_renamed(folders):
    screen = read(folders, result='model = "CourseResult"\ncolumns = [{ name = "application.person.name", label = "谁" }, "course.code"]\n')["result"]
    assert [(column.label, len(column.path.links)) for column in screen.columns] == [("谁", 2), ("课程代码", 1)]


@pytest.mark.parametrize("text, line, key, near", [
    ('model = "Programe"\n', 1, "model", "Programme"),
    ('model = "Programme"\ncolums = ["year"]\n', 2, "colums", "columns"),
    ('model = "Programme"\ncolumns = [\n  "year",\n  "dicsipline",\n]\n', 4, "columns", "discipline"),
    ('model = "Programme"\ncolumns = ["discipline.nmae"]\n', 2, "columns", "name"),
    ('model = "Programme"\n\nsteps = ["publsh"]\n', 3, "steps", "publish"),
    ('model = "Programme"\nroles = ["clark"]\n', 2, "roles", "clerk"),
    ('model = "Programme"\n[where]\nstate = "drafft"\n', 3, "where", "draft"),
    ('model = "Programme"\n[[form]]\nfields = ["contakt"]\n', 3, "form", "contact"),
    ('model = "Programme"\ngrid = "CaseGird"\n', 2, "grid", "CaseGrid"),
    ('model = "Person"\ncolumns = [{ name = "sex", codes = "sxe" }]\n', 2, "columns", ""),
    ('model = "Programme"\n[[related]]\nscreen = "anouncement"\nthrough = "x"\n', 3, "related", "announcement"),
])
def test_a_mistake_is_named_with_its_line_its_key_and_what_was_meant(folders, text, line, key, near):
    found = problems(folders, text)
    assert len(found) == 1 and re.match(rf"programme\.toml:{line}: {key}: ", found[0])
    assert not near or f"是不是“{near}”" in found[0]


@pytest.mark.parametrize("key, wrong", [("title", "3"), ("order", '"x"'), ("order", "true"), ("roles", '"clerk"'), ("filters", "1"), ("create", '"yes"'),
                                        ("form", '["year"]'), ("where", '["year"]'), ("page_size", "0"), ("page_size", "1000")])
def test_every_key_has_a_type(folders, key, wrong):
    assert f": {key}: 要求" in problems(folders, f'model = "Programme"\n{key} = {wrong}\n')[0]


def test_all_mistakes_of_all_files_are_reported_at_once(folders):
    (folders[1] / "announcement.toml").write_text("titel = 1\n")
    found = problems(folders, 'model = "Programme"\ncolumns = ["x"]\nsteps = ["y"]\n')
    assert [problem.split(":")[0] for problem in found] == ["announcement.toml", "programme.toml", "programme.toml"]


def test_what_is_not_toml_is_reported_with_its_line(folders):
    assert problems(folders, 'model = "Programme"\ntitle = \n')[0].startswith("programme.toml:2: ")


@pytest.mark.parametrize("text, said", [
    ('model = "Report"\nroles = ["applicant"]\n', "界面不能给它"),
    ('model = "Application"\nroles = ["auditor"]\n', "界面不能给它"),
    ('model = "Programme"\nform = [{ fields = ["state"] }]\n', "不能在表单里填写"),
    ('model = "Person"\nform = [{ fields = ["document_number"] }]\n', "不能在表单里填写"),
    ('model = "ExamEntry"\nsteps = ["pay"]\n', "没有“pay”这一步"),
    ('model = "Entry"\ncreate = true\n', "不能手工新建"),
    ('model = "Person"\ncolumns = ["document_index"]\n', "不能显示"),
    ('model = "Person"\nfull = ["name"]\n', "本来就完整显示"),
    ('model = "Person"\nsearch = ["birth_date"]\n', "不能按“birth_date”查找"),
    ('model = "Person"\nfilters = ["document_number"]\n', "不能按“document_number”筛选"),
])
def test_a_screen_grants_nothing(folders, text, said):
    assert said in problems(folders, text)[0]


@pytest.mark.parametrize("grid", ["", "CaseGrid"])
def test_a_site_does_not_take_away_the_page_of_its_own_that_a_shipped_screen_has(folders, grid):
    (folders[0] / "register.toml").write_text('model = "Application"\nroles = ["clerk"]\ngrid = "CaseGrid"\n')
    (folders[1] / "register.toml").write_text(f'grid = "{grid}"\n')
    with pytest.raises(Problems) as caught:
        read(folders)
    assert "register.toml:1: grid: 出厂的界面不能换掉自己的页面" in "".join(caught.value.found)


def test_a_running_program_keeps_the_last_good_screens_and_says_so(folders):
    screens = read(folders)
    (folders[1] / "announcement.toml").write_text('title = "通知"\n')
    screens.refresh()
    assert screens["announcement"].title == "通知" and screens.problems == []
    (folders[1] / "announcement.toml").write_text('title = "坏的"\ncolumns = ["nothing"]\n')
    screens.refresh()
    assert screens["announcement"].title == "通知" and len(screens.problems) == 1


def test_related_rows_can_be_filtered_by_the_way_back(folders):
    screens = read(folders, plan='model = "TrainingPlan"\nrelated = [{ screen = "course", through = "plan" }]\n', course='model = "Course"\n')
    assert screens["course"].filters["plan"].hidden and screens["plan"].related[0].screen == "course"
