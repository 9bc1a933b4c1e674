"""Forms that a site prints in its own way: what their files may say, what is wrong is one sentence with file and line, and a wrong file changes nothing."""
import pytest

from backoffice.screens import Screens
from backoffice.screens.layouts import read_layouts
from models import extras
from models.applications import Application
from models.awards import Award
from models.registry import ENTITIES
from tasks.print.forms import FORMS
from tasks.print.layouts import Layout, laid, take

ADDED = {"Application": {
    "campus_number": extras.made(Application, "campus_number", "text", "校内编号", visible=("clerk", "reviewer", "officer"), editable=("clerk",)),
    "secret": extras.made(Application, "secret", "text", "内部", visible=("officer",), editable=()), "scan": extras.made(Application, "scan", "file", "扫描件", visible=("clerk", "reviewer"), editable=())},
         "Award": {"cabinet": extras.made(Award, "cabinet", "text", "柜号", visible=("clerk", "reviewer"), editable=("clerk",))}}
SAID = {"facts": [[("姓名", "林叙白"), ("证件号码", "1101")], [("审核意见", "")]], "text": ["出厂的话"], "more": {"打印日期": "2026-03-20", "成果说明": "论文"}, "rows": []}


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    take({})


def read(folder, text, name="review"):
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return read_layouts(folder, FORMS, ADDED)


def test_a_file_chooses_title_texts_fields_labels_boxes_and_notes(folder):
    found, problems = read(folder, 'title = "审查表"\nintro = ["{{ 姓名 }} 同志："]\nfields = ["审核意见", { name = "证件号码", label = "身份证号" }, "extra.campus_number"]\n'
                                   'boxes = ["研究生院"]\nnotes = ["一式两份，{{ 打印日期|日期 }}"]\n')
    assert problems == {} and found["review"].fields == (("审核意见", "审核意见"), ("证件号码", "身份证号"), ("extra.campus_number", "校内编号"))
    take(found)
    extras.take({Application: ADDED["Application"]})
    said = laid("review", SAID, Application(extra={"campus_number": "2026-1"}))
    extras.take({})
    assert said["facts"] == [[("审核意见", ""), ("身份证号", "1101"), ("校内编号", "2026-1")]] and said["text"] == ["出厂的话"]
    assert (said["title"], said["intro"], said["boxes"], said["notes"]) == ("审查表", ["林叙白 同志："], ["研究生院"], ["一式两份，2026 年 3 月 20 日"])
    assert laid("defence", SAID, Application()) is SAID


def test_a_table_has_the_columns_that_the_file_names_with_fields_of_the_site_among_them(folder):
    found, problems = read(folder, 'title = "{{ 会议 }}授予名单"\ncolumns = ["证书编号", { name = "姓名", label = "学位获得者" }, "extra.cabinet"]\n', "degree_list")
    take(found)
    extras.take({Award: ADDED["Award"]})
    said = laid("degree_list", {"facts": [[("会议", "第 3 次")]], "more": {}, "columns": (("姓名", 13, "L"), ("票数", 12, "C"), ("证书编号", 24, "R")),
                                "rows": [("林叙白", "9", "10001")], "of": [Award(extra={"cabinet": "甲\n3"})]})
    extras.take({})
    assert problems == {} and said["title"] == "第 3 次授予名单"
    assert said["columns"] == [("证书编号", 24, "R"), ("学位获得者", 13, "L"), ("柜号", 14, "L")] and said["rows"] == [["10001", "林叙白", "甲 3"]]


@pytest.mark.parametrize("name, text, said", [
    ("door", 'fields = ["姓名"]\n', "考场门签的这一部分是固定的；能改的有 title、intro、columns、text、boxes、notes"), ("tickets", 'columns = ["姓名"]\n', "准考证的这一部分是固定的；能改的有 title、fields、notes"),
    ("transcript", 'columns = ["成积"]\n', "成绩单没有“成积”这一列；是不是“成绩”？"), ("transcript", 'columns = ["extra.campus_number"]\n', "没有“extra.campus_number”这一列"),
    ("certificate", 'title = "{{ 会议 }}"\n', "没有“会议”这个字段")])
def test_what_has_no_place_on_a_form_is_refused_and_what_has_is_named(folder, name, text, said):
    found, problems = read(folder, text, name)
    assert found == {} and problems[name][0].startswith(f"prints/{name}.toml:1: ") and said in problems[name][0]


def test_texts_replace_those_of_the_program_and_an_empty_one_is_left_out(folder):
    take(read(folder, 'text = ["成果：{{ 成果说明 }}", "{% if 审核意见 %}意见：{{ 审核意见 }}{% endif %}"]\n')[0])
    assert laid("review", SAID, Application())["text"] == ["成果：论文"]


def test_a_text_that_would_become_too_long_leaves_the_paper_as_it_is(folder):
    take({"review": Layout(notes=("{{ 姓名 }}" * 500,))})
    said = SAID | {"facts": [[("姓名", "长" * 100)]]}
    assert laid("review", said, Application()) is said


@pytest.mark.parametrize("text, line, said", [
    ('titel = "x"\n', 1, "没有这个键；是不是“title”？"), ("title = 1\n", 1, "要求文字"), ('\ntitle = "' + "长" * 41 + '"\n', 2, "要求不超过 40 字，实际 41 字"), ("title = \n", 1, "不是 TOML"),
    ('title = "x"\nfields = ["姓民"]\n', 2, "资格审查表没有“姓民”这一项；是不是“姓名”？"), ('fields = ["姓名", "姓名"]\n', 1, "写了两次"), ("fields = [1]\n", 1, "每一项要求名字"),
    ('fields = [{ naem = "姓名" }]\n', 1, "没有“naem”这个词"), ('fields = ["extra.secret"]\n', 1, "clerk、reviewer打印这种表格，而不能看“extra.secret”"), ('fields = ["extra.scan"]\n', 1, "没有“extra.scan”这一项"),
    ('fields = ["person.phone"]\n', 1, "没有“person.phone”这一项"), ('intro = [\n  "a",\n  "{{ 姓名.__class__ }}",\n]\n', 3, "不能取字段里面的东西"), ('notes = ["{{ 手机 }}"]\n', 1, "没有“手机”这个字段"),
    ('intro = ["{% for a in 姓名 %}{% endfor %}"]\n', 1, "不能循环"), ("notes = [" + '"x",' * 11 + "]\n", 1, "要求不超过 10 项，实际 11 项"), ('boxes = ["a", "b", "c", "d", "e"]\n', 1, "要求不超过 4 项"),
    ('boxes = ["' + "长" * 21 + '"]\n', 1, "要求不超过 20 字"), ('title = "' + "x" * 300_000 + '"\n', 1, "要求不超过 256 KB")])
def test_a_mistake_is_one_sentence_with_file_and_line_and_the_form_stays_as_it_is(folder, text, line, said):
    found, problems = read(folder, text)
    assert found == {} and any(problem.startswith(f"prints/review.toml:{line}: ") and said in problem for problem in problems["review"]), problems


@pytest.mark.parametrize("name, said", [("reviw", "没有“reviw”这种表格；是不是“review”？"), ("map", "“座位图”的样式是固定的")])
def test_a_file_for_no_form_is_named(folder, name, said):
    assert said in read(folder, "", name)[1][name][0]


def test_a_running_program_takes_a_file_over_and_leaves_out_what_is_wrong(folder):
    for name in ("shipped", "screens", "prints"):
        (folder / name).mkdir()
    screens = Screens(folder / "shipped", folder / "screens", ENTITIES, forms=FORMS)
    (folder / "prints" / "review.toml").write_text('title = "审查表"\n', "utf-8")
    (folder / "prints" / "defence.toml").write_text("title = 1\n", "utf-8")
    screens.refresh()
    assert laid("review", SAID, Application())["title"] == "审查表" and list(screens.laid_wrong) == ["defence"] and screens.problems == []
    (folder / "prints" / "review.toml").write_text("title = 2\n", "utf-8")
    screens.refresh()
    assert laid("review", SAID, Application()) is SAID and sorted(screens.laid_wrong) == ["defence", "review"]
