"""Stage 7: a run beside the run before it, those who are told, and what another value of a parameter would change."""
import datetime as dt

from models import clock
from models.applications import Application
from models.conditions import conditions
from models.outbox import Outbox
from models.parameters import Parameter, value
from models.programmes import Course
from models.register import Finding, Recheck, verdict
from models.rehearsals import rehearse_parameter
from tests.world import DAY


def run(world, day=None, name="复核"):
    return Recheck.add(world.clerk, institution=world.unit, name=name, as_of=day or clock.today()).run(by=world.clerk)


def test_a_run_says_what_is_new_what_is_gone_and_what_changed(world):
    stays, leaves, turns = (world.registered(world.applicant(name)) for name in ("留", "走", "变"))
    assert run(world).compared == "", "the first run compares with nothing"
    leaves.dismiss(by=world.clerk, ground="own_request", reason="退出")
    comes = world.registered(world.applicant("来"))
    world.examined(turns)
    world.studied(turns)
    second = run(world)
    assert second.compared == "新列入 1，结论有变 1" and second.comparison["gone"] == 0, "what was dismissed left the run before as well"
    assert {finding.application_id: (finding.previous, finding.verdict) for finding in second.findings} == {
        stays.id: ("on_the_way", "on_the_way"), turns.id: ("on_the_way", "ready"), comes.id: ("", "on_the_way")}


def test_a_case_with_a_degree_is_gone_from_the_next_run(world):
    case = world.admitted()
    first = run(world)
    world.graduate(case)
    second = run(world)
    assert second.comparison == {"new": 0, "gone": 1, "changed": 0} and second.gone().get().application == case and second.previous == first


def test_those_whose_verdict_asks_for_something_are_told_once(world):
    case = world.registered()
    with clock.at(dt.date(2031, 1, 1)):
        for _ in range(2):
            run(world)
        told = list(Outbox.select().where(Outbox.template == "Recheck.found"))
        assert [row.user_id for row in told] == [case.applicants()[0].id] and "2031-03-20" not in told[0].subject and "临近" in told[0].subject
    with clock.at(dt.date(2031, 3, 21)):
        run(world)
        assert "超期" in Outbox.select().where(Outbox.template == "Recheck.found").order_by(Outbox.id.desc()).get().subject


def test_the_figures_of_a_run_say_the_same_as_the_explanation(world):
    case = world.ready()
    finding = run(world).findings.get()
    for told, explained in zip(finding.conditions[:3], conditions(case), strict=True):
        assert (told.met, told.required, told.actual, told.gap, told.share) == (explained.met, explained.required, explained.actual, explained.gap, explained.share)
    assert finding.verdict == verdict(case) == "ready" and "通过国家统考 2 科" in finding.explained


def test_a_run_as_of_a_past_day_lists_who_was_on_the_register_then(world):
    early, late = world.registered(world.applicant("早")), world.registered(world.applicant("晚"), on=dt.date(2026, 4, 10))
    with clock.at(dt.date(2026, 5, 1)):
        assert {finding.application_id for finding in run(world, dt.date(2026, 4, 9)).findings} == {early.id}
        assert {finding.application_id for finding in run(world).findings} == {early.id, late.id}


def test_a_contradiction_comes_before_every_other_verdict_and_names_itself(world):
    case = world.ready()
    Course.update(pass_mark=90).where(Course.id == case.course_results.first().course_id).execute()
    finding = run(world).findings.get()
    assert finding.verdict == "contradicts" and "课程合格线不符" in finding.explained


# another value ---------------------------------------------------------------------------------------------------------------------------
def test_another_value_of_a_parameter_is_rehearsed_with_the_cases_that_it_judges_differently(world):
    case, far = world.registered(), world.registered(world.applicant(), world.publish(world.unit2, world.clerk2))
    since = dt.date(2030, 3, 20)
    assert rehearse_parameter("recheck.soon_days", 364, since) == []
    both = [(id, "资格复核", "在途", "临近到期") for id in (case.id, far.id)]
    assert sorted(rehearse_parameter("recheck.soon_days", 365, since)) == both
    assert rehearse_parameter("recheck.soon_days", 365, since, world.unit.id) == both[:1]
    assert value("recheck.soon_days") == 180 and Finding.select().count() == 0


def test_the_rules_on_degrees_and_theses_are_rehearsed_as_well(world):
    young = world.draft(world.applicant(), degree_date=dt.date(2022, 5, 1))
    world.draft(world.applicant(), degree_date=dt.date(2020, 5, 1))
    assert rehearse_parameter("application.bachelor_years", 4, DAY) == [(young.id, "学位已满年数", "满足", "不满足")]
    case = world.admitted()
    assert rehearse_parameter("thesis.months_after_exams", 6, dt.date(2027, 1, 1)) == [(case.id, "按时提交论文", "满足", "不满足")]


def test_a_units_own_value_is_not_touched_by_the_nations(world):
    world.registered()
    Parameter.add(world.centre, name="recheck.soon_days", title="提醒", value=100, valid_from=DAY, institution=world.unit)
    assert rehearse_parameter("recheck.soon_days", 365, dt.date(2030, 3, 20)) == []
    assert Application.select().count() == 1


def test_the_rehearsal_and_the_saved_parameter_agree(world):
    case, since = world.registered(), dt.date(2030, 3, 20)
    announced = rehearse_parameter("recheck.soon_days", 365, since)
    with clock.at(since):
        before = verdict(case)
        Parameter.add(world.centre, name="recheck.soon_days", title="提醒", value=365, valid_from=since)
        assert (before, verdict(case)) == ("on_the_way", "soon") and [row[0] for row in announced] == [case.id]
