"""Stage 6 of the demo: the sessions of the past years, one whose results are being entered, one that takes entries now; who sits."""
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from models import clock
from models.applications import Application
from models.exams.entering import enter, subjects_for
from models.exams.payments import Payment, payment_ends
from models.exams.rechecks import ResultRecheck
from models.exams.results import ExamResult, PriorPass
from models.exams.seating.late import unseated
from models.exams.seating.plan import SeatPlan
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.exams.tries import PaymentTry
from models.reference import Institution, Province
from models.rules.sittings import exam_rule
from tasks import jobs, seating
from tasks.demo import paying
from tasks.demo.accounts import account
from tasks.demo.cases import REGISTERED, days

SITES = (("11", "001", "北京第一考点", "海淀区中关村大街 59 号", 900), ("11", "002", "北京第二考点", "昌平区沙河高教园", 600), ("31", "001", "上海考点", "杨浦区邯郸路 220 号", 900),
         ("32", "001", "南京考点", "鼓楼区汉口路 22 号", 600), ("32", "002", "苏州考点", "姑苏区十梓街 1 号", 300), ("42", "001", "武汉考点", "洪山区珞喻路 1037 号", 900))
EXAM, RESULTS, PUBLISHED = 70, 95, 115       # days from the middle of the window for entries
SEATED, RECHECK = 40, 15                     # days of the drawing of the seats, and of the window for rechecks
TRIED = 40                                   # people of whom a trial takes those that still have to sit something
UNFINISHED = 2                               # results that the session still lacks whose results are being entered


@dataclass
class Sitting:
    """A session, the middle of its window for entries, and what everybody who enters will come to."""
    day: dt.date
    row: ExamSession = None


def sittings(today):
    """{name: Sitting}: 1 to 4 so many years ago, 'late' before publication, 'today' sat today, 0 open now, 'next' not yet open."""
    found = {k: Sitting(clock.years_after(today, -k)) for k in (4, 3, 2, 1, 0)}
    return found | {"late": Sitting(today - days(178)), "today": Sitting(today - days(EXAM)), "next": Sitting(clock.years_after(today, 1) - days(150))}


def sites(world):
    """The sites with their rooms, and the two accounts of the first one."""
    for province, code, name, address, capacity in SITES:
        site = ExamSite.add(world.exam, province=Province.get(Province.code == province), code=code, name=name, address=address, capacity=capacity)
        world.sites.setdefault(province, []).append(site)
        many = capacity // 30
        rooms = [Room.add(world.exam, site=site, number=f"{n + 1:03d}", rows=6, columns=5, special=n == many) for n in range(many + 1)]
    rooms[0].close(by=world.exam, reason="教学楼装修")
    first = world.sites["11"][0]
    account("管清源", "site_head", "site_head", site_ref=first.id)
    account("温以恒", "door", "door", site_ref=first.id)


def hold(world, sitting, name):
    """The story of a session: set up, opened, closed with the unpaid entries void, results entered, published."""
    day, exam = sitting.day, world.exam
    yield min(day, world.today) - days(40)
    sat = day + days(EXAM)
    sitting.row = ExamSession.add(exam, name=f"{sat.year} 年 {sat.month} 月全国统考", year=sat.year, entry_from=day - days(12), entry_until=day + days(12),
                                  payment_until=day + days(12), ticket_from=sat - days(14), ticket_until=sat, exam_on=sat,
                                  recheck_from=day + days(PUBLISHED), recheck_until=day + days(PUBLISHED + RECHECK))
    for subject in Subject.select().order_by(Subject.code):
        SessionSubject.add(exam, session=sitting.row, subject=subject)
    yield day - days(13)
    sitting.row.open(by=exam)
    yield day + days(13)
    for attempt in PaymentTry.select().join(Payment).where(Payment.session == sitting.row, PaymentTry.state == "open"):
        attempt.expire(by=None)
    for entry in sitting.row.entries.where(sitting.row.entries.model.state == "unpaid"):
        entry.void(by=None)
    sitting.row.close(by=None)
    yield day + days(SEATED)
    seat(world, sitting.row, fixed=True)
    yield day + days(RESULTS)
    paid = [entry for entry in sitting.row.entries.order_by(sitting.row.entries.model.id) if entry.state == "paid"]
    for entry in paid[:-UNFINISHED] if name == "late" else paid:
        ExamResult.add(exam, entry=entry, **mark(world.rng, world.outcomes[entry.application_id, name], entry.subject.subject.kind))
    if name != "late":
        yield day + days(PUBLISHED)
        sitting.row.publish(by=exam)
        yield day + days(PUBLISHED + 3)
        recheck(world, sitting.row)


def seat(world, session, fixed):
    """The seats are drawn, looked at and fixed."""
    plan = SeatPlan.get(SeatPlan.session == session)
    if unseated(session).exists():
        plan.draw(by=world.exam)
        seating.draw(plan, lambda *told, **kept: None)
        if fixed:
            SeatPlan.get_by_id(plan.id).fix(by=world.exam)


TRIALS = ("waiting", "drawing", "draft")       # how far the plan of each trial is


def trial(world, number):
    """The story of a trial of the seats: a few people of one unit enter and pay; the plan waits, was given up half way, or is a draft."""
    yield world.today - days(40)
    today, sat = clock.today(), world.today + days(20 + number)
    session = ExamSession.add(world.exam, name=f"{world.today.year} 年模拟考试（{number + 1}）", year=world.today.year, entry_from=today,
                              entry_until=today + days(5), exam_on=sat, ticket_from=world.today + days(10), ticket_until=sat)
    for subject in Subject.select().order_by(Subject.code):
        SessionSubject.add(world.exam, session=session, subject=subject)
    session.open(by=world.exam)
    site = world.sites["11"][number % 2]
    unit = Application.select().join(Institution).where(Application.state == "registered", Institution.code == "10001")
    for case in unit.order_by(Application.id).limit(TRIED):
        subjects = [item for item, why in subjects_for(case, session) if why is None]
        if subjects and not exam_rule(session).reason(case):
            entries = enter(case, session, subjects, site.province, site, case.applicants()[0])
            entries[0].payment.record(by=world.exam, reference=f"模拟 {session.id}-{case.id}")
    entries[0].change(world.exam, special_needs=True, needs="轮椅，考场在一层")
    yield world.today - days(30)
    session.close(by=None)
    if TRIALS[number] == "draft":
        seat(world, session, fixed=False)
    if TRIALS[number] == "drawing":
        plan = SeatPlan.get(SeatPlan.session == session).draw(by=world.exam)
        jobs.cancel(seating.order(plan, world.exam), world.exam)


def recheck(world, session):
    """Three ask to have a result looked at again: one is corrected, one kept, one waits."""
    asked = [ResultRecheck.add(result.application.applicants()[0], result=result, statement="估分与公布的成绩相差较大，请核对合分")
             for result in session.results.where(ExamResult.outcome == "fail", ExamResult.score < 58).order_by(ExamResult.id).limit(3)
             if result.application.applicants()]
    for row, score in zip(asked, (1, 0)):
        if score:
            row.correct(by=world.exam, score=row.result.score + score, reason="漏加一题得分")
        else:
            row.keep(by=world.exam, reason="核对无误")


def mark(rng, outcome, kind):
    """Score and outcome of one paper; who comes 'half' way passes the language only."""
    if outcome in ("absent", "breach"):
        return {"outcome": outcome}
    passes = outcome == "pass" or (outcome == "half" and kind == "language")
    return {"score": Decimal(rng.randrange(60, 92) if passes else rng.randrange(28, 60))}


def sit(world, life):
    """A person enters for the papers he still needs, pays or does not, or takes the entry back."""
    for name, outcome in life.exams:
        sitting, registered = world.sittings[name], life.start + days(REGISTERED + 1)
        yield max(sitting.day - days(world.rng.randrange(3, 11)), registered)
        subjects = [item for item, why in subjects_for(life.case, sitting.row) if why is None]
        if not subjects:
            continue
        world.outcomes[life.case.id, name] = outcome
        site = paying.place(world, life, sitting)
        entries = enter(life.case, sitting.row, subjects, site.province, site, life.user)
        yield min(clock.today() + days(1), payment_ends(sitting.row))
        yield from paying.settle(world, life, name, outcome, entries)


def prior_passes(world, day, people):
    """合格库: the centre imports passes from before the platform, among them one of a person who had a number of 15 digits."""
    yield day
    for n, who in enumerate(people):
        kind, subject = ("comprehensive", "经济学") if n % 4 == 3 else ("language", "英语")
        PriorPass.add(world.staff["centre"], name=who.name, document_number=who.document_number, kind=kind, subject_name=subject,
                      session_name="2010 年全国统考", passed_on=dt.date(2010, 5, 30), certificate_number=f"2010{n + 1:06d}",
                      source="旧库导入，原证件号 15 位" if who.more.get("prior") else "旧库导入")
