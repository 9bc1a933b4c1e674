"""`python -m tests.torture [pytest's words]`: the long form of everything that is tried by chance, ending with `N passed, N failed`."""
import os
import sys

import pytest

LONG = {"TORTURE": "1", "TORTURE_CASES": "100000", "WALKS": "1000"}
WHERE = ("tests/torture", "tests/models/test_rules_agree.py", "tests/models/test_walk.py")


class Count:
    """Counts how the tests end; one that cannot even begin has failed."""
    passed = failed = 0

    def pytest_runtest_logreport(self, report):
        self.passed += report.passed and report.when == "call"
        self.failed += report.failed

    def pytest_collectreport(self, report):
        self.failed += report.failed


def main(words):
    """Run the tests; what is set already in the environment stays."""
    os.environ.update({name: value for name, value in LONG.items() if name not in os.environ})
    count = Count()
    code = pytest.main(["-n", "2", "--dist", "loadgroup", *(words or WHERE)], plugins=[count])
    print(f"{count.passed} passed, {count.failed} failed")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
