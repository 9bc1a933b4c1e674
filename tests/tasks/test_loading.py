"""Loading a nation's files: what lines become, what is refused by number and sentence, and going on where a load ended."""
import datetime as dt
from decimal import Decimal

import pytest
from peewee import IntegrityError

from models.applications import Application
from models.audit import Entry
from models.awards import Award
from models.base import db, on_sqlite
from models.courses import CourseResult
from models.exams.results import ExamResult
from models.people import Person
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline, Institution
from tasks.loading import files, loading, rows, standing
from tests.world import number_for

def number(serial):
    """A document number that nobody in the world has."""
    return number_for(serial, area="310101")


LINES = {
    "province": ["11,北京", "66,兵团"],
    "institution": ["1,10001,北京第1大学", "2,99999,兵团第2大学"],
    "discipline": ["010101,马克思主义哲学", "999999,没有的学科"],
    "programme": ["1,1,2012,22,5", "2,2,2017,30,6"],
    "applicant": [f"{name},{number(n)},1,1990-01-01,1390000000{n},u{n}@example.com" for n, name in enumerate(("王建国", "李天明", "张三", "赵四"), 1)],
    "application": ["1,1,1,4,2024-02-29 08:00:00,2024-02-29,2024100010000001", "2,2,2,6,2016-05-01 09:00:00,2016-07-01,2016999990000002",
                    "1,1,1,1,2026-01-01 10:00:00,,", "4,2,2,7,2015-01-01 10:00:00,2015-03-01,2015999990000004"],
    "course": ["1,0000101,逻辑学,3", "2,0000201,统计学,4"],
    "course_result": ["1,1,88,2025-01-10", "2,2,41,"],
    "exam_result": ["1,1,72,2025-05", "2,2,35,2017-05"],
    "defence_application": ["2,2,2018-01-01,2018-01-21"],
    "award": ["2,999992018000001,2018-07-01,2018-06-01,5,0,0"]}


def write(folder, **changed):
    """The files with some lines in place of others: {file: {line number: text, None: gone}}."""
    folder.mkdir(exist_ok=True)
    for name, lines in LINES.items():
        texts = [changed.get(name, {}).get(n, line) for n, line in enumerate(lines, 1)]
        numbered = [f"{n},{text}" for n, text in enumerate((text for text in texts if text is not None), 1)]
        (folder / f"{name}.csv").write_text("\n".join([files.COLUMNS[name], *numbered]) + "\n", "utf-8")
    return folder


@pytest.fixture
def load(world, tmp_path):
    """Function that loads the files, quietly. What a load that fails leaves taken down is put back, for the database is lent on."""
    tables = [part.kind._meta.table_name for parts in rows.PARTS.values() for part in parts]
    found = [] if on_sqlite() else standing.found_on(tables)
    yield lambda invented=False, **changed: loading.load(write(tmp_path / "csv", **changed), tmp_path, invented, lambda text: None)
    if standing.missing(found):
        db.execute_sql(f"TRUNCATE {', '.join(tables)} CASCADE")
        standing.put_back(found)


def indexes():
    return sorted(index.name for part in (part for parts in rows.PARTS.values() for part in parts) for index in db.get_indexes(part.kind._meta.table_name))


def references():
    return sorted(str(key) for kind in (Application, CourseResult, ExamResult) for key in db.get_foreign_keys(kind._meta.table_name))


def test_every_line_becomes_its_row_beside_those_that_were_there(world, load):
    mine, before = world.registered(), (indexes(), references())
    assert load(application={3: None}) == 2 + 2 + 4 + 3 + 2 + 2 + 1 + 1
    assert (indexes(), references()) == before and Application.get_by_id(mine.id).state == "registered"
    case = Application.get(Application.register_number == "2024100010000001")
    assert (case.person.name, case.state, case.deadline, case.min_credits) == ("王建国", "registered", dt.date(2029, 2, 28), Decimal(22))
    assert case.institution == world.unit and case.plan.programme == case.programme and case.discipline.catalogue == "1997"
    assert (case.person.document_number, case.person.phone) == (number(1), "13900000001")
    assert Person.by_document(number(1)) == case.person and number(1) not in str(db.execute_sql("SELECT * FROM person").fetchall())
    result = case.course_results.get()
    assert (result.course.name, result.score, result.passed, result.state, result.institution) == ("逻辑学", 88, True, "published", world.unit)
    assert [(r.outcome, r.session.state, r.entry.state) for r in case.exam_results] == [("pass", "published", "paid")]
    award = Award.get(Award.certificate_number == "9999932018000001")
    assert (award.person.name, award.application.state, award.institution.code) == ("李天明", "awarded", "99999")
    assert Institution.get(Institution.code == "99999").taking_part and Discipline.get(Discipline.code == "999999").catalogue == "load"
    assert world.registered().id > case.id, "the next row gets an id of its own"


def test_a_load_leaves_a_note_for_each_file(load):
    load(application={3: None})
    notes = {entry.reason for entry in Entry.select().where(Entry.verb == "load")}
    assert "applicant.csv 到第 4 行" in notes and len(notes) == len(rows.PARTS)


@pytest.mark.parametrize("changed, said", [
    ({"applicant": {2: f"李天明,{number(2)[:17]}{'0' if number(2)[17] != '0' else '1'},1,1990-01-01,13900000002,x"}}, "applicant.csv 第 2 行：证件号的校验位不对"),
    ({"application": {}}, "application.csv 第 3 行：申请人 1 已有一件在办的申请"),
    ({"application": {3: None, 1: "1,2,1,4,2024-02-29 08:00:00,2024-02-29,2024"}}, "application.csv 第 1 行：学科 2 不属于单位 1"),
    ({"application": {3: None, 1: "1,1,1,4,2024-02-29 08:00:00,,"}}, "application.csv 第 1 行：状态 4 与入册日期“”"),
    ({"application": {3: None}, "course_result": {2: "9,2,41,"}}, "course_result.csv 第 2 行：没有编号为"),
    ({"application": {3: None}, "course_result": {1: "1,1,88,"}}, "course_result.csv 第 1 行：成绩 88 与合格日期“”不符"),
    ({"application": {3: None}, "award": {1: "2,999992018000001,2018-07-01,2018-06-01,3,2,0"}}, "award.csv 第 1 行：同意 3 票"),
    ({"application": {3: None}, "course": {1: "1,x"}}, "course.csv 第 1 行：要求 5 列、编号 1，实际 3 列")])
def test_a_line_that_cannot_be_is_refused_with_its_number(load, changed, said):
    with pytest.raises(files.Faulty) as fault:
        load(**changed)
    assert said in str(fault.value)


def test_invented_cases_that_live_twice_go_to_somebody_without_one(load):
    load(invented=True)
    assert Application.get(Application.year == 2026, Application.state == "draft").person.name == "张三"


def test_a_load_that_died_goes_on_where_it_ended(world, load, monkeypatch):
    before, insert = (indexes(), references()), loading.bulk.insert
    monkeypatch.setattr(loading, "AT_ONCE", 1)

    def dies(kind, names, rows):
        if kind is CourseResult and CourseResult.select().exists():
            raise ConnectionError("killed")
        insert(kind, names, rows)
    monkeypatch.setattr(loading.bulk, "insert", dies)
    with pytest.raises(ConnectionError):
        load(application={3: None})
    assert CourseResult.select().count() == 1 and indexes() != before[0]
    monkeypatch.setattr(loading.bulk, "insert", insert)
    load(application={3: None})
    assert (CourseResult.select().count(), Person.select().where(Person.name == "王建国").count()) == (2, 1)
    assert (indexes(), references()) == before
    assert load(application={3: None}) == 17 and Person.select().where(Person.name == "王建国").count() == 1


def test_what_was_taken_down_is_not_put_back_over_rows_that_break_it(world, load):
    twice = LINES["applicant"][0].replace("u1@", "other@")
    with pytest.raises(IntegrityError):
        load(application={3: None}, applicant={3: twice})
    assert "person_document_index" not in indexes()


def test_lines_are_loaded_that_a_load_before_brought_to_the_same_unit(load, tmp_path):
    load(application={3: None})
    assert Course.select().join(TrainingPlan).join(Programme).where(Programme.year == 2012).count() == 1
    assert on_sqlite() or db.execute_sql("SELECT count(*) FROM pg_constraint WHERE NOT convalidated").fetchone() == (0,)
