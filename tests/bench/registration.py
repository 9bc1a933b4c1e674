"""The registration peak: applicants who are logged in apply with time to think, against two web processes behind the proxy, on PostgreSQL and Redis.

    python -m tests.bench.registration --people 200 --minutes 5 --think 10

Each begins an application, saves its pages, uploads photo and scans, submits, takes it back and begins anew. The log-ins, which argon2 bounds, come before and
are timed apart. At the end what was answered is compared with what the database holds: no request has failed, and no row is lost or there twice.
"""
import argparse
import datetime as dt
import logging
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from models import clock
from models.people import User
from tasks import setup
from tests import servers
from tests.bench.rows import fill
from tests.cast import SECRET
from tests.torture.installation import Installation
from tests.visitors import HttpVisitor, log_in
from tests.world import World, pdf, picture

PHOTO, SCAN = picture(), pdf("certificate")
KINDS = {"apply": "begin", "photo": "upload", "materials": "upload", "check": "submit", "withdraw": "take back"}       # what a form sent to such an address does
GOAL = 500          # milliseconds in which 95 of 100 requests are to be answered


@dataclass
class Stage:
    """The platform as it is used: its processes, the address of the proxy, who applies and where, who looks on."""
    installation: Installation
    address: str
    people: list
    programme: int
    clerks: list
    processes: dict          # name -> process id


@contextmanager
def staged(people, rows):
    """A stage with so many applicants and so many older cases, on servers of its own."""
    with servers.postgresql() as postgresql, servers.redis() as redis, tempfile.TemporaryDirectory(prefix="registration_") as folder:
        installation = Installation(Path(folder), postgresql, redis)
        try:
            with installation.opened():
                setup.bring_up_to_date()
                names, programme, clerks = populate(people, rows)
            webs, worker = [installation.web() for _ in range(2)], installation.worker()
            with servers.nginx(*(address.rpartition(":")[2] for _, address in webs)) as address:
                programs = {"web 1": webs[0][0], "web 2": webs[1][0], "worker": worker}
                yield Stage(installation, address, names, programme, clerks, {name: program.process.pid for name, program in programs.items()})
        finally:
            installation.end()


def populate(people, rows):
    """([user name of each applicant], id of a programme that is open today, [user names of staff])."""
    world, today = World(), clock.today()
    day = dt.timedelta(days=1)
    programme = world.publish(world.unit, world.clerk, code="0201", year=today.year + 1, apply_from=today - day, apply_until=today + 60 * day,
                              confirm_from=today, confirm_until=today + 90 * day)
    names = [world.applicant(f"申请人{n}").username for n in range(people)]
    fill(world, rows)
    User.update(password=SECRET).execute()
    return names, programme.id, [user.username for user in (world.clerk, world.reviewer, world.centre)]


class Timed(httpx.HTTPTransport):
    """Notes of every request (kind, seconds, status)."""

    def __init__(self, times):
        super().__init__()
        self.times = times

    def handle_request(self, request):
        begun = time.perf_counter()
        try:
            answer = super().handle_request(request)
            answer.read()
            status = answer.status_code
        except httpx.HTTPError as error:
            status = type(error).__name__
            raise
        finally:
            self.times.append((kind_of(request.method, request.url.path), time.perf_counter() - begun, status))
        return answer


def kind_of(method, path):
    """What somebody does with a request."""
    return "page" if method == "GET" else KINDS.get(path.rpartition("/")[2], "save")


class Person(threading.Thread):
    """Somebody at a browser, until it is time; `times` are [(kind, seconds, status)], `said` counts what was answered as done, `faults` are sentences."""

    def __init__(self, stage, name, gate, seconds, think):
        super().__init__(daemon=True)
        self.stage, self.user, self.gate, self.seconds, self.think, self.rng = stage, name, gate, seconds, think, random.Random(name)
        self.times, self.faults, self.said = [], [], {"begin": 0, "submit": 0, "withdraw": 0}
        self.visitor = HttpVisitor(stage.address)
        self.visitor.http = httpx.Client(base_url=stage.address, follow_redirects=True, timeout=60, transport=Timed(self.times))

    def run(self):
        try:
            log_in(self.visitor, self.user)
            self.times[:] = [("log-in", seconds, status) for _, seconds, status in self.times]      # with the page that it leads to, which waits behind others' log-ins
            self.gate.wait()
            self.until = time.monotonic() + self.seconds
            while True:
                self.work()
        except TimeoutError:
            return
        except Exception as error:
            self.faults.append(f"{self.user} {type(error).__name__}: {error}"[:600])
            self.gate.abort()
        finally:
            self.visitor.close()

    def rest(self):
        """Think; ends the person's work when it is time."""
        time.sleep(self.rng.expovariate(1 / self.think))
        if time.monotonic() > self.until:
            raise TimeoutError

    def go(self, path, button="", done=""):
        """Open a page, or the one that is open, and after some thought press a button; `done` is what is counted when no reason came against it."""
        self.rest()
        self.visitor.open(path) if path else None
        if button:
            self.rest()
            self.visitor.press(button)
        assert self.visitor.answer.status_code == 200, f"{self.visitor.answer.url} {self.visitor.answer.status_code}: {self.visitor.text()[:300]}"
        if done:
            self.said[done] += 1


class Applicant(Person):
    """Applies from the first page to the last, takes it back and begins anew."""

    def work(self):
        """One application."""
        visitor = self.visitor
        self.go(f"/programmes/{self.stage.programme}", "申请", "begin")
        form = re.match(r"/apply/\d+", visitor.answer.url.path)[0]
        self.go(f"{form}/identity", "保存并继续")
        visitor.choose("已有最高学位", "学士")
        for label, value in {"学位授予日期": "2012-06-30", "学位授予单位": "清华大学", "学位专业": "经济学", "学位证书编号": "1000342012000001"}.items():
            visitor.fill(label, value)
        visitor.choose("学位门类", "经济学")
        self.go("", "保存并继续")
        visitor.choose("学历", "大学本科")
        visitor.fill("本科毕业学校", "清华大学")
        self.go("", "保存并继续")
        visitor.choose("外国语语种", "英语")
        self.go("", "保存并继续")
        visitor.fill("工作单位", f"研究所{self.said['begin']}")
        self.go("", "保存并继续")
        visitor.attach("照片", "photo.jpg", PHOTO, "image/jpeg")
        self.go("", "上传")
        self.go(f"{form}/materials")
        for title in ("学士学位证书", "身份证"):
            visitor.attach(title, f"{title}.pdf", SCAN, "application/pdf")
        self.go("", "保存并继续")
        self.go(f"{form}/check", "提交", "submit")
        visitor.sees("带原件")
        self.go("/me")
        self.go(f"{form}/withdraw", "撤回申请", "withdraw")


def season(stage, persons):
    """Let everybody log in and then work; returns the seconds that the log-ins of all took."""
    begun = time.monotonic()
    for one in persons:
        one.start()
    try:
        persons[0].gate.wait()
    except threading.BrokenBarrierError:
        pass
    taken = time.monotonic() - begun
    for one in persons:
        one.join()
    return taken


def compared(stage, persons):
    """Sentences on every row that is lost or there twice."""
    said = {what: sum(one.said.get(what, 0) for one in persons) for what in ("begin", "submit", "withdraw")}
    mine = f"application WHERE programme_id = {stage.programme}"
    ask = stage.installation.one
    entries = f"SELECT COUNT(*) FROM entry e JOIN application a ON a.id = e.row_id WHERE e.entity = 'application' AND a.programme_id = {stage.programme} AND e.verb = '{{}}'"
    found = {
        "applications begun": (said["begin"], ask(f"SELECT COUNT(*) FROM {mine}")), "submissions": (said["submit"], ask(entries.format("submit"))),
        "taken back": (said["withdraw"], ask(entries.format("withdraw"))),
        "numbers given out": (said["submit"], ask(f"SELECT COUNT(DISTINCT number) FROM {mine} AND submitted_at IS NOT NULL")),
        "persons with two live cases": (0, ask(f"SELECT COUNT(*) FROM (SELECT person_id FROM {mine} AND state <> 'withdrawn' GROUP BY person_id HAVING COUNT(*) > 1) x"))}
    return [f"{what}: {answered} answered, {kept} kept" for what, (answered, kept) in found.items() if answered != kept], found


def judged(times):
    """[(kind, count, median ms, 95th percentile ms)] and {status that is no answer of the program: count}."""
    kinds = {}
    for kind, seconds, _ in times:
        kinds.setdefault(kind, []).append(seconds * 1000)
    kinds["all but the log-in"] = [seconds * 1000 for kind, seconds, _ in times if kind != "log-in"]
    wrong = {}
    for _, _, status in times:
        if status not in (200, 302):
            wrong[status] = wrong.get(status, 0) + 1
    return [(kind, len(found), statistics.median(found), sorted(found)[int(len(found) * 0.95)]) for kind, found in kinds.items() if found], wrong


def tell(persons, stage):
    """Print what was measured; returns the number of errors of every kind."""
    rows, wrong = judged([item for one in persons for item in one.times])
    for kind, count, middle, slow in rows:
        print(f"{kind:<20}{count:>8} requests   median {middle:>6.0f} ms   p95 {slow:>6.0f} ms")
    against, found = compared(stage, persons)
    faults = [sentence for one in persons for sentence in one.faults]
    print("answered and kept: " + ", ".join(f"{what} {kept}" for what, (_, kept) in found.items()))
    print("\n".join([*faults[:10], *against, *(f"status {status}: {count}" for status, count in wrong.items())]) or "no error, no row lost or double")
    return rows, len(faults) + len(against) + sum(wrong.values())


def measure(people=200, minutes=5.0, think=10.0):
    """The rows of the benchmark: the 95th percentile against its goal, errors, and the log-ins of a second apart."""
    with staged(people, 5_000) as stage:
        gate = threading.Barrier(people + 1)
        persons = [Applicant(stage, name, gate, minutes * 60, think) for name in stage.people]
        taken = season(stage, persons)
        rows, errors = tell(persons, stage)
    slow = next(slow for kind, _, _, slow in rows if kind == "all but the log-in")
    head = f"registration peak, {people} applicants, {minutes:g} min"
    return [{"name": name, "database": "postgresql", "value": round(value, 1), "unit": unit, "reference": None, "ratio": None, "goal": goal, "met": goal is None or value <= goal}
            for name, value, unit, goal in ((f"{head}, p95", slow, "ms", GOAL), (f"{head}, errors", errors, "", 0), ("log-ins at once", people / taken, "/s", None))]


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    for name, kind, default in (("people", int, 200), ("minutes", float, 5), ("think", float, 10)):
        asked.add_argument(f"--{name}", type=kind, default=default)
    logging.disable(logging.WARNING)
    found = measure(**vars(asked.parse_args()))
    for row in found:
        print(f"{row['name']:<60}{row['value']:>9} {row['unit']:<4} goal {row['goal']}  {'met' if row['met'] else 'not met'}")
    sys.exit(not all(row["met"] for row in found))


if __name__ == "__main__":
    main()
