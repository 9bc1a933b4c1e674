"""A world with at least one row of every entity in two units, for the tests that look at all of them: first all of one unit, then all of the other."""
import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from models import auditdays, clock
from models.applications import Document
from models.awards import Award, AwardObjection
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.handover import Handover
from models.changes.merging import PersonMerge
from models.changes.programme import ProgrammeChange
from models.colleges import College
from models.comments import say
from models.consents import record_consent
from models.courses import CourseResult
from models.defences import CheckItem, attach
from models.dismissals import Dismissal
from models.exemptions import Exemption
from models.exams.arriving import PaymentNotice
from models.exams.door import CheckIn
from models.exams.elsewhere import GuestSitting
from models.exams.entries import ExamEntry
from models.exams.rechecks import ResultRecheck
from models.exams.results import ExamResult
from models.exams.seats import SeatedRoom, Seat
from models.exams.statements import draw_up
from models.exams.tickets import AdmissionTicket
from models.exams.tries import PaymentTry
from models.exams.results import PriorPass
from models.exams.sites import ExamSite, Room
from models.figures import draw_up as draw_up_figures
from models.files import File
from models.fingerprints.templates import FingerTemplate
from models.imports import ImportChunk, ImportRun
from models.jobs import Job
from models.limits import count
from models.logins import Login
from models.notices import NoticeTemplate
from models.objections import object_to
from models.passkeys import Passkey
from models.people import FormerDocument
from models.printouts import issue as issue_paper, says
from models.programmes import Course, Programme, TrainingPlan
from models.record import BY_CODE
from models.reference import Announcement, InstitutionName, Province
from models.register import Recheck
from models.releases import ask_release
from models.screens import ScreenVersion
from models.tokens import ApiToken
from models.transcripts import contents, issue, new_code
from models.legacy import LegacyRecord
from models.retention import RetentionReport
from models.reports import Amendment, AmendmentItem, AnnualReport, Report
from models.throttles import Throttle
from tests.world import account, picture


def fill_up(world):
    """Both sides, and the log sealed: the world has `sides`, what belongs to the first unit in Beijing and to the second in Shanghai."""
    begin(world)
    first(world)
    second(world)
    with clock.at(clock.today() + clock.days(1)):
        auditdays.seal()
    return world


def begin(world):
    """What both sides share: the programmes, the session that one person of each has sat, and the rows of the nation. All that comes to the first side belongs
    to one of its two colleges; of the other, `law`, there are the accounts and one person who waits for the review."""
    world.sides = [
        SimpleNamespace(unit=world.unit, office=world.unit.office, clerk=world.clerk, reviewer=world.reviewer, programme=world.programme, site=world.site),
        SimpleNamespace(unit=world.unit2, office=world.unit2.office, clerk=world.clerk2, reviewer=world.reviewer2,
                        programme=world.publish(world.unit2, world.clerk2),
                        site=ExamSite.create(province=Province.get(Province.code == "31"), code="001", name="上海第一考点"))]
    world.sitting = world.session()
    world.economics, law = world.colleges()
    world.law = law[2]
    world.confirmed(world.applicant("法学一"), law[1])
    College.add(world.unit_admin2, institution=world.unit2, name="法学院")
    for number, side in enumerate(world.sides, 1):
        side.other = world.publish(side.unit, side.clerk, code="0301") if number == 2 else law[1]
        side.master = world.registered(world.applicant(f"硕士{number}"), side.programme)
        world.sat(side.master, world.sitting)
    world.published(world.sitting)
    world.season = world.term(award_from=dt.date(2026, 3, 1), report_from=dt.date(2026, 3, 1))
    draw_up("alipay", dt.date(2026, 3, 19), {("paid", "2026"): Decimal(100)})
    PaymentNotice.create(provider="alipay", way="notify", number="2026", verdict="unknown", digest="0" * 64)
    Announcement.add(world.centre, title="公告", body="内容")
    InstitutionName.create(institution=world.unit, name="旧名")
    RetentionReport.create(rule="log_ins", title="登录记录", parameter="login.keep_days", days=400, due=0, coming=0)
    draw_up_figures()
    NoticeTemplate.add(world.it, code="Application.stale")
    ApiToken.issue(world.officer, "数据中心", world.programme.apply_until)
    count("public.per_address", "visitor")
    Login.begin(world.clerk, "token", "password")
    Passkey.add(world.clerk, user=world.clerk, name="安全钥匙", credential="id", public_key="key")
    Throttle.create(key="address:1")
    ScreenVersion.apply(world.it, "application", 'title = "申请"\n', "", "改名", 0)


def first(world):
    """All that belongs to the first side."""
    side = world.sides[0]
    ImportChunk.create(run=ImportRun.create(kind="course_result", title="课程成绩", user=world.clerk, institution=world.unit, name="成绩.xlsx",
                                                 head={"row": 1, "titles": ["姓名"], "places": {}}), number=1)
    fill(world, side, 1, world.sitting)
    report(world, side)


def second(world):
    """All that belongs to the second side."""
    fill(world, world.sides[1], 2, world.sitting)
    report(world, world.sides[1])


def report(world, side):
    """The report of one side, handed in."""
    row = Report.get(Report.term == world.season, Report.institution == side.unit)
    row.submit(by=side.clerk)
    after_filing(side, row)


def after_filing(side, report):
    """A record of the legacy door and a request, both drafts."""
    LegacyRecord.create(annual=AnnualReport.get(AnnualReport.report == report), institution=side.unit, name="旧人", document_number=f"OLD{side.unit.code}",
                        values=dict.fromkeys(BY_CODE, ""))
    amendment = Amendment.create(report=report, institution=side.unit, kind="change")
    AmendmentItem.create(amendment=amendment, institution=side.unit, award=side.award)


def fill(world, side, number, session):
    """One side's rows beyond the case that gets its degree: a draft, cases under way, and what the exam and the jobs leave."""
    world.studied(side.master)
    side.draft = world.draft(world.applicant(f"草稿{number}"), side.programme)
    side.register = world.registered(world.applicant(f"在册{number}"), side.programme)
    user = side.register.applicants()[0]
    scan = File.keep(picture(60, 80), "证书.jpg", "document", "image/jpeg", institution=side.unit, person_ref=user.person_id, case_ref=side.register.id)
    Document.add(user, application=side.register, title="学位证书", file=scan)
    say(side.register, "材料已核", side.clerk)
    CourseResult.add(side.clerk, application=side.register, course=Course.select().where(Course.plan == side.programme.plans.get()).order_by(Course.id).first(), score=Decimal(70))
    PriorPass.add(world.centre, name=user.name, document_number=user.person.document_number, kind="language", subject_name="英语", passed_on=dt.date(2010, 5, 30))
    entry = ExamEntry.select().where(ExamEntry.application == side.master).first()
    GuestSitting.create(application=side.register, institution=side.unit, session=session, province=Province.get(Province.code == "32"), statement="出差")
    PaymentTry.create(payment=entry.payment, provider="alipay", number=f"2026{number}", amount=entry.payment.amount)
    room = Room.create(site=side.site, number="001")
    Seat.create(entry=entry, session=session, subject=entry.subject, room=room, site=side.site, number=1)
    SeatedRoom.create(session=session, subject=entry.subject, site=side.site, room=room, seated=1)
    ResultRecheck.create(application=side.master, institution=side.unit, session=session, result=ExamResult.get(ExamResult.entry == entry), statement="漏评")
    AdmissionTicket.create(entry=entry, session=session, number=f"26110011010010{number}")
    CheckIn.create(entry=entry, site=side.site, attempt=1)
    FingerTemplate.create(application=side.master, finger=1, kept=b"sealed", quality=50, minutiae=40)
    paper = File.keep(b"%PDF-1.4", "论文.pdf", "document", "application/pdf", institution=side.unit, person_ref=side.master.person_id, case_ref=side.master.id)
    attach(side.master, side.master.applicants()[0], "学位论文", paper)
    CheckItem.add(side.reviewer, institution=side.unit, title="学位论文定稿")
    world.graduate(world.admit(side.master))
    side.award = Award.get(Award.application == side.master)
    side.award.reissue(by=side.clerk, ground="damaged", reason="受潮")
    AwardObjection.create(award=side.award, institution=side.unit, person=user.person, raised_by=user, name=user.name, statement="论文雷同", state="rejected")
    Recheck.add(side.clerk, institution=side.unit, name="复核").run(by=side.clerk)
    ask_for_changes(world, side, user, scan)
    side.planned = Programme.add(side.clerk, institution=side.unit, discipline=side.programme.discipline, year=2027, apply_from=dt.date(2027, 1, 1),
                                 apply_until=dt.date(2027, 4, 1), confirm_from=dt.date(2027, 1, 1), confirm_until=dt.date(2027, 5, 1))
    plan = TrainingPlan.add(side.clerk, programme=side.planned)
    Course.add(side.clerk, plan=plan, code="EC601", name="新课程", credits=Decimal(3))
    Job.create(kind="export", title="导出", user_id=side.clerk.id)
    File.keep(b"rows", "导出.xlsx", "result", "application/octet-stream", institution=side.unit, user_ref=side.clerk.id)
    File.keep(b"letter", "函.pdf", "letter", "application/pdf", institution=side.unit)
    if number == 2:
        side.site_head, side.door = (account(f"{role}2", role, site_ref=side.site.id) for role in ("site_head", "door"))


def ask_for_changes(world, side, user, scan):
    """What life brings to the case of the register, none of it decided; and what belongs to accounts and persons."""
    person, case = user.person, side.register
    courses = list(Course.select().where(Course.plan == side.programme.plans.get()).order_by(Course.id))
    Exemption.add(side.clerk, application=case, course=courses[2], ground="language", document=scan)
    object_to(CourseResult.add(side.clerk, application=case, course=courses[1], score=Decimal(50)).publish(by=side.clerk), "漏改一题", user)
    issue(case, contents([case])[case.id], side.clerk, new_code())
    issue_paper("review", case, says("review", case), side.clerk, new_code())
    Extension.add(user, application=case, ground="illness", until=dt.date(2032, 1, 1), document=scan)
    ProgrammeChange.add(user, application=case, programme=side.other)
    DataChange.add(user, person=person, institution=side.unit, email=f"new{person.id}@example.cn")
    record_consent(user, person, "privacy")
    FormerDocument.create(person=person, document_number=f"OLD{person.id}")
    Dismissal.add(side.clerk, application=case, ground="breach", statement="违纪")
    ask_release(person, None, user)
    PersonMerge.add(world.centre, kept=person, double=side.draft.person, statement="同一人")
    Handover.add(world.it, institution=side.unit, leaver=side.clerk, successor=side.reviewer)
