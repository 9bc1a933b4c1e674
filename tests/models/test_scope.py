"""Who sees which rows: for every entity and every role the query agrees with a plain reading of the rules, row by row."""
import datetime as dt
from types import SimpleNamespace

import pytest

from models import clock
from models.applications import Application
from models.courses import CourseResult
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession
from models.files import File
from models.jobs import Job
from models.logins import Login
from models.passkeys import Passkey
from models.people import Grant, Person, Role, User
from models.registry import ENTITIES
from models.reports import Report
from models.roles import ROLES
from models.workflow import Refused
from tests.world import account

STAFF = "clerk reviewer unit_admin officer centre exam site_head door it security auditor"
CASE = "applicant clerk reviewer officer centre"
UNIT = "clerk reviewer officer centre"
NATIONAL = {
    "Province": STAFF, "Office": STAFF, "Institution": STAFF, "InstitutionName": STAFF, "Discipline": STAFF, "Code": STAFF, "Announcement": STAFF,
    "Parameter": STAFF, "ReportTerm": STAFF, "ExamSession": STAFF + " applicant", "Subject": STAFF + " applicant", "SessionSubject": STAFF + " applicant",
    "Place": STAFF + " applicant",
    "ExamSite": "exam officer centre site_head door applicant clerk", "Role": "it security auditor unit_admin", "Grant": "it security auditor", "SeatPlan": "exam centre",
    "ScreenVersion": "it auditor", "ConsentText": STAFF, "RetentionReport": "security auditor", "PublicFigures": STAFF}
LOCAL = {
    "Entry": "auditor", "AuditDay": "auditor", "Outbox": "it", "TimedRun": "it", "NoticeTemplate": "it", "Person": CASE + " exam", "User": "it security unit_admin", "College": "clerk reviewer unit_admin officer centre it security", "Programme": STAFF, "TrainingPlan": STAFF, "Course": STAFF,
    "Application": CASE, "Document": "applicant clerk reviewer", "Confirmation": "clerk reviewer", "Comment": "clerk reviewer", "CourseResult": CASE, "Room": "exam site_head door",
    "Payment": "applicant clerk exam", "ExamEntry": CASE + " exam", "Seat": "exam site_head door", "AdmissionTicket": "applicant exam",
    "CheckIn": "exam site_head door", "ExamResult": CASE + " exam", "PriorPass": "applicant clerk reviewer centre exam", "Recheck": "clerk reviewer officer centre",
    "Finding": "clerk reviewer officer centre", "Award": CASE, "Meeting": UNIT, "AgendaItem": UNIT, "AwardObjection": "applicant clerk reviewer", "Reissue": CASE,
    "DefenceRequest": CASE, "Expert": "clerk reviewer", "CheckItem": "clerk reviewer",
    "RequestDocument": "applicant clerk reviewer", "Thesis": "applicant clerk reviewer", "ThesisReviewer": "clerk reviewer",
    "Defence": CASE, "CommitteeMember": "clerk reviewer", "Report": "clerk reviewer officer centre", "ReportLine": "clerk reviewer officer centre",
    "AnnualReport": UNIT, "InstitutionHead": UNIT, "LegacyRecord": UNIT, "Amendment": UNIT, "AmendmentItem": UNIT, "FormerDocument": "applicant clerk reviewer centre", "Extension": CASE, "ProgrammeChange": CASE,
    "DataChange": "applicant clerk reviewer", "PersonMerge": "centre", "Handover": "unit_admin security auditor", "Dismissal": CASE, "ReleaseRequest": CASE,
    "GuestSitting": CASE + " exam", "PaymentTry": "applicant exam", "PaymentNotice": "exam", "Statement": "exam", "StatementLine": "exam",
    "Exemption": CASE, "Objection": CASE, "Transcript": CASE, "Printout": CASE, "SeatedRoom": "exam site_head door", "ResultRecheck": CASE + " exam", "Consent": "applicant clerk reviewer centre"}
BY_THEMSELVES = {"File", "ImportRun", "Job", "ApiToken", "Login", "Passkey", "OwnView"}           # tested by their own rules, below, with the imports, the tokens and the screens
NOBODY = {"Version", "Serial", "ImportChunk", "Tally", "Seed", "FingerTemplate", "Throttle"}


# what an account of a college has of the rest of its unit
WHOLE = {"Recheck", "Meeting", "Report", "ReportLine", "AnnualReport", "InstitutionHead", "LegacyRecord", "Amendment", "AmendmentItem", "Handover"}      # nothing
COMMON = {"Expert", "CheckItem"}                                                                                                                  # reads all


def of_colleges(world):
    """[(role, account)] of the two colleges of the first unit."""
    return [*world.economics[2].items(), *world.law.items()]


def accounts(world):
    """[(role, account)]: every role, those that belong to a place once on each side."""
    found = [(role, getattr(world, role)) for role in ROLES if role != "applicant"]
    found += [(role, getattr(world, role + "2")) for role in ("clerk", "reviewer", "unit_admin", "officer")]
    found += [(role, getattr(world.sides[1], role)) for role in ("site_head", "door")]
    for side in world.sides:
        found += [("applicant", case.applicants()[0]) for case in (side.master, side.register, side.draft)]
    return found


# the rules, read plainly ------------------------------------------------------------------------------------------------------------------
def owner(row):
    """Where a row belongs: its unit, its person, its site, and the case it is part of."""
    kind = type(row).__name__
    if kind == "Person":
        cases = [case for case in Application.select().where(Application.person == row) if case.state != "draft"]
        return SimpleNamespace(units={case.institution for case in cases}, colleges={case.college_id for case in cases}, person=row.id, site=None, case=None)
    if kind == "PriorPass":
        person = Person.get(Person.document_index == row.document_index)
        return owner(person)
    if kind in ("FormerDocument", "Consent"):
        return owner(row.person)
    if kind == "User":
        return SimpleNamespace(units={row.institution} - {None}, colleges={row.college_id}, person=None, site=None, case=None)
    step, place = row, SimpleNamespace(units=set(), colleges={getattr(row, "college_id", None)}, person=None, site=getattr(row, "site_id", None), case=None)
    while step is not None:
        fields = step._meta.fields
        if isinstance(step, Application):
            place.case, place.person, place.colleges = step, step.person_id, {step.college_id}
        if "institution" in fields:
            place.units.add(step.institution)
        step = next((getattr(step, name) for name in ("application", "programme", "plan", "entry", "thesis", "defence", "request", "recheck", "report", "annual", "amendment", "award", "payment")
                     if name in fields and type(step).__name__ != "Application"), None)
    if kind in ("Award", "AwardObjection", "DataChange", "ReleaseRequest"):
        place.person = row.person_id
    if kind == "DataChange":
        place.colleges = owner(row.person).colleges
    return place


def may_see(role, user, row):
    kind = type(row).__name__
    if role not in (NATIONAL | LOCAL).get(kind, "").split():
        return False
    if kind in NATIONAL:
        return True
    place, level = owner(row), ROLES[role][1]
    if user.college_id and level == "unit":
        level = "nothing" if kind in WHOLE else "unit" if kind in COMMON else "college"
    if kind == "College" and level == "college":
        return row.id == user.college_id
    if kind == "Programme" and row.state != "draft":
        return True
    if kind in ("TrainingPlan", "Course"):
        programme = row.programme if kind == "TrainingPlan" else row.plan.programme
        return programme.state != "draft" or level == "nation" or may_see(role, user, programme)
    if kind == "ExamResult" and row.session.state != "published" and role != "exam":
        return False
    if kind == "CourseResult" and role == "applicant" and row.state != "published":
        return False
    if place.case is not None and place.case.state == "draft" and role != "applicant":
        return False
    return {"nation": True, "office": any(unit.office_id == user.office_id for unit in place.units), "unit": user.institution_id in {unit.id for unit in place.units},
            "college": user.institution_id in {unit.id for unit in place.units} and user.college_id in place.colleges, "nothing": False,
            "site": place.site is not None and place.site == user.site_ref, "own": place.person is not None and place.person == user.person_id}[level]


def test_the_rules_here_speak_of_every_entity():
    assert set(NATIONAL) | set(LOCAL) | BY_THEMSELVES | NOBODY == set(ENTITIES)


def test_every_role_sees_exactly_the_rows_that_the_rules_give_it(abundant):
    wrong, seen, kept = [], 0, 0
    for name in NATIONAL | LOCAL:
        kind = ENTITIES[name]
        rows = list(kind.select().limit(60))
        assert rows, f"no {name} in the world"
        for role, user in accounts(abundant) + of_colleges(abundant):
            visible = {row.id for row in kind.visible_to(user)}
            for row in rows:
                expected = may_see(role, user, row)
                seen, kept = seen + expected, kept + (not expected)
                if (row.id in visible) != expected or (kind.seen(user, row.id) is not None) != expected:
                    wrong.append(f"{user} ({role}) {'does not see' if expected else 'sees'} {name} {row.id}")
    assert wrong == [] and seen > 1000 and kept > 1000


def test_a_college_sees_a_part_of_its_unit_and_what_is_common_to_it(abundant):
    for name in set(LOCAL) - {"Programme", "TrainingPlan", "Course"}:
        for role in {"clerk", "reviewer", "unit_admin"} & set(LOCAL[name].split()):
            whole, economics, law = (set(ENTITIES[name].visible_to(user).tuples().select(ENTITIES[name].id)) for user in
                                     (getattr(abundant, role), abundant.economics[2][role], abundant.law[role]))
            assert whole >= economics | law and (name in WHOLE) == (not economics), name
            assert economics == law == whole if name in COMMON else not economics & law, name


def test_every_local_entity_shows_some_rows_and_hides_others_from_the_first_unit(abundant):
    for name, roles in LOCAL.items():
        kind, local = ENTITIES[name], [role for role in roles.split() if ROLES[role][1] != "nation" and role != "applicant"]
        for role in local:
            count = kind.visible_to(getattr(abundant, role)).count()
            assert 0 < count < kind.select().count(), f"{role} sees {count} of {name}"


def test_nobody_sees_what_names_no_reader(abundant):
    for name in NOBODY:
        assert ENTITIES[name].select().exists()
        assert [str(user) for _, user in accounts(abundant) if ENTITIES[name].visible_to(user).exists()] == []


def published(row):
    """Whether a row belongs to what the public list shows."""
    programme = {"Programme": lambda: row, "TrainingPlan": lambda: row.programme, "Course": lambda: row.plan.programme}.get(type(row).__name__)
    return programme is not None and programme().state != "draft"


def test_somebody_without_a_place_sees_nothing_that_belongs_to_one(abundant):
    """A missing place must not be read as 'where the place is empty'."""
    for role in (role for role, (_, level) in ROLES.items() if level != "nation"):
        nobody = account(f"nobody_{role}", role)
        for name in LOCAL:
            assert all(published(row) for row in ENTITIES[name].visible_to(nobody)), f"{role} without a place sees {name}"
        assert not File.visible_to(nobody).exists() and not Job.visible_to(nobody).exists()


def test_an_account_without_a_role_a_disabled_one_and_one_that_is_not_saved_see_nothing(abundant):
    plain = account("plain", institution=abundant.unit)
    abundant.clerk.disable(by=abundant.it)
    disabled = User.get_by_id(abundant.clerk.id)
    Job.create(kind="sweep", title="系统作业")
    for user in (plain, disabled, User()):
        for kind in ENTITIES.values():
            assert not kind.visible_to(user).exists(), f"{user} sees {kind.__name__}"


def test_an_account_with_two_roles_sees_what_either_sees(abundant):
    both = account("both", "clerk", "officer", institution=abundant.unit, office=abundant.unit2.office)
    units = {case.institution_id for case in Application.visible_to(both)}
    assert units == {abundant.unit.id, abundant.unit2.id}


def test_a_role_that_runs_out_today_still_sees_and_tomorrow_no_more(abundant):
    Grant.update(until=clock.today()).where(Grant.user == abundant.clerk).execute()
    assert Application.visible_to(User.get_by_id(abundant.clerk.id)).exists()
    with clock.at(clock.today() + dt.timedelta(days=1)):
        assert not Application.visible_to(User.get_by_id(abundant.clerk.id)).exists()


# the rules that people ask about --------------------------------------------------------------------------------------------------------------
def test_a_draft_is_seen_by_its_person_alone_with_its_files(abundant):
    draft = abundant.sides[0].draft
    mine = draft.applicants()[0]
    assert Application.seen(mine, draft.id) and File.seen(mine, draft.photo_id)
    for role, user in accounts(abundant):
        if user.id != mine.id:
            assert Application.seen(user, draft.id) is None and File.seen(user, draft.photo_id) is None, str(user)


def test_a_person_sees_his_published_results_only(world):
    case, session = world.registered(), world.session()
    user = case.applicants()[0]
    world.sat(case, session)
    row = CourseResult.add(world.clerk, application=case, course=world.programme.plans.get().courses.first(), score=80)
    assert not ExamResult.visible_to(user).exists() and not CourseResult.visible_to(user).exists()
    assert not ExamResult.visible_to(world.clerk).exists() and ExamResult.visible_to(world.exam).count() == 2
    row.publish(by=world.clerk)
    world.published(session)
    assert CourseResult.visible_to(user).count() == 1 and ExamResult.visible_to(user).count() == ExamResult.visible_to(world.clerk).count() == 2


def test_a_unit_sees_the_old_passes_of_its_own_people(abundant):
    assert [row.name for row in PriorPass.visible_to(abundant.clerk)] == [abundant.sides[0].register.applicants()[0].name]
    assert PriorPass.visible_to(abundant.centre).count() == 2


def test_reports_are_seen_by_the_office_of_the_unit(abundant):
    assert {report.institution for report in Report.visible_to(abundant.officer)} == {abundant.unit}
    assert {report.institution for report in Report.visible_to(abundant.officer2)} == {abundant.unit2}
    assert Report.visible_to(abundant.centre).count() == 2


def test_national_rows_are_seen_by_all_staff(abundant):
    staff = [user for role, user in accounts(abundant) if role != "applicant"]
    for name in ("Discipline", "ReportTerm", "ExamSession", "Institution"):
        assert all(ENTITIES[name].visible_to(user).count() == ENTITIES[name].select().count() for user in staff)
    assert ExamSession.visible_to(abundant.sides[0].draft.applicants()[0]).exists()


def test_a_unit_admin_sees_the_accounts_of_his_unit(abundant):
    assert {user.institution_id for user in User.visible_to(abundant.unit_admin)} == {abundant.unit.id}
    assert not User.visible_to(abundant.clerk).exists() and not Role.visible_to(abundant.clerk).exists()


def test_it_sees_no_case(abundant):
    for name in LOCAL.keys() - {"User", "College", "Outbox", "TimedRun", "NoticeTemplate", "Programme", "TrainingPlan", "Course"}:
        assert not ENTITIES[name].visible_to(abundant.it).exists(), name


# files and jobs -----------------------------------------------------------------------------------------------------------------------------------
def test_a_file_of_a_case_is_seen_with_the_case_and_never_elsewhere(abundant):
    first, second = abundant.sides
    photo = first.register.photo_id
    sees = {str(user) for _, user in accounts(abundant) if File.seen(user, photo)}
    assert sees == {"clerk", "reviewer", "officer", "centre", str(first.register.applicants()[0])}


def test_biometrics_are_seen_by_nobody(abundant):
    secret = [row.id for row in File.select().where(File.kind.in_(("scene", "fingerprint")))]
    assert secret and not any(File.seen(user, id) for _, user in accounts(abundant) for id in secret)


def test_the_result_of_a_job_is_seen_by_whoever_ordered_it(abundant):
    result = File.select().where(File.user_ref == abundant.clerk.id).get()
    assert [str(user) for _, user in accounts(abundant) if File.seen(user, result.id)] == ["clerk"]
    job = Job.get(Job.user_id == abundant.clerk.id)
    assert [str(user) for _, user in accounts(abundant) if Job.seen(user, job.id)] == ["clerk", "it"]


def test_a_log_in_is_seen_by_whose_it_is_by_security_and_by_the_auditor_and_a_key_by_its_owner_and_security(abundant):
    login, key = Login.get(Login.user == abundant.clerk), Passkey.get(Passkey.user == abundant.clerk)
    assert [str(user) for _, user in accounts(abundant) if Login.seen(user, login.id)] == ["clerk", "security", "auditor"]
    assert [str(user) for _, user in accounts(abundant) if Passkey.seen(user, key.id)] == ["clerk", "security"]


def test_a_letter_of_a_unit_is_seen_by_the_unit_and_its_office(abundant):
    letter = File.get((File.kind == "letter") & (File.institution == abundant.unit2))
    sees = {str(user) for _, user in accounts(abundant) if File.seen(user, letter.id)}
    assert sees == {"clerk2", "reviewer2", "officer2", "centre", "exam", "it"}


# steps ------------------------------------------------------------------------------------------------------------------------------------------
def test_every_step_is_refused_to_whoever_has_not_its_role_or_not_its_row(abundant):
    """Taken for real on rows of the world, by every account that must not: refused, and the row is as it was."""
    taken = 0
    for kind in ENTITIES.values():
        for step in getattr(kind, "steps", {}).values():
            for row in kind.select().limit(2):
                for role, user in accounts(abundant) + list(abundant.law.items()):
                    if role not in step.roles or not kind.seen(user, row.id):
                        with pytest.raises(Refused):
                            step.take(row, user, {ask.name: "x" for ask in step.asks})
                        taken += 1
                assert kind.get_by_id(row.id).__data__ == row.__data__, f"{kind.__name__}.{step.name}"
    assert taken > 1000
