"""A clerk on the first day: knows the words of the trade and nothing of the program, reads only what stands on the pages - no address, no guide, no
key - and comes to the end of the first three tasks with few presses."""
import pytest
from playwright.sync_api import expect

from models import clock
from models.courses import CourseResult
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World, picture

FEW = 6            # presses that a task takes at most, answers and ticks aside


class Newcomer(BrowserVisitor):
    """Counts what is pressed since the desk was last opened."""
    presses = 0

    def press(self, text):
        super().press(text)
        self.presses += 1

    def begin(self):
        """Back to the desk, as anybody gets there: by the name of the program."""
        super().press("同力信息平台")
        self.page.get_by_role("heading", name="工作台").wait_for()
        self.presses = 0

    def find(self, text, name):
        """Type what one knows of somebody, and choose him."""
        self.press("查找人、界面、操作")
        self.page.keyboard.type(text)
        self.page.get_by_role("dialog").get_by_role("link", name=name).click()
        self.page.get_by_role("heading", name=name).first.wait_for()
        self.presses += 1


@pytest.fixture
def office(chromium, settings, database):
    """(a case on the register, how to let a Newcomer in by the name of his account); two people wait for the clerk."""
    clock.stop(DAY)
    world = World()
    for name in ("温景行", "苏以宁"):
        world.draft(user := world.applicant(name)).submit(by=user)
    case = world.registered(world.applicant("陆远舟"))
    User.update(password=SECRET).execute()
    opened = []
    with served(settings) as address:
        def enter(name):
            opened.append(Newcomer(chromium, address))
            return log_in(opened[-1], name)
        yield case, enter
        for visitor in opened:
            visitor.close()


def test_the_first_three_tasks_are_done_by_what_stands_on_the_pages(office):
    case, enter = office
    clerk = enter("clerk")

    clerk.begin()                                               # 1: somebody stands before me with his originals
    clerk.press("申请：待确认")
    clerk.page.get_by_role("row", name="温景行").get_by_role("link", name="办理").click()
    for name in ("学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见", "本人同意采集", "演示"):
        clerk.tick(name)
    for label in ("现场照片", "签字的资格审查表"):
        clerk.attach(label, f"{label}.png", picture(300, 400, form="PNG"), "image/png")
    clerk.press("保存并确认")
    clerk.sees("温景行", "撤销")
    assert clerk.presses < FEW
    clerk.page.get_by_role("button", name="撤销").wait_for(state="detached")          # ten seconds to take it back
    reviewer = enter("reviewer")
    reviewer.begin()
    reviewer.press("申请：待审核")
    reviewer.page.get_by_role("heading", name="温景行").wait_for()
    for box in reviewer.page.get_by_role("checkbox").all():
        box.check()
    reviewer.press("通过")
    reviewer.sees("温景行：通过", "撤销")
    assert reviewer.presses < FEW

    clerk.begin()                                               # 2: something lacks in an application
    clerk.press("申请")
    clerk.press("苏以宁")
    clerk.press("退回补正")
    clerk.fill("退回原因", "学历证明没有盖章，请补盖后再交")
    clerk.press("退回补正 1 项")
    clerk.sees("退回补正", "学历证明没有盖章")
    assert clerk.presses < FEW

    clerk.begin()                                               # 3: somebody calls, all he knows is his number, and his grade has come
    clerk.find(case.person.document_number, "陆远舟")
    clerk.sees(case.register_number, "下一步")
    expect(clerk.page.get_by_role("button", name="资格审查表")).to_be_visible()
    clerk.press("课程成绩")
    clerk.press("新建课程成绩")
    clerk.choose("姓名", "陆远舟")
    clerk.choose("课程", case.plan.courses.first().name)
    clerk.fill("成绩", "86")
    clerk.fill("考试日期", str(DAY))
    clerk.press("新建课程成绩")
    clerk.sees("未公布")
    assert clerk.presses < FEW
    assert CourseResult.get(CourseResult.application == case).score == 86
