"""Stage 6: in which sessions a case can still pass the papers that it lacks - those it has entered for and those it can still enter for."""
from dataclasses import dataclass

from models import clock
from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.rules.degree import OldEnough

LANGUAGE_PAPERS = {"01": "101", "02": "102", "03": "103", "04": "104", "05": "105"}     # language code -> paper of the national exam
KINDS = ("language", "comprehensive")


@dataclass(frozen=True)
class Sitting:
    """One paper in one session, with the `entry` of the case where it has entered already."""
    kind: str
    session: ExamSession
    entry: ExamEntry | None = None

    @property
    def entered(self):
        return self.entry is not None

    @property
    def day(self):
        """The day from which a pass would count, once it is published."""
        return self.session.exam_on


def exam_rule(session):
    """The rule on who may enter for a session."""
    return OldEnough(Application, "exam_entry", "学位已满年数", "考试", "exam.bachelor_years", session.year, session.degree_by)


def language_of(application):
    """The code of the language that a person sits: his own; in 外国语言文学 the second language of his plan, where it names one."""
    plan = application.plan if application.discipline.is_foreign_literature and application.plan_id else None
    return plan.second_language if plan and plan.second_language else application.language


def is_for(case, subject):
    """Whether a paper is one that the case has to pass: its language, or the paper of its discipline."""
    if subject.kind == "language":
        return subject.code == LANGUAGE_PAPERS.get(language_of(case))
    return case.discipline.has_comprehensive_exam and subject.serves(case.discipline)


def sittings(case, day):
    """[Sitting] of a case from a day on, the soonest exam first. One that is over and not published stands among them. A session whose papers
    are not set yet is taken to have all of them."""
    entries = (ExamEntry.select(ExamEntry, SessionSubject, Subject, ExamSession).join(SessionSubject).join(Subject).switch(ExamEntry).join(ExamSession)
               .where(ExamEntry.application == case.id, ExamEntry.state.in_(("unpaid", "paid")), ExamSession.state.in_(("open", "closed"))))
    found = {(entry.subject.subject.kind, entry.session_id): Sitting(entry.subject.subject.kind, entry.session, entry) for entry in entries}
    coming = [session for session in ExamSession.select().where(ExamSession.state.in_(("draft", "open")), ExamSession.entry_until >= day)
              if exam_rule(session).reason(case) is None]
    papers = {}
    for item in SessionSubject.select(SessionSubject, Subject).join(Subject).where(SessionSubject.session.in_(coming)) if coming else ():
        papers.setdefault(item.session_id, []).append(item.subject)
    for session in coming:
        offered = papers.get(session.id)
        for kind in KINDS:
            if offered is None or any(subject.kind == kind and is_for(case, subject) for subject in offered):
                found.setdefault((kind, session.id), Sitting(kind, session))
    return sorted(found.values(), key=lambda sitting: (sitting.day, sitting.session.id))


def coming(case, view):
    """The sittings of a case from the day of a view on, asked once of the view."""
    return view.once(("sittings", case.id), lambda: sittings(case, view.day))


def soonest(wanted, passes, ahead, years, day):
    """(the first day on which every wanted paper can have a pass that counts, {paper: the Sitting that it takes}); (None, {}) when no known
    session leads there. `passes` are {paper: days of the passes on record}, `years` those for which a pass counts."""
    def counts(since, on):
        return since <= on and (not years or clock.years_after(since, years) >= on)
    for on in sorted({day, *(max(day, sitting.day) for sitting in ahead)}):
        takes = {kind: next((sitting for sitting in ahead if sitting.kind == kind and counts(sitting.day, on)), None)
                 for kind in wanted if not any(counts(since, on) for since in passes.get(kind, ()))}
        if None not in takes.values():
            return on, takes
    return None, {}
