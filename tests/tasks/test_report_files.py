"""Stage 10: the files of a report say what its frozen lines say - as workbook, DBF, photos, on paper and for machines - and a worker that
dies while writing one leaves exactly one whole file."""
import datetime as dt
import io
import json
import zipfile

import dbfread
import openpyxl
import pytest
from pypdf import PdfReader

from models import files
from models.applications import Application
from models.audit import Entry
from models.files import File
from models.jobs import Job
from models.parameters import Parameter
from models.record import FIELDS, width
from models.reports import AnnualReport, ReportLine
from models.workflow import Refused
from tasks import jobs, queue
from tasks.reporting import outputs, table
from tasks.reporting.outputs import FORMS
from tests.models.test_legacy import FIRST, VALUES, draft, library
from tests.reported import SPRING, lengthened, reported

RARE = "李𠮷安"


@pytest.fixture
def report(world):
    return reported(world, "卫长庚", RARE)


def made(report, name, user):
    """The bytes of one file."""
    return outputs.at_once(report, FORMS[name], user)


def rows_of(data):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def unpacked(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {info.filename: archive.read(info) for info in archive.infolist()}


def dbf_of(data, tmp_path):
    """(records, rows of the list of what could not be said)."""
    found = unpacked(data)
    (tmp_path / "x.dbf").write_bytes(found["学位授予信息.dbf"])
    return dbfread.DBF(tmp_path / "x.dbf"), rows_of(next(content for name, content in found.items() if name.endswith(".xlsx")))


def text_of(data):
    return "".join("".join(page.extract_text().replace("\0", "").split()) for page in PdfReader(io.BytesIO(data)).pages)


# the workbook ------------------------------------------------------------------------------------------------------------------------------
def test_the_workbook_holds_every_value_of_every_line_under_its_name_and_code(world, report):
    names, codes, *rows = rows_of(made(report, "xlsx", world.clerk))
    assert len(rows) == 2 and [code for code in codes if code] == [field.code for field in FIELDS]
    for row, line in zip(rows, report.current_lines()):
        assert {code: text or "" for code, text in zip(codes, row) if code} == {field.code: line.values[field.code] for field in FIELDS}
        assert {codes[place - 1]: text or "" for place, text in enumerate(row) if not codes[place]} == line.names


def test_text_that_looks_like_a_formula_stays_text(world, report):
    line = report.current_lines().first()
    values = line.values | {"LWTM": "=1+1"}
    ReportLine.update(values=values, digest=digest(values)).where(ReportLine.id == line.id).execute()
    _, codes, row, _ = openpyxl.load_workbook(io.BytesIO(made(report, "xlsx", world.clerk))).active.iter_rows()
    cell = row[[code.value for code in codes].index("LWTM")]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def digest(values):
    from models.reports import digest_of
    return digest_of(values)


# the DBF -----------------------------------------------------------------------------------------------------------------------------------
def test_the_dbf_read_back_by_another_library_says_what_the_lines_say(world, report, tmp_path):
    records, left = dbf_of(made(report, "dbf", world.clerk), tmp_path)
    assert records.encoding == "cp936" and [field.name for field in records.fields if not field.name.endswith("MC") or field.name in codes()] == codes()
    assert {field.name: field.length for field in records.fields if field.name in codes()} == {field.code: field.width for field in FIELDS}
    for record, line in zip(records, report.current_lines(), strict=True):
        lacking = {row[3] for row in left[1:] if row[0] == str(line.number)}
        for field in FIELDS:
            assert record[field.code] == ("" if field.code in lacking else line.values[field.code])
            if field.table:
                assert record[field.code + "MC"] == line.names[field.code]


def codes():
    return [field.code for field in FIELDS]


def test_what_gbk_cannot_say_is_named_row_by_row_and_never_replaced(world, report, tmp_path):
    records, (head, *left) = dbf_of(made(report, "dbf", world.clerk), tmp_path)
    line = next(line for line in report.current_lines() if line.values["XM"] == RARE)
    assert left == [[str(line.number), RARE, line.values["XWZSBH"], "XM", "姓名", RARE, "GBK 没有这些字：𠮷 U+20BB7"]]
    assert [record["XM"] for record in records] == ["卫长庚", ""] and "?" not in str([dict(record) for record in records])


@pytest.mark.parametrize("text, lacking", [("卫长庚", []), ("镕堃", []), ("𠮷𠮷a", ["𠮷"]), ("①〇", []), ("é", []), ("ë", ["ë"]), ("😀", ["😀"])])
def test_the_characters_that_gbk_lacks_are_found(text, lacking):
    assert table.beyond_gbk(text) == lacking


def test_a_text_wider_than_its_field_is_listed_too_instead_of_cut():
    assert table.objection("卫长庚", 6) == "" and table.objection("卫长庚", 4) == "太长：要求不超过 4 字节，实际 6 字节，差 2 字节"


def test_the_dbf_has_room_for_every_name_of_the_code_tables(database):
    from models.reference import Code
    assert max(width(row.name) for row in Code.select()) <= table.WIDE
    names = [name for _, name, _, _ in table.COLUMNS]
    assert len(set(names)) == len(names) and all(len(name) <= 10 and name.isascii() for name in names)


# photos ------------------------------------------------------------------------------------------------------------------------------------
def test_photos_are_named_by_the_document_number_and_those_missing_are_listed(world, report):
    first, second = (line.award for line in report.current_lines())
    ReportLine.update(photo=None).where(ReportLine.award == second).execute()
    found = unpacked(made(report, "photos", world.clerk))
    assert found[f"{first.person.document_number}.jpg"] == first.application.photo.read()
    assert rows_of(found["缺照片名单_1人.xlsx"])[1] == ["2", second.person.name, second.certificate_number, f"{second.person.document_number}.jpg", "没有上传照片"]


def test_a_photo_that_is_gone_from_the_store_is_missing_with_that_reason(world, report):
    first, second = (line.award.application.photo for line in report.current_lines())
    first.path.unlink()
    second.path.write_bytes(b"something else")
    head, *rows = rows_of(unpacked(made(report, "photos", world.clerk))["缺照片名单_2人.xlsx"])
    assert [row[4] for row in rows] == ["照片文件已不在存储中", "照片文件与登记的摘要不符"]


def test_names_of_photos_are_safe_and_differ_even_for_one_number(world, report):
    from collections import Counter

    from tasks.reporting.photos import file_name
    line, used = report.current_lines().first(), Counter()
    line.values = line.values | {"ZJHM": "../..\\H/1"}
    assert [file_name(line, True, used) for _ in range(2)] == ["------H-1.jpg", "------H-1_2.jpg"]


def test_a_photo_that_the_person_changes_later_is_still_the_one_that_was_reported(world, report):
    line = report.current_lines().first()
    Application.update(photo=None).where(Application.id == line.award.application_id).execute()
    assert unpacked(made(report, "photos", world.clerk))[f"{line.values['ZJHM']}.jpg"] == line.photo.read()


# legacy records ----------------------------------------------------------------------------------------------------------------------------
def test_legacy_records_of_the_annual_report_stand_among_the_lines_of_every_file(world):
    world.term(name="2012—2013 学年第一学期", award_from=FIRST.award_from, award_until=FIRST.award_until, report_from=dt.date(2026, 3, 1))
    annual = AnnualReport.get(AnnualReport.institution == world.unit)
    for kind in ("language", "comprehensive"):
        library(world, kind=kind)
    draft(world, annual).enter(by=world.clerk)
    report = annual.report.confirm_no_award(by=world.clerk)
    assert [form.name for form, _ in outputs.offered(report)] == ["xlsx", "dbf", "photos", "summary", "json"]
    _, codes, row = rows_of(made(report, "xlsx", world.clerk))
    assert dict(zip(codes, row))["XM"] == "裘国栋"
    line, = json.loads(made(report, "json", world.clerk))["records"]
    assert (line["number"], line["version"], line["values"]["ZJHM"]) == (1, None, VALUES["ZJHM"])
    text = text_of(made(report, "summary", world.clerk))
    assert "0701" in text and "年报系统补录的1行，逐行与补录时的摘要一致" in text and "SHA-256" not in text
    assert "没有上传照片" in str(rows_of(unpacked(made(report, "photos", world.clerk))["缺照片名单_1人.xlsx"]))


# paper -------------------------------------------------------------------------------------------------------------------------------------
def test_the_summary_says_unit_term_version_totals_digest_and_where_to_sign(world, report):
    text = text_of(made(report, "summary", world.clerk))
    for words in ("学位授予信息报送汇总表", "北京大学", "2026—2027学年第一学期", "第1版", "已提交", "应用经济学", "合计2", "提交的明细2行", report.digest, "学位授予单位（公章）",
                  "单位负责人（签字）", "省级学位委员会办公室（公章）", "（未备案）"):
        assert words in text, words


def test_the_summary_of_a_returned_and_of_a_filed_report_says_so(world, report):
    report.send_back(by=world.officer, reason="错报一人")
    assert "打回原因：错报一人" in text_of(made(report, "summary", world.clerk))
    report.submit(by=world.clerk)
    report.annual_reports.get().file(by=world.officer)
    text = text_of(made(type(report).get_by_id(report.id), "summary", world.clerk))
    assert "第2版" in text and "已备案" in text and "打回原因" not in text and "未备案" not in text


def test_a_unit_without_degrees_has_a_summary_and_nothing_else(world):
    from models.reports import Report
    report = Report.get(Report.institution == world.unit, Report.term == world.term(award_from=SPRING, report_from=SPRING))
    assert outputs.offered(report) == []
    report.confirm_no_award(by=world.clerk)
    assert [form.name for form, _ in outputs.offered(report)] == ["summary"]
    assert "没有授予同等学力人员硕士学位，特此确认" in text_of(made(report, "summary", world.clerk))


# for machines, rights, digests -----------------------------------------------------------------------------------------------------------------
def test_the_file_for_machines_has_the_report_and_every_line_with_its_digest(world, report):
    found = json.loads(made(report, "json", world.clerk))
    assert found["report"]["unit"]["code"] == "10001" and found["report"]["digest"] == report.digest
    assert [(r["number"], r["values"], r["names"], r["digest"], r["masked"]) for r in found["records"]] == [
        (line.number, line.values, line.names, line.digest, False) for line in report.current_lines()]


@pytest.mark.parametrize("name", FORMS)
def test_without_the_right_no_file_has_a_document_number_in_full(world, report, name, tmp_path):
    Parameter.update(value=["centre"]).where(Parameter.name == "report.full_roles").execute()
    numbers = [line.values["ZJHM"] for line in report.current_lines()]
    data = made(report, name, world.clerk)
    if name == "xlsx":
        said = str(rows_of(data))
    elif name == "dbf":
        records, left = dbf_of(data, tmp_path)
        said = str([dict(record) for record in records]) + str(left)
    else:
        said = str(unpacked(data).keys()) if name == "photos" else text_of(data) if name == "summary" else data.decode()
    assert not any(number in said for number in numbers)
    assert Entry.get(Entry.verb == "sheet").reason == "第 1 版，2 行，证件号隐去"
    made(report, name, world.centre)
    assert Entry.select().where(Entry.verb == "sheet", Entry.reason == "第 1 版，2 行，证件号完整").count() == 1


@pytest.mark.parametrize("name", FORMS)
def test_a_line_that_is_not_what_was_frozen_goes_into_no_file(world, report, name):
    line = report.current_lines().first()
    ReportLine.update(values=line.values | {"XM": "别人"}).where(ReportLine.id == line.id).execute()
    with pytest.raises(Refused, match="第 1 行与提交时的摘要不符"):
        made(report, name, world.clerk)
    assert not Entry.select().where(Entry.verb == "sheet").exists()


# as a job ----------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def unheard(monkeypatch):
    """Nobody listens to the queue: jobs wait until the test works on them."""
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)


def stored(settings):
    return [path for path in settings.files_dir.rglob("*") if path.is_file()]


def test_a_long_report_becomes_a_job_that_says_how_far_it_is(world, report, unheard):
    report = lengthened(report, 2100)
    assert [form.name for form, long in outputs.offered(report) if long] == ["xlsx", "dbf", "photos", "summary", "json"]
    outputs.order(report, FORMS["xlsx"], world.clerk)
    jobs.run(jobs.claim())
    job = Job.get()
    assert (job.state, job.done, job.total) == ("done", 2100, 2100), job.error
    assert len(rows_of(job.result.read())) == 2102 and job.result.name == "10001_北京大学 2026—2027 学年第一学期_第1版_学位信息.xlsx"
    assert job.result.expires_at and job.result.user_ref == world.clerk.id


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("moment", ["writing", "keeping", "ending"])
def test_a_worker_killed_anywhere_ends_in_one_whole_file_and_one_entry(world, report, unheard, settings, monkeypatch, moment, name):
    """Killed while lines are written, after the file was moved but before its row is committed, and before the job is marked as done."""
    class Killed(BaseException):
        """The process is gone: nothing that cleans up runs."""

    def die(*args, **kwargs):
        raise Killed
    before = set(stored(settings))
    outputs.order(report, FORMS[name], world.clerk)
    with monkeypatch.context() as dying:
        dying.setattr(files.shutil, "rmtree", lambda *args, **kwargs: None)
        place, attribute = {"writing": (ReportLine, "intact"), "keeping": (File, "create"), "ending": (jobs, "_end")}[moment]
        dying.setattr(place, attribute, property(die) if moment == "writing" else die)
        with pytest.raises(Killed):
            jobs.run(jobs.claim())
    assert Job.get().state == "running"
    Job.update(beat=dt.datetime(2026, 1, 1)).execute()
    jobs.run(jobs.claim())
    job = Job.get()
    assert job.state == "done" and File.select().where(File.kind == "result").count() == 1, job.error
    assert set(stored(settings)) - before == {job.result.path} and job.result.read()
    assert Entry.select().where(Entry.verb == "sheet").count() == 1


def test_what_was_ordered_is_refused_when_the_report_is_out_of_sight_by_then(world, report, unheard):
    outputs.order(report, FORMS["xlsx"], world.clerk)
    type(world.clerk).update(institution=world.unit2).where(type(world.clerk).id == world.clerk.id).execute()
    jobs.run(jobs.claim())
    assert Job.get().state == "failed" and "不在您的范围内" in Job.get().error and Job.get().result is None
