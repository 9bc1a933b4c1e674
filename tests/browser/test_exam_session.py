"""One session of the national exam in a real Chromium, from its opening to published results: entry at a place, payment over the gateway of the demo,
seats, a ticket whose printed code the door reads, the network cut and restored, results by exam number, publication, a recheck.
"""
import datetime as dt
import re
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import expect

from models import clock
from models.exams import signed
from models.exams.door import CheckIn
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.results import ExamResult
from models.exams.seating.plan import SeatPlan
from models.exams.seats import Seat, SeatedRoom
from models.exams.sessions import ExamSession
from models.exams.sites import Room
from models.exams.tickets import AdmissionTicket
from models.fingerprints.templates import enrol
from models.people import User
from tasks import upkeep
from tasks.paying import till
from tests import servers
from tests.browser.doors import at_the_door, fits, leave, print_of, says, scan, until_kept
from tests.cast import SECRET, served
from tests.doors import MORNING, read
from tests.visitors import BrowserVisitor, log_in, take
from tests.world import DAY, World

NAMES = ("温景行", "苏以宁", "陆远舟")
HEAD = "统考批次,准考证号,姓名,成绩,结果"
WINDOWS = {"名称": "2026 年全国统考", "年度": "2026", "报考开始": "2026-03-20", "报考截止": "2026-03-31", "考试日期": "2026-05-23",
           "准考证下载开始": "2026-05-10", "准考证下载截止": "2026-05-23", "成绩复查开始": "2026-06-20", "成绩复查截止": "2026-06-30"}


@pytest.fixture
def program(settings, database):
    """A unit with three people on the register whose fingers are enrolled, and a site with a room for each paper."""
    clock.stop(DAY)
    world = World()
    world.cases = [world.registered(world.applicant(name)) for name in NAMES]
    for seed, case in enumerate(world.cases, 1):
        enrol(world.clerk, case, 1, read(seed))
    for number in ("001", "002"):
        Room.add(world.exam, site=world.site, number=number)
    User.update(password=SECRET).execute()
    world.settings = replace(settings, port=servers.free_port())
    till.configure(world.settings)
    return world


def test_a_session_from_its_opening_to_published_results(program, chromium, width):
    with served(program.settings, program.settings.port) as address:
        office = log_in(BrowserVisitor(chromium, address), "exam")
        person = log_in(BrowserVisitor(chromium, address, width=width), program.cases[0].applicants()[0].username)
        session = opened(office)
        entered_and_paid(person)
        others_enter(program, session)
        seated(office, session)
        at_the_exam(program, chromium, address, dict(map(scanned, tickets_of(person))))
        results(office, session)
        published(office, person, session)
        office.close()
        person.close()


def opened(office):
    office.open("/office/exam_session/create/")
    for label, value in WINDOWS.items():
        office.fill(label, value)
    office.press("新建统考批次")
    session = ExamSession.get()
    for subject in ("英语", "经济学"):
        office.open(f"/office/session_subject/create/?session={session.id}")
        office.choose("科目", subject)
        office.press("新建批次科目")
    office.open(f"/office/exam_session/details/?id={session.id}")
    take(office, "开放报考").sees("报考中")
    return ExamSession.get()


def entered_and_paid(person):
    person.open("/me/exam")
    person.choose("考点", "北京第一考点，剩 300 个名额")
    person.press("报考")
    person.sees("已报考 2 科", "200 元", "去缴费")
    assert fits(person)
    person.press("去缴费")
    person.press("用演示支付付款")
    person.sees("付完回到这里")
    assert fits(person)
    person.press("去演示支付付款")
    person.sees("演示支付", "200.00 元")
    assert fits(person)
    person.press("确认付款")
    person.sees("报名费收据", "已缴费", "演示支付")
    assert fits(person)
    person.open("/me/exam")
    assert "取消报考" not in [button.inner_text() for button in person.page.get_by_role("button").all()]
    refused = person.page.request.post(f"/me/exam/withdraw/{ExamEntry.get().id}", headers={
        "X-CSRFToken": person.page.locator("meta[name=csrf-token]").get_attribute("content")})
    assert refused.status == 422 and "现在的状态不能“取消报考”" in refused.text()
    assert {entry.state for entry in ExamEntry.select()} == {"paid"} and Payment.get().method == "演示支付"


def others_enter(program, session):
    """The second pays at the counter; the third enters and never pays."""
    for case in program.cases[1:]:
        entries = enter(case, session, [item for item, _ in subjects_for(case, session)], program.site.province, program.site, case.applicants()[0])
    Payment.get(Payment.application == program.cases[1]).record(by=program.exam, reference="线下-1")
    clock.stop(dt.date(2026, 4, 1))
    upkeep.void_unpaid_entries()
    assert {ExamEntry.get_by_id(entry.id).state for entry in entries} == {"void"}


def seated(office, session):
    office.open(f"/office/exam_session/details/?id={session.id}")
    take(office, "结束报考").sees("报考结束")
    page = f"/office/seat_plan/details/?id={SeatPlan.get().id}"
    office.open(page)
    take(office, "排座位")
    office.open(page)
    office.sees("草案", "同单位相邻", SeatPlan.get().seed)
    take(office, "确定方案", 再写一遍项数="1").sees("已定")
    office.open(f"/office/seated_room/details/?id={SeatedRoom.get().id}")
    office.sees("座位图", "北京大学")
    office.open("/office/seated_room/papers/")
    assert fits(office) and AdmissionTicket.select().count() == 4


def tickets_of(person):
    """The bytes of both tickets, downloaded in their window."""
    person.open("/me/exam/tickets")
    person.sees("准考证", "2026-05-10")
    assert person.page.get_by_text("下载准考证").count() == 0
    clock.stop(dt.date(2026, 5, 11))
    person.open("/me/exam/tickets")
    person.sees("下载准考证", "北京第一考点")
    assert fits(person)
    person.page.evaluate("document.querySelectorAll('a[href*=\"/me/exam/ticket/\"]').forEach(link => link.setAttribute('download', ''))")
    for link in person.page.get_by_text("下载准考证").all():
        with person.page.expect_download() as fetched:
            link.click()
        yield fetched.value.path().read_bytes()


def scanned(ticket):
    """(exam number, text) of the square on a printed ticket."""
    picture = pypdfium2.PdfDocument(ticket)[0].render(scale=2).to_pil()
    text = next(found.text for found in zxingcpp.read_barcodes(picture) if "QR" in found.format.name)
    return signed.read(text, signed.public_key())["n"], text


def language_seat(case):
    return next(seat for seat in Seat.select().join(ExamEntry).where(ExamEntry.application == case) if seat.entry.subject.subject.kind == "language")


def at_the_exam(program, chromium, address, texts):
    """The first comes while there is a network; it fails, the second is let in unverified, and the head of the site decides when it is back."""
    clock.stop(MORNING)
    seats = [language_seat(case) for case in program.cases[:2]]
    first, second = (AdmissionTicket.get(AdmissionTicket.entry == seat.entry_id).number for seat in seats)
    door, head = at_the_door(chromium, address), log_in(BrowserVisitor(chromium, address, width=390, height=844), "site_head")
    door.page.locator("#room").select_option(label=f"{seats[0].room.number} 考场")
    until_kept(door)
    scan(door, texts[first])
    says(door, "请验指纹", "busy")
    print_of(door, 1)
    says(door, "指纹相符，请入场", "ok")
    door.context.set_offline(True)
    expect(door.page.locator("#net")).to_have_text("离线")
    scan(door, second)
    says(door, "离线：没有验指纹", "wait")
    door.page.keyboard.press("Enter")
    expect(door.page.locator("#net")).to_have_text("离线，1 条待补传")
    door.context.set_offline(False)
    expect(door.page.locator("#replayed")).to_contain_text("已补传 1 条")
    head.open("/office/door_head/")
    head.sees("苏以宁")
    head.fill("苏以宁的理由", "身份证原件与本人一致")
    head.press("准予入场")
    head.sees("苏以宁：准予入场")
    leave(door)
    leave(head)
    assert sorted((row.state, row.way) for row in CheckIn.select()) == [("admitted", "offline"), ("matched", "finger")]


def results(office, session):
    clock.stop(dt.date(2026, 6, 10))
    marks = {"温景行": ("72", ""), "苏以宁": ("", "缺考")}
    lines = [f"{session.name},{row.number},{row.entry.application.person.name},{','.join(marks[row.entry.application.person.name])}"
             for row in AdmissionTicket.select().order_by(AdmissionTicket.number)]
    office.open("/office/exam_result/")
    office.press("导入统考成绩（按准考证号）")
    office.attach("填好的表格", "成绩.csv", "\n".join([HEAD, *lines]).encode("gb18030"), "text/csv")
    office.press("上传并核对列")
    office.press("试运行")
    office.sees("新增 4行", "错误 0行")
    office.press("导入 4 行")
    office.sees("已导入")
    assert ExamResult.select().count() == 4


def published(office, person, session):
    person.open("/me/exam")
    assert not re.search(r"\b72\b", person.text())          # numbers of payments may hold these digits
    clock.stop(dt.date(2026, 6, 20))
    office.open(f"/office/exam_session/details/?id={session.id}")
    take(office, "公布成绩", 再写一遍项数="1").sees("成绩已公布")
    office.open("/office/exam_statistics/")
    office.sees("英语", "缺考 2科次", "100.0%")
    assert fits(office)
    person.open("/me/exam")
    person.sees("72", "合格")
    person.open("/me/exam/tickets")
    person.press("申请复查")
    assert fits(person)
    person.fill("复查的理由", "与估分相差较大")
    person.press("提交申请")
    person.sees("复查申请已提交")
