"""`make bench`: how long the main work takes, each figure beside a reference measured in the same run.

Every row is {name, database, value, unit, reference, ratio, goal, met}; each part says what its own rows are. They are printed and kept in
instance/bench/latest.json, from which `tests.bench.table` makes docs/speed.md. SIZE=small takes 20,000 cases and the parts that mean something there;
SIZE=full the sizes of a nation, with a million cases beside the yardstick, whose folder PEER_DIR names.
"""
import argparse
import json
import logging
import os
import time

import config
from tests.bench import awards, exports, imports, nation, pages, registration, report_files, reports, rules, seating, tickets, transcripts

LATEST = config.ROOT / "instance" / "bench" / "latest.json"
PARTS = {
    "small": (lambda: pages.measure(20_000), lambda: rules.measure(20_000), lambda: exports.measure(20_000), lambda: imports.measure(20_000), awards.measure,
              lambda: reports.measure(5_000), transcripts.measure),
    "full": (lambda: nation.measure(os.environ["PEER_DIR"]), rules.measure, exports.measure, imports.measure, awards.measure, reports.measure, report_files.measure,
             transcripts.measure, tickets.measure, seating.measure, registration.measure)}


def told(row):
    """A row in one line."""
    ratio, goal = ("" if row[key] is None else row[key] for key in ("ratio", "goal"))
    return f"{row['database']:<11}{row['name']:<70}{row['value']:>10} {row['unit']:<4}{ratio:>8}  goal {goal:<7}{'met' if row['met'] else 'not met'}"


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=PARTS, default="small")
    size, found, begun = asked.parse_args().size, [], time.monotonic()
    logging.disable(logging.INFO)
    for part in PARTS[size]:
        for row in part():
            print(told(row), flush=True)
            found.append(row)
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(f"{(time.monotonic() - begun) / 60:.1f} minutes; {sum(row['met'] for row in found)} of {len(found)} goals met; {LATEST.relative_to(config.ROOT)}")


if __name__ == "__main__":
    main()
