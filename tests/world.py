"""A small world for tests: two provinces, two units, an account per role, one published programme, and helpers that carry a case
to any state by the steps themselves, each taken by the account whose step it is."""
import datetime as dt
import io
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

from fpdf import FPDF
from PIL import Image

from models import clock
from models.applications import Application, Confirmation, start
from models.awards import AgendaItem, Award, Meeting
from models.colleges import College
from models.courses import CourseResult
from models.defences import CommitteeMember, Defence, Thesis, ThesisReviewer, request_defence
from models.exams.entering import enter
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite
from models.files import File
from models.identity import normal_document
from models.logins import Login
from models.people import Grant, Person, Role, User
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline, Institution, Province
from models.reports import InstitutionHead, ReportTerm
from models.sealed import blind
from models.staff import Expert

DAY = dt.date(2026, 3, 20)          # the day on which the world begins
PASSWORD = "Tongli-2013"
YEARS = 5_000_000                   # minutes


def picture(width=390, height=567, colour="steelblue", form="JPEG"):
    """Bytes of a plain picture."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, form)
    return data.getvalue()


def pdf(*pages):
    """Bytes of a plain PDF with these texts, one a page."""
    paper = FPDF()
    paper.set_creation_date(dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc))
    paper.set_font("helvetica")
    for text in pages or ("page",):
        paper.add_page()
        paper.cell(text=text)
    return bytes(paper.output())


def number_for(serial, born="19900101", area="110105"):
    """A valid invented resident number."""
    from stdnum.iso7064.mod_11_2 import calc_check_digit
    body = f"{area}{born}{serial:03d}"
    return body + calc_check_digit(body)


def account(name, *roles, **place):
    """An account with roles and a place (institution, office, site_ref or person)."""
    user = User.create(username=name, name=name, email=f"{name}@example.cn", fs_uniquifier=uuid4().hex, **place)
    for role in roles:
        Grant.create(user=user, role=Role.get(Role.name == role))
    return user


def let_in(client, user, **values):
    """Log a client in as a user, without the cost of a password; returns the Login."""
    login = Login.create(**{"user": user, "user_name": str(user), "token": blind(token := uuid4().hex), "means": "password", "proved_at": clock.now(),
                            "seen_at": clock.now(), "idle": YEARS, "until": clock.now() + dt.timedelta(minutes=YEARS)} | values)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["login"] = user.fs_uniquifier, True, token
    return login


class World:
    """Accounts by role as attributes (`clerk`, `reviewer`, ... of unit 10001 in Beijing; `clerk2`, `reviewer2`, `officer2` of 10246 in Shanghai)."""

    def __init__(self):
        self.serial = 0
        self.unit, self.unit2 = (Institution.get(Institution.code == code) for code in ("10001", "10246"))
        Institution.update(taking_part=True).where(Institution.code.in_(["10001", "10246"])).execute()
        self.unit, self.unit2 = (Institution.get(Institution.code == code) for code in ("10001", "10246"))
        self.site = ExamSite.create(province=Province.get(Province.code == "11"), code="001", name="北京第一考点", capacity=300)
        for role in ("clerk", "reviewer", "unit_admin"):
            setattr(self, role, account(role, role, institution=self.unit))
            setattr(self, role + "2", account(role + "2", role, institution=self.unit2))
        self.officer, self.officer2 = account("officer", "officer", office=self.unit.office), account("officer2", "officer", office=self.unit2.office)
        for clerk in (self.clerk, self.clerk2):
            InstitutionHead.add(clerk, institution=clerk.institution_id, president="柳一舟", chair="柳一舟", valid_from=dt.date(2009, 1, 1))
        for role in ("centre", "exam", "it", "security", "auditor"):
            setattr(self, role, account(role, role))
        for role in ("site_head", "door"):
            setattr(self, role, account(role, role, site_ref=self.site.id))
        self.programme = self.publish(self.unit, self.clerk)

    def colleges(self):
        """The first unit gets two: its programme goes to 经济学院, a new one (0301) is of 法学院, each has a clerk, a reviewer and an administrator. Returns
        [(college, programme, {role: account})]."""
        found = []
        for name, word in (("经济学院", "economics"), ("法学院", "law")):
            college = College.add(self.unit_admin, institution=self.unit, name=name)
            programme = self.publish(self.unit, self.clerk, code="0301", college=college) if found else self.programme.change(self.clerk, college=college)
            found.append((college, programme, {role: account(f"{role}_{word}", role, institution=self.unit, college=college)
                                               for role in ("clerk", "reviewer", "unit_admin")}))
        return found

    def publish(self, unit, clerk, code="0202", **values):
        """A published programme with a plan of three courses of ten credits; open from January to April of the world's year."""
        year = values.get("year", DAY.year)
        programme = Programme.add(clerk, institution=unit, discipline=Discipline.get(Discipline.catalogue == "2011", Discipline.code == code), **({
            "year": year, "year_limit": 5, "min_credits": Decimal(30), "apply_from": dt.date(year, 1, 1), "apply_until": dt.date(year, 4, 15),
            "confirm_from": dt.date(year, 1, 1), "confirm_until": dt.date(year, 5, 15), "place": "研究生院 102 室", "contact": "张老师",
            "phone": "010-62750000"} | values))
        plan = TrainingPlan.add(clerk, programme=programme)
        for n in (1, 2, 3):
            Course.add(clerk, plan=plan, code=f"EC50{n}", name=f"课程{n}", credits=Decimal(10))
        return programme.publish(by=clerk)

    def applicant(self, name="林叙白", **values):
        """A person with an account; the account is returned, `account.person` is the person."""
        self.serial += 1
        number = values.pop("document_number", None) or number_for(self.serial)
        person = Person.create(**({"name": name, "name_pinyin": "LIN XUBAI", "document_type": "01", "document_number": normal_document(number), "sex": "1",
                                   "birth_date": dt.date(1990, 1, 1), "ethnic_group": "01", "political_status": "13", "phone": f"138{self.serial:08d}",
                                   "email": f"p{self.serial}@example.cn", "consent_version": "2026-1"} | values))
        return account(f"person{self.serial}", "applicant", person=person)

    def draft(self, user, programme=None, **values):
        """A draft filled completely."""
        case = start(user.person, programme or self.programme, user)
        photo = File.keep(picture(), "photo.jpg", "photo", "image/jpeg", institution=case.institution_id, person_ref=user.person_id, case_ref=case.id)
        return case.change(user, **({
            "degree_ground": "bachelor", "degree_unit": "北京大学", "degree_unit_code": "10001", "degree_date": dt.date(2012, 6, 30), "degree_category": "402",
            "degree_subject": "经济学", "degree_number": "1000142012000001", "graduated_from": "北京大学", "graduated_from_code": "10001",
            "education_level": "21", "language": "01", "employer": "某研究所", "photo": photo} | values))

    def confirmation(self, case, clerk=None, **values):
        """A complete on-site confirmation."""
        keep = lambda kind: File.keep(picture(), f"{kind}.png", kind, "image/png", institution=case.institution_id, case_ref=case.id)      # noqa: E731
        clerk = clerk or self.hands(case)[0]
        return Confirmation.add(clerk, **({
            "application": case, "institution": case.institution_id, "originals": ["学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见"],
            "biometric_consent": True, "scene": keep("scene"), "finger_one": keep("fingerprint"), "finger_two": keep("fingerprint"),
            "form_scan": keep("form"), "confirmed_by": clerk} | values))

    def hands(self, case):
        """The clerk and the reviewer of the unit that a case is with."""
        return (self.clerk, self.reviewer) if case.institution_id == self.unit.id else (self.clerk2, self.reviewer2)

    def confirmed(self, user=None, programme=None, **values):
        """A case that waits for its review."""
        user = user or self.applicant()
        case = self.draft(user, programme, **values).submit(by=user)
        self.confirmation(case)
        return case.confirm(by=self.hands(case)[0])

    def registered(self, user=None, programme=None, on=DAY, **values):
        """A case on the register, entered on a day."""
        with clock.at(on):
            case = self.confirmed(user, programme, **values)
            return case.approve(by=self.hands(case)[1], opinion="同意")

    def session(self, year=None, subjects=("101", "202")):
        """An open exam session in the world's year: entries in March, exam in May."""
        year = year or DAY.year
        session = ExamSession.add(self.exam, name=f"{year} 年统考", year=year, entry_from=dt.date(year, 3, 1), entry_until=dt.date(year, 3, 31),
                                  exam_on=dt.date(year, 5, 23))
        for code in subjects:
            SessionSubject.add(self.exam, session=session, subject=Subject.get(Subject.code == code))
        return session.open(by=self.exam)

    def sat(self, case, session, score=70):
        """The case enters every subject that applies, pays, sits and passes; the session is not published yet."""
        user = case.applicants()[0]
        from models.exams.entering import subjects_for
        with clock.at(session.entry_from):
            province = case.institution.province        # at the site, where the unit is in its province
            site = self.site if self.site.province_id == province.id else None
            entries = enter(case, session, [item for item, why in subjects_for(case, session) if why is None], province, site, user)
            entries[0].payment.record(by=self.exam, reference="线下-001")
        for entry in entries:
            ExamResult.add(self.exam, entry=type(entry).get_by_id(entry.id), score=Decimal(score))

    def published(self, session):
        with clock.at(session.exam_on + dt.timedelta(days=40)):
            session.close(by=self.exam)
            return session.publish(by=self.exam)

    def studied(self, case, credits=30, on=None):
        """Published passing results worth `credits` (tens)."""
        clerk, _ = self.hands(case)
        for course in Course.select().join(TrainingPlan).where(TrainingPlan.programme == case.programme_id).order_by(Course.id).limit(int(credits) // 10):
            CourseResult.add(clerk, application=case, course=course, score=Decimal(80), taken_on=on or case.registered_on).publish(by=clerk)

    def ready(self, **values):
        """A case of the register that meets all three conditions from July of the world's year on."""
        case = self.registered(**values)
        self.examined(case)
        self.studied(case)
        return case

    def examined(self, *cases):
        """The cases have passed everything in one session, and it is published; returns the session."""
        session = self.session()
        for case in cases:
            self.sat(case, session)
        return self.published(session)

    def expert(self, name, number, clerk=None, **values):
        """The person with a staff number on the list of the clerk's unit, entered when he is not there yet."""
        clerk = clerk or self.clerk
        there = Expert.get_or_none(Expert.institution == clerk.institution_id, Expert.staff_number == number)
        return there or Expert.add(clerk, **{"institution": clerk.institution_id, "name": name, "staff_number": number} | values)

    def outsider(self, name, number, clerk=None):
        """A person of another unit on the list."""
        return self.expert(name, number, clerk, external=True, unit="某高校")

    def paper(self, case, **values):
        """The thesis of a case, complete but for its reviewers."""
        clerk, _ = self.hands(case)
        report = File.keep(picture(60, 80), "检测报告.png", "document", "image/png", institution=case.institution_id, case_ref=case.id)
        return Thesis.get(Thesis.application == case).change(clerk, **{
            "title": "论产业结构", "keywords": "产业；结构", "thesis_type": "2", "supervised_by": self.expert("裴敬堂", "T001", clerk, title="教授"),
            "plagiarism_report": report, "plagiarism_ratio": Decimal("8.5")} | values)

    def reviewed(self, case, held_on=None):
        """The thesis of a case with three reviewers, in time for a defence on a day."""
        (clerk, _), thesis = self.hands(case), self.paper(case)
        for n in range(3):
            expert = (self.outsider if n == 0 else self.expert)(f"评阅人{n}", f"R{n}", clerk)
            ThesisReviewer.add(clerk, thesis=thesis, institution=case.institution_id, expert=expert,
                               sent_on=(held_on or clock.today()) - dt.timedelta(days=70), agrees=True)
        return thesis

    def committee(self, clerk=None, members=5):
        """People for a committee: the second is of another unit."""
        return [(self.outsider if n == 1 else self.expert)(f"委员{n}", f"M{n}", clerk) for n in range(members)]

    def defence(self, case, members=5, votes=(5, 0, 0), held_on=None, **values):
        """A planned defence with thesis, three reviewers and a committee; the ballot is entered."""
        self.reviewed(case, held_on)
        return self.ballot(case, members, votes, held_on=held_on, **values)

    def ballot(self, case, members=5, votes=(5, 0, 0), held_on=None, **values):
        """A planned defence with a committee and its ballot, and nothing else: the second one, when there was one before."""
        clerk, _ = self.hands(case)
        defence = Defence.add(clerk, **{"application": case, "place": "二教 301", "grade": "良好", "held_on": held_on or clock.today(), "votes_for": votes[0],
                                        "votes_against": votes[1], "votes_abstain": votes[2]} | values)
        for n, expert in enumerate(self.committee(clerk, members)):
            CommitteeMember.add(clerk, defence=defence, institution=case.institution_id, expert=expert, chair=n == 0)
        return defence

    def admitted(self, **values):
        """A case admitted to the defence."""
        return self.admit(self.ready(**values))

    def admit(self, case):
        """The case that meets the conditions asks for its defence and is admitted."""
        request_defence(case, case.applicants()[0]).tick(self.hands(case)[1]).approve(by=self.hands(case)[1], opinion="同意")
        return Application.get_by_id(case.id)

    def candidates(self, *names):
        """Cases of these people, admitted to the defence, with their theses reviewed."""
        cases = [self.registered(self.applicant(name)) for name in names]
        self.examined(*cases)
        for case in cases:
            self.studied(case)
        cases = [self.admit(Application.get_by_id(case.id)) for case in cases]
        for case in cases:
            self.reviewed(case)
        return cases

    def awarded(self, on=None, decision="校学位〔2026〕9 号", **values):
        """A case with a degree, awarded on a day (default today)."""
        return self.graduate(self.admitted(**values), on, decision)

    def graduate(self, case, on=None, decision="校学位〔2026〕9 号"):
        """The case that is admitted defends and gets its degree."""
        self.defence(case).record_pass(by=self.hands(case)[0])
        self.decide(case.awards.get(), on=on, decision=decision)
        return Application.get_by_id(case.id)

    def meeting(self, clerk=None, on=None, **values):
        """A meeting of the clerk's degree committee: thirteen of fifteen are there and agree."""
        clerk = clerk or self.clerk
        minutes = File.keep(b"%PDF-1.4", "会议决定.pdf", "decision", "application/pdf", institution=clerk.institution_id)
        return Meeting.add(clerk, **{"institution": clerk.institution_id, "number": f"第 {Meeting.select().count() + 1} 次", "held_on": on or clock.today(),
                                     "members": 15, "present": 13, "votes_for": 13, "minutes": minutes} | values)

    def listed(self, meeting, *awards, **values):
        """The awards are put on the agenda; returns the meeting."""
        for award in awards:
            AgendaItem.add(self.hands(award)[0], meeting=meeting, award=award, **values)
        return meeting

    def decide(self, *awards, on=None, decision="校学位〔2026〕9 号", **values):
        """A meeting that grants these degrees of one unit."""
        clerk, reviewer = self.hands(awards[0])
        return self.listed(self.meeting(clerk, on), *awards, **values).decide(by=reviewer, decision_number=decision)

    def withdrawal(self, award):
        """The answers to the withdrawal of a degree."""
        return {"decision_number": "校学位〔2026〕撤 1 号", "decided_on": clock.today(), "reason": "论文抄袭",
                "document": File.keep(b"%PDF-1.4", "撤销决定.pdf", "decision", "application/pdf", institution=award.institution_id)}

    def term(self, name="2026—2027 学年第一学期", award_from=dt.date(2026, 9, 1), award_until=dt.date(2027, 2, 28), report_from=dt.date(2026, 9, 1),
             report_until=dt.date(2027, 3, 31), **values):
        """An open report term."""
        return ReportTerm.add(self.centre, name=name, award_from=award_from, award_until=award_until, report_from=report_from,
                              report_until=report_until, **values).open(by=self.centre)

    def roles(self):
        """{role: account} of the first unit, office and site."""
        names = ("clerk", "reviewer", "unit_admin", "officer", "centre", "exam", "it", "security", "auditor", "site_head", "door")
        return SimpleNamespace(**{name: getattr(self, name) for name in names})


def proposed(world, name="林叙白"):
    """The award that a passed defence proposed; the exams were passed before the platform."""
    case = world.registered(world.applicant(name))
    world.studied(case)
    Application.update(degree_date=dt.date(2010, 6, 30)).where(Application.id == case.id).execute()
    for kind in ("language", "comprehensive"):
        PriorPass.add(world.centre, name=name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2010, 5, 30))
    world.defence(world.admit(case)).record_pass(by=world.hands(case)[0])
    return Award.get(Award.application == case)
