"""The grid: who may open which screen, details with steps and history, steps on one and many rows, and the workbook of a list."""
import datetime as dt
import io
from urllib.parse import quote

import openpyxl
import pytest

from models.applications import Application
from models.audit import Entry
from models.base import db
from models.files import File
from models.jobs import Job
from models.parameters import Parameter
from models.programmes import Programme
from tests.backoffice.offices import office  # noqa: F401
from tests.world import DAY


@pytest.fixture
def world(office):      # noqa: F811
    return office.world


@pytest.fixture
def confirmed(world):
    """Three cases that wait for the review, and one that waits for its confirmation."""
    cases = []
    for n in range(4):
        user = world.applicant(f"申请人{n}")
        case = world.draft(user).submit(by=user)
        if n < 3:
            world.confirmation(case)
            case.confirm(by=world.clerk)
        cases.append(Application.get_by_id(case.id))
    return cases


def ids(cases):
    return "&".join(f"id={case.id}" for case in cases)


# who --------------------------------------------------------------------------------------------------------------------------------
def test_a_screen_opens_for_its_roles_among_the_readers(office, world):      # noqa: F811
    assert office.enter(world.reviewer).get("/office/confirmed/").status_code == 200
    for user in (world.clerk, world.officer, world.it):
        assert office.enter(user).get("/office/confirmed/").status_code == 403
    assert "/office/confirmed/" not in office.enter(world.clerk).get("/office/programme/").text


def test_an_applicant_never_opens_a_screen(office, world):      # noqa: F811
    assert office.enter(world.applicant()).get("/office/programme/").status_code == 403
    assert office.app.test_client().get("/office/programme/").status_code == 302


def test_the_menu_of_it_says_that_screens_are_wrong(office, world):      # noqa: F811
    office.screens.problems = ["programme.toml:1: model: 坏了"]
    assert "programme.toml:1: model: 坏了" in office.enter(world.it).get("/office/programme/").text
    assert "坏了" not in office.enter(world.clerk).get("/office/programme/").text


# list and details ----------------------------------------------------------------------------------------------------------------------
def test_a_list_masks_numbers_and_names_codes(office, world, confirmed):      # noqa: F811
    page = office.enter(world.clerk).get("/office/application/").text
    assert "110105********" in page and confirmed[0].person.document_number not in page and "男性" in page
    assert "待审核" in page and 'aria-sort="descending"' in page


def test_an_empty_list_says_what_to_do(office, world):      # noqa: F811
    client = office.enter(world.clerk)
    assert "还没有申请" in client.get("/office/application/").text
    page = client.get("/office/application/?q=没有的人").text
    assert "没有符合条件的申请" in page and "显示全部" in page


def test_details_show_values_steps_and_related_rows(office, world, confirmed):      # noqa: F811
    page = office.enter(world.clerk).get(f"/office/programme/details/?id={world.programme.id}").text
    assert "应用经济学（0202）" in page and f"/office/programme/step/close/?id={world.programme.id}" in page
    assert "收到的申请" in page and "申请人0" in page and f"f.programme={world.programme.id}" in page


def test_a_step_that_cannot_be_taken_is_shown_with_its_reasons(office, world):      # noqa: F811
    draft = Programme.add(world.clerk, institution=world.unit, discipline=world.programme.discipline, year=2027, **{
        name: dt.date(2027, 1, 1) for name in ("apply_from", "apply_until", "confirm_from", "confirm_until")})
    page = office.enter(world.clerk).get(f"/office/programme/details/?id={draft.id}").text
    assert 'aria-disabled="true">发布' in page and "培养方案的学分不够" in page and "step/publish" not in page


def test_a_whole_number_is_shown_on_request_and_the_request_recorded(office, world, confirmed):      # noqa: F811
    client, case = office.enter(world.clerk), confirmed[0]
    answer = client.post("/office/application/reveal/", data={"id": case.id, "field": "person.document_number"})
    assert answer.json["value"] == case.person.document_number
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.verb, entry.row_id, entry.user_id) == ("reveal", case.id, world.clerk.id)
    for field in ("person.name", "person.phone", "password"):
        assert client.post("/office/application/reveal/", data={"id": case.id, "field": field}).status_code == 404
    assert office.enter(world.clerk2).post("/office/application/reveal/", data={"id": case.id, "field": "person.document_number"}).status_code == 404


def test_a_list_says_which_numbers_are_hidden_and_where_they_are_asked_for(office, world, confirmed):      # noqa: F811
    page = office.enter(world.clerk).get("/office/application/").text
    assert page.count('data-hidden="person.document_number"') == 3 and 'data-reveal="/office/application/reveal/"' in page


def test_where_the_unit_wants_a_reason_no_number_is_shown_without_one(office, world, confirmed):      # noqa: F811
    Parameter.add(world.centre, name="reveal.reason", title="查看须写明理由", value=True, valid_from=DAY, institution=world.unit)
    client, case = office.enter(world.clerk), confirmed[0]
    answer = client.post("/office/application/reveal/", data={"id": case.id, "field": "person.document_number", "reason": " "})
    assert answer.status_code == 422 and answer.json["asks"] and "须写明理由" in answer.json["error"] and case.person.document_number not in answer.text
    assert not Entry.select().where(Entry.verb == "reveal").exists()
    answer = client.post("/office/application/reveal/", data={"id": case.id, "field": "person.document_number", "reason": "核对档案"})
    assert answer.json["value"] == case.person.document_number and Entry.get(Entry.verb == "reveal").reason == "核对档案"


# steps -----------------------------------------------------------------------------------------------------------------------------------
def test_the_confirmation_says_for_every_row_what_will_happen_or_why_not(office, world, confirmed):      # noqa: F811
    page = office.enter(world.reviewer).get(f"/office/application/step/approve/?{ids(confirmed)}").text
    assert "您选了 4 项，其中 <b>3 项可以通过</b>" in page and page.count('name="id"') == 3
    assert "现在的状态不能“通过”" in page and "要求 <b>待审核</b>" in page and "审核意见" in page


def test_many_rows_are_done_one_by_one_and_the_report_says_which(office, world, confirmed):      # noqa: F811
    answer = office.enter(world.reviewer).post("/office/application/step/approve/", data={
        "shown": [case.id for case in confirmed], "id": [confirmed[0].id, confirmed[1].id], "confirm": "1", "opinion": "同意"})
    assert "完成 2 项" in answer.text
    assert [Application.get_by_id(case.id).state for case in confirmed] == ["registered", "registered", "confirmed", "submitted"]


def test_one_row_that_somebody_took_meanwhile_does_not_hold_the_others(office, world, confirmed):      # noqa: F811
    Application.get_by_id(confirmed[1].id).reject(by=world.reviewer, opinion="材料不实")
    page = office.enter(world.reviewer).post("/office/application/step/approve/", data={
        "id": [case.id for case in confirmed[:3]], "confirm": "1", "opinion": "同意"}).text
    assert "完成 2 项，没有完成 1 项" in page and "实际 <b>未通过</b>" in page


def test_a_foreign_row_among_the_chosen_ones_is_as_unknown_as_alone_and_nothing_is_done(office, world, confirmed):      # noqa: F811
    foreign = world.confirmed(world.applicant(), world.publish(world.unit2, world.clerk2))
    answer = office.enter(world.reviewer).post("/office/application/step/approve/", data={"id": [confirmed[0].id, foreign.id], "confirm": "1", "opinion": "同意"})
    assert answer.status_code == 404 and Application.get_by_id(confirmed[0].id).state == "confirmed"


def test_many_rows_take_no_more_statements_than_a_few(office, world):
    def statements(number):
        cases, seen = [world.confirmed(world.applicant()) for _ in range(number)], []
        client, heard = office.enter(world.reviewer), lambda event: seen.append(event.sql)
        db.query_hooks.append(heard)
        try:
            assert f"完成 {number} 项" in client.post("/office/application/step/send_back/", data={"id": [case.id for case in cases], "confirm": "1", "reason": "缺页"}).text
        finally:
            db.query_hooks.remove(heard)
        return len(seen)
    statements(2)
    assert statements(2) == statements(5)


def test_one_row_leads_back_to_its_page(office, world, confirmed):      # noqa: F811
    answer = office.enter(world.reviewer).post("/office/application/step/approve/", data={"id": confirmed[0].id, "confirm": "1", "opinion": "同意"})
    assert answer.status_code == 302 and answer.location == f"/office/application/details/?id={confirmed[0].id}"


def test_what_is_asked_must_be_answered_and_what_was_typed_is_kept(office, world, confirmed):      # noqa: F811
    client = office.enter(world.clerk)
    answer = client.post("/office/application/step/send_back/", data={"id": confirmed[0].id, "confirm": "1", "reason": " ", "void_confirmation": "1"})
    assert answer.status_code == 422 and "请填写退回原因" in answer.text and "checked" in answer.text
    assert Application.get_by_id(confirmed[0].id).state == "confirmed"


def test_a_dangerous_step_asks_for_the_number_once_more(office, world):      # noqa: F811
    case, client = world.registered(), office.enter(world.clerk)
    form = {"id": case.id, "confirm": "1", "ground": "own_request", "reason": "本人书面申请"}
    for again in ({}, {"again": "2"}):
        answer = client.post("/office/application/step/dismiss/", data=form | again)
        assert answer.status_code == 422 and "要求写 1" in answer.text and "本人书面申请" in answer.text
    assert client.post("/office/application/step/dismiss/", data=form | {"again": "1"}).status_code == 302
    assert Application.get_by_id(case.id).state == "dismissed"


def test_a_step_taken_twice_says_the_state_it_is_in_now(office, world, confirmed):      # noqa: F811
    client, form = office.enter(world.reviewer), {"id": confirmed[0].id, "confirm": "1", "opinion": "同意"}
    client.post("/office/application/step/approve/", data=form)
    answer = client.post("/office/application/step/approve/", data=form)
    assert answer.status_code == 422 and "实际 <b>在册</b>" in answer.text


def test_a_reason_that_depends_on_the_answers_does_not_hide_the_row(office, world, confirmed, monkeypatch):      # noqa: F811
    step = Application.approve
    monkeypatch.setattr(step, "unless", (*step.unless, lambda row, act: "意见太短" if len(act["opinion"] or "") < 2 else None))
    client, url = office.enter(world.reviewer), "/office/application/step/approve/"
    assert "意见太短" not in client.get(f"{url}?id={confirmed[0].id}").text
    answer = client.post(url, data={"id": confirmed[0].id, "confirm": "1", "opinion": "好"})
    assert answer.status_code == 422 and "意见太短" in answer.text and 'name="id"' in answer.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("id", ["foreign", "999999", "x", "99999999999999999999"])
def test_a_step_on_a_foreign_row_is_not_found_whatever_the_method(office, world, confirmed, method, id):      # noqa: F811
    id = confirmed[0].id if id == "foreign" else id
    client, form = office.enter(world.reviewer2), {"id": id, "confirm": "1", "opinion": "同意"}
    answer = client.get(f"/office/application/step/approve/?id={id}") if method == "get" else client.post("/office/application/step/approve/", data=form)
    assert answer.status_code == 404 and Application.get_by_id(confirmed[0].id).state == "confirmed"


def test_a_step_is_refused_to_other_roles_and_unknown_ones_are_not_found(office, world, confirmed):      # noqa: F811
    assert office.enter(world.clerk).post("/office/application/step/approve/", data={"id": confirmed[0].id, "confirm": "1", "opinion": "x"}).status_code == 403
    assert office.enter(world.reviewer).get(f"/office/confirmed/step/reject/?id={confirmed[0].id}").status_code == 404
    assert office.enter(world.reviewer).get(f"/office/application/step/award/?id={confirmed[0].id}").status_code == 404


def test_more_than_a_thousand_rows_at_once_are_refused_with_a_sentence(office, world):      # noqa: F811
    answer = office.enter(world.reviewer).post("/office/application/step/approve/", data={"id": list(range(1, 1002))}, follow_redirects=True)
    assert "要求不超过 1,000，实际 1,001，差 1" in answer.text


# export --------------------------------------------------------------------------------------------------------------------------------------
def sheet_of(content):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_a_workbook_holds_the_list_with_its_filters_as_dates_numbers_and_text(office, world, confirmed):      # noqa: F811
    client = office.enter(world.clerk)
    answer = client.get("/office/application/export/?f.state=confirmed&sort=submitted_at")
    assert quote("申请_20260320.xlsx") in answer.headers["Content-Disposition"]
    head, *rows = sheet_of(answer.data)
    assert head == ["姓名", "状态", "申请号", "提交时间", "证件号", "性别"] and [row[0] for row in rows] == ["申请人0", "申请人1", "申请人2"]
    assert rows[0][1] == "待审核" and rows[0][3] == dt.datetime(2026, 3, 20, 9) and "*" in rows[0][4] and isinstance(rows[0][2], str)
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.verb, entry.reason, entry.user_id) == ("export", "申请：3 行", world.clerk.id)


def test_what_looks_like_a_formula_stays_text(office, world):      # noqa: F811
    user = world.applicant("=1+1")
    world.draft(user).submit(by=user)
    book = openpyxl.load_workbook(io.BytesIO(office.enter(world.clerk).get("/office/application/export/").data))
    assert (book.active["A2"].value, book.active["A2"].data_type) == ("=1+1", "s")


def test_a_workbook_holds_no_row_out_of_sight(office, world, confirmed):      # noqa: F811
    assert len(sheet_of(office.enter(world.clerk2).get("/office/application/export/").data)) == 1


def test_a_long_list_becomes_a_job_after_a_question(office, world, confirmed):      # noqa: F811
    Parameter.update(value=2).where(Parameter.name == "export.sync_rows").execute()
    client = office.enter(world.clerk)
    page = client.get("/office/application/export/?f.state=confirmed")
    assert "要求不超过 2 行，实际 3 行" in page.text and Job.select().count() == 0
    answer = client.post("/office/application/export/?f.state=confirmed")
    job = Job.get()
    assert answer.location == f"/office/jobs/{job.id}" and (job.state, job.user_id) == ("done", world.clerk.id)
    assert len(sheet_of(job.result.read())) == 4 and File.seen(world.clerk2, job.result_id) is None


def test_details_show_the_lines_that_belong_to_the_row(office, world):      # noqa: F811
    page = office.enter(world.officer).get(f"/office/training_plan/details/?id={world.programme.plans.get().id}").text
    assert "课程1" in page and "EC503" in page and "修改</a>" not in page


def test_every_list_with_states_can_be_narrowed_to_one_by_address(office, world, confirmed):      # noqa: F811
    page = office.enter(world.reviewer).get("/office/confirmed/?f.state=confirmed").text
    assert "3 行" in page and "添加筛选" not in page


def test_a_screen_may_show_whole_numbers_of_one_row_where_the_work_needs_them_and_never_in_its_list(office, world, confirmed):      # noqa: F811
    (office.shipped / "confirmed.toml").write_text(
        'model = "Application"\nroles = ["reviewer"]\ncolumns = ["person.document_number"]\nfull = ["person.document_number"]\n'
        'details = [{ title = "身份", fields = ["person.document_number"] }]\n')
    office.screens.refresh()
    client, case = office.enter(world.reviewer), confirmed[0]
    assert case.person.document_number not in client.get("/office/confirmed/").text
    assert case.person.document_number in client.get(f"/office/confirmed/details/?id={case.id}").text
    assert Entry.select().where(Entry.verb == "read", Entry.row_id == case.id, Entry.user_id == world.reviewer.id).count() == 1


def test_a_list_without_a_row_says_where_rows_come_from_and_offers_what_can_be_done(office, world):      # noqa: F811
    (office.site / "application.toml").write_text('empty = "申请人提交以后出现在这里。"\n')
    (office.site / "programme.toml").write_text("where = { year = 1999 }\n")
    office.screens.refresh()
    clerk, officer = office.enter(world.clerk2), office.enter(world.officer2)
    assert "申请人提交以后出现在这里。" in clerk.get("/office/application/").text
    assert "没有符合条件的" in clerk.get("/office/application/?q=无此人").text and "显示全部" in clerk.get("/office/application/?q=无此人").text
    page = clerk.get("/office/programme/").text.split('class="empty"')[1].split("</form>")[0]
    assert "新建第一个" in page and "/office/programme/create/" in page
    assert "/office/programme/create/" not in officer.get("/office/programme/").text.split('class="empty"')[1].split("</form>")[0]
