"""Random requests by schemathesis, in an environment of its own, against the description of the interface: every answer is one that it names."""
import subprocess

import config
from tests.attack import judge
from tests.attack.serving import answering

WANTED = 10_000
TOOL = config.ROOT / ".venv/attack/bin/schemathesis"


def test_ten_thousand_random_requests_are_answered_as_described_and_never_by_a_failure(ground, record_property):
    said, seed = [], 2013
    with answering(ground) as (address, heard):
        while sum(heard.statuses.values()) < WANTED:          # how many differ from each other is the tool's to find
            run = asked(address, ground.tokens[ground.world.officer.id], seed)
            assert run.returncode in (0, 1), run.stdout[-3000:] + run.stderr[-3000:]
            said, seed = said + [run.stdout[-3000:]] * run.returncode, seed + 1
    judge(record_property, sum(heard.statuses.values()), heard.failures + said)


def asked(address, token, seed):
    """One run of the tool, ended with 1 where an answer is not as described."""
    return subprocess.run([TOOL, "run", f"{address}/api/openapi.json", "--header", f"Authorization: Bearer {token}", "--checks",
                           "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance", "--phases", "examples,coverage,fuzzing",
                           "--max-examples", str(WANTED // 3), "--seed", str(seed), "--no-color", "--workers", "2"], capture_output=True, text=True, cwd=config.ROOT / "tests")
