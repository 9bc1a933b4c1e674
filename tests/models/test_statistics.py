"""The figures of stage 10: what was awarded, reported and filed, by whatever is asked, within what somebody sees, one statement each."""
import pytest

from models.base import db
from models.reports import AnnualReport
from models.statistics import BY, Count, counts
from tests.reported import SPRING, reported


@pytest.fixture
def report(world):
    """Two degrees of the first unit are reported."""
    return reported(world, "卫长庚", "后来者")


def test_by_each_it_says_what_was_awarded_reported_and_filed(world, report):
    assert counts(world.centre, "unit") == [Count("10001", "北京大学", 1, 2, 2, 0), Count("10246", "复旦大学", 1, 0, 0, 0)]
    assert counts(world.centre, "discipline") == [Count("0202", "应用经济学", 1, 2, 2, 0)]
    assert counts(world.centre, "state") == [Count("open", "未报送", 1, 0, 0, 0), Count("submitted", "已提交", 1, 2, 2, 0)]
    assert [(row.name, row.units, row.awarded) for row in counts(world.centre, "office")] == [("北京市学位委员会办公室", 1, 2), ("上海市学位委员会办公室", 1, 0)]
    assert [(row.name, row.units, row.reported) for row in counts(world.centre, "term")] == [(str(report.term), 2, 2)]
    AnnualReport.get(AnnualReport.report == report).file(by=world.officer)
    assert counts(world.centre, "unit")[0].filed == counts(world.centre, "discipline")[0].filed == 2


def test_what_was_returned_counts_as_awarded_and_not_as_reported(world, report):
    report.send_back(by=world.officer, reason="错报")
    for by in ("unit", "discipline"):
        assert (counts(world.centre, by)[0].awarded, counts(world.centre, by)[0].reported) == (2, 0)


def test_a_degree_that_was_taken_back_is_reported_and_no_longer_awarded(world, report):
    award = report.current_lines().first().award
    award.withdraw(by=world.reviewer, **world.withdrawal(award))
    for by in ("unit", "discipline"):
        assert (counts(world.centre, by)[0].awarded, counts(world.centre, by)[0].reported) == (1, 2)


def test_an_office_counts_its_own_units_and_others_nothing(world, report):
    for by in BY:
        assert sum(row.awarded for row in counts(world.officer, by)) == 2 and sum(row.awarded for row in counts(world.officer2, by)) == 0
        assert counts(world.exam, by) == counts(world.it, by) == []
    assert [row.code for row in counts(world.officer2, "unit")] == ["10246"]


def test_another_term_has_figures_of_its_own(world, report):
    other = world.term("2025—2026 学年第二学期", award_from=SPRING.replace(year=2025), award_until=SPRING.replace(year=2025, month=8))
    assert [row.awarded for row in counts(world.centre, "unit", other.id)] == [0, 0]
    assert [row.awarded for row in counts(world.centre, "unit", report.term_id)] == [2, 0]
    assert [row.name for row in counts(world.centre, "term")] == [str(report.term), str(other)]


@pytest.mark.parametrize("by", BY)
def test_it_is_one_statement(world, report, by, monkeypatch):
    said, execute = [], db.obj.execute_sql
    world.centre.roles
    monkeypatch.setattr(db.obj, "execute_sql", lambda sql, *args, **more: said.append(sql) or execute(sql, *args, **more))
    counts(world.centre, by)
    assert len(said) == 1
