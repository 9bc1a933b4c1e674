"""All stages in numbers that everybody may read: where applications stand, how published exams went, degrees by year. Counted once a night over the
whole nation, each by one statement; what is kept has no small number in it any more, so that nothing can be asked out of it."""
from peewee import DateField, DateTimeField, JSONField, fn

from models import clock
from models.applications import Application
from models.awards import Award
from models.base import Entity, writing
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.parameters import value
from models.reference import EVERYBODY

FLOOR = "public.floor"
SMALL, WITHHELD = "small", "withheld"        # in the place of a number: below the floor; not told, because a small one could be worked out of it
STANDING = (("returned",), ("submitted",), ("confirmed",), ("registered", "frozen"), ("defence_requested",), ("defence_admitted", "defended"))
SESSIONS = 4                                 # how many published sessions back


class PublicFigures(Entity):
    """What was told on one day. The content: {floor, standing, years, sessions}, as `guarded` has made it."""
    label, readers, national = "公开统计", EVERYBODY, True

    day = DateField(unique=True, default=clock.today, verbose_name="日期")
    drawn_up_at = DateTimeField(default=clock.now, verbose_name="汇总时间")
    content = JSONField(verbose_name="数字")

    class Meta:
        table_name = "public_figures"

    def __str__(self):
        return f"{self.label} {self.day}"


def latest():
    """The figures that are told now; None before the first night."""
    return PublicFigures.select().order_by(PublicFigures.day.desc()).first()


def draw_up():
    """Count, and keep what may be told as the figures of today."""
    content = guarded(value(FLOOR), standing(), awarded(), results())
    with writing():
        (PublicFigures.insert(day=clock.today(), drawn_up_at=clock.now(), content=content)
         .on_conflict(conflict_target=[PublicFigures.day], update={"drawn_up_at": clock.now(), "content": content}).execute())


# counted -------------------------------------------------------------------------------------------------------------------------------------------
def standing():
    """How many cases stand in each of the groups of states of STANDING, in their order."""
    states = [state for group in STANDING for state in group]
    found = dict(Application.select(Application.state, fn.COUNT(Application.id)).where(Application.state.in_(states)).group_by(Application.state).tuples())
    return [sum(found.get(state, 0) for state in group) for group in STANDING]


def awarded():
    """{year: degrees} awarded and not withdrawn."""
    year = Award.awarded_on.year
    return {int(number): count for number, count in Award.select(year, fn.COUNT(Award.id)).where(Award.state == "awarded").group_by(year).order_by(year).tuples()}


def results():
    """[(session, [(subject, passed, failed)])] of the last published sessions, the newest first."""
    last = ExamSession.select(ExamSession.id).where(ExamSession.state == "published").order_by(ExamSession.exam_on.desc()).limit(SESSIONS)
    rows = (ExamResult.select(ExamSession.name, Subject.name, ExamResult.outcome, fn.COUNT(ExamResult.id))
            .join(SessionSubject, on=ExamResult.subject == SessionSubject.id).join(Subject).join_from(ExamResult, ExamSession, on=ExamResult.session == ExamSession.id)
            .where(ExamResult.session.in_([id for id, in last.tuples()]), ExamResult.outcome.in_(("pass", "fail")))
            .group_by(ExamSession.exam_on, ExamSession.name, Subject.code, Subject.name, ExamResult.outcome)
            .order_by(ExamSession.exam_on.desc(), ExamSession.name, Subject.code).tuples())
    found = {}
    for session, subject, outcome, count in rows:
        found.setdefault(session, {}).setdefault(subject, {})[outcome] = count
    return [(session, [(name, of.get("pass", 0), of.get("fail", 0)) for name, of in subjects.items()]) for session, subjects in found.items()]


# told --------------------------------------------------------------------------------------------------------------------------------------------
def line(counts, floor):
    """(numbers, their sum) as they may be told. A number below the floor is SMALL; it could be taken off the sum, so the sum is WITHHELD."""
    told = [count if count >= floor else SMALL for count in counts]
    return told, WITHHELD if SMALL in told else sum(counts)


def guarded(floor, standing, years, sessions):
    """The content that is told. The degrees of all years stand in two places, at the foot of the years and at the end of the ten stages: where they are
    withheld in one they are in the other. Nothing else is the sum of anything that is told elsewhere."""
    degrees, all_degrees = line(list(years.values()), floor)
    stages, under_way = line(standing, floor)
    reached = all_degrees if all_degrees == WITHHELD or all_degrees >= floor else SMALL
    return {
        "floor": floor, "standing": stages, "under_way": under_way, "awarded": reached,
        "years": [[year, count] for year, count in zip(years, degrees)],
        "sessions": [[session, [[subject, *told, sat] for subject, (told, sat) in ((name, line(pair, floor)) for name, *pair in subjects)]] for session, subjects in sessions]}
