"""The demo world: every state of every machine is there, the named people are who they should be, every desk has work, nothing contradicts."""
import datetime as dt
from decimal import Decimal

import pytest
from peewee import fn

from models import base, clock
from models.applications import Application, Confirmation
from models.audit import Entry
from models.awards import Award
from models.conditions import conditions
from models.courses import CourseResult
from models.exams.entries import ExamEntry
from models.exams.results import OUTCOMES, ExamResult, PriorPass
from models.exams.sessions import ExamSession
from models.files import File
from models.outbox import Outbox
from models.people import Person, User, find_account
from models.programmes import Programme
from models.registry import ENTITIES
from models.reports import AnnualReport, Report, ReportTerm
from tasks import setup
from tests.cast import SECRET

NAMED = ("it", "security", "auditor", "centre", "officer", "officer2", "clerk", "reviewer", "unit_admin", "clerk2", "reviewer2", "exam",
         "site_head", "door", "applicant", "newcomer", "clerk_econ", "clerk_law")
DESKS = ("centre", "exam", "officer", "officer2", "clerk", "reviewer", "clerk2", "reviewer2")
MACHINES = [kind for kind in ENTITIES.values() if getattr(kind, "steps", {})]


@pytest.fixture(scope="module", autouse=True)
def opened(demo):
    """The demo world of today, open."""
    setup.open_all(demo, immediate=True)
    with base.db.connection_context():
        yield
    base.db.close_all()
    base.db.initialize(None)


def test_it_is_as_large_as_it_says(demo):
    assert Person.select().count() == 600
    assert Programme.select().count() == 40
    units = Programme.select(Programme.institution).distinct()
    assert units.count() == 12
    assert {row.institution.province.short_name for row in units} == {"北京", "上海", "江苏", "湖北"}


@pytest.mark.parametrize("kind", MACHINES, ids=lambda kind: kind.__name__)
def test_every_state_that_a_step_leads_to_or_from_is_there(demo, kind):
    reachable = {state for step in kind.steps.values() for state in (*step.sources, step.target)}
    assert reachable - {row.state for row in kind.select(kind.state).distinct()} == set()


def test_results_of_the_exam_come_in_every_outcome(demo):
    assert {row.outcome for row in ExamResult.select(ExamResult.outcome).distinct()} == dict(OUTCOMES).keys()


def test_the_fixed_accounts_are_there_and_everybody_has_the_password(demo):
    assert {user.username for user in User.select().where(User.username.is_null(False))} == set(NAMED)
    assert {user.password for user in User.select(User.password).distinct()} == {SECRET}
    assert {name: User.get(User.username == name).place_label() for name in ("officer", "officer2", "clerk", "clerk2", "clerk_econ")} == {
        "officer": "北京市学位委员会办公室", "officer2": "上海市学位委员会办公室", "clerk": "北京大学", "clerk2": "复旦大学",
        "clerk_econ": "北京大学 经济学院"}


def test_each_college_has_people_of_its_own_and_none_of_the_other(demo):
    economics, law, whole = ({case.id for case in Application.visible_to(User.get(User.username == name))} for name in ("clerk_econ", "clerk_law", "clerk"))
    assert economics and law and not economics & law and economics | law < whole


@pytest.mark.parametrize("name", DESKS)
def test_everything_that_a_role_may_wait_for_waits_on_its_desk(demo, name):
    user = User.get(User.username == name)
    waits = {f"{kind.__name__}.{step.name}": kind.visible_to(user).where(kind.state.in_(step.sources)).count()
             for kind in MACHINES for step in kind.steps.values() if step.awaits and step.offered_to(user)}
    assert waits and all(waits.values()), waits


def test_the_applicant_is_one_credit_short_and_nothing_else(demo):
    case = case_of("applicant")
    assert case.state == "registered" and case.institution.code == "10001"
    limit, exams, credits = conditions(case)
    assert limit.met and exams.met and not credits.met
    assert [Decimal(text.removesuffix(" 学分")) for text in (credits.required, credits.actual, credits.gap)] == [30, 29, 1]
    waiting = case.course_results.where(CourseResult.state == "draft").get()
    assert waiting.passed and waiting.course.credits >= 1


def test_publishing_the_result_that_waits_makes_the_applicant_ready(demo):
    with base.db.atomic() as undone:
        case = case_of("applicant")
        case.course_results.where(CourseResult.state == "draft").get().publish(by=User.get(User.username == "clerk"))
        assert all(condition.met for condition in conditions(case))
        undone.rollback()


def test_the_newcomer_has_an_account_and_no_case(demo):
    assert User.get(User.username == "newcomer").person.applications.count() == 0


@pytest.mark.parametrize("name", ("阿卜杜热西提·阿卜杜热合曼", "李𠮷安", "赵𫖯", "周𬱖宁"))
def test_rare_names_survive_and_can_be_looked_for(demo, name):
    assert Person.get(Person.name == name).applications.exists()


def test_an_old_number_of_15_digits_finds_its_owner_who_has_a_pass_from_before_the_platform(demo):
    person = find_account("110105560312101").person
    assert len(person.document_number) == 18
    assert PriorPass.get(PriorPass.document_index == person.document_index).passed_on < dt.date(2011, 11, 1)


def test_every_kind_of_person_is_there(demo):
    assert {person.kind for person in Person.select()} == {"mainland", "hongkong_macau", "taiwan", "foreign"}
    foreigner = Person.get(Person.document_type == "09").applications.get()
    assert foreigner.foreign_degree and foreigner.certification_number


def test_a_case_is_past_its_limit_and_one_comes_near_it(demo):
    today = clock.today()
    left = [(case.deadline - today).days for case in Application.select().where(Application.state == "registered")]
    assert min(left) < 0 and any(0 <= days <= 180 for days in left)


def test_somebody_is_registered_in_a_discipline_without_a_comprehensive_paper(demo):
    assert any(not case.discipline.has_comprehensive_exam for case in Application.select().where(Application.state == "registered"))


def test_somebody_whose_fingers_cannot_be_taken_was_seen_by_two(demo):
    row = Confirmation.get(Confirmation.no_fingers_reason != "")
    assert row.witness_id and row.witness_id != row.confirmed_by_id and not row.gaps()


def test_somebody_who_was_dismissed_has_applied_anew_elsewhere(demo):
    again = [case for case in Application.select().where(Application.state == "dismissed")
             if case.person.applications.where(Application.institution != case.institution, Application.state == "submitted").exists()]
    assert again


def test_windows_for_applying_confirming_entering_and_reporting_are_open_today(demo):
    today = clock.today()
    programme = Programme.get(Programme.state == "published", Programme.year == max(p.year for p in Programme.published()))
    session, term = ExamSession.get(ExamSession.state == "open"), ReportTerm.get(ReportTerm.state == "open")
    for first, last in ((programme.apply_from, programme.apply_until), (programme.confirm_from, programme.confirm_until),
                        (session.entry_from, session.entry_until), (term.report_from, term.report_until)):
        assert first <= today < last


def test_a_report_was_returned_one_unit_has_nothing_to_report_and_one_left_somebody_out(demo):
    now = {report.institution.code: report for report in Report.select().join(ReportTerm).where(ReportTerm.state == "open")}
    assert any(report.state == "returned" and report.returned_reason for report in now.values())
    assert any(report.state == "open" and not report.in_window().exists() for report in now.values())
    assert any(report.state == "no_award" for report in now.values())
    assert any(report.left_out() for report in now.values())
    assert any(report.state == "submitted" and report.compare()[2] for report in now.values() if report.round > 1)


def test_the_clerk_of_10001_may_submit_and_the_one_of_10246_must_complete_a_line_first(demo):
    term = ReportTerm.get(ReportTerm.state == "open")
    mine, theirs = (Report.get(Report.term == term, Report.institution == User.get(User.username == name).institution)
                    for name in ("clerk", "clerk2"))
    assert mine.in_window().exists() and not mine.incomplete_lines(None)
    assert len(theirs.incomplete_lines(None)) == 1


def test_the_terms_before_are_closed_and_filed(demo):
    over = ReportTerm.select().where(ReportTerm.state == "closed")
    assert over.count() >= 2
    assert {report.state for report in Report.select().where(Report.term.in_(over))} == {"filed"}


def test_degrees_cases_defences_and_reports_do_not_contradict_each_other(demo):
    assert {award.application.state for award in Award.select().where(Award.state != "proposed")} == {"awarded"}
    assert {award.application.state for award in Award.select().where(Award.state == "proposed")} == {"defended"}
    for case in Application.select().where(Application.state.in_(("defended", "awarded"))):
        assert case.defences.where(case.defences.model.state == "passed").exists()
    for annual in AnnualReport.select():
        assert (annual.state == "filed") == (annual.report.state == "filed")
    for report in Report.select().where(Report.state.in_(("submitted", "filed"))):
        assert report.line_count == report.current_lines().count() and all(line.intact for line in report.current_lines())


def test_only_the_session_whose_results_are_entered_lacks_some(demo):
    session = ExamSession.get(ExamSession.state == "closed", ExamSession.name.contains("全国统考"))
    assert session.results_missing(None)
    over = ExamSession.select().where(ExamSession.state.in_(("closed", "published")))
    assert not ExamEntry.select().where(ExamEntry.session.in_(over), ExamEntry.state == "unpaid").exists()


def test_history_is_in_order_of_time_and_ends_before_today(demo):
    times = [at for (at,) in Entry.select(Entry.at).order_by(Entry.id).tuples()]
    assert times == sorted(times) and times[-1].date() < clock.today()


def test_every_case_on_file_has_a_photo_that_fits(demo):
    cases = Application.select().where(Application.state.not_in(("draft", "dismissed")))
    assert not cases.where(Application.photo.is_null()).exists()
    size = File.select(fn.MAX(File.size)).where(File.kind == "photo").scalar()
    assert size < 60 * 1024
    assert cases.first().photo.read()[:2] == b"\xff\xd8"


def test_few_notices_are_left_for_the_worker(demo):
    assert Outbox.select().where(Outbox.state == "waiting", Outbox.created_at < clock.now() - dt.timedelta(days=3)).count() == 0


def case_of(username):
    return User.get(User.username == username).person.applications.get()
