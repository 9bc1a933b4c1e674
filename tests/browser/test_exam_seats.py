"""The seats in a real Chromium (stage 6): the office draws and fixes a plan and looks at a room; the applicant fetches his ticket on a phone."""
import datetime as dt

import pytest

from models import clock
from models.exams.entries import ExamEntry
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom
from models.exams.tickets import AdmissionTicket
from models.people import User
from tests.cast import SECRET, served
from tests.crowd import crowd, hall
from tests.visitors import BrowserVisitor, log_in, take
from tests.world import DAY, World


@pytest.fixture
def closed(database):
    """A session whose entries are over, with forty people of three units at one site."""
    clock.stop(DAY)
    world = World()
    world.mine, site = world.applicant("江南"), hall(world)
    session = world.session().change(world.exam, ticket_from=dt.date(2026, 5, 10), ticket_until=dt.date(2026, 5, 23))
    case = world.registered(world.mine)
    crowd(world, session, [(site.id, (world.unit.id, world.unit2.id, world.unit.id + 1)[n % 3], False) for n in range(40)])
    ExamEntry.update(application=case).where(ExamEntry.application == ExamEntry.select().order_by(ExamEntry.id).first().application_id).execute()
    clock.stop(dt.date(2026, 5, 11))
    session.close(by=world.exam)
    User.update(password=SECRET).execute()
    yield world
    clock.stop()


def fits(visitor):
    """Whether nothing of the page stands out to the right."""
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_office_draws_and_fixes_the_seats_and_the_applicant_fetches_his_ticket(closed, settings, chromium, width):
    with served(settings) as address:
        office = log_in(BrowserVisitor(chromium, address, width=width), "exam")
        page = f"/office/seat_plan/details/?id={SeatPlan.get().id}"
        office.open(page)
        take(office, "排座位")
        office.open(page)
        office.sees("草案", "同单位相邻", SeatPlan.get().seed)
        take(office, "确定方案", 再写一遍项数="1").sees("已定")
        office.open(f"/office/seated_room/details/?id={SeatedRoom.get().id}")
        office.sees("座位图", "北京大学", "复旦大学")
        assert fits(office)
        office.open("/office/seated_room/papers/")
        assert fits(office)
        mine = log_in(BrowserVisitor(chromium, address, width=width), closed.mine.username)
        mine.open("/me/exam/tickets")
        mine.sees("下载准考证", "考点11101")
        assert fits(mine)
        with mine.page.expect_download() as fetched:
            mine.page.evaluate("document.querySelector('a[href*=\"/me/exam/ticket/\"]').setAttribute('download', '')")
            mine.page.get_by_text("下载准考证").first.click()
        with open(fetched.value.path(), "rb") as file:
            assert file.read(4) == b"%PDF"
        office.close()
        mine.close()
    assert AdmissionTicket.select().count() == 80
