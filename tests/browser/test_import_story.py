"""A clerk's round in a real Chromium: template, filled in, errors, mended, committed, exported, and the export is equal to what was filled in."""
import datetime as dt

import pytest

from models import clock
from models.courses import CourseResult
from models.people import User
from tests.cast import SECRET, served
from tests.views.conftest import world        # noqa: F401
from tests.visitors import BrowserVisitor, log_in
from tests.workbooks import columns, filled, opened, saved

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLES = ("注册号", "课程代码", "成绩", "考试日期")
DAY = "2026-03-01"


@pytest.fixture
def clerk(chromium, settings, world):      # noqa: F811
    User.update(password=SECRET).execute()
    with served(settings) as address:
        visitor = log_in(BrowserVisitor(chromium, address), "clerk")
        yield visitor
        visitor.close()


def fetched(visitor, text):
    """The bytes of what is downloaded when one presses the words."""
    with visitor.page.expect_download() as download:
        visitor.press(text)
    return download.value.path().read_bytes()


def to_import(visitor):
    """From the list of results to their import; the menu leads to all of them."""
    visitor.open("/office/course_result/")
    visitor.page.get_by_role("main").get_by_role("link", name="导入").first.click()


def rehearse(visitor, data):
    """Upload a workbook, confirm its columns, try it."""
    to_import(visitor)
    visitor.attach("填好的表格", "春季成绩.xlsx", data, XLSX)
    visitor.press("上传并核对列")
    visitor.sees("核对列", "试运行不写入任何数据")
    visitor.press("试运行")


def test_what_was_filled_in_is_what_is_exported(clerk, world):      # noqa: F811
    lines = [(world.registered().register_number, code, score, DAY) for code, score in (("EC501", 91), ("EC502", 77.5), ("EC503", 64))]
    wrong = (*lines[1][:2], 175, DAY)
    to_import(clerk)
    blank = fetched(clerk, "下载模板")

    rehearse(clerk, filled(blank, lines[0], wrong, lines[2]))
    clerk.sees("新增 2行", "错误 1行", "要求 0 到 100，实际 175")
    assert not CourseResult.select().exists()
    returned = opened(fetched(clerk, "下载待改正的 1 行"))
    clerk.tick("只导入正确的 2 行")
    clerk.press("导入 2 行")
    clerk.sees("已导入", "已写入 2行")

    returned.active["C2"] = lines[1][2]
    rehearse(clerk, saved(returned))
    clerk.sees("新增 1行", "错误 0行")
    clerk.press("导入 1 行")
    clerk.sees("已导入")

    clerk.open("/office/course_result/")
    clerk.press("导出")
    clerk.page.get_by_role("dialog").wait_for()
    exported = fetched(clerk, "导出 3 行")
    found = [(number, code, score, str(day.date()) if isinstance(day, dt.datetime) else day) for number, code, score, day in columns(exported, *TITLES)]
    assert sorted(found) == sorted(lines)

    rehearse(clerk, exported)
    clerk.sees("相同 3行", "没有可以导入的行")
    assert clock.today().year == 2026 and CourseResult.select().count() == 3
