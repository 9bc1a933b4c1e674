"""Results of the national exam on one sheet per subject (stage 6)."""
import pytest

from models import clock
from models.exams.entering import enter as sign_up, subjects_for
from models.exams.results import ExamResult
from models.exams.sessions import SessionSubject
from models.reference import Province

SHEET = "/office/exam_result/sheet/"


@pytest.fixture
def entries(world):
    """Two persons who paid for the language paper and the paper of their discipline; the session is closed. Their entries in the language."""
    session, found = world.session(), []
    for name in ("甲", "乙"):
        user = world.applicant(name)
        case = world.registered(user=user)
        made = sign_up(case, session, [item for item, why in subjects_for(case, session) if why is None], Province.get(Province.code == "11"), world.site, user)
        made[0].payment.record(by=world.exam, reference="线下")
        found += [type(entry).get_by_id(entry.id) for entry in made]
    clock.stop(session.entry_until + clock.days(60))
    session.close(by=world.exam)
    return [entry for entry in found if entry.subject.subject.code == "101"]


@pytest.fixture
def language(entries):
    return entries[0].subject


def test_names_the_subjects_that_lack_results_and_how_many(world, enter, language):
    page = enter(world.exam).get(SHEET)
    assert page.count(f"{SHEET}?subject=") == 2 and f"{SHEET}?subject={language.id}" in page and '<td class="num">2</td>' in page


def test_score_decides_pass_or_fail_and_the_absent_have_none(world, enter, language, entries):
    first, second = entries
    page = enter(world.exam).post(SHEET, subject=language.id, entry=[first.id, second.id], **{f"score-{first.id}": "59.5", f"outcome-{second.id}": "absent"})
    assert "已登记 2 科次成绩" in page and "已全部登记" in page
    assert [(r.entry_id, r.outcome) for r in ExamResult.select().order_by(ExamResult.entry)] == [(first.id, "fail"), (second.id, "absent")]


def test_empty_lines_stay_for_another_day(world, enter, language, entries):
    page = enter(world.exam).post(SHEET, subject=language.id, entry=[e.id for e in entries], **{f"score-{entries[0].id}": "60"})
    assert "还有 1 科次没有成绩" in page and ExamResult.get().outcome == "pass"


@pytest.mark.parametrize("score, outcome, sentence", [("101", "", "0 到 100"), ("很好", "", "要求数字"), ("70", "absent", "有成绩就不选"), ("", "pass", "请填写成绩")])
def test_one_wrong_line_holds_up_the_sheet_and_nothing_typed_is_lost(world, enter, language, entries, score, outcome, sentence):
    first, second = entries
    page = enter(world.exam).post(SHEET, 422, subject=language.id, entry=[first.id, second.id],
                                  **{f"score-{first.id}": "88", f"score-{second.id}": score, f"outcome-{second.id}": outcome})
    assert sentence in page and 'value="88"' in page and not ExamResult.select().exists()


def test_what_somebody_else_entered_meanwhile_is_said(world, enter, language, entries):
    ExamResult.add(world.exam, entry=entries[0], score=70)
    page = enter(world.exam).post(SHEET, 422, subject=language.id, entry=[e.id for e in entries], **{f"score-{entries[0].id}": "75"})
    assert "已经登记成绩" in page and ExamResult.get().score == 70


def test_the_sheet_is_the_exam_offices_and_only_of_closed_sessions(world, enter, language):
    for user in (world.clerk, world.centre):
        enter(user).get(SHEET, 403)
    other = world.session(2027)
    enter(world.exam).get(f"{SHEET}?subject={SessionSubject.get(SessionSubject.session == other).id}", 404)
    enter(world.exam).get(f"{SHEET}?subject=nothing", 404)
