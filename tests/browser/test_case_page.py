"""The case page in a real Chromium: from a list to its neighbours by key, a paper over the page, a word to the reviewer, and the desk back."""
import datetime as dt

import pytest

from models import clock
from models.applications import Document
from models.files import File
from models.people import User
from tests.browser.test_season import fits
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import World, picture

TODAY = dt.date(2026, 3, 25)


@pytest.fixture
def world(database):
    clock.stop(dt.date(2026, 3, 20))
    world = World()
    world.session()
    world.cases = [world.registered(world.applicant(name)) for name in ("卫长庚", "江离")]
    first, _ = world.cases
    for title, colour in (("学位证书", "steelblue"), ("学历证明", "darkred")):
        scan = File.keep(picture(600, 800, colour), f"{title}.jpg", "document", "image/jpeg", institution=world.unit, person_ref=first.person_id, case_ref=first.id)
        Document.add(world.clerk, application=first, title=title, file=scan)
    User.update(password=SECRET).execute()
    return world


def test_a_clerk_reads_a_case_and_writes_to_the_reviewer(world, settings, chromium, width):
    first, second = world.cases
    with served(settings) as address:
        clock.stop(TODAY)
        clerk, reviewer = (log_in(BrowserVisitor(chromium, address, width=width), name) for name in ("clerk", "reviewer"))
        page = clerk.page
        clerk.open("/office/register/?f.state=registered&sort=register_number")
        clerk.press("江离")
        clerk.sees("已是最后一条", "报考2026 年统考", "最早可于 2026-05 申请")
        page.keyboard.press("p")
        page.wait_for_url(f"**id={first.id}&**")
        assert fits(clerk)
        looks_at_the_papers(clerk)
        clerk.fill("留言", "学历证明看不清，请核对原件")
        clerk.press("留言")
        clerk.sees("已留言", "学历证明看不清，请核对原件", "已是第一条")
        reviewer.open("/office/notices/")
        reviewer.sees("往来留言：卫长庚")
        reviewer.open(f"/office/register/details/?id={first.id}")
        reviewer.sees("学历证明看不清，请核对原件")
        reviewer.open("/office/")
        assert fits(reviewer)
        reviewer.page.get_by_role("link", name="5 课程学习，人在册：2").click()
        reviewer.sees("共 2 行")
        for visitor in (clerk, reviewer):
            visitor.close()


def looks_at_the_papers(clerk):
    """The first by a click, the second by the arrow, and back to the page by Escape, with the focus where it was."""
    page, box = clerk.page, clerk.page.locator("#paper")
    clerk.press("学位证书")
    shown = box.get_by_role("img", name="学位证书")
    shown.wait_for()
    assert shown.evaluate("async image => (await image.decode(), image.naturalWidth)") == 600 and "1 / 3" in box.inner_text()
    page.keyboard.press("ArrowRight")
    box.get_by_role("img", name="学历证明").wait_for()
    assert fits(clerk) and "/file/" in box.get_by_role("link", name="单独打开").get_attribute("href")
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    page.wait_for_function("document.activeElement.textContent === '学历证明'")          # it goes back a moment after the window has closed
