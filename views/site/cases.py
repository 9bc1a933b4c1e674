"""My case: where it stands, the next step, the three conditions, results, time line, documents, notices and whom to ask."""
from flask import Blueprint, render_template

from models.applications import LIVE, Document
from models.conditions import conditions
from models.courses import CourseResult
from models.exams.results import OUTCOMES, ExamResult, PriorPass
from models.outbox import Outbox
from models.timeline import timeline
from views.site import mine
from views.site.next_step import next_step

rooms = Blueprint("cases", __name__)
rooms.before_request(mine.applicants_only)
SHOWN = 5


@rooms.get("/me")
def me():
    """The live case, else the degree; without either, how to begin."""
    cases = list(mine.my_cases())
    case = next((case for case in cases if case.state in LIVE), None) or next((case for case in cases if case.state == "awarded"), None)
    return page(case, [other for other in cases if other != case])


@rooms.get("/me/cases/<int:id>")
def show(id):
    """One case, also one that is over."""
    return page(mine.my_case(id), [])


@rooms.get("/me/notices")
def notices():
    """Every notice to me, newest first."""
    return render_template("site/notices.html", rows=mine_of_outbox().limit(200))


def mine_of_outbox():
    """Notices belong to the account that they are for."""
    return Outbox.select().where(Outbox.user_id == mine.me().id).order_by(Outbox.id.desc())


def page(case, others):
    about = {} if case is None else {
        "next": next_step(case), "line": timeline(case), "found": conditions(case) if case.on_register else [], **results(case),
        "documents": list(Document.visible_to(mine.me()).where(Document.application == case).order_by(Document.id))}
    return render_template("site/me.html", case=case, person=mine.me().person, others=others, notices=list(mine_of_outbox().limit(SHOWN)), **about)


def results(case):
    """Published results of the case: the national exam with earlier passes, and the courses."""
    user, words = mine.me(), dict(OUTCOMES)
    sat = [(f"统考 {row.subject}", row.score, words[row.outcome], row.outcome == "pass", row.session.exam_on)
           for row in ExamResult.visible_to(user).where(ExamResult.application == case).order_by(ExamResult.id)]
    earlier = [(f"统考 {row.subject_name}", None, "合格", True, row.passed_on) for row in PriorPass.visible_to(user).where(
        PriorPass.document_index == case.person.document_index).order_by(PriorPass.passed_on)]
    studied = [(f"{row.course}，{row.course.credits.normalize():f} 学分", row.score, "合格" if row.passed else "不合格", row.passed, row.taken_on)
               for row in CourseResult.visible_to(user).where(CourseResult.application == case).order_by(CourseResult.course, CourseResult.attempt)]
    return {"results": [*earlier, *sat, *studied]}
