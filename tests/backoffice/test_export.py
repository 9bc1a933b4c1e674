"""A list as a file: the columns that are wanted, in the forms that are wanted; masked numbers; no formulas; and a job that leaves one file."""
import csv
import datetime as dt
import io

import openpyxl
import pytest

from backoffice import export
from backoffice.export import Wish
from backoffice.extract import Extract, Output, outputs
from backoffice.listing import Listing
from backoffice.sheets import LONGEST, Table, Workbook, harmless, serial
from models import files
from models.audit import Entry
from models.files import File
from models.jobs import Job
from models.parameters import Parameter
from tasks import jobs, queue
from tests.backoffice.offices import Counting, office  # noqa: F401


@pytest.fixture
def world(office):      # noqa: F811
    return office.world


@pytest.fixture
def people(world):
    """Three cases on the register."""
    return [world.registered(world.applicant(f"在册{n}")) for n in range(3)]


def rows_of(data):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def table_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def contents(listing, columns, **how):
    """What the sheet of a list holds, row by row."""
    return [row for batch in Extract(listing, outputs(columns, **how)).batches(2) for row in zip(*batch)]


# what is read ---------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["application", "programme", "training_plan", "parameter"])
def test_a_sheet_holds_what_the_rows_say_whatever_the_column(office, world, people, name):      # noqa: F811
    """The quick way over stored values and the plain way over row objects come to the same."""
    screen = office.screens[name]
    columns = export.offered(screen)
    user = world.centre if name == "parameter" else world.clerk
    listing = Listing(screen, user)
    plain = [tuple(column.kind.sheet(column.get(row)) for column in columns) for ids in listing.all_ids(100) for row in listing.rows(ids, columns)]
    assert contents(listing, columns) == plain and plain


def test_reading_costs_the_same_queries_for_five_rows_and_for_one(office, world, people):      # noqa: F811
    def read(where):
        list(Extract(Listing(screen, world.clerk, where), outputs(export.offered(screen))).batches(100))

    screen = office.screens["application"]
    read({})        # the code tables are read once in a process
    counted = []
    for where in ({}, {"q": "在册0"}):
        with Counting() as queries:
            read(where)
        counted.append(len(queries.statements))
    assert counted[0] + 1 == counted[1]        # the search asks once what the text stands for


# what is wanted -------------------------------------------------------------------------------------------------------------------------
def test_the_dialog_offers_columns_forms_and_codes(office, world, people):      # noqa: F811
    page = office.enter(world.clerk).get("/office/application/export/choose/?q=在册").text
    assert 'value="person.name" checked' in page and "csv，给程序读取" in page and "代码表的值另加一列代码" in page and "按列表现在的筛选" in page
    assert "导出 3 行" in page and 'name="full"' not in page and 'name="full"' in office.enter(world.reviewer).get("/office/application/export/choose/").text


def test_one_account_orders_so_many_exports_in_an_hour_and_another_its_own(office, world, people):      # noqa: F811
    Parameter.update(value=1).where(Parameter.name == "export.per_account").execute()
    first, second = (office.enter(user).get for user in (world.clerk, world.reviewer))
    assert [first("/office/application/export/").status_code, second("/office/application/export/").status_code] == [200, 200]
    refused = first("/office/application/export/")
    assert refused.status_code == 429 and "导出太频繁" in refused.text and "每小时不超过 1 次" in refused.text


def test_chosen_columns_come_in_the_order_of_the_screen_with_codes_before_names(office, world, people):      # noqa: F811
    answer = office.enter(world.clerk).post("/office/application/export/?sort=submitted_at", data={
        "chosen": "1", "column": ["person.sex", "person.name"], "form": "xlsx", "codes": "1"})
    head, *rows = rows_of(answer.data)
    assert head == ["姓名", "性别代码", "性别"] and rows[0] == ["在册0", "1", "男性"] and len(rows) == 3


def test_a_code_stands_before_the_name_of_another_row(office, world):      # noqa: F811
    answer = office.enter(world.clerk).post("/office/programme/export/", data={"chosen": "1", "column": ["discipline", "institution", "state"], "codes": "1", "form": "csv"})
    assert table_of(answer.data) == [["学科专业代码", "学科专业", "状态", "学位授予单位代码", "学位授予单位"], ["0202", "应用经济学（0202）", "已发布", "10001", "北京大学"]]


def test_no_column_at_all_is_refused_with_a_sentence(office, world, people):      # noqa: F811
    answer = office.enter(world.clerk).post("/office/application/export/", data={"chosen": "1", "form": "csv"})
    assert answer.status_code == 422 and "请至少选择一列" in answer.text and 'value="csv" checked' in answer.text


def test_a_csv_is_what_excel_reads_with_dates_and_numbers_as_such(office, world, people):      # noqa: F811
    answer = office.enter(world.clerk).post("/office/application/export/?sort=submitted_at", data={"form": "csv"})
    assert answer.data.startswith(b"\xef\xbb\xbf") and answer.mimetype == "text/csv" and "filename" in answer.headers["Content-Disposition"]
    head, *rows = table_of(answer.data)
    assert head[0] == "姓名" and rows[0][3] == "2026-03-20 09:00" and "*" in rows[0][4]


def test_the_sheet_is_frozen_filtered_and_typed(office, world, people):      # noqa: F811
    sheet = openpyxl.load_workbook(io.BytesIO(office.enter(world.clerk).get("/office/application/export/").data)).active
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:F4" and sheet.column_dimensions["A"].width >= 8
    assert sheet["D2"].number_format == "yyyy-mm-dd hh:mm" and sheet["E2"].data_type == "s"


# numbers in full ------------------------------------------------------------------------------------------------------------------------
def test_numbers_are_masked_unless_a_role_with_the_right_gives_a_reason(office, world, people):      # noqa: F811
    wanted = {"chosen": "1", "column": ["person.name", "person.document_number"], "form": "csv", "full": "1"}
    number = people[0].person.document_number
    refused = office.enter(world.clerk).post("/office/application/export/", data=wanted | {"reason": "核对"})
    assert refused.status_code == 422 and "您的角色不能导出完整的证件号" in refused.text
    reviewer = office.enter(world.reviewer)
    refused = reviewer.post("/office/application/export/", data=wanted)
    assert refused.status_code == 422 and "请写明理由" in refused.text and "checked" in refused.text
    assert number not in reviewer.post("/office/application/export/", data=wanted | {"full": ""}).data.decode()
    assert number in reviewer.post("/office/application/export/", data=wanted | {"reason": "与公安核对"}).data.decode()
    entries = list(Entry.select().where(Entry.entity == "application", Entry.verb.startswith("export")).order_by(Entry.id))
    assert [(entry.verb, entry.reason, entry.user_id) for entry in entries] == [
        ("export", "申请：3 行", world.reviewer.id), ("export_full", "申请：3 行；与公安核对", world.reviewer.id)]


def test_which_roles_may_is_a_parameter_of_the_nation_or_the_unit(office, world, people):      # noqa: F811
    Parameter.create(name="export.full_roles", title="x", value=["clerk"], valid_from=dt.date(2000, 1, 1), institution=world.unit)
    assert export.may_show_numbers(world.clerk) and not export.may_show_numbers(world.reviewer) and export.may_show_numbers(world.reviewer2)


def test_a_screen_that_shows_whole_numbers_still_exports_them_masked(office, world, people):      # noqa: F811
    (office.shipped / "application.toml").write_text((office.shipped / "application.toml").read_text() + 'full = ["person.document_number"]\ndetails = [{ title = "身份", fields = ["person.document_number"] }]\n')
    office.screens.refresh()
    client = office.enter(world.clerk)
    assert people[0].person.document_number in client.get(f"/office/application/details/?id={people[0].id}").text
    assert "*" in rows_of(client.get("/office/application/export/").data)[1][4]


# no formulas ----------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_text_that_looks_like_a_formula_stays_text_in_either_form(tmp_path, text):
    for form in (Workbook, Table):
        with form(tmp_path / f"x.{form.suffix}", "表", [_output("text")]) as sheet:
            sheet.write([[text]])
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A2"]
    assert cell.data_type == "s" and cell.value.endswith(text.strip())
    assert table_of((tmp_path / "x.csv").read_bytes())[1] == [f"'{text}"]


def test_numbers_below_zero_stay_numbers_and_long_text_is_cut_not_lost(tmp_path):
    assert harmless(-5) == -5
    with Workbook(tmp_path / "x.xlsx", "表[1]：甲/乙", [_output("number"), _output("text"), _output("any"), _output("any")]) as sheet:
        sheet.write([[-5], ["长" * (LONGEST + 5)], [dt.date(2026, 2, 28)], [True]])
    row = rows_of((tmp_path / "x.xlsx").read_bytes())[1]
    assert row[0] == -5 and len(row[1]) == LONGEST and row[1].endswith("…") and row[2] == dt.datetime(2026, 2, 28)


def test_days_are_counted_as_a_workbook_counts_them():
    assert serial(dt.date(1900, 3, 1)) == 61 and serial(dt.datetime(2026, 3, 20, 12)) == 46101.5


def _output(form):
    return Output("列", 0, form, None, None)


# as a job -------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def unheard(monkeypatch):
    """Nobody listens to the queue: jobs wait until the test works on them."""
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)


def stored(settings):
    return [path for path in settings.files_dir.rglob("*") if path.is_file()]


def test_a_job_says_how_far_it_is_from_the_beginning_and_writes_what_was_wanted(office, world, people, unheard, monkeypatch):      # noqa: F811
    monkeypatch.setattr(export, "CHUNK", 2)
    said, hold = [], jobs._hold
    monkeypatch.setattr(jobs, "_hold", lambda row, **values: said.append((values.get("done"), values.get("message"))) or hold(row, **values))
    wish = Wish(("person.name", "person.document_number"), "csv", True, True, "核对")
    export.order(Listing(office.screens["application"], world.reviewer), wish, world.reviewer, 3)
    jobs.run(jobs.claim())
    job = Job.get()
    assert (job.state, job.done, job.total) == ("done", 3, 3), job.error
    assert said[:3] == [(0, "共 3 行"), (2, "已写 2 行"), (3, "已写 3 行")]
    assert len(table_of(job.result.read())) == 4 and people[0].person.document_number in job.result.read().decode()
    assert job.result.expires_at and Entry.get(Entry.verb == "export_full").reason == "申请：3 行；核对"


@pytest.mark.parametrize("moment", ["writing", "keeping", "ending"])
def test_a_job_that_is_killed_leaves_one_result_after_the_next_attempt(office, world, people, unheard, settings, monkeypatch, moment):      # noqa: F811
    """Killed while rows are written, after the file was moved but before its row is committed, and before the job is marked as done."""
    class Killed(BaseException):
        """The process is gone: nothing that cleans up runs."""

    def die(*args, **kwargs):
        raise Killed
    before = set(stored(settings))
    export.order(Listing(office.screens["application"], world.clerk), Wish(), world.clerk, 3)
    with monkeypatch.context() as dying:
        dying.setattr(files.shutil, "rmtree", lambda *args, **kwargs: None)
        place, name = {"writing": (Workbook, "close"), "keeping": (File, "create"), "ending": (jobs, "_end")}[moment]
        dying.setattr(place, name, die)
        with pytest.raises(Killed):
            jobs.run(jobs.claim())
    assert Job.get().state == "running"
    Job.update(beat=dt.datetime(2026, 1, 1)).execute()
    jobs.run(jobs.claim())
    job = Job.get()
    assert job.state == "done" and File.select().where(File.kind == "result").count() == 1
    assert set(stored(settings)) - before == {job.result.path} and len(rows_of(job.result.read())) == 4
    assert Entry.select().where(Entry.verb == "export").count() == 1


def test_a_right_that_was_lost_in_between_stops_the_job(office, world, people, unheard):      # noqa: F811
    export.order(Listing(office.screens["application"], world.reviewer), Wish(full=True, reason="核对"), world.reviewer, 3)
    Parameter.update(value=[]).where(Parameter.name == "export.full_roles").execute()
    jobs.run(jobs.claim())
    assert Job.get().state == "failed" and "您的角色不能导出完整的证件号" in Job.get().error and Job.get().result is None


def test_a_file_that_cannot_be_written_ends_in_a_sentence(office, world, people, unheard, settings):      # noqa: F811
    (settings.files_dir / "work").write_text("not a folder")
    export.order(Listing(office.screens["application"], world.clerk), Wish(), world.clerk, 3)
    jobs.run(jobs.claim())
    assert Job.get().state == "failed" and "结果文件写不下去" in Job.get().error and Job.get().attempts == 1


def test_more_rows_than_a_sheet_holds_are_refused_as_workbook_and_taken_as_csv(office, world, people, monkeypatch):      # noqa: F811
    monkeypatch.setattr(Workbook, "most", 2)
    client = office.enter(world.clerk)
    answer = client.post("/office/application/export/", data={"form": "xlsx"})
    assert answer.status_code == 422 and "要求不超过 2 行，实际 3 行，差 1 行" in answer.text
    assert client.post("/office/application/export/", data={"form": "csv"}).mimetype == "text/csv"


def test_a_result_cannot_be_fetched_after_its_time(office, world, people):      # noqa: F811
    kept = File.keep(b"x", "x.csv", "result", "text/csv", user_ref=world.clerk.id, expires_at=dt.datetime(2026, 3, 20, 9))
    client = office.enter(world.clerk)
    assert client.get(f"/file/{kept.id}").status_code == 404
    File.update(expires_at=dt.datetime(2026, 3, 20, 10)).execute()
    assert client.get(f"/file/{kept.id}").data == b"x"
