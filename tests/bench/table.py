"""`python -m tests.bench.table`: writes docs/speed.md, what the last run of `make bench` measured (instance/bench/latest.json), as one table."""
import datetime as dt
import json

import config
from tests.bench.__main__ import LATEST

PAGE = config.ROOT / "docs/speed.md"
HEAD = """# How fast it is

What `make bench SIZE=full PEER_DIR=…` measured on {day} on two cores: each figure beside a reference of the same run, on both databases. The reference of
lists, pages and steps on a million cases is a well-made Django admin over the same rows (its folder is PEER_DIR), asked over HTTP as the program is;
elsewhere it is the bare statement or the bare writer, or, "against the first page", the first page of the same list. `ratio` is value / reference.
A goal is of the ratio where there is one and the line says "against", else of the value; it is the most that may be, and the least of what is
counted by the second. {met} of {all} goals were met.

| what | database | value | reference | ratio | goal | |
|---|---|---|---|---|---|---|
"""


def line(row):
    """One row of the table."""
    of = lambda key: "" if row[key] is None else f"{row[key]:,}"      # noqa: E731
    return f"| {row['name']} | {row['database']} | {of('value')} {row['unit']} | {of('reference')} | {of('ratio')} | {of('goal')} | {'met' if row['met'] else '**missed**'} |\n"


def main():
    rows = json.loads(LATEST.read_text("utf-8"))
    day = dt.date.fromtimestamp(LATEST.stat().st_mtime)
    PAGE.write_text(HEAD.format(day=day, met=sum(row["met"] for row in rows), all=len(rows)) + "".join(map(line, rows)), "utf-8")
    print(f"{len(rows)} rows: {PAGE.relative_to(config.ROOT)}")


if __name__ == "__main__":
    main()
