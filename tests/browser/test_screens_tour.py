"""A new IT person's tour in a real Chromium: a field of the site's own, shown, filtered, exported; the phone hidden from the province; a step
renamed; a view and a number on the desk; previewed as a clerk, applied, rolled back. No Python, no new start."""
import pytest

from models import extras
from models.applications import Application
from models.people import User
from tests.cast import SECRET, served
from tests.views.conftest import world        # noqa: F401
from tests.visitors import BrowserVisitor, log_in
from tests.workbooks import columns

APPLICATION, REGISTER = "/office/configure/edit/application/", "/office/configure/edit/register/"


@pytest.fixture
def enter(chromium, settings, world):      # noqa: F811
    """A browser that is logged in as an account; all of them end with the test."""
    User.update(password=SECRET).execute()
    visitors = []
    with served(settings) as address:
        def entered(name):
            visitors.append(log_in(BrowserVisitor(chromium, address), name))
            return visitors[-1]
        yield entered
        for visitor in visitors:
            visitor.close()
    extras.take({})


def unfold(visitor, words):
    visitor.page.locator("summary").filter(has_text=words).click()


def apply(visitor, reason):
    visitor.fill("理由", reason)
    visitor.press("应用")
    visitor.sees("已应用")


def test_a_new_it_person_adapts_the_screens_and_takes_it_back(enter, world):      # noqa: F811
    user = world.applicant("沈知远")
    case = world.draft(user).submit(by=user)
    registered = world.registered(world.applicant("在册者"))
    it, clerk, officer = enter("it"), enter("clerk"), enter("officer")
    officer.open(f"/office/application/details/?id={case.id}")
    officer.sees("手机")

    it.open("/office/")
    it.press("界面配置")
    it.page.get_by_role("main").get_by_role("link", name="申请", exact=True).click()
    unfold(it, "加一个补充字段")
    it.fill("字段名字", "campus_number")
    it.fill("字段名称", "校内编号")
    who = it.page.get_by_role("group", name="谁能填")
    who.get_by_label("经办").check()
    for part in ("列", "筛选", "导出"):
        it.page.get_by_role("group", name="放进").get_by_label(part, exact=True).check()
    it.press("写进文件")
    unfold(it, "对某个角色隐藏一个字段")
    it.page.get_by_label("对谁").select_option("officer")
    it.fill("隐藏的字段", "person.phone")
    unfold(it, "加一个视图")
    it.fill("视图名称", "今年的")
    it.fill("视图按字段", "state")
    it.fill("视图的值", "submitted,confirmed")
    unfold(it, "加一个工作台的数字或图")
    it.fill("数字名称", "等确认的人")
    it.fill("数字按字段", "state")
    it.fill("数字的值", "submitted")
    it.press("写进文件")

    it.page.locator("#text").press("End")
    it.page.locator("#text").evaluate("node => { node.value = 'titel = 1\\n' + node.value; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    it.page.get_by_text("是不是“title”").wait_for()
    it.page.locator("#text").evaluate("node => { node.value = node.value.replace('titel = 1\\n', ''); node.dispatchEvent(new Event('input', { bubbles: true })); }")
    it.page.get_by_text("没有问题").wait_for()

    it.page.get_by_label("以这个角色看").select_option("clerk")
    it.press("预览")
    it.sees("示例校内编号1", "视图：", "今年的", "等确认的人", "可以填：校内编号")
    assert "沈知远" not in it.text()
    apply(it, "本校需要校内编号")

    it.open(REGISTER)
    unfold(it, "步骤的名称")
    it.fill("步骤：清退", "退出培养")
    it.press("写进文件")
    apply(it, "改用本校的说法")

    clerk.open(f"/office/application/details/?id={case.id}")
    clerk.press("补充字段")
    clerk.fill("校内编号", "2026-0001")
    clerk.press("保存")
    clerk.sees("校内编号", "2026-0001")
    clerk.open("/office/application/?f.extra.campus_number=2026")
    clerk.sees("沈知远", "2026-0001", "今年的")
    clerk.press("导出")
    clerk.page.get_by_role("dialog").wait_for()
    with clerk.page.expect_download() as download:
        clerk.press("导出 1 行")
    assert columns(download.value.path().read_bytes(), "校内编号") == [("2026-0001",)]
    clerk.open("/office/")
    clerk.sees("等确认的人")
    clerk.open(f"/office/register/details/?id={registered.id}")
    clerk.sees("退出培养")
    officer.open(f"/office/application/details/?id={case.id}")
    assert "手机" not in officer.text()

    for path in (APPLICATION, REGISTER):
        it.open(path)
        it.page.locator("#text").fill("")
        apply(it, "退回出厂")
    clerk.open("/office/application/")
    assert "校内编号" not in clerk.text() and "今年的" not in clerk.text()
    clerk.open(f"/office/register/details/?id={registered.id}")
    clerk.sees("清退")
    officer.open(f"/office/application/details/?id={case.id}")
    officer.sees("手机")
    assert Application.get_by_id(case.id).extra == {"campus_number": "2026-0001"}
    it.open(APPLICATION)
    it.press("看第 1 版")
    apply(it, "还是要校内编号")
    clerk.open("/office/application/")
    clerk.sees("2026-0001")


def test_the_words_of_a_notice_are_shown_with_sample_values_while_they_are_typed(enter):
    it = enter("it")
    it.open("/office/notice_template/create/")
    it.fill("标题", "提醒：{{ 标题 }}")
    it.page.get_by_text("提醒：通过：张三 申请").wait_for()
    it.fill("标题", "{{ 标提 }}")
    it.page.get_by_text("没有“标提”这个字段，是不是“标题”").wait_for()
    it.sees("还没有保存")
