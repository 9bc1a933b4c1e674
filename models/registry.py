"""Every entity by its name, the migrations, and the reference data: what needs the whole of the models at once."""
from pathlib import Path

from playhouse.migrations import run

from models import consents, parameters, people, reference
from models.applications import Application, Confirmation, Document
from models.audit import Entry, Version
from models.auditdays import AuditDay
from models.awards import AgendaItem, Award, AwardObjection, Meeting, Reissue
from models.base import db
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.handover import Handover
from models.changes.merging import PersonMerge
from models.changes.programme import ProgrammeChange
from models.colleges import College
from models.comments import Comment
from models.consents import Consent, ConsentText
from models.courses import CourseResult
from models.defences import CheckItem, CommitteeMember, Defence, DefenceRequest, RequestDocument, Thesis, ThesisReviewer
from models.dismissals import Dismissal
from models.exams import sessions
from models.exams.arriving import PaymentNotice
from models.exams.door import CheckIn
from models.exams.elsewhere import GuestSitting
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.places import Place
from models.exams.rechecks import ResultRecheck
from models.exams.results import ExamResult, PriorPass
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom, Seat, Seed
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.exams.statements import Statement, StatementLine
from models.exams.tickets import AdmissionTicket
from models.exams.tries import PaymentTry
from models.exemptions import Exemption
from models.figures import PublicFigures
from models.files import File
from models.fingerprints.templates import FingerTemplate
from models.imports import ImportChunk, ImportRun
from models.jobs import Job
from models.legacy import LegacyRecord
from models.limits import Tally
from models.logins import Login
from models.notices import NoticeTemplate
from models.objections import Objection
from models.outbox import Outbox
from models.parameters import Parameter
from models.passkeys import Passkey
from models.people import FormerDocument, Grant, Person, Role, User
from models.printouts import Printout
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Announcement, Code, Discipline, Institution, InstitutionName, Office, Province
from models.register import Finding, Recheck
from models.releases import ReleaseRequest
from models.reports import Amendment, AmendmentItem, AnnualReport, InstitutionHead, Report, ReportLine, ReportTerm
from models.retention import RetentionReport
from models.screens import OwnView, ScreenVersion
from models.serials import Serial
from models.staff import Expert
from models.throttles import Throttle
from models.timed import TimedRun
from models.tokens import ApiToken
from models.transcripts import Transcript

ENTITIES = {kind.__name__: kind for kind in (
    Entry, Version, AuditDay, Outbox, Serial, Province, Office, Institution, InstitutionName, College, Discipline, Code, Announcement, Parameter, File, Person, Role,
    User, Grant, Login, Passkey, Throttle, Job, Programme, TrainingPlan, Course, Application, Document, Confirmation, Comment, FingerTemplate, CourseResult,
    Subject, ExamSession, SessionSubject,
    ExamSite, Room, Payment, ExamEntry, Seat, AdmissionTicket, CheckIn, ExamResult, PriorPass, Recheck, Finding, Award, Meeting, AgendaItem,
    AwardObjection, Reissue, CheckItem, DefenceRequest, RequestDocument, Expert, Thesis, ThesisReviewer, Defence, CommitteeMember, ReportTerm, Report,
    ReportLine, AnnualReport, InstitutionHead, LegacyRecord, Amendment, AmendmentItem,
    FormerDocument, Extension, ProgrammeChange, DataChange, PersonMerge, Handover, Dismissal, ReleaseRequest,
    ImportRun, ImportChunk, TimedRun, NoticeTemplate, Exemption,
    Objection, Transcript, Printout, ApiToken, Tally, Seed, SeatPlan, SeatedRoom, ResultRecheck,
    Place, GuestSitting, PaymentTry, PaymentNotice, Statement, StatementLine, ScreenVersion, OwnView, ConsentText, Consent, RetentionReport,
    PublicFigures)}
MIGRATIONS = Path(__file__).parent / "migrations"


def migrate():
    """Bring the connected database up to date; returns the names of the migrations applied now."""
    return run(db.obj, str(MIGRATIONS))


def load_reference():
    """Load what `setup` ships: code tables, institutions, disciplines, papers, parameters, roles. Safe to repeat."""
    reference.load()
    sessions.load()
    parameters.load()
    people.load()
    consents.load()
