"""The door of the exam in a real Chromium: a scanner that types, wrong room, double entry, three tries and the head's decision; the network cut and
restored, a reload in between, and a replay without doubles."""
import pytest
from playwright.sync_api import expect

from models import clock
from models.exams.door import CheckIn
from models.people import User
from tests.browser.doors import at_the_door, fits, leave, print_of, says, scan, until_kept
from tests.cast import SECRET, served
from tests.doors import MORNING, exam_day
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World

NAMES = ("温景行", "苏以宁", "陆远舟", "顾闻笛")


@pytest.fixture
def hall(database):
    """A site with four people; it is half past eight on the day of the exam, for every thread of the server."""
    clock.stop(DAY)
    world = World()
    world.people = exam_day(world, *NAMES)
    User.update(password=SECRET).execute()
    clock.stop(MORNING)
    return world


def test_at_the_door_with_a_scanner_and_the_keyboard(hall, settings, chromium, width):
    first, second, third, _ = hall.people
    with served(settings) as address:
        door, head = at_the_door(chromium, address, width=width), log_in(BrowserVisitor(chromium, address, width=390, height=844), "site_head")
        door.page.locator("#room").select_option(label="001 考场")
        scan(door, first.language.text)
        says(door, "请验指纹", "busy")
        door.sees("温景行", "英语", "001 考场")
        print_of(door, first.seed)
        says(door, "指纹相符，请入场", "ok")
        expect(door.page.locator("#inside")).to_have_text("1")
        scan(door, first.language.exam_number)
        says(door, "已经入场，不能再入", "bad")
        assert fits(door)
        scan(door, second.comprehensive.exam_number)
        says(door, "还没有到入场时间", "bad")
        door.sees("走错考场：要求 002 考场，实际 001 考场")
        scan(door, third.language.exam_number)
        says(door, "请验指纹", "busy")
        for left in (2, 1):
            print_of(door, first.seed)
            says(door, f"指纹不符，还可以再试 {left} 次", "bad")
        print_of(door, first.seed)
        says(door, "请考点负责人决定", "wait")
        head.open("/office/door_head/")
        head.sees("陆远舟", "001 考场 3 座", "第 3 次")
        head.fill("陆远舟的理由", "身份证原件与本人一致")
        head.press("准予入场")
        head.sees("陆远舟：准予入场")
        assert fits(head)
        says(door, "准予入场，请入场", "ok")           # the door has asked meanwhile
        expect(door.page.locator("#inside")).to_have_text("2")
        assert fits(door)
        leave(door)
        leave(head)
    assert [(row.state, row.attempt) for row in CheckIn.select().order_by(CheckIn.id)] == [
        ("matched", 1), ("failed", 1), ("failed", 2), ("admitted", 3)]


def test_the_network_is_cut_and_comes_back(hall, settings, chromium):
    first, second, third, _ = hall.people
    with served(settings) as address:
        door, other = at_the_door(chromium, address), at_the_door(chromium, address)
        until_kept(door)
        door.context.set_offline(True)
        expect(door.page.locator("#net")).to_have_text("离线")
        scan(door, first.language.text)
        says(door, "离线：没有验指纹", "wait")
        door.sees("温景行", "001 考场")
        door.page.keyboard.press("Enter")
        says(door, "已记为未核验入场", "wait")
        expect(door.page.locator("#net")).to_have_text("离线，1 条待补传")
        scan(door, first.language.exam_number)
        says(door, "已经入场，不能再入", "bad")
        mine, his = (person.language.text.split(".") for person in (second, first))
        scan(door, ".".join((mine[0], his[1], mine[2])))          # somebody else's values under his own signature
        says(door, "签名不符", "bad")
        scan(door, "263100110100101")
        says(door, "走错考点", "bad")
        scan(door, second.comprehensive.text)
        says(door, "还没有到入场时间", "bad")
        door.page.reload()
        expect(door.page.locator("#net")).to_have_text("离线，1 条待补传")
        scan(door, second.language.text)
        says(door, "离线：没有验指纹", "wait")
        door.page.keyboard.press("Enter")
        expect(door.page.locator("#net")).to_have_text("离线，2 条待补传")
        scan(other, first.language.text)               # the same ticket at another door, which has its network
        says(other, "请验指纹", "busy")
        print_of(other, first.seed)
        says(other, "指纹相符，请入场", "ok")
        door.context.set_offline(False)
        expect(door.page.locator("#net")).to_have_text("在线")
        expect(door.page.locator("#replayed")).to_contain_text("已补传 2 条，其中重复入场 1 条")
        scan(door, third.language.text)
        says(door, "请验指纹", "busy")
        scan(door, second.language.text)
        says(door, "请考点负责人决定", "wait")
        leave(other)
        leave(door)
    rows = {(row.entry_id, row.state, row.way) for row in CheckIn.select()}
    assert rows == {(first.language.entry.id, "matched", "finger"), (first.language.entry.id, "double", "offline"), (second.language.entry.id, "waiting", "offline")}
    assert CheckIn.select().where(CheckIn.replayed_at.is_null(False)).count() == 2
