"""Stage 7 as long work: the proposal of very many dismissals, each to be decided by a reviewer."""
from models.applications import Application
from models.dismissals import Dismissal
from tasks.bulk_steps import on_each
from tasks.jobs import job, orderer

KIND = "dismissal_proposals"


@job(KIND, "提议清退")
def propose(job, progress, ids, ground, statement):
    """Propose the dismissal of each case, for whoever ordered it."""
    user = orderer(job, Application.dismiss.roles)
    return on_each(job, progress, Application, ids, user, lambda case: Dismissal.add(user, application=case, ground=ground, statement=statement))
