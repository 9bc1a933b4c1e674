"""Loading: how a line of a file becomes rows, with the checks that the database cannot make. A fault is a ValueError with a sentence."""
from dataclasses import dataclass
from datetime import date
from typing import Callable

from models.applications import Application
from models.awards import Award
from models.clock import years_after
from models.courses import CourseResult
from models.defences import DefenceRequest
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.identity import RESIDENT_CARD, document_faults, normal_name
from models.people import Person
from models.programmes import Course, Programme, TrainingPlan
from models.sealed import blind

PASS = 60
STATES = {"1": "draft", "2": "submitted", "3": "confirmed", "4": "registered", "5": "defence_admitted", "6": "awarded", "7": "dismissed", "8": "rejected"}
ENTERED = ("4", "5", "6", "7")
REQUESTS = {"1": "submitted", "2": "approved", "3": "returned"}


@dataclass(frozen=True)
class Part:
    """The rows of one kind that a file makes, one a line: `maker(known, base)` returns the function from a line to the values of `names`."""
    kind: type
    names: tuple
    maker: Callable


def programmes(known, base):
    def made(line):
        id, unit, discipline, year, credits, limit = line
        days = [f"{year}-{day}" for day in ("01-01", "04-15", "01-01", "05-15")]
        return base + int(id), known.units[unit].id, known.disciplines[discipline], int(year), credits, int(limit), *days, "closed", f"{year}-01-01 00:00:00"
    return made


def plans(known, base):
    programme = known.base(Programme, 0)
    return lambda line: (base + int(line[0]), programme + int(line[0]), "published")


def courses(known, base):
    plan = known.base(TrainingPlan, 0)
    return lambda line: (base + int(line[0]), plan + int(line[1]), line[2], line[3], line[4])


def persons(known, base):
    fields = Person._meta.fields
    number_of, phone_of = fields["document_number"].db_value, fields["phone"].db_value

    def made(line):
        id, name, number, sex, born, phone, email = line
        for sentence in document_faults(RESIDENT_CARD, number).values():
            raise ValueError(sentence)
        return base + int(id), normal_name(name), number_of(number), blind(number), sex, born, phone_of(phone), blind(phone), email
    return made


def cases(known, base):
    units, who, disciplines, _ = known.cases
    person, programme, plan = known.base(Person, 0), known.base(Programme, 0), known.base(TrainingPlan, 0)
    codes = {unit.id: unit.code for unit in known.units.values()}

    def made(line):
        id, _, chosen, unit, status, at, on, number = line
        n, state = int(id), STATES[status]
        if units[n] != known.units[unit].id:
            raise ValueError(f"学科 {chosen} 不属于单位 {unit}")
        if bool(on) != (status in ENTERED) or bool(on) != bool(number):
            raise ValueError(f"状态 {status} 与入册日期“{on}”、注册号“{number}”不符")
        *_, limit, credits = known.programmes[int(chosen)]
        entered = (on, limit, credits, years_after(date.fromisoformat(on), limit).isoformat(), plan + int(chosen), number) if on else (None,) * 6
        return (base + n, None if status == "1" else f"{at[:4]}{codes[units[n]]}{n:07d}", person + who[n], programme + int(chosen), units[n], disciplines[n], int(at[:4]),
                state, f"{int(at[:4]) - 5}-07-01", "01", at, None if status == "1" else at, *entered, f"{on} 12:00:00" if status == "7" else None,
                "over_limit" if status == "7" else "")
    return made


def _entered(known):
    """(first id of the cases, their units, persons, disciplines, the function that gives the day of entry of the nth or refuses)."""
    units, who, disciplines, days = known.cases

    def on(n):
        if n < 1 or not days[n]:
            raise ValueError(f"申请 {n} 没有入册")
        return days[n]
    return known.base(Application, 0), units, who, disciplines, on


def course_results(known, base):
    course, (case, units, _, _, entered) = known.base(Course, 0), _entered(known)

    def made(line):
        id, of, which, score, on = line
        n, points = int(of), int(score)
        day = entered(n)
        if bool(on) != (points >= PASS):
            raise ValueError(f"成绩 {score} 与合格日期“{on}”不符")
        return base + int(id), case + n, course + int(which), units[n], score, points >= PASS, on or day, "published", f"{on or day} 12:00:00"
    return made


def entries(known, base):
    case, units, _, _, entered = _entered(known)
    places = {unit.id: unit.province_id for unit in known.units.values()}

    def made(line):
        id, of, kind, _, session = line
        n, (sat, paper) = int(of), known.papers[session, kind]
        entered(n)
        return base + int(id), sat, case + n, units[n], paper, places[units[n]], "paid", f"{session[:4]}-03-15 12:00:00"
    return made


def exam_results(known, base):
    entry, (case, units, _, _, _) = known.base(ExamEntry, 0), _entered(known)

    def made(line):
        id, of, kind, score, session = line
        n, (sat, paper) = int(of), known.papers[session, kind]
        return base + int(id), entry + int(id), sat, case + n, units[n], paper, score, "pass" if int(score) >= PASS else "fail"
    return made


def requests(known, base):
    case, units, _, _, entered = _entered(known)

    def made(line):
        id, of, status, asked, decided = line
        n = int(of)
        entered(n)
        return base + int(id), case + n, units[n], REQUESTS[status], asked, decided or None
    return made


def awards(known, base):
    case, units, who, disciplines, entered = _entered(known)
    person = known.base(Person, 0)

    def made(line):
        id, of, number, on, defended, *votes = line
        n, (agree, *others) = int(of), map(int, votes)
        entered(n)
        if 3 * agree < 2 * (agree + sum(others)):
            raise ValueError(f"同意 {agree} 票，不到全体 {agree + sum(others)} 票的三分之二")
        return base + int(id), case + n, person + who[n], units[n], disciplines[n], "awarded", defended, f"{on[:4]} 年决定", on, f"{number[:5]}3{number[5:]}"
    return made


PARTS = {
    "programme": (Part(Programme, ("id", "institution", "discipline", "year", "min_credits", "year_limit", "apply_from", "apply_until", "confirm_from",
                                   "confirm_until", "state", "published_at"), programmes),
                  Part(TrainingPlan, ("id", "programme", "state"), plans)),
    "course": (Part(Course, ("id", "plan", "code", "name", "credits"), courses),),
    "applicant": (Part(Person, ("id", "name", "document_number", "document_index", "sex", "birth_date", "phone", "phone_index", "email"), persons),),
    "application": (Part(Application, ("id", "number", "person", "programme", "institution", "discipline", "year", "state", "degree_date", "language", "created_at",
                                       "submitted_at", "registered_on", "year_limit", "min_credits", "deadline", "plan", "register_number", "dismissed_at",
                                       "dismissal_ground"), cases),),
    "course_result": (Part(CourseResult, ("id", "application", "course", "institution", "score", "passed", "taken_on", "state", "published_at"), course_results),),
    "exam_result": (Part(ExamEntry, ("id", "session", "application", "institution", "subject", "province", "state", "entered_at"), entries),
                    Part(ExamResult, ("id", "entry", "session", "application", "institution", "subject", "score", "outcome"), exam_results)),
    "defence_application": (Part(DefenceRequest, ("id", "application", "institution", "state", "requested_on", "decided_on"), requests),),
    "award": (Part(Award, ("id", "application", "person", "institution", "discipline", "state", "proposed_on", "decision_number", "awarded_on",
                           "certificate_number"), awards),)}
