"""My case: where it stands, the next step, the three conditions, results, time line, documents, notices and whom to ask."""
from flask import Blueprint, abort, jsonify, render_template, request

from models import clock
from models.applications import LIVE, Document
from models.conditions import conditions, evidence, forecast
from models.courses import CourseResult
from models.exams.results import OUTCOMES, ExamResult, PriorPass
from models.deadlines import PERSON, UNIT, ahead, held_by
from models.dismissals import Dismissal
from models.outbox import Outbox
from models.rules.book import explain
from models.rules.thesis import CLOCKS
from models.timeline import timeline
from views.site import asked, mine
from views.site.next_step import next_step

rooms = Blueprint("cases", __name__)
rooms.before_request(mine.applicants_only)
SHOWN = 5


@rooms.get("/me")
def me():
    """The live case, else the frozen one, else the degree; without any, how to begin."""
    cases = list(mine.my_cases())
    case = next((case for states in (LIVE, ("frozen",), ("awarded",)) for case in cases if case.state in states), None)
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
    return Outbox.select().where(Outbox.user_id == mine.me().id, Outbox.on_site).order_by(Outbox.id.desc())


@rooms.get("/me/conditions")
def explained():
    """The three conditions as a sheet to print, or as JSON for who accepts that: the same words as on every page."""
    case = mine.live_case()
    if case is None or not case.on_register:
        abort(404)
    found = conditions(case)
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return jsonify(register_number=case.register_number, on=str(clock.today()), conditions=evidence(found))
    return render_template("site/conditions.html", case=case, found=found, day=clock.today(), outlook=forecast(case, found))


def page(case, others):
    stands = standing(case) if case else {}
    about = {} if case is None else {
        "next": next_step(case), "line": timeline(case, stands["found"]), **stands, **results(case),
        "documents": list(Document.visible_to(mine.me()).where(Document.application == case).order_by(Document.id))}
    return render_template("site/me.html", case=case, person=mine.me().person, others=others, notices=list(mine_of_outbox().limit(SHOWN)),
                           release=mine.my_release(), asked=asked.everything()[:SHOWN], **about)


def standing(case):
    """Where a case of the register stands: the conditions and their forecast, deadlines, who has to act."""
    found = conditions(case) if case.on_register else []
    late = [rule for rule in explain(CLOCKS, case) if not rule.met] if case.on_register else []
    who, since = held_by(case)
    cooling = Dismissal.visible_to(mine.me()).where(Dismissal.application == case, Dismissal.state == "approved").first()
    return {"found": found, "outlook": forecast(case, found) if found else None, "late": late, "ahead": ahead(case), "cooling": cooling,
            "who": {PERSON: "您本人", UNIT: str(case.institution)}.get(who), "since": since}


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
