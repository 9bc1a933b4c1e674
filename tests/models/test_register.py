"""Stage 7: the recheck with its verdicts, and a dismissal after which nothing of the case is left but its stump."""
import datetime as dt

import pytest
from peewee import CharField, TextField

from models import clock, files
from models.applications import GROUNDS, Application, start
from models.audit import Entry, Version
from models.awards import AgendaItem, Award, AwardObjection, Meeting
from models.base import db, on_sqlite, writing
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.courses import CourseResult
from models.defences import CommitteeMember, Defence, DefenceRequest, Thesis, ThesisReviewer, request_defence
from models.exemptions import Exemption
from models.exams.entering import enter
from models.exams.door import CheckIn
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.seats import Seat
from models.exams.tickets import AdmissionTicket
from models.exams.results import PriorPass
from models.exams.sites import Room
from models.files import File
from models.fingerprints import matcher
from models.fingerprints.templates import enrol
from models.objections import object_to
from models.outbox import Outbox
from models.reference import Province
from models.register import Finding, Recheck
from models.registry import ENTITIES
from models.sealed import BlindIndexField, SealedField
from tests.models.refusals import refused, sentences
from tests.world import picture

CANARY = "Ca7_3"          # short enough for every column


# recheck -------------------------------------------------------------------------------------------------------------------------------
def test_a_recheck_gives_each_case_of_the_register_its_verdict_with_the_figures(world):
    way, ready, asked = (world.registered(world.applicant(name)) for name in ("在途", "就绪", "答辩中"))
    left = world.registered(world.applicant("已退"))
    left.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    world.examined(ready, asked)
    for case in (ready, asked):
        world.studied(case)
    request_defence(asked, asked.applicants()[0])

    def verdicts(day):
        run = Recheck.add(world.clerk, institution=world.unit, name=f"{day}", as_of=day).run(by=world.clerk)
        return {finding.application.person.name: finding.verdict for finding in run.findings}, run
    found, run = verdicts(dt.date(2026, 7, 1))
    assert found == {"在途": "on_the_way", "就绪": "ready", "答辩中": "in_defence"}
    assert run.counts == {"on_the_way": 1, "ready": 1, "in_defence": 1}
    told = run.findings.where(Finding.application == way).get().conditions
    assert [condition.title for condition in told] == ["在规定年限内", "通过国家统考", "修满学分", "数据一致"]
    assert (told[2].required, told[2].actual, told[2].gap) == ("30 学分", "0 学分", "30 学分")
    assert verdicts(dt.date(2030, 9, 21))[0]["在途"] == "soon" and verdicts(dt.date(2030, 9, 20))[0]["在途"] == "on_the_way"
    assert verdicts(dt.date(2031, 3, 20))[0]["在途"] == "soon" and verdicts(dt.date(2031, 3, 21))[0] == {"在途": "over_limit", "就绪": "over_limit", "答辩中": "in_defence"}


def test_a_recheck_runs_over_its_own_unit_only(world):
    world.registered(programme=world.publish(world.unit2, world.clerk2))
    assert Recheck.add(world.clerk, institution=world.unit, name="一").run(by=world.clerk).counts == {}


# dismissal -------------------------------------------------------------------------------------------------------------------------------
def planted(world):
    """A case as far as it goes without a degree, with the canary in every text of every row and file, and in its history."""
    case = world.registered(degree_unit=CANARY, employer=CANARY)
    user = case.applicants()[0]
    case.photo.path.write_bytes(picture() + CANARY.encode())
    scan = File.keep(CANARY.encode(), f"{CANARY}.pdf", "document", "application/pdf", institution=case.institution_id, person_ref=user.person_id, case_ref=case.id)
    ENTITIES["Document"].add(user, application=case, title=CANARY, file=scan)
    Extension.add(user, application=case, ground="other", until=dt.date(2032, 1, 1), statement=CANARY, document=scan).withdraw(by=user)
    ProgrammeChange.add(user, application=case, programme=world.publish(world.unit, world.clerk, code="0301"), statement=CANARY).withdraw(by=user)
    session = world.session()
    world.sat(case, session)
    entry, room = ExamEntry.get(), Room.create(site=world.site, number="001")
    Seat.create(entry=entry, session=session, subject=entry.subject, room=room, site=world.site, number=1)
    AdmissionTicket.create(entry=entry, session=entry.session_id, number="261100110100101", file=File.keep(CANARY.encode(), "t.pdf", "document", "application/pdf", case_ref=case.id))
    CheckIn.create(entry=entry, site=world.site, attempt=1, reason=CANARY, note=CANARY)
    enrol(world.clerk, case, 1, matcher.Print(CANARY.encode(), 50, 40))
    world.published(session)
    exempted = Exemption.add(world.clerk, application=case, course=case.plan.courses.first(), institution=world.unit, ground="other",
                             statement=CANARY, document=scan)
    exempted.withdraw(by=world.clerk)
    world.studied(case)
    result = CourseResult.select().first()
    result.change(world.clerk, score=result.score + 1, reason="更正")
    object_to(result, CANARY, user).withdraw(by=user)
    case = world.admit(case)
    defence = world.defence(case)
    ThesisReviewer.select().first().change(world.clerk, opinion=CANARY, agrees=True)
    defence.record_pass(by=world.clerk)
    award = Award.get()
    AwardObjection.add(world.clerk, award=award, name=CANARY, contact=CANARY, statement=CANARY).reject(by=world.reviewer, reason="不成立")
    AgendaItem.add(world.clerk, meeting=Meeting.add(world.clerk, institution=world.unit, number="1", held_on=clock.today(), members=9), award=award)
    Recheck.add(world.clerk, institution=world.unit, name="复核").run(by=world.clerk)
    for kind in (ThesisReviewer, CommitteeMember):
        kind.update({name: CANARY for name in free_texts(kind)}).execute()
    for kind in (Award, Thesis, DefenceRequest):
        kind.update({name: CANARY for name in free_texts(kind)}).execute()
        row = kind.select().first()
        row.change(world.clerk, **{name: CANARY + "b" for name in row.editable if name in free_texts(kind)})
    for kind in (Application, Defence):
        kind.update({name: CANARY for name in free_texts(kind)}).execute()
    Finding.update(figures=[CANARY]).execute()
    return Application.get_by_id(case.id)


def free_texts(kind):
    """Names of the fields of a kind that hold what somebody wrote."""
    return [name for name, field in kind._meta.fields.items()
            if isinstance(field, (CharField, TextField)) and not isinstance(field, (SealedField, BlindIndexField)) and not field.choices and not field.unique
            and name not in ("state", "register_number", "dismissal_reason", "number", "degree_unit_code") and getattr(field, "max_length", 99) >= 6]


def whole_database():
    """{table: everything that stands in it, as text}."""
    return {table: "\n".join(str(row) for row in db.execute_sql(f'SELECT * FROM "{table}"').fetchall()) for table in db.get_tables()}


def all_files():
    return [path for path in files._folder.rglob("*") if path.is_file()]


def test_after_a_dismissal_nothing_that_was_written_about_the_case_is_left(world):
    case = planted(world)
    before = {table for table, text in whole_database().items() if CANARY in text}
    assert before == {"application", "document", "thesis", "thesis_reviewer", "committee_member", "defence", "defence_request", "award", "finding",
                      "file", "check_in", "version", "extension", "programme_change", "exemption", "objection", "award_objection"}
    assert any(CANARY.encode() in path.read_bytes() for path in all_files())
    case.dismiss(by=world.clerk, ground="breach", reason="考试违纪，文号〔2026〕3 号")
    assert {table for table, text in whole_database().items() if CANARY in text} == set()
    assert not any(CANARY.encode() in path.read_bytes() for path in all_files())
    assert all_files() == [] and not File.select().where(File.case_ref == case.id).exists()


def test_after_a_dismissal_the_stump_says_who_which_unit_why_and_how_much_went(world):
    case = planted(world)
    register_number = case.register_number
    case.dismiss(by=world.clerk, ground="breach", reason="考试违纪")
    stump = Application.get_by_id(case.id)
    assert (stump.state, stump.institution, stump.person.name, stump.register_number) == ("dismissed", world.unit, "林叙白", register_number)
    assert (stump.dismissal_ground, stump.dismissal_reason, stump.dismissed_at) == ("breach", "考试违纪", clock.now())
    assert stump.cleared.items() >= {"统考报考": 2, "统考成绩": 2, "课程成绩": 3, "现场确认": 1, "学位论文": 1, "论文评阅": 3, "答辩委员": 5, "学位授予": 1, "指纹模板": 1}.items()
    assert stump.photo is None and stump.employer == stump.opinion == stump.degree_unit == ""


def test_after_a_dismissal_the_entries_stay_and_the_values_are_gone(world):
    case = planted(world)
    entries = Entry.select().where(Entry.case_ref == case.id).count()
    assert Version.select().where(Version.case_ref == case.id).exists()
    case.dismiss(by=world.clerk, ground="breach", reason="考试违纪")
    assert Entry.select().where(Entry.case_ref == case.id).count() == entries + 1
    assert not Version.select().where(Version.case_ref == case.id).exists()
    last = Entry.select().where(Entry.verb == "dismiss").get()
    assert "employer" in last.names.split() and len(last.digest) == 64


def test_payments_and_passes_from_before_stay_in_their_books(world):
    case = world.registered()
    PriorPass.add(world.centre, name="林叙白", document_number=case.person.document_number, kind="language", subject_name="英语", passed_on=dt.date(2010, 5, 30))
    session = world.session(subjects=("202",))
    world.sat(case, session)
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert Payment.get().state == "paid" and Payment.get().amount == 100 and PriorPass.select().count() == 1


def test_what_was_still_to_be_paid_is_paid_no_more(world):
    case, session = world.registered(), world.session()
    enter(case, session, [session.subjects.first()], Province.get(Province.code == "11"), world.site, case.applicants()[0])
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert Payment.get().state == "closed"


def test_a_dismissed_person_may_apply_anew_at_once_and_elsewhere(world):
    case, other = world.registered(), world.publish(world.unit2, world.clerk2)
    user = case.applicants()[0]
    assert "已入册" in sentences(start, user.person, other, user)[0]
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert start(user.person, other, user).state == "draft"


def test_the_person_is_told_the_reason(world):
    case = world.registered()
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请退出")
    told = Outbox.get(Outbox.template == "Application.dismiss")
    assert told.user_id == case.applicants()[0].id and "本人申请退出" in told.body


def test_somebody_with_a_degree_cannot_be_dismissed(world):
    case = world.awarded()
    assert sentences(case.dismiss, by=world.clerk, ground="breach", reason="x") == ["现在的状态不能“清退”：要求 在册、答辩待审、待答辩、已答辩，实际 已授学位"]
    assert case.course_results.count() == 3


@pytest.mark.parametrize("ground", [code for code, _ in GROUNDS])
def test_every_ground_needs_its_reason(world, ground):
    case = world.registered()
    assert refused(case.dismiss, by=world.reviewer, ground=ground).fields == {"reason": "请填写说明"}
    assert case.dismiss(by=world.reviewer, ground=ground, reason="依据").state == "dismissed"


def test_a_dismissal_that_is_taken_back_takes_back_everything_and_keeps_the_files(world):
    case = planted(world)
    before, kept = whole_database(), sorted(all_files())
    with pytest.raises(ZeroDivisionError), writing():
        case.dismiss(by=world.clerk, ground="breach", reason="考试违纪")
        1 / 0
    assert whole_database() == before and sorted(all_files()) == kept


def test_a_dismissal_inside_a_larger_transaction_that_goes_on_without_it_keeps_the_files(world):
    """The inner part is taken back, the outer one is committed: the bytes must still be there."""
    case, kept = world.registered(), sorted(all_files())
    with writing():
        with pytest.raises(ZeroDivisionError), writing():
            case.dismiss(by=world.clerk, ground="breach", reason="考试违纪")
            1 / 0
    assert sorted(all_files()) == kept and Application.get_by_id(case.id).photo.read()


def test_nothing_is_cleared_but_the_case_itself(world):
    case, other = planted(world), world.registered(world.applicant("邻座"))
    world.studied(other)
    before = {kind: kind.select().where(kind.application == other).count() for kind in ENTITIES.values() if "application" in kind._meta.fields}
    versions = Version.select().where(Version.case_ref == other.id).count()
    case.dismiss(by=world.clerk, ground="breach", reason="考试违纪")
    assert {kind: kind.select().where(kind.application == other).count() for kind in before} == before
    assert Version.select().where(Version.case_ref == other.id).count() == versions
    assert Application.get_by_id(other.id).photo.read()


# sealed ------------------------------------------------------------------------------------------------------------------------------------
def test_no_document_number_and_no_phone_stands_anywhere_in_clear(world):
    """Not in a table, not in a file of the database, not after a report with frozen lines."""
    number = "11010519880229117X"
    user = world.applicant(document_number=number, phone="13812345678")
    number = user.person.document_number
    case = world.registered(user)
    user.person.change(user, phone="13887654321")
    PriorPass.add(world.centre, name="林叙白", document_number=number, kind="language", subject_name="俄语", passed_on=dt.date(2010, 5, 30))
    world.examined(case)
    world.studied(case)
    world.graduate(world.admit(case))
    term = world.term(award_from=dt.date(2026, 3, 1), report_from=dt.date(2026, 3, 1))
    report = term.reports.where(term.reports.model.institution == world.unit).get().submit(by=world.clerk)
    assert report.current_lines().get().values["ZJHM"] == number
    for table, text in whole_database().items():
        assert not [secret for secret in (number, "13812345678", "13887654321") if secret in text], table
    if on_sqlite():
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(db.database, "rb") as raw:
            assert number.encode() not in raw.read()


def test_biometrics_are_encrypted_on_disk_and_open_only_in_their_place(world):
    case = world.confirmed()
    confirmation = case.confirmations.get()
    for kept in (confirmation.scene, confirmation.finger_one):
        stored = kept.path.read_bytes()
        assert kept.encrypted and picture()[:20] not in stored and kept.read() == picture()
    confirmation.finger_one.path.write_bytes(confirmation.scene.path.read_bytes())
    with pytest.raises(ValueError, match="已损坏或被移动"):
        confirmation.finger_one.read()


def test_a_file_that_was_changed_on_disk_is_not_served(world):
    photo, result = world.confirmed().photo, File.keep(b"rows", "x.xlsx", "result", "application/zip")
    for kept, sentence in ((photo, "已损坏或被移动"), (result, "密文不完整")):
        kept.path.write_bytes(b"something else")
        with pytest.raises(ValueError, match=sentence):
            kept.read()
