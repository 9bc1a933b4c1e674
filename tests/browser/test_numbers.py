"""Hidden numbers in a real Chromium: shown whole in a list on a click, with a reason where the unit wants one; and an applicant's own data."""
import zipfile

import pytest

from models import clock
from models.audit import Entry
from models.parameters import Parameter
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World


@pytest.fixture
def visitor(chromium, settings, database):
    """Somebody in front of a browser, with one case of the register in the world."""
    clock.stop(DAY)
    world = World()
    case = world.registered()
    with served(settings) as address:
        for user in (world.clerk, case.applicants()[0]):
            User.update(password=SECRET).where(User.id == user.id).execute()
        visitor = BrowserVisitor(chromium, address)
        yield visitor, world, case
        visitor.close()


def test_a_number_in_a_list_is_shown_on_a_click_and_with_a_reason_where_one_is_wanted(visitor):
    visitor, world, case = visitor
    number, phone = case.person.document_number, case.person.phone
    log_in(visitor, "clerk").open("/office/person/")
    assert number not in visitor.text()
    visitor.page.get_by_role("button", name="显示完整号码").first.click()
    visitor.page.get_by_text(number).wait_for()
    Parameter.add(world.centre, name="reveal.reason", title="须写明理由", value=True, valid_from=DAY, institution=world.unit)
    visitor.open(f"/office/person/details/?id={case.person_id}")
    visitor.page.get_by_role("button", name="显示完整的手机").click()
    visitor.page.get_by_role("dialog").wait_for()
    assert phone not in visitor.text() and "须写明理由" in visitor.text()
    visitor.fill("理由", "联系本人补材料")
    visitor.page.get_by_role("button", name="显示", exact=True).click()
    visitor.page.get_by_text(phone).wait_for()
    assert [entry.reason for entry in Entry.select().where(Entry.verb == "reveal").order_by(Entry.id)] == ["", "联系本人补材料"]


def test_an_applicant_orders_his_data_and_downloads_it(visitor):
    visitor, world, case = visitor
    log_in(visitor, case.person.document_number).open("/me")
    visitor.press("我的数据")
    visitor.press("整理我的数据")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="下载结果").click()
    assert case.person.document_number in zipfile.ZipFile(download.value.path()).read("我的数据.html").decode()
