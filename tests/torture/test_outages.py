"""Redis and PostgreSQL go away in the middle of an import and come back: it ends right without anybody's help, and pages say what is the matter."""
import signal
import time

import pytest

from tests.torture import LONG, facts, outages
from tests.torture.installation import until
from tests.visitors import HttpVisitor, log_in

AWAY = 3          # seconds


def ended(installation, kind):
    """Whether the only job of a kind has ended."""
    return installation.one(f"SELECT state FROM job WHERE kind = '{kind}' ORDER BY id DESC LIMIT 1") not in ("queued", "running")


def in_the_middle(base, trial):
    """An import half way with its worker, and a clerk who is logged in."""
    installation = trial("committing")
    web, address = installation.web()
    visitor = log_in(HttpVisitor(address), base.clerk)
    worker = installation.worker()
    until(lambda: facts.last_job(installation)[1] > 0, "第一段", [worker, web])
    return installation, worker, web, visitor


@pytest.mark.parametrize("how", (outages.IMMEDIATE, outages.FAST) if LONG else (outages.IMMEDIATE,), ids=lambda how: signal.Signals(how).name)
def test_postgresql_goes_away_and_comes_back(base, trial, outer, how):
    wanted, _ = base.undisturbed("committing")
    installation, worker, web, visitor = in_the_middle(base, trial)
    server, _ = outer["postgresql"]
    server.stop(how)
    until_back = time.monotonic() + AWAY
    while time.monotonic() < until_back:
        for path in ("/office/course_result/", "/login", "/health"):
            answer = visitor.http.get(path)
            assert answer.status_code == 503, f"{path}: {answer.status_code}"
        assert "Traceback" not in answer.text
    answer = visitor.http.get("/office/course_result/")
    assert "系统暂时不能用" in answer.text and answer.headers["Retry-After"]
    server.start()
    until(lambda: visitor.http.get("/office/course_result/").status_code == 200, "网页恢复", [web])
    until(lambda: ended(installation, "import_commit"), "导入", [worker, web])
    assert facts.of_import(installation) == wanted


def test_redis_goes_away_and_comes_back(base, trial, outer):
    """What is ordered in the meantime waits in the ledger and is done afterwards, though Redis has forgotten everything."""
    wanted, _ = base.undisturbed("committing")
    installation, worker, web, visitor = in_the_middle(base, trial)
    server, _ = outer["redis"]
    server.stop()
    until(lambda: ended(installation, "import_commit"), "导入", [worker, web])
    assert facts.of_import(installation) == wanted
    assert visitor.http.get("/health").status_code == 503
    visitor.open("/office/course_result/export/")
    visitor.press("导出")
    assert visitor.answer.status_code == 200 and facts.last_job(installation)[0] == "queued"
    server.start()
    until(lambda: visitor.http.get("/health").status_code == 200, "队列恢复", [web])
    if LONG:        # the sweep comes once a minute
        until(lambda: ended(installation, "export"), "导出", [worker, web])
        assert facts.last_job(installation)[0] == "done"
    else:
        visitor.open("/office/course_result/export/")
        visitor.press("导出")
        until(lambda: installation.one("SELECT COUNT(*) FROM job WHERE kind = 'export' AND state = 'done'") == 2, "两次导出", [worker, web])
