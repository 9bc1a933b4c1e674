"""The pages of figures and of files of a report: who opens them, what they show, what they give out."""
import io
import re

import openpyxl
import pytest

from models.audit import Entry
from models.jobs import Job
from models.parameters import Parameter
from tests.reported import reported


@pytest.fixture
def report(world):
    return reported(world, "卫长庚", "后来者")


def rows_of(data):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


# figures -------------------------------------------------------------------------------------------------------------------------------------
def test_the_page_shows_table_and_chart_for_whatever_is_asked(world, report, enter):
    visitor = enter(world.centre)
    page = visitor.get("/office/statistics/")
    assert "按学位授予单位" in page and "复旦大学" in page and 'aria-label="北京大学：授予 2，已报送 2，已备案 0；"' in page and "合计" in page
    for by, words in (("term", str(report.term)), ("office", "北京市学位委员会办公室"), ("discipline", "应用经济学"), ("state", "已提交"), ("nonsense", "复旦大学")):
        assert words in visitor.get(f"/office/statistics/?by={by}")
    assert "全部学期，按" in visitor.get("/office/statistics/?term=all")
    assert " style=" not in page and "<script>" not in page


def test_bars_are_as_long_as_their_figures(world, report, enter):
    widths = re.findall(r'class="f-(\w+)" x="0" y="\d+" width="([\d.]+)%"', enter(world.centre).get("/office/statistics/"))
    assert widths == [("off", "100.00"), ("busy", "100.00"), ("ok", "0.00")]


def test_an_office_sees_its_own_units_only(world, report, enter):
    assert "复旦大学" not in enter(world.officer).get("/office/statistics/")
    assert "北京大学" not in enter(world.officer2).get("/office/statistics/?by=unit")


@pytest.mark.parametrize("role", ["clerk", "reviewer", "exam", "it", "auditor"])
def test_others_are_refused(world, report, enter, role):
    for path in ("/office/statistics/", "/office/statistics/sheet/"):
        enter(getattr(world, role)).get(path, 403)


def test_the_workbook_has_the_same_figures_as_numbers_and_is_recorded(world, report, enter):
    assert rows_of(enter(world.centre).get("/office/statistics/sheet/?by=unit")) == [
        ["代码", "学位授予单位", "单位数", "授予", "已报送", "已备案"], ["10001", "北京大学", 1, 2, 2, 0], ["10246", "复旦大学", 1, 0, 0, 0]]
    assert Entry.get(Entry.verb == "export").reason == f"报送统计_按学位授予单位_{report.term}：2 行"


def test_without_any_term_the_page_says_so(world, enter):
    assert "没有可以统计的报送" in enter(world.centre).get("/office/statistics/")
    assert len(rows_of(enter(world.centre).get("/office/statistics/sheet/"))) == 1


# files of a report ---------------------------------------------------------------------------------------------------------------------------
def test_the_page_of_a_report_offers_its_files_to_whoever_sees_it(world, report, enter):
    for user in (world.clerk, world.officer, world.centre):
        visitor = enter(user)
        page = visitor.get(f"/office/report/details/?id={report.id}")
        assert re.findall(r'name="form" value="(\w+)"', page) == ["xlsx", "dbf", "photos", "summary", "json"]
        assert visitor.post("/office/report/sheet/", 200, id=report.id, form="summary").startswith(b"%PDF")
    enter(world.officer2).post("/office/report/sheet/", 404, id=report.id, form="summary")
    enter(world.clerk).post("/office/report/sheet/", 404, id=report.id, form="nonsense")
    assert Entry.select().where(Entry.verb == "sheet").count() == 3


def test_a_long_file_is_ordered_by_the_button_and_never_by_following_a_link(world, report, enter):
    Parameter.update(value=1).where(Parameter.name == "export.sync_rows").execute()
    visitor = enter(world.clerk)
    assert "在后台生成" in visitor.get(f"/office/report/details/?id={report.id}")
    answer = visitor.client.get(f"/office/report/sheet/?id={report.id}&form=xlsx")
    assert answer.status_code == 302 and not Job.select().exists()
    page = visitor.post("/office/report/sheet/", id=report.id, form="xlsx")
    assert "正在后台生成" in page and Job.get().state == "done" and f"/file/{Job.get().result_id}" in page


def test_a_line_that_was_tampered_with_is_said_on_the_page_instead_of_a_file(world, report, enter):
    line = report.current_lines().first()
    type(line).update(values=line.values | {"XM": "别人"}).where(type(line).id == line.id).execute()
    assert "不能导出，请立即报告学位中心" in enter(world.clerk).post("/office/report/sheet/", id=report.id, form="xlsx")
