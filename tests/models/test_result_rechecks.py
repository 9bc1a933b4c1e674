"""Stage 6 after the results: a recheck is asked for in its window, once, by the person himself; it is kept or corrected, and both say why. And the figures."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.audit import Entry
from models.conditions import exam_passes
from models.exams.rechecks import ResultRecheck
from models.exams.results import ExamResult
from models.exams.statistics import lines, whole
from models.outbox import Outbox
from tests.models.refusals import refused, sentences


@pytest.fixture
def results(world):
    """Two results of one person, 58 in each subject, published; rechecks in July."""
    case, session = world.registered(), world.session()
    world.sat(case, session, score=58)
    session.change(world.exam, recheck_from=dt.date(2026, 7, 1), recheck_until=dt.date(2026, 7, 15))
    world.published(session)
    return list(ExamResult.select().order_by(ExamResult.id))


def asked(result, day=dt.date(2026, 7, 15)):
    with clock.at(day):
        return ResultRecheck.add(result.application.applicants()[0], result=result, statement="漏评一题")


def test_it_is_asked_for_in_the_window_whose_last_day_counts_and_once(world, results):
    assert "不在成绩复查时间内" in refused(asked, results[0], dt.date(2026, 6, 30)).fields["result"]
    assert "不在成绩复查时间内" in refused(asked, results[0], dt.date(2026, 7, 16)).fields["result"]
    row = asked(results[0])
    assert (row.state, row.institution_id, row.session_id) == ("asked", world.unit.id, results[0].session_id)
    assert sentences(asked, results[0]) == ["这个成绩已经申请过复查"]


def test_a_result_that_is_not_published_is_not_rechecked(world):
    case, session = world.registered(), world.session()
    world.sat(case, session)
    assert "成绩还没有公布" in refused(asked, ExamResult.select().first()).fields["result"]


def test_a_correction_changes_the_published_result_with_its_reason_and_tells_the_person(world, results):
    row = asked(results[0]).correct(by=world.exam, score="61", reason="漏加 3 分")
    result = ExamResult.get_by_id(results[0].id)
    assert (result.score, result.outcome, row.score_before, row.score_after) == (61, "pass", 58, 61)
    assert list(exam_passes(result.application)) == [result.subject.subject.kind]
    assert "漏加 3 分" in Entry.get(Entry.entity == "exam_result", Entry.verb == "edit", Entry.row_id == result.id).reason
    assert "已更正" in Outbox.get(Outbox.template == "ResultRecheck.correct").body
    assert "已经公布" in sentences(result.change, world.exam, score=Decimal(70))[0]


@pytest.mark.parametrize("score, said", [("58", "相同"), ("101", "不对"), ("六十", "不对")])
def test_a_correction_to_the_same_or_an_impossible_score_is_refused(world, results, score, said):
    assert said in sentences(asked(results[0]).correct, by=world.exam, score=score, reason="x")[0]
    assert ExamResult.get_by_id(results[0].id).score == 58


def test_what_is_kept_says_why_and_the_result_stands(world, results):
    row = asked(results[0]).keep(by=world.exam, reason="核对无误")
    assert (row.state, row.answer, row.answered_by) == ("kept", "核对无误", world.exam) and ExamResult.get_by_id(results[0].id).score == 58
    assert refused(asked(results[1]).keep, by=world.exam).fields == {"reason": "请填写答复"}


def test_only_the_exam_office_answers(world, results):
    row = asked(results[0])
    assert "您的角色不能" in sentences(row.keep, by=world.clerk, reason="x")[0]


def test_the_figures_count_what_somebody_sees_by_subject_province_and_unit(world):
    session, cases = world.session(), [world.registered(world.applicant(f"甲{n}")) for n in range(3)]
    cases.append(world.registered(world.applicant("乙"), world.publish(world.unit2, world.clerk2)))
    for case, score in zip(cases, (80, 59, 70, 90)):
        world.sat(case, session, score=score)
    ExamResult.update(outcome="absent", score=None).where(ExamResult.application == cases[2]).execute()
    world.published(session)
    english, economics = lines(world.exam, session, "subject")
    assert (english.name, english.total, english.sat, english.passed, english.failed, english.absent) == ("英语", 4, 3, 2, 1, 1) == (
        "英语", *(getattr(economics, name) for name in ("total", "sat", "passed", "failed", "absent")))
    assert round(english.rate, 3) == .667 and round(english.average, 2) == 76.33
    assert [(line.name, line.total) for line in lines(world.exam, session, "province")] == [("北京", 6), ("上海", 2)]
    assert [(line.name, line.total) for line in lines(world.exam, session, "unit")] == [("北京大学", 6), ("复旦大学", 2)]
    assert [(line.name, line.total) for line in lines(world.clerk2, session, "unit")] == [("复旦大学", 2)]
    assert whole([english, economics]).total == 8 and round(whole([english, economics]).average, 2) == 76.33
