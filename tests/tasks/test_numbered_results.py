"""Results brought in by exam number (stage 6): the seat decides whose they are; strangers, slips and impossible scores are named line by line."""
import pytest

from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.seating.plan import SeatPlan
from models.exams.tickets import AdmissionTicket
from models.imports import ImportRun
from tasks import seating
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS
from tests.crowd import crowd, hall

HEAD = "统考批次,准考证号,姓名,成绩,结果"


@pytest.fixture
def tickets(world):
    session = world.session()
    crowd(world, session, [(hall(world).id, world.unit.id, False)] * 3)
    type(session).update(state="closed").where(type(session).id == session.id).execute()
    plan = SeatPlan.add(world.exam, session=session).draw(by=world.exam)
    seating.order(plan, world.exam)
    SeatPlan.get().fix(by=world.exam)
    return [(row.number, row.entry.application.person.name) for row in AdmissionTicket.select().order_by(AdmissionTicket.number)]


def rehearsed(world, *lines):
    run = bring(IMPORTS["exam_result_number"], world.exam, "成绩.csv", "\n".join([HEAD, *lines]).encode("gb18030"))
    runs.begin(run, "rehearse", "import_check", world.exam)
    return ImportRun.get_by_id(run.id)


def test_scores_absences_and_breaches_become_results_of_the_seats(world, tickets):
    (first, a), (second, b), (third, c) = tickets[:3]
    run = rehearsed(world, f"2026 年统考,{first},{a},72,", f"2026 年统考,{second},{b},,缺考", f"2026 年统考,{third},{c},,违纪")
    assert run.counts["new"] == 3 and not ExamResult.select().exists()
    runs.begin(run, "commit", "import_commit", world.exam, good_only=False)
    found = {row.entry_id: row.outcome for row in ExamResult.select()}
    assert [found[AdmissionTicket.get(AdmissionTicket.number == number).entry_id] for number, _ in tickets[:3]] == ["pass", "absent", "breach"]
    assert ExamEntry.select().count() - len(found) == 3


def test_a_stranger_a_slip_and_an_impossible_score_are_named_by_line(world, tickets):
    number, name = tickets[0]
    run = rehearsed(world, f"2026 年统考,269999999999999,{name},72,", f"2026 年统考,{number},别人,72,", f"2026 年统考,{tickets[1][0]},{tickets[1][1]},101,")
    said = str(run.findings["wrong"])
    assert run.counts["wrong"] == 3 and "这个批次没有准考证号“269999999999999”" in said and "姓名与准考证号不符" in said and "101" in said
