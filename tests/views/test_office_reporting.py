"""The page of a report (stage 10): what is complete, what is missing and where it is mended, one button, frozen lines, the workbook."""
import datetime as dt
import io

import openpyxl
import pytest

from models import clock
from models.audit import Entry
from models.record import FIELDS
from models.reports import AnnualReport, Report

AUTUMN = dt.date(2026, 10, 12)


@pytest.fixture
def term(world):
    clock.stop(AUTUMN)
    return world.term()


@pytest.fixture
def cases(world, term):
    """Two cases that are admitted to the defence."""
    found = [world.registered(user=world.applicant(name)) for name in ("卫长庚", "后来者")]
    world.examined(*found)
    for case in found:
        world.studied(case)
    return [world.admit(case) for case in found]


@pytest.fixture
def award(world, cases):
    """The first of them has his degree."""
    return world.graduate(cases[0]).awards.get()


@pytest.fixture
def page(world, term, enter):
    """Function to the text of the page of the first unit's report, for an account."""
    return lambda user: enter(user).get(f"/office/report/details/?id={report(world).id}")


def report(world):
    return Report.get(Report.institution == world.unit)


def buttons(page):
    """Names of the steps that the page offers."""
    return {part.partition("/")[0] for part in page.split("/office/report/step/")[1:]}


def test_with_awards_in_the_window_submitting_is_the_one_button(world, page, award):
    text = page(world.clerk)
    assert buttons(text) == {"submit"} and "卫长庚" in text and award.certificate_number in text


def test_without_awards_confirming_that_is_the_one_button(world, page):
    text = page(world.clerk)
    assert buttons(text) == {"confirm_no_award"} and "本期没有学位授予记录" in text


def test_an_incomplete_record_is_named_with_field_and_place_and_holds_the_report_up(world, page, award):
    thesis = award.application.theses.get()
    thesis.change(world.clerk, keywords="")
    text = page(world.clerk)
    assert buttons(text) == set() and "1 人的信息不完整" in text
    assert f'href="/office/thesis/details/?id={thesis.id}">论文关键词' in text


def test_outside_the_window_there_is_no_button_but_the_reason(world, page, award):
    clock.stop(dt.date(2027, 4, 2))
    text = page(world.clerk)
    assert buttons(text) == set() and "不在报送时间内" in text and "2 天" in text


def test_the_office_reads_and_returns_and_files_elsewhere(world, page, award):
    report(world).submit(by=world.clerk)
    text = page(world.officer)
    assert buttons(text) == {"send_back"} and f"/office/annual_report/details/?id={AnnualReport.get(AnnualReport.institution == world.unit).id}" in text


def test_frozen_lines_show_every_value_whole_and_their_digest(world, page, award):
    report(world).submit(by=world.clerk)
    text = page(world.clerk)
    assert award.person.document_number in text and report(world).digest in text and buttons(text) == set()


def test_an_award_after_the_submission_is_counted_as_left_out(world, page, award, cases):
    report(world).submit(by=world.clerk)
    world.graduate(cases[1])
    assert "漏报 1 人" in page(world.clerk) and "漏报 1 人" in page(world.officer)


def test_a_returned_report_says_why_on_top_and_shows_what_changed_once_it_is_sent_again(world, page, award):
    row = report(world)
    row.submit(by=world.clerk)
    row.send_back(by=world.officer, reason="卫长庚的论文题目有误")
    assert "卫长庚的论文题目有误" in page(world.clerk)
    award.application.theses.get().change(world.clerk, title="论产业组织")
    report(world).submit(by=world.clerk)
    text = page(world.officer)
    assert "与上一版相比" in text and "<del>论产业结构</del> <ins>论产业组织</ins>" in text


def test_a_line_that_was_tampered_with_is_called_out(world, page, award):
    row = report(world)
    row.submit(by=world.clerk)
    line = row.lines.get()
    type(line).update(values=line.values | {"XM": "别人"}).where(type(line).id == line.id).execute()
    assert "1 行与提交时的摘要不符" in page(world.officer)


def test_the_workbook_has_a_row_of_names_a_row_of_codes_and_numbers_as_text(world, term, award, enter):
    row = report(world)
    row.submit(by=world.clerk)
    data = enter(world.clerk).get(f"/office/report/sheet/?id={row.id}")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    names, codes, line = (list(cells) for cells in sheet.iter_rows(max_row=3, values_only=True))
    assert [code for code in codes if code] == [field.code for field in FIELDS]
    place = codes.index("ZJHM")
    assert names[place] == "证件号码" and line[place] == award.person.document_number
    place = codes.index("XBM")
    assert names[place + 1] == "性别名称" and line[place:place + 2] == ["1", "男性"]
    assert Entry.select().where(Entry.verb == "sheet", Entry.row_id == row.id).exists()


def test_there_is_no_workbook_before_the_submission_nor_for_another_unit(world, term, award, enter):
    row = report(world)
    enter(world.clerk).get(f"/office/report/sheet/?id={row.id}", 404)
    row.submit(by=world.clerk)
    for user in (world.clerk2, world.officer2):
        enter(user).get(f"/office/report/sheet/?id={row.id}", 404)


def test_the_office_lists_its_units_by_state(world, term, award, enter):
    report(world).submit(by=world.clerk)
    text = enter(world.officer).get("/office/report/?f.state=submitted")
    assert "北京大学" in text and "复旦大学" not in text
    assert "北京大学" not in enter(world.officer2).get("/office/report/")


def test_a_line_stands_field_by_field_with_code_and_name(world, term, award, enter):
    report(world).submit(by=world.clerk)
    text = enter(world.clerk).get(f"/office/report_line/details/?id={report(world).lines.get().id}")
    assert "与摘要一致" in text and "XWZSBH" in text and "男性" in text
