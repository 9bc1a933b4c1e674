"""Imports: the rehearsal says what the commit does, the same file twice changes nothing, and nothing is half done or doubled."""
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings as rules
from hypothesis import strategies as some

from models import clock
from models.applications import Application
from models.audit import Entry, Version
from models.courses import CourseResult
from models.exams.results import ExamResult, PriorPass
from models.exams.sites import ExamSite, Room
from models.imports import ImportChunk, ImportRun
from models.people import Grant, Person, User
from models.programmes import Course, Programme
from models.reference import Institution
from models.workflow import Act, Refused
from tasks import jobs, queue
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS, open_to
from tasks.imports.header import recognise
from tasks.imports.template import template
from tasks.sheets import limits
from tasks.sheets.reading import reading
from tests.world import number_for

HEAD = ("注册号", "课程代码", "成绩", "考试日期")


def sheet(tmp_path, *rows, name="成绩.xlsx"):
    path = tmp_path / name
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def rehearsed(path, kind, user):
    run = bring(IMPORTS[kind], user, path.name, path.read_bytes())
    runs.begin(run, "rehearse", "import_check", user)
    return ImportRun.get_by_id(run.id)


def imported(path, kind, user, good_only=False):
    run = rehearsed(path, kind, user)
    runs.begin(run, "commit", "import_commit", user, good_only=good_only)
    return ImportRun.get_by_id(run.id)


def counts(run):
    return tuple(run.counts[verdict] for verdict in ("new", "changed", "same", "wrong"))


@pytest.fixture
def case(world):
    return world.registered()


@pytest.fixture
def filled(case, tmp_path):
    """A file with two results of the case."""
    return sheet(tmp_path, HEAD, (case.register_number, "EC501", 85, "2026-03-01"), (case.register_number, "EC502", "７０", "2026年3月1日"))


# course results -------------------------------------------------------------------------------------------------------------------
def test_the_rehearsal_counts_and_writes_nothing(filled, case, world):
    run = rehearsed(filled, "course_result", world.clerk)
    assert run.state == "checked" and counts(run) == (2, 0, 0, 0)
    assert not CourseResult.select().exists() and not ImportChunk.select().exists()


def test_the_commit_writes_rows_with_history_and_audit(filled, case, world):
    run = imported(filled, "course_result", world.clerk)
    assert run.state == "imported" and counts(run) == (2, 0, 0, 0)
    one, two = CourseResult.select().order_by(CourseResult.course)
    assert (one.score, one.passed, one.state, one.institution_id, two.score) == (85, True, "draft", case.institution_id, 70)
    entry = Entry.get(Entry.entity == "course_result", Entry.row_id == one.id)
    by_hand = CourseResult.add(world.clerk, application=case, course=Course.get(Course.code == "EC503"), score=Decimal(85), taken_on=one.taken_on)
    same = Entry.get(Entry.entity == "course_result", Entry.row_id == by_hand.id)
    assert (entry.verb, entry.user_id, entry.case_ref, entry.names) == (same.verb, same.user_id, case.id, same.names)
    assert Version.of(one).get().values["score"] == [None, "85"]


def test_the_same_file_twice_changes_nothing(filled, world):
    imported(filled, "course_result", world.clerk)
    written = Entry.select().where(Entry.entity == "course_result").count()
    run = rehearsed(filled, "course_result", world.clerk)
    assert counts(run) == (0, 0, 2, 0)
    with pytest.raises(Refused, match="没有可以导入的行"):
        runs.begin(run, "commit", "import_commit", world.clerk)
    assert Entry.select().where(Entry.entity == "course_result").count() == written


def test_changes_are_shown_cell_by_cell(filled, case, world, tmp_path):
    imported(filled, "course_result", world.clerk)
    run = imported(sheet(tmp_path, HEAD, (case.register_number, "EC501", 55, "2026-03-01")), "course_result", world.clerk)
    assert counts(run) == (0, 1, 0, 0)
    assert run.findings["changed"][0]["differences"] == [["成绩", "85", "55"], ["合格", "是", "否"]]
    row = CourseResult.get(CourseResult.course == Course.get(Course.code == "EC501"))
    assert (row.score, row.passed, row.edition) == (55, False, 1)


def test_a_published_score_is_corrected_only_with_a_reason(filled, case, world, tmp_path):
    imported(filled, "course_result", world.clerk)
    CourseResult.get(CourseResult.score == 85).publish(by=world.clerk)
    change = (case.register_number, "EC501", 60, "2026-03-01")
    run = rehearsed(sheet(tmp_path, HEAD, change), "course_result", world.clerk)
    assert "须写明理由" in run.findings["wrong"][0]["faults"]["reason"]
    run = imported(sheet(tmp_path, (*HEAD, "更正理由"), (*change, "登记有误")), "course_result", world.clerk)
    assert counts(run) == (0, 1, 0, 0) and Entry.get(Entry.entity == "course_result", Entry.verb == "edit").reason == "登记有误"


WRONG = {
    ("10001-2026-99999", "EC501", 85, "2026-03-01"): "没有注册号", ("{}", "XX", 85, "2026-03-01"): "没有课程代码",
    ("{}", "EC501", 101, "2026-03-01"): "要求 0 到 100", ("{}", "EC501", "良", "2026-03-01"): "要求数字", ("{}", "EC501", "", "2026-03-01"): "请填写成绩",
    ("{}", "EC501", 85, "2026-02-30"): "要求真实的日期", ("{}", "EC503", 85, "2030-01-01"): "不晚于今天", ("{}", "EC501", 85.55, "2026-03-01"): "1 位小数"}


def test_wrong_rows_come_back_with_their_reasons_and_can_be_mended(case, world, tmp_path):
    lines = [tuple(str(cell).format(case.register_number) if cell == "{}" else cell for cell in row) for row in WRONG]
    good = (case.register_number, "EC502", 70, "2026-03-01")
    run = imported(sheet(tmp_path, HEAD, *lines, good, good), "course_result", world.clerk, good_only=True)
    assert counts(run) == (1, 0, 0, len(lines) + 1)
    back = openpyxl.load_workbook(io.BytesIO(run.returned.read()))
    rows = list(back.active.iter_rows(values_only=True))
    assert rows[0] == (*HEAD, "错误原因") and len(rows) == len(lines) + 2
    for row, words in zip(rows[1:], [*WRONG.values(), "与第 10 行重复"]):
        assert words in row[-1]
    assert back.active["C4"].fill.fgColor.rgb == "FFFEE4E2"


def test_all_or_nothing_means_nothing_where_a_line_is_wrong(case, world, tmp_path):
    run = rehearsed(sheet(tmp_path, HEAD, (case.register_number, "EC501", 85, "2026-03-01"), (case.register_number, "XX", 85, "2026-03-01")),
                    "course_result", world.clerk)
    with pytest.raises(Refused, match="差 1 行"):
        runs.begin(run, "commit", "import_commit", world.clerk, good_only=False)


def test_what_became_wrong_after_the_rehearsal_is_taken_back_whole(case, world, tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.sheets.limits.BATCH", 1)
    other = world.registered()
    run = rehearsed(sheet(tmp_path, HEAD, (case.register_number, "EC501", 85, "2026-03-01"), (other.register_number, "EC501", 85, "2026-03-01")),
                    "course_result", world.clerk)
    other.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    runs.begin(run, "commit", "import_commit", world.clerk)
    run = ImportRun.get_by_id(run.id)
    assert run.state == "failed" and "情况有变" in run.reason and not CourseResult.select().exists()


def test_a_commit_that_is_killed_goes_on_without_doubles(world, tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "_leave", lambda task, args: None)
    cases = [world.registered() for _ in range(2)]
    rows = [(case.register_number, f"EC50{n}", 60 + n, "2026-03-01") for case in cases for n in (1, 2, 3)]
    path = tmp_path / "a.csv"
    filler = "\n".join("," for _ in range(limits.BATCH))
    path.write_text("\n".join([",".join(HEAD), *(",".join(map(str, row)) for row in rows)]) + filler)
    run = bring(IMPORTS["course_result"], world.clerk, path.name, path.read_bytes())
    runs.begin(run, "rehearse", "import_check", world.clerk)
    jobs.run(jobs.claim())
    runs.begin(run, "commit", "import_commit", world.clerk)
    held, real = jobs.claim(), jobs.progress_of

    class Killed(BaseException):
        pass

    def killed(row):
        def progress(*args, **more):
            real(row)(*args, **more)
            raise Killed
        return progress
    monkeypatch.setattr(jobs, "progress_of", killed)
    with pytest.raises(Killed):
        jobs.run(held)
    assert not CourseResult.select().exists()              # rows, progress and checkpoint stand or fall together
    monkeypatch.setattr(jobs, "progress_of", real)
    with clock.at(clock.now() + jobs.LEASE + dt.timedelta(seconds=1)):
        jobs.run(jobs.claim())
    assert CourseResult.select().count() == 6 and ImportRun.get_by_id(run.id).state == "imported"
    assert Entry.select().where(Entry.entity == "course_result").count() == 6


# undo -----------------------------------------------------------------------------------------------------------------------------
def test_an_import_is_undone_whole(filled, case, world, tmp_path):
    imported(filled, "course_result", world.clerk)
    second = imported(sheet(tmp_path, HEAD, (case.register_number, "EC501", 55, "2026-03-02"), (case.register_number, "EC503", 90, "2026-03-02"), name="b.xlsx"),
                      "course_result", world.clerk)
    runs.begin(second, "undo", "import_undo", world.clerk)
    assert ImportRun.get_by_id(second.id).state == "undone"
    assert [(row.score, row.taken_on, row.passed) for row in CourseResult.select().order_by(CourseResult.course)] == [
        (85, dt.date(2026, 3, 1), True), (70, dt.date(2026, 3, 1), True)]
    assert Entry.select().where(Entry.entity == "course_result", Entry.verb == "undo").count() == 2


def test_an_import_whose_rows_were_touched_is_not_undone(filled, world):
    run = imported(filled, "course_result", world.clerk)
    CourseResult.select().first().publish(by=world.clerk)
    job = runs.begin(run, "undo", "import_undo", world.clerk)
    assert "又被修改过" in jobs.Job.get_by_id(job.id).error
    assert ImportRun.get_by_id(run.id).state == "imported" and CourseResult.select().count() == 2


# scope ----------------------------------------------------------------------------------------------------------------------------
def test_a_case_of_another_unit_does_not_exist(filled, world):
    run = rehearsed(filled, "course_result", world.clerk2)
    assert counts(run) == (0, 0, 0, 2) and "不在您的范围内" in run.findings["wrong"][0]["faults"]["registered_no"]
    assert ImportRun.seen(world.clerk, run.id) is None and ImportRun.seen(world.clerk2, run.id) is not None


def test_each_role_imports_what_it_writes(world):
    names = {role: {item.name for item in open_to(getattr(world, role))} for role in ("clerk", "reviewer", "centre", "exam", "it", "unit_admin", "officer", "auditor")}
    assert names == {"clerk": {"application", "course_result", "programme", "defence", "legacy_record"}, "reviewer": {"programme"}, "centre": {"prior_pass", "institution"},
                     "exam": {"exam_result", "exam_result_number", "site"}, "it": {"user"}, "unit_admin": {"user"}, "officer": set(), "auditor": set()}


# headers --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("head", [("成绩", "考试日期", "注册号", "课程代码", "备注"), ("score", "passed_on", "registered_no", "course_code", ""),
                                  ("分数", "考核日期（年月日）", "学号 *", "课程编号", "")])
def test_columns_are_recognised_renamed_and_in_any_order(head, world, tmp_path):
    path = sheet(tmp_path, ("某单位成绩表",), head, ("85", "2026-03-01", "X", "EC501"))
    with reading(path.read_bytes(), path.name) as page:
        found = recognise(IMPORTS["course_result"], page, next(page.batches()))
    assert found.places == {"score": 0, "passed_on": 1, "registered_no": 2, "course_code": 3} and found.row == 2


def test_near_misses_are_proposed_and_not_taken(world, tmp_path):
    path = sheet(tmp_path, ("注册号", "课程代号码", "成绩"), ("X", "EC501", "85"))
    with reading(path.read_bytes(), path.name) as page:
        found = recognise(IMPORTS["course_result"], page, next(page.batches()))
    assert "course_code" not in found.places and found.proposed["course_code"] == 1


def test_merged_headers_and_missing_headers_are_refused(world, tmp_path):
    path = tmp_path / "m.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.merge_range("E1:F1", "合并")
    book.close()
    for path, words in ((path, "合并的单元格"), (sheet(tmp_path, ("甲", "乙"), (1, 2)), "没有找到表头")):
        with reading(path.read_bytes(), path.name) as page, pytest.raises(Refused, match=words):
            recognise(IMPORTS["course_result"], page, next(page.batches()))


@pytest.mark.parametrize("name", IMPORTS)
def test_the_template_is_recognised_whole_and_its_sample_is_no_data(name, world, tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(IMPORTS[name], world.clerk))
    book = openpyxl.load_workbook(path)
    assert book.active.protection.sheet and book.active["A2"].protection.locked and not book.active.column_dimensions["A"].protection.locked
    with reading(path.read_bytes(), path.name) as page:
        first = next(page.batches())
        found = recognise(IMPORTS[name], page, first)
    assert set(found.places) == {column.code for column in IMPORTS[name].columns} and found.data(first) == []


# the others -----------------------------------------------------------------------------------------------------------------------
def again(path, kind, user, expected):
    """Import a file, then the same once more: nothing changes."""
    run = imported(path, kind, user)
    assert run.state == "imported", (run.findings, run.reason)
    assert counts(run) == expected
    assert counts(rehearsed(path, kind, user)) == (0, 0, sum(expected), 0)
    return run


def test_programmes_come_with_their_plans(world, tmp_path):
    head = [column.code for column in IMPORTS["programme"].columns]
    common = ("0301", 2026, "民商法", 5, 30, "2026-03-01", "2026-04-15", "2026-03-01", "2026-05-15", "102 室", "张老师", "010-1")
    run = again(sheet(tmp_path, head, (*common, "L1", "民法", 15, "是", 60), (*common, "L2", "商法", 15, "否", 60)), "programme", world.clerk, (2, 0, 0, 0))
    row = Programme.get(Programme.direction == "民商法")
    assert row.institution == world.unit and row.state == "draft" and row.plan_credits() == 30
    row.publish(by=world.clerk)
    other = sheet(tmp_path, head, (*common, "L3", "公司法", 2, "是", 60), (*common[:2], "刑法", *common[3:], "L4", "刑法", 2, "是", 60), name="b.xlsx")
    assert "与第 2 行不一致" in str(rehearsed(other, "programme", world.clerk).findings["wrong"])
    assert run.state == "imported"


def test_sites_come_with_their_rooms_and_go_with_them(world, tmp_path):
    head = [column.code for column in IMPORTS["site"].columns]
    path = sheet(tmp_path, head, ("31", "001", "上海考点", "", 60, "001", 30, 6, 5, "否"), ("31", "001", "上海考点", "", 60, "002", 30, "", "", "是"))
    run = again(path, "site", world.exam, (2, 0, 0, 0))
    assert [(room.number, room.special) for room in ExamSite.get(ExamSite.name == "上海考点").rooms.order_by(Room.number)] == [("001", False), ("002", True)]
    runs.begin(run, "undo", "import_undo", world.exam)
    assert not ExamSite.select().where(ExamSite.name == "上海考点").exists() and not Room.select().exists()


def test_results_of_the_exam_find_their_entries(world, case, tmp_path):
    from models.exams.entering import enter, subjects_for
    from models.reference import Province
    session = world.session()
    user = case.applicants()[0]
    entries = enter(case, session, [item for item, _ in subjects_for(case, session)], Province.get(Province.code == "11"), world.site, user)
    entries[0].payment.record(by=world.exam, reference="1")
    head, number = [column.code for column in IMPORTS["exam_result"].columns], case.person.document_number
    lines = [(session.name, number, case.person.name, entry.subject.subject.code, *given) for entry, given in zip(entries, ((72, ""), ("", "缺考")))]
    again(sheet(tmp_path, head, *lines), "exam_result", world.exam, (len(entries), 0, 0, 0))
    assert {row.outcome for row in ExamResult.select()} <= {"pass", "absent"} and ExamResult.select().where(ExamResult.outcome == "pass").exists()
    slip = sheet(tmp_path, head, (session.name, number, "别人", lines[0][3], 73, ""), name="b.xlsx")
    assert "姓名与证件号不符" in str(rehearsed(slip, "exam_result", world.exam).findings["wrong"])


def test_prior_passes_stay_sealed(world, tmp_path):
    head = [column.code for column in IMPORTS["prior_pass"].columns]
    path = sheet(tmp_path, head, ("林叙白", "110105199001010017", "外国语水平", "英语", "2010 年统考", "2010-07-20", "2010110000123", "名单"))
    again(path, "prior_pass", world.centre, (1, 0, 0, 0))
    assert PriorPass.get().document_number == "110105199001010017"
    assert "110105199001010017" not in str([version.values for version in Version.select()])


def test_units_and_accounts(world, tmp_path):
    path = sheet(tmp_path, ("代码", "名称", "省份代码", "省级学位办代码", "参加同等学力工作"), ("99999", "试验大学", "11", "11", "是"))
    again(path, "institution", world.centre, (1, 0, 0, 0))
    assert Institution.get(Institution.code == "99999").taking_part
    head = ("用户名", "姓名", "电子邮箱", "单位代码", "角色")
    again(sheet(tmp_path, head, ("zhang", "张三", "z@example.cn", "", "经办"), ("li", "李四", "", "", "reviewer"), name="u.xlsx"), "user", world.unit_admin, (2, 0, 0, 0))
    user = User.get(User.username == "zhang")
    assert user.institution == world.unit and user.must_change and user.password is None and [g.role.name for g in Grant.select().where(Grant.user == user)] == ["clerk"]


@pytest.mark.parametrize("row, words", [
    (("x", "王五", "", "", "学位中心"), "不能授予"), (("clerk2", "王五", "", "", "经办"), "已经有人使用"), (("unit_admin", "王五", "mine@example.cn", "", "经办"), "只新建账号"),
    (("x", "王五", "", "10246", "经办"), "不在")])
def test_accounts_are_not_taken_over_and_roles_not_raised(row, words, world, tmp_path):
    run = rehearsed(sheet(tmp_path, ("用户名", "姓名", "电子邮箱", "单位代码", "角色"), row), "user", world.unit_admin)
    assert counts(run) == (0, 0, 0, 1) and words in str(run.findings["wrong"])


def test_outcomes_of_defences_are_recorded_by_their_step(world, tmp_path):
    case = world.ready()
    with clock.at(dt.date(2026, 7, 10)):
        case = world.admit(case)
        defence = world.defence(case)
        head = [column.code for column in IMPORTS["defence"].columns]
        line = (case.register_number, 1, str(defence.held_on), defence.place, "良好", 5, 0, 0)
        bad = rehearsed(sheet(tmp_path, head, (*line[:5], 3, 2, 0, "通过", ""), name="bad.xlsx"), "defence", world.clerk)
        assert "同意票不够" in str(bad.findings["wrong"])
        again(sheet(tmp_path, head, (*line, "通过", "")), "defence", world.clerk, (0, 1, 0, 0))
    assert type(defence).get_by_id(defence.id).state == "passed" and case.awards.count() == 1


# a property -----------------------------------------------------------------------------------------------------------------------
LINES = some.lists(some.tuples(some.sampled_from(["real", "none", ""]), some.sampled_from(["EC501", "EC502", "EC503", "XX"]),
                               some.sampled_from(["0", "59.5", "60", "100", "101", "良", "８０", ""]), some.sampled_from(["2026-03-01", "", "2030-01-01"])), min_size=1, max_size=12)


@rules(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_the_commit_does_what_the_rehearsal_said(case, world, tmp_path, lines):
    lines = [(case.register_number if number == "real" else number, *rest) for number, *rest in lines]
    run = rehearsed(sheet(tmp_path, HEAD, *lines), "course_result", world.clerk)
    said, before = counts(run), CourseResult.select().count()
    if said[0] + said[1]:
        runs.begin(run, "commit", "import_commit", world.clerk, good_only=True)
        run = ImportRun.get_by_id(run.id)
        assert run.state == "imported" and counts(run) == said
    assert CourseResult.select().count() == before + said[0]


# applications of a unit's own records -----------------------------------------------------------------------------------------------
APPLICATION = ("姓名", "证件类型", "证件号", "手机", "学科代码", "年度", "学位授予日期", "工作单位")
LINE = ("林叙白", "居民身份证", number_for(901), "13800138000", "0202", "2026", "2015-07-01", "北京市第一设计院")


@pytest.fixture
def prepared(world, tmp_path):
    with clock.at(world.programme.apply_from):
        return imported(sheet(tmp_path, APPLICATION, LINE), "application", world.clerk)


def test_an_imported_application_is_a_draft_that_only_its_unit_sees(prepared, world):
    case = Application.get(Application.prepared)
    assert prepared.state == "imported" and counts(prepared) == (1, 0, 0, 0)
    assert (case.state, case.person.name, case.person.sex, str(case.person.birth_date), case.institution_id) == ("draft", "林叙白", "1", "1990-01-01", world.unit.id)
    assert Application.seen(world.clerk, case.id) and not Application.seen(world.clerk2, case.id) and not Application.seen(world.centre, case.id)
    assert [step.name for step in case.steps.values() if not step.inner and step.offered_to(world.clerk) and not step.reasons(case, Act(world.clerk, {}), seen=True)] == []


def test_the_same_applications_twice_change_nothing_and_a_changed_one_is_shown(prepared, world, tmp_path):
    with clock.at(world.programme.apply_from):
        assert counts(rehearsed(sheet(tmp_path, APPLICATION, LINE), "application", world.clerk)) == (0, 0, 1, 0)
        run = imported(sheet(tmp_path, APPLICATION, (*LINE[:7], "北京市第二设计院")), "application", world.clerk)
    assert counts(run) == (0, 1, 0, 0) and run.findings["changed"][0]["differences"] == [["工作单位", "北京市第一设计院", "北京市第二设计院"]]


def test_whom_the_platform_knows_already_fills_in_his_own_application(world, tmp_path):
    person = world.applicant().person
    with clock.at(world.programme.apply_from):
        run = rehearsed(sheet(tmp_path, APPLICATION, (person.name, "居民身份证", person.document_number, *LINE[3:])), "application", world.clerk)
    assert counts(run) == (0, 0, 0, 1) and "请本人登录后自己填写" in str(run.findings["wrong"])


def test_applications_are_not_imported_outside_the_window(world, tmp_path):
    with clock.at(world.programme.apply_until + dt.timedelta(days=1)):
        run = rehearsed(sheet(tmp_path, APPLICATION, LINE), "application", world.clerk)
    assert counts(run) == (0, 0, 0, 1) and "申请时间" in str(run.findings["wrong"])


def test_an_import_of_applications_can_be_undone_whole(prepared, world):
    runs.begin(prepared, "undo", "import_undo", world.clerk)
    assert ImportRun.get_by_id(prepared.id).state == "undone"
    assert not Application.select().exists() and not Person.select().where(Person.name == "林叙白").exists()
