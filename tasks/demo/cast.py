"""Who plays: for every unit how many people are how far today, and the lives of a few that have a name.

A Life only holds days and turns; the stories in the other files live it. A state follows from a day: a degree that is due in a
hundred days means that the request for the defence waits for the reviewer today.
"""
import datetime as dt
from dataclasses import dataclass, field

from models.identity import normal_document
from tasks.demo.names import Identity, invented, number
from tasks.demo.programmes import Opened

PEOPLE = 600
LARGE = ("10001", "10246")                   # units with more people, and with all that can happen
ALL = tuple(range(8))                        # every course of a plan
# how far: (people of 10001, of 10246, of each other unit)
NUMBERS = {
    "draft": (3, 2, 1), "submitted": (9, 7, 3), "confirmed": (8, 6, 2), "returned": (3, 2, 1), "rejected": (2, 2, 1), "withdrawn": (2, 1, 1),
    "fresh": (8, 6, 3), "studying": (22, 18, 9), "ready": (4, 3, 1), "soon": (3, 0, 0), "over_limit": (4, 3, 0), "dismissed": (4, 3, 1),
    "requested": (4, 3, 1), "request_draft": (1, 1, 0), "request_returned": (1, 1, 0), "request_withdrawn": (1, 1, 0), "admitted": (3, 2, 1),
    "planned": (4, 3, 1), "failed": (1, 1, 0), "failed_twice": (1, 1, 0), "repeated": (1, 1, 0), "defended": (4, 3, 1), "awarded": (22, 16, 9),
    "revoked": (2, 2, 0)}
# of the applications of this year: on which day before today it was begun
BEGUN = {"draft": (1, 3), "submitted": (4, 12), "confirmed": (14, 20), "returned": (10, 25), "rejected": (23, 38), "withdrawn": (6, 36),
         "fresh": (23, 38)}
# in how many days the degree is due
DUE = {"requested": (95, 114), "request_draft": (95, 110), "request_returned": (90, 104), "request_withdrawn": (90, 104), "admitted": (45, 92),
       "planned": (22, 38), "failed": (-40, 10), "failed_twice": (-190, -165), "defended": (0, 20)}
NOTHING_TO_REPORT = ("10003", "10248", "10504")      # units without an award in the term that is reported now
GROUNDS = ("over_limit", "own_request", "breach", "false_material")


@dataclass
class Life:
    """One person in one case: the programme, when it was begun, and what is different about it."""
    who: Identity
    plan: Opened = None
    start: dt.date = None
    turn: str = ""
    courses: tuple = ()                       # published results, as places in the plan
    drafts: tuple = ()                        # entered, not yet published
    exams: list = field(default_factory=list)      # [(session, outcome)]
    due: dt.date = None                       # date of the degree
    dismissed: dt.date = None
    ground: str = ""                          # of the dismissal
    username: str = None
    before: object = None                     # an earlier life of the same person
    values: dict = field(default_factory=dict)     # what the application says differently
    user: object = None
    case: object = None


class Cast:
    """Makes the lives; the same for the same random numbers and day."""

    def __init__(self, rng, today, plans, terms):
        self.rng, self.today, self.plans, self.terms, self.taken = rng, today, plans, terms, set()

    def lives(self):
        found = self.named()
        for unit in dict.fromkeys(key[0] for key in self.plans):
            for kind, numbers in NUMBERS.items():
                count = numbers[LARGE.index(unit) if unit in LARGE else 2]
                found += [self.life(unit, kind, i) for i in range(count)]
        units = sorted({key[0] for key in self.plans} - set(LARGE))
        found += [Life(self.person(), start=self.ago(11 * n + 5)) for n in range(10)]          # registered on the platform, nothing begun
        return found + [self.life(units[i % 10], "studying", i) for i in range(PEOPLE - len({id(life.who) for life in found}))]

    # the lives of the tables ----------------------------------------------------------------------------------------------------
    def life(self, unit, kind, i):
        """The i-th life of a kind; a unit that accepts nobody this year has more who study."""
        if kind in BEGUN:
            plan = self.plan(unit, 0, i)
            if plan is None:
                return self.life(unit, "studying", i)
            return Life(self.person(), plan, self.ago(spread(*BEGUN[kind], i + shift(unit))), kind, drafts=(1, 2)[:i % 3] if kind == "fresh" else (),
                        exams=[(0, ("paid", "unpaid")[i % 2])] if kind == "fresh" else [])
        if kind in DUE or kind in ("awarded", "repeated", "revoked"):
            return self.graduate(unit, kind, i)
        if kind in ("over_limit", "dismissed") and self.plan(unit, 5):
            return self.late(unit, kind, i)
        if kind == "soon":
            return self.begun(self.plans[unit, 4, 1], "", courses=ALL[:4 + i], exams=[(3, "pass" if i else "half")])
        if kind == "dismissed":
            return self.begun(self.plan(unit, 4), "", courses=ALL[:3], exams=[(3, "pass")], dismissed=self.ago(40 + i), ground="own_request")
        if kind == "ready":
            years = (1, 4)[i % 2]
            return self.begun(self.plan(unit, years), "", courses=ALL, exams=[(min(years, 2), "pass")])
        return self.student(unit, i)

    def student(self, unit, i):
        """Somebody on the way: some courses, an exam passed, failed, missed or entered for, results not yet published."""
        years, rng = (1, 1, 4)[i % 3], self.rng
        done = rng.randrange(1, 7)
        exams = [(rng.choice((1, 2, 3)) if years == 4 else 1, rng.choice(("pass", "half", "fail", "absent", "void", "withdrawn")))] if i % 4 else []
        exams += [("late", rng.choice(("pass", "half", "fail", "absent", "breach")))] if i % 2 else []
        exams += [(0, rng.choice(("paid", "paid", "unpaid", "withdrawn")))] if i % 3 < 2 else []
        return self.begun(self.plan(unit, years), "", courses=ALL[:done], drafts=ALL[done:done + i % 3], exams=exams)

    def graduate(self, unit, kind, i):
        """Somebody who has come to the defence; the exam is the last one whose results were out by then."""
        if kind in DUE:
            due = self.today + dt.timedelta(spread(*DUE[kind], i + shift(unit)))
        elif kind == "awarded":
            due = self.day_in("reported" if unit not in NOTHING_TO_REPORT and i % 2 == 0 else ("last", "earlier", "current", "last")[i // 2 % 4], i)
        else:
            due = self.day_in("reported", i) if kind == "revoked" else self.ago(150)
        return self.begun(self.plan(unit, 4), kind, courses=ALL, exams=self.passed_by(due), due=due)

    def passed_by(self, due):
        """Exams of somebody of four years ago whose degree is due on a day; some fail the first time."""
        last = next(k for k in (1, 2, 3) if self.plan("10001", 4).day + dt.timedelta(365 * (4 - k) + 245) < due)
        return [(last + 1, "fail")] * (last < 3 and self.rng.random() < 0.25) + [(last, "pass")]

    def late(self, unit, kind, i):
        """Somebody of five years ago whose four years are over; or dismissed for one of the grounds."""
        plan, ground = self.plan(unit, 5), GROUNDS[i % 4]
        if kind == "dismissed" and ground != "over_limit":
            return self.begun(self.plan(unit, 1), "", courses=ALL[:2], exams=[(1, "breach" if ground == "breach" else "pass")],
                              dismissed=self.ago(90 + 9 * i), ground=ground)
        return self.begun(plan, "", courses=ALL[:3 + i], exams=[(4, "half")], ground=ground,
                          dismissed=self.ago(150) if kind == "dismissed" else None)

    # the lives with a name ------------------------------------------------------------------------------------------------------
    def named(self):
        def who(name, kind="01", area=None, born=None, **more):
            return Identity(name, number(self.rng, self.taken, born, area), kind, more)
        old_number = normal_document("110105560312101")
        short = self.begun(self.plan("10001", 1), "", courses=ALL[1:], drafts=(0,), exams=[(1, "pass")])
        short.who, short.username = who("林知远", born=dt.date(1990, 5, 17)), "applicant"
        return [
            short,
            Life(who("苗初晴", born=dt.date(1992, 10, 8)), start=self.ago(2), username="newcomer"),
            self.renamed("10001", "confirmed", who("阿卜杜热西提·阿卜杜热合曼", area="650102", ethnic_group="05")),
            self.renamed("10001", "awarded", who("李𠮷安")),
            self.renamed("10001", "ready", who("赵𫖯")),
            self.renamed("10246", "submitted", who("周𬱖宁")),
            self.renamed("10001", "defended", Identity("裘国栋", old_number, "01", {"prior": True})),
            self.renamed("10246", "ready", who("黄家朗", "07", "810000", country="344", political_status="")),
            self.renamed("10002", "awarded", who("林佩仪", "08", "830000", country="158", political_status="")),
            self.renamed("10001", "confirmed", Identity("NGUYEN THI MAI", "C7345120", "09", {
                "country": "704", "name_pinyin": "NGUYEN THI MAI", "sex": "2", "birth_date": dt.date(1991, 4, 2), "ethnic_group": "",
                "political_status": ""}),
                foreign_degree=True, certification_number="教留服认外〔2019〕03127", degree_unit="河内国家大学", degree_unit_code="", degree_category="",
                graduated_from="河内国家大学", graduated_from_code=""),
            self.renamed("10001", "over_limit", who("卫长庚")),
            self.renamed("10002", "fresh", who("单若舟"), turn="no_fingers"),
            self.renamed("10246", "awarded", who("区望舒"), turn="gap"),
            self.renamed("10284", "awarded", who("曾以宁"), turn="left_out"),
        ] + self.anew()

    def renamed(self, unit, kind, who, turn=None, **values):
        life = self.life(unit, kind, 0)
        life.who, life.values, life.turn = who, values, turn or life.turn
        return life

    def elders(self, lives):
        """Whose passes are in the old library: those who are said to have one, and some who never came to the platform."""
        return [life.who for life in lives if life.who.more.get("prior")] + [
            invented(self.rng, self.taken, dt.date(1962 + n % 14, 1 + n % 12, 1 + n)) for n in range(24)]

    def anew(self):
        """Somebody who was dismissed and applies anew, at another unit."""
        first = self.life("10001", "dismissed", 1)
        return [first, Life(first.who, self.plan("10246", 0), self.ago(9), "submitted", before=first)]

    # days, plans, people -----------------------------------------------------------------------------------------------------------
    def person(self):
        return invented(self.rng, self.taken)

    def plan(self, unit, years, i=0):
        """A published programme of a unit that lies so many years back, the i-th in turn; None where there is none."""
        found = [plan for key, plan in self.plans.items() if key[:2] == (unit, years) and plan.day <= self.today]
        return found[i % (len(found) if years == 0 else 1)] if found else None

    def begun(self, plan, turn, **more):
        return Life(self.person(), plan, plan.day - dt.timedelta(self.rng.randrange(23, 39)), turn, **more)

    def ago(self, days):
        return self.today - dt.timedelta(days)

    def day_in(self, term, i):
        """A day of a term on which a degree is awarded, early enough to be reported; in the current term a day before today."""
        first, last = self.terms[term]
        last = min(last - dt.timedelta(14), self.ago(1))
        return first + dt.timedelta(spread(0, max(0, (last - first).days), i))


def spread(low, high, i):
    """The i-th of numbers that lie all over [low, high]."""
    return low + i * 7 % (high - low + 1)


def shift(unit):
    """So that the only one of a small unit does not stand on the same day as that of every other."""
    return 0 if unit in LARGE else int(unit[2:])
