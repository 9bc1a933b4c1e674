"""Random requests by schemathesis, in an environment of its own, against the description of the interface: every answer is one that it names."""
import subprocess

import config
from tests.attack import judge
from tests.attack.serving import answering

WANTED = 10_000
TOOL = config.ROOT / ".venv/attack/bin/schemathesis"


def test_ten_thousand_random_requests_are_answered_as_described_and_never_by_a_failure(ground, record_property):
    with answering(ground) as (address, heard):
        run = subprocess.run([TOOL, "run", f"{address}/api/openapi.json", "--header", f"Authorization: Bearer {ground.tokens[ground.world.officer.id]}", "--checks",
                              "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance", "--phases", "examples,coverage,fuzzing",
                              "--max-examples", str(WANTED // 3), "--seed", "2013", "--no-color", "--workers", "2"], capture_output=True, text=True, cwd=config.ROOT / "tests")
    assert sum(heard.statuses.values()) >= WANTED, run.stdout[-3000:]
    judge(record_property, sum(heard.statuses.values()), heard.failures + ([run.stdout[-3000:]] if run.returncode else []))
