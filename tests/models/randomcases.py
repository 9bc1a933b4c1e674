"""Invented cases with a history, written in bulk, and a plain oracle that says in ordinary Python what holds for each on a day."""
import datetime as dt
import random
from decimal import Decimal

from models.applications import Application
from models.audit import Entry, Version
from models.base import db
from models.courses import CourseResult
from models.exemptions import Exemption
from models.defences import DefenceRequest
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.people import FormerDocument, Person
from models.programmes import Course, Programme, TrainingPlan
from models.reference import Discipline, Province
from models.sealed import blind

TODAY = dt.date(2026, 6, 15)
DAYS = (TODAY, dt.date(2024, 2, 29), dt.date(2025, 3, 1), dt.date(2028, 3, 1))
WITH_PAPER, WITHOUT_PAPER = "0202", "0502"
CHUNK = 400


def later(day, years):
    """The same day some years later; there is no 29 February in most years."""
    return dt.date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) and not _leap(day.year + years) else day.day)


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Cases:
    """`count` cases from a seed. `facts[id]` is what the oracle knows of one: lists of things with the moments at which they changed."""

    def __init__(self, world, count, seed):
        self.rng, self.world, self.facts, self.versions = random.Random(seed), world, {}, []
        self.sessions, self.programmes = self._sessions(), self._programmes()
        for start in range(0, count, CHUNK):
            with db.atomic():
                self._write([self._case(start + n) for n in range(min(CHUNK, count - start))])

    def day(self, first=dt.date(2020, 1, 1), last=TODAY):
        """A random day; every tenth is the last of February."""
        found = first + dt.timedelta(days=self.rng.randrange(max(1, (last - first).days)))
        if self.rng.random() < .1:
            end = dt.date(found.year, 2, 29 if _leap(found.year) else 28)
            found = end if first <= end <= last else found
        return found

    def _sessions(self):
        made = []
        for year in range(2020, 2027):
            shown = dt.datetime(year, 8, 1, 9) if year < 2026 else None
            session = ExamSession.create(name=f"{year} 年", year=year, entry_from=dt.date(year, 3, 1), entry_until=dt.date(year, 3, 31),
                                         exam_on=dt.date(year, 2, 29) if year == 2024 else dt.date(year, 5, 20), state="published" if shown else "closed",
                                         published_at=shown)
            papers = {}
            for key, code in (("language", "101"), ("comprehensive", Subject.get(Subject.disciplines.contains(WITH_PAPER)).code),
                              ("other", Subject.get((Subject.kind == "comprehensive") & ~Subject.disciplines.contains(WITH_PAPER)).code)):
                papers[key] = SessionSubject.create(session=session, subject=Subject.get(Subject.code == code))
            made.append((session, papers))
        return made

    def _programmes(self):
        made = []
        for number, (exam_years, course_years, code) in enumerate([(None, None, WITH_PAPER), (4, None, WITH_PAPER), (None, 3, WITHOUT_PAPER), (1, 1, WITH_PAPER),
                                                                   (2, 5, WITHOUT_PAPER)]):
            programme = Programme.create(
                institution=self.world.unit2, discipline=Discipline.get(Discipline.catalogue == "2011", Discipline.code == code), year=2010 + number,
                min_credits=Decimal("12.5"), exam_valid_years=exam_years, course_valid_years=course_years, state="published", apply_from=dt.date(2020, 1, 1),
                apply_until=dt.date(2020, 4, 1), confirm_from=dt.date(2020, 1, 1), confirm_until=dt.date(2020, 5, 1), place="一", contact="二", phone="三")
            plan = TrainingPlan.create(programme=programme)
            courses = [Course.create(plan=plan, code=f"C{n}", name=f"课{n}", credits=Decimal(credits)) for n, credits in enumerate(("0.1", "0.7", "4", "5.5", "6", "6.2"))]
            made.append((programme, courses, code == WITH_PAPER))
        return made

    def _case(self, number):
        rng = self.rng
        programme, courses, paper = rng.choice(self.programmes)
        entered = self.day(dt.date(2020, 1, 1), dt.date(2025, 12, 31))
        years = rng.choice((4, 5, 6))
        fact = {"number": number, "programme": programme, "paper": paper, "entered": entered, "years": years, "needed": rng.choice((None, Decimal("6"), Decimal("12.6"))),
                "deadline": [(dt.datetime.min, later(entered, years))], "state": [(dt.datetime.min, "registered")], "results": [], "exempt": [], "exams": [], "prior": []}
        if rng.random() < .3:
            when = dt.datetime.combine(self.day(entered), dt.time(rng.randrange(24)))
            fact["deadline"].append((when, fact["deadline"][0][1] + dt.timedelta(days=rng.randrange(1, 500))))
        fact["request"] = self._request(fact) if rng.random() < .4 else None
        for attempt, course in enumerate(rng.sample(courses * 2, rng.randrange(7))):
            fact["results"].append(self._result(course, attempt, entered))
        fact["exempt"] = [self._exemption(course, entered) for course in rng.sample(courses, rng.choice((0, 0, 1, 2)))]
        for place in rng.sample(range(len(self.sessions)), rng.randrange(3)):
            fact["exams"].append((place, rng.choice(("language", "comprehensive", "other")), rng.choice(("pass", "pass", "fail"))))
        for kind in rng.sample(("language", "comprehensive"), rng.choice((0, 0, 1, 2))):
            fact["prior"].append((kind, self.day(dt.date(2018, 1, 1)), rng.random() < .3))
        return fact

    def _result(self, course, attempt, entered):
        """A result that was entered, perhaps published, corrected, hidden, published again; or brought in published, without a history."""
        rng, at = self.rng, dt.datetime.combine(self.day(entered), dt.time(9))
        result = {"course": course, "attempt": attempt + 1, "taken": self.day(entered), "bare": rng.random() < .2,
                  "values": [(at, {"state": "draft", "published_at": None, "passed": rng.random() < .7})]}
        for _ in range(1 if result["bare"] else rng.randrange(4)):
            at += dt.timedelta(days=rng.randrange(1, 300), hours=rng.randrange(14))
            if at.date() >= TODAY:
                break
            now = dict(result["values"][-1][1])
            if rng.random() < .25 and not result["bare"]:
                now["passed"] = not now["passed"]
            elif now["state"] == "draft":
                now |= {"state": "published", "published_at": at}
            else:
                now |= {"state": "draft", "published_at": None}
            result["values"].append((at, now))
        return result

    def _exemption(self, course, entered):
        """An exemption that was asked for, perhaps decided, perhaps revoked."""
        at = dt.datetime.combine(self.day(entered), dt.time(9))
        values = [(at, {"state": "submitted", "decided_on": None})]
        for state in self.rng.choice(((), ("refused",), ("approved",), ("approved",), ("approved", "revoked"))):
            at += dt.timedelta(days=self.rng.randrange(1, 300), hours=self.rng.randrange(14))
            if at.date() >= TODAY:
                break
            values.append((at, {"state": state, "decided_on": at.date()}))
        return {"course": course, "values": values}

    def _request(self, fact):
        """A request that is handed in, perhaps sent back, and handed in again; the case moves with it."""
        last = fact["deadline"][-1][1]
        edge = last + dt.timedelta(days=self.rng.choice((-1, 0, 1)))
        at = dt.datetime.combine(edge if edge < TODAY and self.rng.random() < .5 else self.day(fact["entered"]), dt.time(9))
        values = [(dt.datetime.min, {"state": "draft", "requested_on": None})]
        for state in ("submitted", "returned", "submitted", "approved")[:self.rng.randrange(1, 5)]:
            if at.date() >= TODAY:
                break
            values.append((at, {"state": state, "requested_on": at.date() if state == "submitted" else values[-1][1]["requested_on"]}))
            fact["state"].append((at, {"submitted": "defence_requested", "returned": "registered", "approved": "defence_admitted"}[state]))
            at += dt.timedelta(days=self.rng.randrange(1, 400))
        return values

    # writing ------------------------------------------------------------------------------------------------------------------------------
    def _write(self, facts):
        self.versions = []
        first = 1 + (Person.select(Person.id).order_by(Person.id.desc()).limit(1).scalar() or 0)
        Person.insert_many([{"name": "某人", "document_type": "09", "document_number": f"R{f['number']:08d}", "document_index": blind(f"R{f['number']:08d}")}
                            for f in facts]).execute()
        persons = [id for id, in Person.select(Person.id).where(Person.id >= first).order_by(Person.id).tuples()]
        Application.insert_many([{
            "person": person, "programme": f["programme"].id, "institution": f["programme"].institution_id, "discipline": f["programme"].discipline_id, "year": 2020,
            "state": f["state"][-1][1], "number": f"R{f['number']:08d}", "register_number": f"R{f['number']:08d}", "registered_on": f["entered"], "year_limit": f["years"],
            "min_credits": f["needed"], "deadline": f["deadline"][-1][1]} for person, f in zip(persons, facts, strict=True)]).execute()
        ids = dict(Application.select(Application.person, Application.id).where(Application.person.in_(persons)).tuples())
        for person, fact in zip(persons, facts, strict=True):
            case = self.facts.setdefault(ids[person], fact) and ids[person]
            for name in ("deadline", "state"):
                self._history("application", case, [(at, {name: value}) for at, value in fact[name]])
            self._write_request(case, fact)
            self._write_results(case, fact)
            self._write_exams(case, person, fact)
        entries = [{"at": at, "user_name": "系统", "entity": entity, "row_id": row, "verb": "edit", "verb_label": "修改"} for entity, row, at, _ in self.versions]
        start = 1 + (Entry.select(Entry.id).order_by(Entry.id.desc()).limit(1).scalar() or 0)
        for n in range(0, len(entries), 1000):
            Entry.insert_many(entries[n:n + 1000]).execute()
        made = [id for id, in Entry.select(Entry.id).where(Entry.id >= start).order_by(Entry.id).tuples()]
        rows = [{"entry": id, "values": values} for id, (_, _, _, values) in zip(made, self.versions, strict=True)]
        for n in range(0, len(rows), 1000):
            Version.insert_many(rows[n:n + 1000]).execute()

    def _history(self, entity, row, values):
        for (_, before), (at, after) in zip(values, values[1:]):
            changed = {name: [_text(before[name]), _text(after[name])] for name in after if before[name] != after[name]}
            self.versions.append((entity, row, at, changed))

    def _write_request(self, case, fact):
        if fact["request"]:
            last = fact["request"][-1][1]
            row = DefenceRequest.create(application=case, institution=fact["programme"].institution_id, **last)
            self._history("defence_request", row.id, fact["request"])

    def _write_results(self, case, fact):
        for result in fact["results"]:
            last = result["values"][-1][1]
            row = CourseResult.create(application=case, course=result["course"], institution=fact["programme"].institution_id, attempt=result["attempt"],
                                      score=80 if last["passed"] else 40, taken_on=result["taken"], **last)
            if not result["bare"]:
                self._history("course_result", row.id, result["values"])

        for exempt in fact["exempt"]:
            row = Exemption.create(application=case, course=exempt["course"], institution=fact["programme"].institution_id, ground="other", **exempt["values"][-1][1])
            self._history("exemption", row.id, exempt["values"])

    def _write_exams(self, case, person, fact):
        province, unit = Province.get(), fact["programme"].institution_id
        for place, kind, outcome in fact["exams"]:
            session, papers = self.sessions[place]
            entry = ExamEntry.create(session=session, application=case, institution=unit, subject=papers[kind], province=province, state="paid")
            ExamResult.create(entry=entry, session=session, application=case, institution=unit, subject=papers[kind], score=70, outcome=outcome)
        for number, (kind, day, former) in enumerate(fact["prior"]):
            document = f"OLD{fact['number']:06d}{number}" if former else f"R{fact['number']:08d}"
            if former:
                FormerDocument.create(person=person, document_number=document)
            PriorPass.create(name="某人", document_number=document, kind=kind, subject_name=kind, passed_on=day)


def _text(value):
    return value if value is None or isinstance(value, bool) else str(value)


# the oracle -------------------------------------------------------------------------------------------------------------------------------
def then(values, day):
    """What a history of (moment, value) said at the end of a day; today and later it says the last."""
    return [value for at, value in values if day >= TODAY or at.date() <= day or at == dt.datetime.min][-1:]


def limit(fact, day):
    """Days left, by the request that was under way or by the day itself."""
    deadline, state = then(fact["deadline"], day)[0], then(fact["state"], day)[0]
    asked = None
    if fact["request"] and state != "registered":
        now = then(fact["request"], day)[0]
        asked = now["requested_on"] if now["state"] in ("submitted", "approved") else None
    return (deadline - (asked if asked and asked <= deadline else day)).days


def exams(fact, day, sessions):
    """(papers wanted, papers passed)."""
    have, years = set(), fact["programme"].exam_valid_years
    for place, kind, outcome in fact["exams"]:
        session = sessions[place][0]
        shown = session.published_at is not None and (day >= TODAY or session.published_at.date() <= day)
        if outcome == "pass" and kind != "other" and shown and (years is None or later(session.exam_on, years) >= day):
            have.add(kind)
    for kind, passed, _ in fact["prior"]:
        if passed <= day and (years is None or later(passed, years) >= day):
            have.add(kind)
    wanted = {"language", "comprehensive"} if fact["paper"] else {"language"}
    return len(wanted), len(have & wanted)


def credits(fact, day):
    """(credits needed, credits earned)."""
    earned, years = {}, fact["programme"].course_valid_years
    for result in fact["results"]:
        values = [(at, value) for at, value in result["values"]]
        now = (then(values, day) or [{"state": "draft", "passed": False}])[0] if not result["bare"] else result["values"][-1][1]
        shown = now["state"] == "published" and (day >= TODAY or now["published_at"].date() <= day)
        if shown and now["passed"] and (years is None or later(result["taken"], years) >= day):
            earned[result["course"].id] = result["course"].credits
    for exempt in fact["exempt"]:
        if [value for value in then(exempt["values"], day) if value["state"] == "approved"]:
            earned[exempt["course"].id] = exempt["course"].credits
    return fact["needed"] or fact["programme"].min_credits, sum(earned.values(), Decimal(0))
