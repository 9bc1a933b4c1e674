"""`python -m tests.attack [pytest's words]`: every attack in its long form, ending with `N probes, N leaks, N findings`; 1 when there is a leak or a finding."""
import os
import sys

import pytest

WHERE = ("tests/test_isolation.py", "tests/test_interference.py", "tests/test_attacks.py", "tests/test_double_submits.py", "tests/attack")


class Count:
    """Adds up what the tests note of themselves; one that fails otherwise is a finding."""
    probes = leaks = findings = 0

    def pytest_runtest_logreport(self, report):
        noted = dict(report.user_properties) if report.when == "call" else {}
        for word in ("probes", "leaks", "findings"):
            setattr(self, word, getattr(self, word) + noted.get(word, 0))
        self.findings += report.failed and not (noted.get("leaks") or noted.get("findings"))

    def pytest_collectreport(self, report):
        self.findings += report.failed


def main(words):
    """Run the tests; what is set already in the environment stays."""
    os.environ.setdefault("ATTACK", "1")
    count = Count()
    code = pytest.main(["-n", "2", "--dist", "loadgroup", *words, *(() if any(not word.startswith("-") for word in words) else WHERE)], plugins=[count])
    print(f"{count.probes} probes, {count.leaks} leaks, {count.findings} findings")
    return 1 if count.leaks or count.findings else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
