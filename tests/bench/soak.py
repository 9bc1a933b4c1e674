"""`make soak`: half the registration peak for half an hour, with clerks at their lists; ends with `N requests, N errors, memory first→last MiB`.

Memory is what the processes of the platform hold together, sampled every few seconds: as a mean of the minute that follows the first tenth of the time, in
which caches fill, and of the last minute.
"""
import argparse
import logging
import re
import sys
import threading
import time
from pathlib import Path
from statistics import mean

from tests.bench.registration import Applicant, Person, season, staged, tell

EVERY = 5          # seconds between two samples
SHOWN = 10         # samples that are printed


class Clerk(Person):
    """Looks through lists, searches, opens a case."""

    def work(self):
        """One round."""
        for path in ("/office/", "/office/application/", "/office/register/", "/office/register/?q=建国", "/office/register/?sort=-deadline"):
            self.go(path)
        for address in self.visitor.page.xpath("//tbody//a[contains(@href, '/details/')]/@href")[:1]:
            self.go(address)


class Memory(threading.Thread):
    """Samples the resident memory of processes; `samples` are [(seconds since the start, {name: MiB})]."""

    def __init__(self, processes):
        super().__init__(daemon=True)
        self.processes, self.samples, self.over = processes, [], threading.Event()

    def run(self):
        begun = time.monotonic()
        while not self.over.wait(EVERY):
            self.samples.append((time.monotonic() - begun, {name: resident(id) for name, id in self.processes.items()}))

    def around(self, second, length=60):
        """What all held together from a second on, on the average, in MiB."""
        return mean(sum(held.values()) for at, held in self.samples if second <= at <= second + length)


def resident(process):
    """MiB of real memory that a process holds."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())[1]) / 1024


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    for name, kind, default in (("people", int, 100), ("minutes", float, 30), ("think", float, 10)):
        asked.add_argument(f"--{name}", type=kind, default=default)
    given = asked.parse_args()
    logging.disable(logging.WARNING)
    with staged(given.people, rows=20_000) as stage:
        gate, seconds = threading.Barrier(given.people + len(stage.clerks) + 1), given.minutes * 60
        persons = [*(Applicant(stage, name, gate, seconds, given.think) for name in stage.people), *(Clerk(stage, name, gate, seconds, given.think) for name in stage.clerks)]
        memory = Memory(stage.processes)
        memory.start()
        taken = season(stage, persons)
        print(f"{len(persons)} log-ins at once, {len(persons) / taken:.1f} a second")
        memory.over.set()
        rows, errors = tell(persons, stage)
    for at, held in memory.samples[::max(1, len(memory.samples) // SHOWN)]:
        print(f"{at / 60:>6.1f} min   " + "   ".join(f"{name} {mib:.0f} MiB" for name, mib in held.items()))
    last, length = memory.samples[-1][0], min(60, seconds / 4)
    print(f"{sum(count for kind, count, *_ in rows if kind != 'all but the log-in'):,} requests, {errors} errors, "
          f"memory {memory.around(last / 10, length):.0f}→{memory.around(last - length, length):.0f} MiB")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
