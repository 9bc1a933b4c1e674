"""The charts of the desk: every number is the number of rows of the list that it leads to, for every role, and a chart costs one statement."""
import datetime as dt
import re

import pytest
from lxml import html

import views
from backoffice.app import create_app
from models import clock, reference
from models.applications import Application
from models.defences import request_defence
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession, SessionSubject
from models.reports import Report
from tests.backoffice.offices import Counting
from tests.world import let_in
from views.charts import CODES, MAP

TODAY = dt.date(2026, 9, 10)
ROLES = ("clerk", "reviewer", "officer", "officer2", "centre", "exam")


@pytest.fixture
def busy(world):
    """Two units with people at most of the stages, a session that is published and one that is open, a term under way."""
    world.publish(world.unit2, world.clerk2, code="0301")
    submitted = world.applicant("待确认")
    world.draft(submitted).submit(by=submitted)
    back = world.applicant("退回")
    world.draft(back).submit(by=back).send_back(by=world.clerk, reason="照片")
    world.confirmed(world.applicant("待审"))
    ready, failed = world.registered(), world.registered(world.applicant("没有通过"))
    session = world.session()
    for case in (ready, failed):
        world.sat(case, session)
    ExamResult.get(ExamResult.application == failed).change(world.exam, score=40)
    absent = ExamResult.select().where(ExamResult.application == failed).order_by(ExamResult.id.desc()).get()
    absent.change(world.exam, score=None, outcome="absent")
    world.published(session)
    world.studied(ready)
    entry = ExamEntry.select().where(ExamEntry.application == failed).get()
    coming = ExamSession.create(name="2027 年统考", year=2027, entry_from=dt.date(2026, 9, 1), entry_until=dt.date(2026, 12, 1), exam_on=dt.date(2027, 5, 20), state="open")
    subject = SessionSubject.create(session=coming, subject=entry.subject.subject_id)
    ExamEntry.create(session=coming, application=failed, institution=failed.institution_id, subject=subject, province=entry.province_id)
    for name, deadline in (("已超期", TODAY - clock.days(3)), ("今天到期", TODAY), ("下月到期", dt.date(2026, 10, 31))):
        case = world.registered(world.applicant(name))
        Application.update(deadline=deadline).where(Application.id == case.id).execute()
    clock.stop(TODAY)
    request_defence(ready, ready.applicants()[0])
    report = Report.get(Report.term == world.term(), Report.institution == world.unit2)
    report.confirm_no_award(by=world.clerk2)
    return world


def parts(page):
    """[(words, number, address)] of every link of the charts and tiles that shows a number; of a map the whole."""
    found = []
    for link in html.fromstring(page).xpath('//div[@class="charts" or @class="tiles"]//a'):
        name, text = link.xpath("string(b)"), link.xpath("string(strong)") or link.text_content()
        number = text.removeprefix(name).partition("/")[2] or ("1" if name else text)        # of a map the whole; a field of its own is one row
        found.append((link.get("aria-label") or link.text_content(), int(number.strip().replace(",", "")), link.get("href")))
    return found


def rows_of(page):
    """How many rows a list says that it has."""
    found = re.search(r"共 ([\d,]+) 行", page)
    return int(found[1].replace(",", "")) if found else 0


def test_every_number_of_the_desk_is_that_of_the_list_it_leads_to(busy, enter):
    wrong = []
    for role in ROLES:
        visitor = enter(getattr(busy, role))
        shown = parts(visitor.get("/office/"))
        wrong += [(role, words, number, address) for words, number, address in shown if rows_of(visitor.get(address)) != number]
        assert sum(number > 0 for _, number, _ in shown) >= (1 if role == "officer2" else 4), role
    assert wrong == []


def chart(page, title):
    """{line: the numbers of its parts} of one chart."""
    card = next(card for card in html.fromstring(page).xpath('//section[header/h2]') if title in card.xpath("string(header/h2)"))
    return {row.xpath("string(th)"): [int(link.text.replace(",", "")) for link in row.xpath("td/a")] for row in card.xpath(".//tr")}


def test_the_charts_tell_the_stages_the_ends_of_the_years_the_results_and_the_season(busy, enter):
    page = enter(busy.clerk).get("/office/")
    stages = chart(page, "十个阶段")
    assert list(stages) == ["1 发布学科", "2 网上申请", "3 现场确认", "4 资格审核", "5 课程学习", "6 国家统考", "7 资格复核", "8 答辩资格", "9 答辩与授予", "10 报送"]
    assert list(stages.values()) == [[1], [1], [1], [1], [4], [1], [0], [1], [0], [1]] and "等审核" in page
    ending = chart(page, "学习年限到期")
    assert len(ending) == 13 and (ending["已超期"], ending["2026-09"], ending["2026-10"], ending["2026-11"]) == ([1], [1], [1], [0]), "the last day counts"
    assert "学习年限到期" not in enter(busy.reviewer2).get("/office/"), "nobody's years end there"
    results = chart(enter(busy.exam).get("/office/"), "2026 年统考各科成绩")
    assert sorted(map(tuple, results.values())) == [(1, 0, 1, 0), (1, 1, 0, 0)]
    page = enter(busy.centre).get("/office/")
    assert "北京市学位委员会办公室：已备案 0，共 1" in page and page.count('class="off"') >= 30
    assert "<b>复旦大学</b>未授予确认</a>" in enter(busy.officer2).get("/office/")


def test_every_office_has_its_place_on_the_map():
    assert sorted(CODES.values()) == sorted(row["code"] for row in reference.rows_of("office")) and sorted("".join(MAP).replace(" ", "")) == sorted(CODES)


def test_a_chart_costs_one_statement_and_the_own_programmes_of_a_place_one_more(busy, office):
    front = office.extensions["admin"][0].index_view
    all_charts = front._charts
    for role in ("clerk", "officer", "centre", "exam"):
        client, numbers = office.test_client(), []
        let_in(client, getattr(busy, role))
        for front._charts in (all_charts, []):
            client.get("/office/")
            with Counting() as counted:
                page = client.get("/office/").get_data(as_text=True)
            numbers.append((len(counted.statements), page.count("<caption") + page.count('class="map"')))
        (with_charts, shown), (without, none) = numbers
        assert shown and none == 0 and with_charts - without == shown + (role in ("clerk", "officer")), role


def test_a_site_that_takes_an_argument_from_a_list_has_no_chart_that_needs_it(world, settings):
    world.term()
    settings.site_screens.mkdir(exist_ok=True)
    (settings.site_screens / "report.toml").write_text('filters = ["term"]\n')
    client = create_app(settings, views.register).test_client()
    let_in(client, world.centre)
    page = client.get("/office/").get_data(as_text=True)
    assert "十个阶段" in page and "报送进度" not in page


def test_what_has_a_desk_of_its_own_leads_there_and_its_number_to_the_rows(busy, enter):
    for user, place, state in ((busy.reviewer, "/office/review/", "confirmed"), (busy.clerk, "/office/confirmation/desk/", "submitted")):
        links = html.fromstring(enter(user).get("/office/")).xpath(f'//tr[.//a[@href="{place}"]]//a/@href')
        assert links.count(place) == 2 and any(f"f.state={state}" in link for link in links)
