"""Stage 6: drawing the seats of a session as a job. One site and subject is one chunk, written with its progress; a job that dies is taken up
at the next chunk, and whatever happens there is one plan."""
from models.base import writing
from models.exams.seating import drawing
from models.exams.seating.halls import Halls
from models.exams.seating.plan import SeatPlan
from models.workflow import Refused
from tasks.jobs import job, orderer, submit

KIND, AT_ONCE = "seating", 20        # chunks of one transaction
BEGINNING = {"chunk": 0, "seats": 0, "pairs": 0, "digest": ""}


def order(plan, by):
    """Have a plan that is being drawn written by a job, unless one is at it."""
    if plan.state == "drawing" and plan.job is None:
        return submit(KIND, f"排座位：{plan.session}", by, plan=plan.id, round=plan.round)
    return None


@job(KIND, "排座位")
def run(job, progress, plan, round):
    """Write the plan; when the places do not suffice any more, or whoever ordered it may not draw any more, it waits as before and the job says why."""
    plan = SeatPlan.get_by_id(plan)
    if plan.state != "drawing" or plan.round != round:
        return
    try:
        orderer(job, SeatPlan.draw.roles)
        draw(plan, progress, job.checkpoint or BEGINNING)
    except Refused:
        plan.fail(by=None)
        raise


def draw(plan, progress, at=BEGINNING):
    """Every chunk from the checkpoint on, then the draft."""
    session, seed = plan.session, plan.secret
    halls = Halls(session, seed)
    if lacking := halls.lacking(session):
        raise Refused(lacking)
    chunks = halls.chunks()
    for start in range(at["chunk"], len(chunks), AT_ONCE):
        with writing():
            if start == 0:
                drawing.clear(session)
            for site, subject in chunks[start:start + AT_ONCE]:
                seats, pairs, digest = drawing.seat(session, seed, halls, site, subject, at["digest"])
                at = {"chunk": at["chunk"] + 1, "seats": at["seats"] + seats, "pairs": at["pairs"] + pairs, "digest": digest}
            progress(at["chunk"], len(chunks), f"已排 {at['seats']:,} 个座位，同单位相邻 {at['pairs']:,} 对", checkpoint=at)
    plan.present(by=None, digest=at["digest"])
