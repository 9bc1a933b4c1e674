"""Every web process and the worker restarted in turn behind the proxy, while people ask and post and an import runs: no request fails, nothing is lost or done twice."""
import signal
import threading

from tests import servers
from tests.torture import LONG, facts
from tests.torture.installation import PATIENCE, until
from tests.torture.pairs import Pair

ROUNDS = 10 if LONG else 1
PAIRS = 6 if LONG else 2          # an applicant and a clerk each


def test_a_rolling_restart_under_load_fails_no_request_and_loses_and_doubles_nothing(base, trial):
    wanted, _ = base.undisturbed("committing")
    installation, over = trial("committing"), threading.Event()
    webs = [installation.web() for _ in range(2)]
    with servers.nginx(*(address.rpartition(":")[2] for _, address in webs)) as proxy:
        pairs = [Pair(installation, proxy, case, base.clerk, over) for case in base.drafts[:PAIRS]]
        for pair in pairs:
            pair.start()
        worker = installation.worker()
        for _ in range(ROUNDS):
            until(lambda: facts.last_job(installation)[1] > 0, "导入在做", [worker])
            worker = restarted(worker, installation.worker)
            for place, (web, address) in enumerate(webs):
                webs[place] = restarted(web, lambda: installation.web(address=address))
        until(lambda: facts.last_job(installation)[0] not in ("queued", "running"), "导入", [worker])
        over.set()
        for pair in pairs:
            pair.join()
    assert [str(pair.fault) for pair in pairs if pair.fault] == []
    assert facts.of_import(installation) | {"outbox": 0} == wanted | {"outbox": 0}       # the people tell each other things meanwhile
    for pair in pairs:
        assert pair.done["send_back"] > 0 and pair.kept(installation) == pair.done


def restarted(program, again):
    """End a program in order, as its unit does, and start it again."""
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(PATIENCE) == 0, program.said()
    return again()
