"""A list, the keyboard and Ctrl-K in a real Chromium: walked, ticked, opened, looked into and acted on without a mouse; columns chosen."""
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from backoffice import grid, listing
from models.applications import Application
from models.courses import CourseResult
from models.people import User
from models.programmes import Course
from tests.cast import SECRET, served
from tests.views.conftest import world        # noqa: F401
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY

REGISTER = "/office/register/"


@pytest.fixture
def clerk(chromium, settings, world):      # noqa: F811
    """A clerk's browser over six people on the register, five on a page."""
    User.update(password=SECRET).execute()
    settings.site_screens.mkdir(parents=True)
    (settings.site_screens / "register.toml").write_text("page_size = 5\n")
    for name in ("甲子", "乙丑", "丙寅", "丁卯", "戊辰", "己巳"):
        world.registered(world.applicant(name))
    with served(settings) as address:
        visitor = log_in(BrowserVisitor(chromium, address), "clerk")
        visitor.page.wait_for_url("**/office/")
        yield visitor
        visitor.close()


def press(visitor, *keys):
    for key in keys:
        visitor.page.keyboard.press(key)


def test_a_list_is_worked_by_keyboard_alone(clerk):
    page, drawer = clerk.page, clerk.page.locator("#preview")
    clerk.open(REGISTER)
    names = page.locator("tbody .pin a").all_inner_texts()
    press(clerk, "j", "j", "x", "j", " ")
    expect(page.locator("tbody tr[aria-current] .pin a")).to_have_text(names[2])
    expect(page.locator(".picked [data-count]")).to_have_text("2")
    press(clerk, "v")
    expect(drawer.locator("h2")).to_contain_text(names[2])
    press(clerk, "k")
    expect(drawer.locator("h2")).to_contain_text(names[1])
    press(clerk, "Escape")
    expect(drawer).to_have_count(0)
    press(clerk, "/")
    page.keyboard.type("jxv?")                       # in a field the keys are letters
    expect(page.get_by_role("searchbox", name="在本表查找")).to_have_value("jxv?")
    expect(page.locator(".picked [data-count]")).to_have_text("2")
    page.get_by_role("searchbox", name="在本表查找").evaluate("box => box.blur()")
    press(clerk, "?")
    expect(page.locator("#keys")).to_be_visible()
    press(clerk, "Escape", "g", "g", "o")
    page.wait_for_url("**/register/details/?*id=*")
    clerk.sees(names[0])
    press(clerk, "g", "n")
    page.wait_for_url("**/office/notices/")
    clerk.open(REGISTER)
    press(clerk, "]")
    page.wait_for_url("**/register/?after=*")
    press(clerk, "[")
    page.wait_for_url("**/register/?before=*")
    press(clerk, "j", "x", "a", "Enter")
    page.wait_for_url("**/step/**")
    clerk.sees(names[0])


def test_all_rows_of_a_long_list_are_taken_with_their_exact_number(clerk, monkeypatch):
    for module in (grid, listing):
        monkeypatch.setattr(module, "CAP", 4)
    monkeypatch.setattr(listing, "MANY", 4)
    clerk.open(REGISTER + "?sort=register_number")
    page = clerk.page
    boxes = page.locator("tbody .tick input")
    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator(".picked [data-count]")).to_have_text("4")
    assert "共 4+ 行" in clerk.text()
    expect(page.locator("[data-exact]")).to_have_text("6")
    page.get_by_label("改为全部").check()
    expect(page.locator(".picked [data-count]")).to_have_text("6")
    page.get_by_label("改为全部").uncheck()
    expect(page.locator(".picked [data-count]")).to_have_text("4")
    page.locator("tbody .peek").nth(1).click()
    expect(page.locator("#preview")).to_be_visible()
    page.locator("tbody .peek").nth(1).click()
    expect(page.locator("#preview")).to_have_count(0)


def test_a_person_an_action_and_a_screen_are_reached_by_ctrl_k(clerk):
    page, box = clerk.page, clerk.page.locator("#find-all")
    press(clerk, "Control+k")
    expect(box).to_be_focused()
    page.keyboard.type("丙")
    expect(page.locator("[data-people] li")).to_have_count(1)
    press(clerk, "Enter")
    page.wait_for_url("**/register/details/?*id=*")
    clerk.sees("丙寅")
    press(clerk, "Control+k")
    page.keyboard.type("新建导师")
    expect(page.locator("#finder li:visible")).to_have_count(1)
    press(clerk, "ArrowDown", "Enter")
    page.wait_for_url("**/expert/create/")
    page.get_by_label("姓名").first.focus()
    press(clerk, "Control+k")
    page.keyboard.type("无此名")
    expect(page.get_by_text("没有找到。")).to_be_visible()
    press(clerk, "Escape")
    expect(page.get_by_label("姓名").first).to_be_focused()


def test_columns_are_chosen_in_a_dialog_and_stay(clerk):
    page = clerk.page
    clerk.open(REGISTER + "?f.state=registered")
    page.get_by_role("link", name="列", exact=True).click()
    page.get_by_role("dialog").get_by_role("checkbox", name="到期日").uncheck()
    page.get_by_role("dialog").get_by_role("checkbox", name="性别").check()
    clerk.press("按选择显示")
    page.wait_for_url("**/register/?f.state=registered")
    heads = page.locator("thead th").all_inner_texts()
    assert "性别" in heads and "到期日" not in heads
    clerk.open(REGISTER)
    assert page.locator("thead th").all_inner_texts() == heads


def test_columns_are_put_in_another_order_by_dragging_and_by_keys_and_a_kept_view_has_it_too(clerk):
    page = clerk.page
    clerk.open(REGISTER + "?f.state=registered")
    heads = page.locator("thead th").all_inner_texts()[1:]                  # behind the boxes
    first, second, third, fourth = heads[:4]
    page.get_by_role("link", name="列", exact=True).click()
    dialog = page.get_by_role("dialog")
    up = dialog.get_by_role("button", name=f"上移：{fourth}")
    up.focus()
    press(clerk, "Enter", "Enter")
    expect(up).to_be_focused()
    expect(dialog.get_by_role("status")).to_have_text(f"{fourth}：第 2 列")
    press(clerk, "Enter")                                                   # no further: the first stays where it is
    expect(dialog.locator("li").nth(1)).to_contain_text(fourth)
    dialog.locator("li", has_text=second).first.drag_to(dialog.locator("li", has_text=third).first, target_position={"x": 20, "y": 25})
    clerk.press("按选择显示")
    page.wait_for_url("**/register/?f.state=registered")
    order = page.locator("thead th").all_inner_texts()[1:]
    assert order[:4] == [first, fourth, third, second] and set(heads) <= set(order)
    page.get_by_role("button", name="保存为视图").click()
    page.get_by_role("dialog").get_by_label("名称").fill("我的在册")
    page.get_by_role("button", name="保存视图").click()
    clerk.open(REGISTER)
    page.get_by_role("link", name="我的在册").first.click()
    page.wait_for_url("**f.state=registered**")
    assert page.locator("thead th").all_inner_texts()[1:] == order


def test_a_score_is_put_right_in_the_list_without_leaving_it(clerk, world):      # noqa: F811
    case = Application.get(Application.state == "registered")
    CourseResult.add(world.clerk, application=case, course=Course.select().order_by(Course.id).first(), score=Decimal(55), taken_on=DAY)
    page = clerk.page
    clerk.open("/office/course_result/")
    press(clerk, "j", "x", "e")
    box = page.get_by_role("dialog").get_by_label("成绩", exact=True)
    expect(box).to_be_focused()
    box.fill("很好")
    press(clerk, "Enter")
    expect(page.get_by_role("dialog")).to_contain_text("要求数字，实际“很好”")
    box.fill("75")
    press(clerk, "Enter")
    expect(page.locator("tbody [data-edit=score]")).to_have_text("75")
    expect(page.locator("tbody .badge.ok")).to_have_text("是")
    expect(page.locator("tbody .tick input")).to_be_checked()
    expect(page.locator("tbody .pin a")).to_be_focused()
    assert page.url.endswith("/office/course_result/") and CourseResult.get().score == 75


def test_a_long_list_of_what_may_be_chosen_is_no_stop_of_the_tab_key_and_closes_behind_it(clerk):
    page = clerk.page
    clerk.open("/office/programme/create/")
    box, found = page.get_by_label("学科专业", exact=True), page.locator("#discipline-list")
    box.focus()
    expect(found).to_be_visible()
    assert found.evaluate("node => node.scrollHeight > node.clientHeight")
    press(clerk, "Tab")
    expect(found).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == "college.said"
