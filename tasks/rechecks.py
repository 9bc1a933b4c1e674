"""Stage 7 as long work: the recheck of one unit, or of every unit of the nation, one transaction each."""
from models import clock
from models.applications import ON_REGISTER, Application
from models.base import writing
from models.jobs import Job
from models.register import Recheck
from tasks.jobs import job, ordered, orderer, submit

KIND, RECENT = "recheck", 20


def order(by, name, as_of=None, units=None, order_key=""):
    """A Recheck for each unit (default: every one that has somebody on its register), and the job that runs them; returns the job."""
    units = units or [unit for unit, in Application.select(Application.institution).where(Application.state.in_(ON_REGISTER)).distinct()
                      .order_by(Application.institution).tuples()]
    with writing():
        return ordered(by, order_key) or start(by, name, [Recheck.add(by, institution=unit, name=name, as_of=as_of or clock.today()) for unit in units], order_key)


def start(by, name, rows, order_key=""):
    """The job that runs rechecks which wait."""
    return submit(KIND, f"资格复核：{name}", by, order_key, rechecks=[row.id for row in rows])


def running(by, row):
    """The job of a user that runs, or is about to run, one recheck; None when there is none."""
    jobs = Job.select().where(Job.kind == KIND, Job.user_id == by.id).order_by(Job.id.desc()).limit(RECENT)
    return next((job for job in jobs if row.id in job.params["rechecks"]), None)


@job(KIND, "资格复核")
def run(job, progress, rechecks):
    """Run those that still wait; killed anywhere, the next worker goes on with the first that is not done."""
    by = orderer(job, Recheck.run.roles)
    for number, id in enumerate(rechecks, start=1):
        with writing():
            row = Recheck.get_by_id(id)
            if row.state == "draft":
                row.run(by=by)
            progress(number, len(rechecks), f"已复核 {number} 个单位")
