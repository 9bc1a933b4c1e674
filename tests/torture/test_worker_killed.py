"""kill -9 of the worker in the middle of an import and of an export: after a restart the result equals the one without a fault."""
import time

import pytest

from tests.torture import KILLS, LEASE, LONG, facts
from tests.torture.installation import until

STATES = {"rehearsing": KILLS // 4, "committing": KILLS, "exporting": KILLS} if LONG else {"committing": KILLS, "exporting": 1}


@pytest.mark.parametrize("state, number", [(state, number) for state, kills in STATES.items() for number in range(kills)])
def test_a_job_whose_worker_is_killed_anywhere_ends_as_if_nothing_had_happened(base, trial, chance, state, number):
    """The moments are spread over the whole length of the job."""
    wanted, seconds = base.undisturbed(state)
    moment = (number + chance.random()) / STATES[state] * seconds
    installation = trial(state)
    while not killed(installation, moment):       # it was done sooner than the one before it: once more, and earlier
        installation, moment = trial(state), moment * 0.7
    finish(installation)
    found = facts.OF[state](installation)
    assert [name for name in wanted if found[name] != wanted[name]] == []


def killed(installation, moment):
    """Kill a worker so many seconds after it has begun the job; whether it was still at it."""
    worker = installation.worker()
    until(lambda: facts.last_job(installation)[0] != "queued", "作业开始", [worker])
    time.sleep(moment)
    worker.kill()
    return facts.last_job(installation)[0] == "running"


def finish(installation):
    """A new worker that starts when the lease of the dead one is over."""
    time.sleep(LEASE + 1)
    worker = installation.worker()
    until(lambda: facts.last_job(installation)[0] not in ("queued", "running"), "接手的作业", [worker])
    worker.kill()


if LONG:
    def test_an_import_whose_every_worker_is_killed_still_ends_right(base, trial):
        """Each dies when it has written a chunk or two: what gets on is not given up, however often it is interrupted."""
        wanted, _ = base.undisturbed("committing")
        installation, kills = trial("committing"), 0
        while (job := facts.last_job(installation))[0] in ("queued", "running"):
            worker = installation.worker()
            until(lambda: facts.last_job(installation)[1] > job[1] or facts.last_job(installation)[0] not in ("queued", "running"), "再写一段", [worker])
            worker.kill()
            kills += 1
            time.sleep(LEASE + 1)
        assert kills > 3 and facts.of_import(installation) == wanted
