"""Stage 9 on pages: the meeting with its figures and papers, the award, the public notice with its objections, and that no page leads past
the defence."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry
from models.awards import AgendaItem, Award, AwardObjection, Meeting
from models.parameters import Parameter
from tasks.imports import catalogue
from tasks.print.layouts import Layout, take
from tests.views.test_office_printing import words
from tests.world import proposed


@pytest.fixture
def award(world):
    return proposed(world)


@pytest.fixture
def noticed(world, award):
    """A meeting of the first unit whose list is shown for five days."""
    Parameter.add(world.centre, name="award.notice_days", title="公示天数", value=5, valid_from=dt.date(2026, 1, 1), institution=world.unit)
    return world.listed(world.meeting(), award).publish(by=world.reviewer)


# the meeting ----------------------------------------------------------------------------------------------------------------------------------
def test_a_meeting_shows_what_its_decision_needs_and_is_decided_on_its_page(world, award, enter):
    meeting = world.listed(world.meeting(present=9, votes_for=9), award)
    page = enter(world.reviewer).get(f"/office/meeting/details/?id={meeting.id}")
    assert "至少 10 人" in page and "通过要 8 票" in page and "全体委员 15 人的 10 人" in page
    enter(world.clerk).post("/office/meeting/edit/", id=meeting.id, edition=0, number="2026 年第 1 次", held_on="2026-03-20", members="15", note="", present="13",
                            votes_for="13", votes_against="0", votes_abstain="0")
    page = enter(world.reviewer).post("/office/meeting/step/decide/", id=meeting.id, confirm="1", decision_number="校学位〔2026〕9 号")
    assert "已决定" in page and Award.get_by_id(award.id).certificate_number == "1000132026000001"


def test_one_person_is_listed_with_a_number_of_his_own_and_a_wrong_one_is_refused(world, award, enter):
    meeting, visitor = world.meeting(), enter(world.clerk)
    values = {"meeting": meeting.id, "award": award.id, "votes_for": "", "votes_against": "", "votes_abstain": ""}
    assert "证书编号第 1—5 位是单位代码" in visitor.post("/office/agenda_item/create/", 422, **values, certificate_number="1024632026000001")
    visitor.post("/office/agenda_item/create/", **values, certificate_number="1000132026000055")
    assert AgendaItem.get().certificate_number == "1000132026000055"


def test_the_list_and_the_data_sheet_are_papers_that_leave_a_trace(world, award, enter):
    meeting = world.listed(world.meeting(), award)
    visitor = enter(world.clerk)
    assert visitor.get(f"/office/meeting/list/?id={meeting.id}").startswith(b"%PDF")
    visitor.get(f"/office/award/sheet/?id={award.id}", 404)           # nothing is certified yet
    meeting.decide(by=world.reviewer, decision_number="校学位〔2026〕9 号")
    Award.get_by_id(award.id).reissue(by=world.clerk, ground="misprint", reason="印制差错")
    assert visitor.get(f"/office/meeting/list/?id={meeting.id}").startswith(b"%PDF")
    assert visitor.get(f"/office/award/sheet/?id={award.id}").startswith(b"%PDF")
    assert Entry.select().where(Entry.verb == "sheet").count() == 3
    take({"degree_list": Layout(columns=(("姓名", "学位获得者"),)), "certificate": Layout(fields=(("证书编号", "编号"),), notes=("{{ 姓名 }}留存",))})
    told = words(visitor.get(f"/office/meeting/list/?id={meeting.id}")), words(visitor.get(f"/office/award/sheet/?id={award.id}"))
    take({})
    assert "学位获得者" in told[0] and "论文题目" not in told[0] and "林叙白留存" in told[1] and "姓名拼音" not in told[1]
    enter(world.officer).get(f"/office/award/sheet/?id={award.id}", 403)
    for path in (f"/office/award/sheet/?id={award.id}", f"/office/meeting/list/?id={meeting.id}"):
        enter(world.clerk2).get(path, 404)


def test_an_award_says_what_its_report_lacks_before_it_is_granted(world, award, enter):
    award.application.theses.get().change(world.clerk, keywords="")
    page = enter(world.clerk).get(f"/office/award/details/?id={award.id}")
    assert "还缺 1 项" in page and "论文关键词：没有填写" in page and f"/office/thesis/details/?id={award.application.theses.get().id}" in page


def test_a_withdrawal_is_recorded_by_office_and_centre_on_their_pages(world, award, enter):
    world.decide(award)
    row = Award.get_by_id(award.id)
    row.withdraw(by=world.reviewer, **world.withdrawal(row))
    page = enter(world.officer).get(f"/office/award/details/?id={award.id}")
    assert "校学位〔2026〕撤 1 号" in page and "登记撤销" in page
    enter(world.officer).post("/office/award/step/note_withdrawal/", id=award.id, confirm="1", reason="")
    enter(world.centre).post("/office/award/step/record_withdrawal/", id=award.id, confirm="1", reason="")
    assert Award.get_by_id(award.id).state == "recorded"


# no page leads past the defence ---------------------------------------------------------------------------------------------------------------
def test_no_page_adds_a_degree_or_grants_one_by_itself(world, award, enter):
    case = world.registered(world.applicant("未答辩"))
    values = {"application": case.id, "person": case.person_id, "institution": case.institution_id, "discipline": case.discipline_id, "state": "awarded"}
    for user in (world.clerk, world.reviewer, world.centre):
        visitor = enter(user)
        visitor.post("/office/award/create/", 403, **values)
        visitor.client.post("/office/award/step/grant/", data={"id": award.id, "confirm": "1", "decision_number": "决", "awarded_on": "2026-03-20"})
        visitor.client.post("/office/application/step/award/", data={"id": award.application_id, "confirm": "1"})
    assert [(row.id, row.state) for row in Award.select()] == [(award.id, "proposed")]
    assert Application.get_by_id(award.application_id).state == "defended"


def test_no_import_writes_degrees_meetings_or_their_agenda():
    written = {part.entity for description in catalogue.IMPORTS.values() for part in description.parts}
    assert written and not written & {Award, Meeting, AgendaItem}


# the public notice ---------------------------------------------------------------------------------------------------------------------------------
def test_everybody_reads_the_list_while_it_runs_without_names_or_numbers(world, award, noticed, visit):
    nobody = visit()
    assert "北京大学" in nobody.get("/degrees").get_data(as_text=True)
    page = nobody.get(f"/degrees/{noticed.id}").get_data(as_text=True)
    assert "林**" in page and "论产业结构" in page and "应用经济学" in page
    assert "林叙白" not in page and award.person.document_number not in page
    clock.stop(noticed.notice_until + dt.timedelta(days=1))
    assert visit().get(f"/degrees/{noticed.id}").status_code == 404
    assert "现在没有公示" in visit().get("/degrees").get_data(as_text=True)


def test_an_agenda_that_is_not_shown_is_not_found(world, award, visit):
    meeting = world.listed(world.meeting(), award)
    assert visit().get(f"/degrees/{meeting.id}").status_code == 404


def test_whoever_has_logged_in_objects_and_reads_the_answer(world, award, noticed, visit):
    path = f"/degrees/{noticed.id}/objection/{AgendaItem.get().id}"
    assert "/login" in visit().get(path).location and "/login" in visit().post(path).location
    citizen = world.applicant("周正言")
    client = visit(citizen)
    page = client.get(path).get_data(as_text=True)
    assert "对 林** 提出异议" in page and "林叙白" not in page
    answer = client.post(path, data={"name": "周正言", "contact": "", "statement": ""})
    assert answer.status_code == 422 and not AwardObjection.select().exists()
    assert client.post(path, data={"name": "周正言", "contact": "13900000000", "statement": "第三章雷同"}).status_code == 302
    raised = AwardObjection.get()
    assert (raised.person_id, raised.state, raised.contact) == (citizen.person_id, "open", "13900000000")
    raised.reject(by=world.reviewer, reason="引用均已注明")
    assert "引用均已注明" in client.get("/me/notices").get_data(as_text=True)


def test_an_objection_is_not_raised_past_the_last_day(world, award, noticed, visit):
    path = f"/degrees/{noticed.id}/objection/{AgendaItem.get().id}"
    client = visit(world.applicant("周正言"))
    clock.stop(noticed.notice_until + dt.timedelta(days=1))
    assert client.post(path, data={"name": "周正言", "contact": "1", "statement": "迟了"}).status_code == 404 and not AwardObjection.select().exists()


def test_a_certificate_is_issued_anew_once_however_often_the_button_is_pressed(world, office, enter):
    award = Award.get(Award.application == world.awarded())
    page = enter(world.clerk).get(f"/office/award/step/reissue/?id={award.id}")
    edition = Award.get_by_id(award.id).edition
    assert f'name="edition-{award.id}" value="{edition}"' in page
    sent = {"id": award.id, "confirm": "1", "ground": "damaged", "reason": "受潮", f"edition-{award.id}": edition}
    assert "已登记换发" in enter(world.clerk).post("/office/award/step/reissue/", **sent)
    assert "这一行有了变化" in enter(world.clerk).post("/office/award/step/reissue/", status=422, **sent)
    assert Award.get_by_id(award.id).reissues.count() == 1
