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
    "small": {"pages": lambda: pages.measure(20_000), "rules": lambda: rules.measure(20_000), "exports": lambda: exports.measure(20_000),
              "imports": lambda: imports.measure(20_000), "awards": awards.measure, "reports": lambda: reports.measure(5_000), "transcripts": transcripts.measure},
    "full": {"nation": lambda: nation.measure(os.environ["PEER_DIR"]), "rules": rules.measure, "exports": exports.measure, "imports": imports.measure,
             "awards": awards.measure, "reports": reports.measure, "report_files": report_files.measure, "transcripts": transcripts.measure,
             "tickets": tickets.measure, "seating": seating.measure, "registration": registration.measure}}


def told(row):
    """A row in one line."""
    ratio, goal = ("" if row[key] is None else row[key] for key in ("ratio", "goal"))
    return f"{row['database']:<11}{row['name']:<70}{row['value']:>10} {row['unit']:<4}{ratio:>8}  goal {goal:<7}{'met' if row['met'] else 'not met'}"


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", choices=PARTS, default="small")
    asked.add_argument("--parts", nargs="+", help="only these; what the others measured before stays in the file")
    words = asked.parse_args()
    found = {(row["name"], row["database"]): row for row in json.loads(LATEST.read_text("utf-8"))} if words.parts and LATEST.exists() else {}
    begun = time.monotonic()
    logging.disable(logging.INFO)
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    for name in words.parts or PARTS[words.size]:
        for row in PARTS[words.size][name]():
            print(told(row), flush=True)
            found[row["name"], row["database"]] = row
        LATEST.write_text(json.dumps(list(found.values()), ensure_ascii=False, indent=1), "utf-8")
    print(f"{(time.monotonic() - begun) / 60:.1f} minutes; {sum(row['met'] for row in found.values())} of {len(found)} goals met; {LATEST.relative_to(config.ROOT)}")


if __name__ == "__main__":
    main()
