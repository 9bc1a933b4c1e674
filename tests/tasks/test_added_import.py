"""Fields that a site added come from a workbook, too: by the roles that fill them, in their own cases, whatever the state of the case."""
from decimal import Decimal

import pytest

from models import extras
from models.applications import Application
from models.audit import Entry
from models.imports import ImportRun
from tasks.imports import runs
from tasks.imports.catalogue import IMPORTS, open_to
from tests.tasks.test_imports import counts, imported, rehearsed, sheet

ADDED = IMPORTS["added"]
HEAD = ("申请号", "校内编号", "层次", "得分")


@pytest.fixture
def extended(world):
    """Three added fields on applications, one of them for reviewers, and a case on the register."""
    def made(name, kind, label, editable="clerk", **said):
        return extras.made(Application, name, kind, label, editable=(editable,), visible=("clerk", "reviewer"), **said)
    extras.take({Application: {field.key: field for field in (
        made("campus_number", "text", "校内编号", pattern="[0-9]{4}"), made("level", "choice", "层次", choices=[("a", "甲"), ("b", "乙")]),
        made("score", "decimal", "得分", high=Decimal(100), editable="reviewer"))}})
    world.case = world.registered()
    yield world
    extras.take({})


def fresh(case):
    return Application.get_by_id(case.id).extra


def test_there_is_nothing_to_import_without_added_fields(world):
    assert ADDED not in open_to(world.clerk)


def test_a_case_on_the_register_takes_its_values_and_the_same_file_twice_changes_nothing(extended, tmp_path):
    assert ADDED in open_to(extended.clerk) and ADDED not in open_to(extended.officer)
    path = sheet(tmp_path, HEAD[:3], (extended.case.number, "0001", "乙"))
    assert counts(imported(path, "added", extended.clerk)) == (0, 1, 0, 0)
    assert fresh(extended.case) == {"campus_number": "0001", "level": "b"}
    assert Entry.select().where(Entry.entity == "application", Entry.names == "extra", Entry.reason == "导入").count() == 1
    assert counts(rehearsed(path, "added", extended.clerk)) == (0, 0, 1, 0)


def test_a_cell_that_is_empty_leaves_what_is_there(extended, tmp_path):
    imported(sheet(tmp_path, HEAD[:3], (extended.case.number, "0001", "甲")), "added", extended.clerk)
    imported(sheet(tmp_path, HEAD[:3], (extended.case.number, "", "乙")), "added", extended.clerk)
    assert fresh(extended.case) == {"campus_number": "0001", "level": "b"}


@pytest.mark.parametrize("row, said", [(("12", "", ""), "要求符合"), (("", "丙", ""), "没有“丙”这一项"), (("", "", "9"), "您的角色不能填写得分")])
def test_what_is_wrong_is_said_at_its_column_and_nothing_is_written(extended, tmp_path, row, said):
    run = rehearsed(sheet(tmp_path, HEAD, (extended.case.number, *row)), "added", extended.clerk)
    assert counts(run) == (0, 0, 0, 1) and said in str(run.findings) and fresh(extended.case) == {}


def test_a_case_of_another_unit_is_as_unknown_as_one_that_is_not_there(extended, tmp_path):
    for number in (extended.case.number, "0"):
        run = rehearsed(sheet(tmp_path, HEAD[:2], (number, "0001")), "added", extended.clerk2)
        assert counts(run) == (0, 0, 0, 1) and f"您的范围内没有申请号为“{number}”的申请" in str(run.findings)


def test_an_import_is_taken_back_as_a_whole(extended, tmp_path):
    imported(sheet(tmp_path, HEAD[:2], (extended.case.number, "0001")), "added", extended.clerk)
    run = imported(sheet(tmp_path, HEAD[:2], (extended.case.number, "0002")), "added", extended.clerk)
    runs.begin(run, "undo", "import_undo", extended.clerk)
    assert ImportRun.get_by_id(run.id).state == "undone" and fresh(extended.case) == {"campus_number": "0001"}
