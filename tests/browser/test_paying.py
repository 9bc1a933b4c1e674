"""On a phone, in a real Chromium: entering at a place, paying over the gateway of the demo, seeing it paid; then there is no way back."""
from dataclasses import replace

import pytest

from models import clock
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.people import User
from tasks.paying import till
from tests import servers
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World


@pytest.fixture
def program(settings, database):
    clock.stop(DAY)
    settings = replace(settings, port=servers.free_port())
    till.configure(settings)
    return settings


def fits(visitor):
    """Whether nothing of the page stands out to the right."""
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_one_enters_pays_and_sees_it_paid(program, chromium, width, tmp_path):
    world = World()
    case = world.registered()
    world.session()
    User.update(password=SECRET).execute()
    with served(program, program.port) as address:
        person = log_in(BrowserVisitor(chromium, address, width=width), case.applicants()[0].email)
        person.open("/me/exam")
        person.choose("考点", "北京第一考点，剩 300 个名额")
        person.press("报考")
        person.sees("已报考 2 科", "200 元", "去缴费")
        assert fits(person)
        person.page.screenshot(path=tmp_path / "entered.png", full_page=True)
        person.press("去缴费")
        person.press("用演示支付付款")
        person.sees("付完回到这里")
        assert fits(person)
        person.press("去演示支付付款")
        person.sees("演示支付", "200.00 元")
        assert fits(person)
        person.press("确认付款")
        person.sees("报名费收据", "已缴费", "演示支付")
        person.page.screenshot(path=tmp_path / "receipt.png", full_page=True)
        assert fits(person)
        person.open("/me/exam")
        assert "取消报考" not in [button.inner_text() for button in person.page.get_by_role("button").all()]
        refused = person.page.request.post(f"/me/exam/withdraw/{case.exam_entries.first().id}", headers={
            "X-CSRFToken": person.page.locator("meta[name=csrf-token]").get_attribute("content")})
        assert refused.status == 422 and "现在的状态不能“取消报考”" in refused.text()
        person.close()
    assert {entry.state for entry in ExamEntry.select()} == {"paid"} and Payment.get().method == "演示支付"
