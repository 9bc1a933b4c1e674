"""The review desk in a real Chromium, by keyboard alone: points looked at, a decision taken back, one sent by the next, one by leaving, one by the clock."""
import pytest

from models import clock
from models.applications import Application
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World

NAMES = ("温景行", "苏以宁", "陆远舟")


@pytest.fixture
def queue(database):
    clock.stop(DAY)
    world = World()
    found = [world.confirmed(world.applicant(name)) for name in NAMES]
    User.update(password=SECRET).execute()
    return found


def states(queue):
    return [Application.get_by_id(case.id).state for case in queue]


def until(page, queue, *wanted):
    """Wait for a decision that is under way."""
    for _ in range(100):
        if states(queue) == list(wanted):
            return
        page.wait_for_timeout(50)
    assert states(queue) == list(wanted)


def test_a_reviewer_works_through_the_queue_by_keyboard_and_takes_one_decision_back(queue, settings, chromium, width):
    with served(settings) as address:
        visitor = log_in(BrowserVisitor(chromium, address, width=width), "reviewer")
        page = visitor.page
        visitor.open("/office/review/")

        def on_desk(name):
            page.get_by_role("heading", name=name).wait_for()

        def press(keys):
            for key in keys:
                page.keyboard.press(key)

        on_desk(NAMES[0])
        press("p")
        visitor.sees("还有 4 项没有核对")
        press("1234p")
        on_desk(NAMES[1])
        visitor.sees(f"{NAMES[0]}：通过", "撤销")
        assert states(queue) == ["confirmed"] * 3
        press("z")
        on_desk(NAMES[0])
        press("1234p")
        on_desk(NAMES[1])
        press("r")
        visitor.sees("退回补正要写明意见")
        page.keyboard.type("推荐意见缺第 2 页")
        page.keyboard.press("Escape")
        press("r")
        on_desk(NAMES[2])                       # the first decision was sent before the second was taken
        assert states(queue) == ["registered", "confirmed", "confirmed"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        press("q")                              # and the second when the desk was left
        until(page, queue, "registered", "returned", "confirmed")
        page.clock.install()
        visitor.open("/office/review/")
        on_desk(NAMES[2])
        press("1234p")
        visitor.sees("没有等您审核的人")
        page.clock.run_for(11_000)
        until(page, queue, "registered", "returned", "registered")
        visitor.close()
