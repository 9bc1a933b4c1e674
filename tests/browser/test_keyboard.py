"""Without a mouse: the whole story by Tab, Enter, space and arrows only, with the focus in sight wherever it comes to; dialogs keep it inside and give it
back; at twice the size no page scrolls sideways."""
import pytest

from models.people import User
from tests.cast import SECRET, served, staff
from tests.keyboard import KeyboardVisitor
from tests.story import StoryInBrowser
from tests.views.conftest import world        # noqa: F401
from tests.visitors import log_in

HALF = 640, 400            # a window of 1280 x 800 at 200 %
PAGES = ("/office/", "/office/register/", "/office/register/details/?id={}", "/office/confirmation/desk/", "/office/course_result/create/", "/office/register/columns/",
         "/account/protection", "/programmes", "/verify")


def test_one_person_goes_through_all_ten_stages_by_keyboard(chromium, settings, database):
    staff()
    opened = []
    with served(settings) as address:
        StoryInBrowser(lambda: opened.append(KeyboardVisitor(chromium, address)) or opened[-1]).play()
        for visitor in opened:
            visitor.close()


@pytest.fixture
def clerk(chromium, settings, world):      # noqa: F811
    """How a clerk enters with a window of this size; somebody is on the register."""
    User.update(password=SECRET).execute()
    opened = []
    with served(settings) as address:
        yield lambda *size: log_in(opened.append(KeyboardVisitor(chromium, address, *size)) or opened[-1], "clerk")
        for visitor in opened:
            visitor.close()


def test_a_dialog_keeps_the_focus_inside_and_gives_it_back(clerk, world):      # noqa: F811
    world.registered()
    visitor = clerk()
    visitor.open("/office/register/")
    for words in ("添加筛选", "列"):
        opener = visitor.page.locator(".tools").get_by_text(words)
        visitor.reach(opener)
        visitor.keys.press("Enter")
        visitor.page.locator("dialog[open]").wait_for()
        for _ in range(40):
            visitor.keys.press("Tab")
            assert visitor.page.evaluate("document.activeElement === document.body || Boolean(document.activeElement.closest('dialog[open]'))"), words
        visitor.keys.press("Escape")
        assert opener.evaluate("node => node === document.activeElement"), words


def test_at_twice_the_size_no_page_scrolls_sideways(clerk, world):      # noqa: F811
    case = world.registered()
    visitor = clerk(*HALF)
    wide = []
    for path in PAGES:
        visitor.page.goto(path.format(case.id))
        if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []
