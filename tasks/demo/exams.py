"""Stage 6 of the demo: the sessions of the past years, one whose results are being entered, one that takes entries now; who sits."""
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from models import clock
from models.exams.entering import enter, subjects_for
from models.exams.payments import Payment
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, ExamSite, Room, SessionSubject, Subject
from models.reference import Province
from tasks.demo.accounts import account
from tasks.demo.cases import REGISTERED, days

SITES = (("11", "001", "北京第一考点", "海淀区中关村大街 59 号", 900), ("11", "002", "北京第二考点", "昌平区沙河高教园", 600), ("31", "001", "上海考点", "杨浦区邯郸路 220 号", 900),
         ("32", "001", "南京考点", "鼓楼区汉口路 22 号", 600), ("32", "002", "苏州考点", "姑苏区十梓街 1 号", 300), ("42", "001", "武汉考点", "洪山区珞喻路 1037 号", 900))
EXAM, RESULTS, PUBLISHED = 70, 95, 115       # days from the middle of the window for entries
UNFINISHED = 2                               # results that the session still lacks whose results are being entered


@dataclass
class Sitting:
    """A session, the middle of its window for entries, and what everybody who enters will come to."""
    day: dt.date
    row: ExamSession = None


def sittings(today):
    """{name: Sitting}: 1 to 4 so many years ago, 'late' before publication, 0 open now, 'next' not yet open."""
    found = {k: Sitting(clock.years_after(today, -k)) for k in (4, 3, 2, 1, 0)}
    return found | {"late": Sitting(today - days(178)), "next": Sitting(clock.years_after(today, 1) - days(150))}


def sites(world):
    """The sites with their rooms, and the two accounts of the first one."""
    for province, code, name, address, capacity in SITES:
        site = ExamSite.add(world.exam, province=Province.get(Province.code == province), code=code, name=name, address=address, capacity=capacity)
        world.sites.setdefault(province, []).append(site)
        for n in range(1, 5):
            Room.add(world.exam, site=site, number=f"{n:03d}", special=n == 4)
    first = world.sites["11"][0]
    account("管清源", "site_head", "site_head", site_ref=first.id)
    account("温以恒", "door", "door", site_ref=first.id)


def hold(world, sitting, name):
    """The story of a session: set up, opened, closed with the unpaid entries void, results entered, published."""
    day, exam = sitting.day, world.exam
    yield min(day, world.today) - days(40)
    sat = day + days(EXAM)
    sitting.row = ExamSession.add(exam, name=f"{sat.year} 年 {sat.month} 月全国统考", year=sat.year, entry_from=day - days(12), entry_until=day + days(12),
                                  ticket_from=sat - days(14), ticket_until=sat, exam_on=sat)
    for subject in Subject.select().order_by(Subject.code):
        SessionSubject.add(exam, session=sitting.row, subject=subject)
    yield day - days(13)
    sitting.row.open(by=exam)
    yield day + days(13)
    for entry in sitting.row.entries.where(sitting.row.entries.model.state == "unpaid"):
        entry.void(by=None)
    sitting.row.close(by=None)
    yield day + days(RESULTS)
    paid = [entry for entry in sitting.row.entries.order_by(sitting.row.entries.model.id) if entry.state == "paid"]
    for entry in paid[:-UNFINISHED] if name == "late" else paid:
        ExamResult.add(exam, entry=entry, **mark(world.rng, world.outcomes[entry.application_id, name], entry.subject.subject.kind))
    if name != "late":
        yield day + days(PUBLISHED)
        sitting.row.publish(by=exam)


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
        site = world.rng.choice(world.sites[life.case.institution.province.code])
        entries = enter(life.case, sitting.row, subjects, site.province, site, life.user)
        yield clock.today() + days(1)
        payment = Payment.get_by_id(entries[0].payment_id)
        if payment.state != "open":         # he has left in the meantime, and his entries with him
            continue
        if outcome == "withdrawn":
            entries[0].withdraw(by=life.user)
        if outcome not in ("withdrawn", "void", "unpaid"):
            payment.record(by=world.exam, reference=f"汇款 {clock.today():%m%d}-{life.case.id:04d}")


def prior_passes(world, day, people):
    """合格库: the centre imports passes from before the platform, among them one of a person who had a number of 15 digits."""
    yield day
    for n, who in enumerate(people):
        kind, subject = ("comprehensive", "经济学") if n % 4 == 3 else ("language", "英语")
        PriorPass.add(world.staff["centre"], name=who.name, document_number=who.document_number, kind=kind, subject_name=subject,
                      session_name="2010 年全国统考", passed_on=dt.date(2010, 5, 30), certificate_number=f"2010{n + 1:06d}",
                      source="旧库导入，原证件号 15 位" if who.more.get("prior") else "旧库导入")
