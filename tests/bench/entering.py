"""How the last days of entry go: applicants who are logged in enter and begin to pay, with time to think, against a real server on PostgreSQL.

    python -m tests.bench.entering --people 200 --minutes 3 --think 10

Each reads the page, enters at one of a few sites, changes the place, begins to pay, looks at the payment, and takes the entry back, over and over. The log-in,
which argon2 bounds, is timed apart. At the end no request has failed and no site has sold more places than it has.
"""
import argparse
import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from decimal import Decimal
from pathlib import Path

import httpx
import lxml.html

import config
from models import base, clock
from models.applications import Application
from models.base import db
from models.exams.entries import ExamEntry
from models.exams.places import Place
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite
from models.people import User
from models.reference import Province
from tasks import setup
from tests import servers
from tests.cast import SECRET
from tests.world import PASSWORD, World

SITES, CAPACITY = 5, 45          # too few for all: some are refused
PROCESSES = 2


def fill(count):
    """The session that is open now, its sites, and people of the register; their addresses."""
    world, today = World(), clock.today()
    session = ExamSession.add(world.exam, name="统考", year=today.year, entry_from=today - dt.timedelta(5), entry_until=today + dt.timedelta(5),
                              exam_on=today + dt.timedelta(60))
    for code in ("101", "202"):
        SessionSubject.add(world.exam, session=session, subject=Subject.get(Subject.code == code))
    session.open(by=world.exam)
    for n in range(SITES):
        ExamSite.create(province=Province.get(Province.code == "11"), code=f"1{n:02d}", name=f"考点{n}", capacity=CAPACITY)
    found = []
    for n in range(count):
        user = world.applicant(f"考生{n}")
        Application.create(person=user.person, programme=world.programme, institution=world.unit, discipline=world.programme.discipline, year=today.year,
                           state="registered", degree_date=dt.date(2010, 6, 30), language="01", register_number=f"10001-2026-{n:05d}", registered_on=today,
                           deadline=today + dt.timedelta(1500), min_credits=Decimal(30), year_limit=5)
        found.append(user.email)
    User.update(password=SECRET).execute()
    return found


class Applicant(threading.Thread):
    """One person at his telephone; `times` are [(what, seconds, status)]. He waits until everybody is logged in."""

    def __init__(self, address, email, together, seconds, think, seed):
        super().__init__(daemon=True)
        self.http = httpx.Client(base_url=address, timeout=60)
        self.email, self.together, self.seconds, self.think, self.rng, self.times = email, together, seconds, think, random.Random(seed), []

    def ask(self, what, method, path, **data):
        begun = time.perf_counter()
        try:
            answer = self.http.request(method, path, data={**data, "csrf_token": self.token} if method == "POST" else None)
            status, text = answer.status_code, answer.text
        except httpx.HTTPError as error:
            status, text = type(error).__name__, ""
        self.times.append((what, time.perf_counter() - begun, status))
        if status in (200, 422):
            self.page = lxml.html.fromstring(text)
            self.token = next(iter(self.page.xpath("//meta[@name='csrf-token']/@content")), "")
        return status

    def rest(self):
        time.sleep(self.rng.expovariate(1 / self.think) if self.think else 0)

    def run(self):
        time.sleep(self.rng.uniform(0, self.think))
        self.ask("log-in", "GET", "/login")
        self.ask("log-in", "POST", "/login", identity=self.email, password=PASSWORD)
        self.together.wait()
        until = time.time() + self.seconds
        while time.time() < until:
            for act in (self.enter, self.move, self.pay, self.leave):
                self.rest()
                act()

    def look(self):
        return self.ask("page", "GET", "/me/exam")

    def enter(self):
        self.look()
        for form in self.page.xpath("//form[re:test(@action, '/me/exam/[0-9]+$')]", namespaces={"re": "http://exslt.org/regular-expressions"}):
            subjects = form.xpath(".//input[@name='subject'][not(@disabled)]/@value")
            free = form.xpath(".//select[@name='site']//option[not(@disabled)][@value!='']/@value")
            if subjects and free:
                self.ask("enter", "POST", form.get("action"), subject=subjects, province="11", site=self.rng.choice(free))

    def move(self):
        self.look()
        for form in self.page.xpath("//form[contains(@action, '/move/')]")[:1]:
            free = form.xpath(".//select[@name='site']//option[not(@disabled)][@value!='']/@value")
            self.ask("move", "POST", form.get("action"), province="11", site=self.rng.choice(free) if free else "")

    def pay(self):
        self.look()
        for address in self.page.xpath("//a[contains(@href, '/me/exam/pay/') and contains(@class, 'main-act')]/@href")[:1]:
            self.ask("payment", "GET", address)
            self.ask("begin to pay", "POST", address, provider="local")

    def leave(self):
        self.look()
        if self.rng.random() < 0.5:
            for form in self.page.xpath("//form[contains(@action, '/withdraw/') and not(contains(@action, 'elsewhere'))]"):
                self.ask("take back", "POST", form.get("action"))


def serving(url, folder):
    """The processes of a web server, and its address."""
    port = servers.free_port()
    environ = {**os.environ, "DEMO": "1", "DATABASE_URL": url, "INSTANCE_DIR": str(folder), "PORT": str(port), "CONFIG": str(folder / "none.toml")}
    command = [sys.executable, "-m", "gunicorn", "-w", str(PROCESSES), "--threads", "8", "-b", f"127.0.0.1:{port}", "--log-level", "error", "--keep-alive", "75",
               "tests.bench.entering:application()"]
    process = subprocess.Popen(command, cwd=config.ROOT, env=environ)
    address, until = f"http://127.0.0.1:{port}", time.time() + 120
    while time.time() < until:
        try:
            httpx.get(f"{address}/health", timeout=5)
            return process, address
        except httpx.HTTPError:
            time.sleep(0.5)
    raise RuntimeError("the server does not start")


def application():
    """The program as gunicorn starts it, from the environment."""
    import views
    from backoffice.app import create_app
    settings = config.load()
    setup.open_all(settings)
    return create_app(settings, views.register)


def measure(people, minutes, think):
    """[(what, count, median ms, 95th percentile ms)], {status that is neither an answer nor a refusal: count}, {(site, kind): (taken, entries, capacity)}."""
    with servers.postgresql() as server, tempfile.TemporaryDirectory() as name:
        import psycopg
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        folder, url = Path(name), f"{server}/bench"
        setup.open_all(config.load(environ={}, demo=True, instance_dir=folder, database_url=url), immediate=True)
        setup.bring_up_to_date()
        with db.connection_context():
            emails = fill(people)
        process, address = serving(url, folder)
        try:
            together = threading.Barrier(len(emails))
            crowd = [Applicant(address, email, together, minutes * 60, think, n) for n, email in enumerate(emails)]
            for one in crowd:
                one.start()
            for one in crowd:
                one.join()
            times = [item for one in crowd for item in one.times]
            with db.connection_context():
                sold = {(row.site.name, row.kind): (row.taken, ExamEntry.select().join(SessionSubject).join(Subject).where(
                    ExamEntry.site == row.site, Subject.kind == row.kind, ExamEntry.state.in_(("unpaid", "paid"))).count(), row.site.capacity) for row in Place.select()}
        finally:
            process.terminate()
            process.wait(30)
            base.db.close_all()
    kinds = {what: sorted(seconds * 1000 for kind, seconds, _ in times if kind == what) for what, *_ in times}
    kinds["all but the log-in"] = sorted(seconds * 1000 for kind, seconds, _ in times if kind != "log-in")
    wrong = {}
    for _, _, status in times:
        if status not in (200, 302, 422):
            wrong[status] = wrong.get(status, 0) + 1
    return [(what, len(found), statistics.median(found), found[int(len(found) * 0.95)]) for what, found in kinds.items()], wrong, sold


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    for name, kind, default in (("people", int, 200), ("minutes", float, 3), ("think", float, 10)):
        asked.add_argument(f"--{name}", type=kind, default=default)
    given = asked.parse_args()
    rows, wrong, sold = measure(given.people, given.minutes, given.think)
    for what, count, middle, slow in rows:
        print(f"{what:<22}{count:>7} requests   median {middle:>7.0f} ms   p95 {slow:>7.0f} ms")
    print(f"failed: {wrong or 'none'}")
    oversold = [key for key, (taken, entries, capacity) in sold.items() if taken > capacity or taken != entries]
    print(f"places taken, entries, capacity: {sold}\noversold or miscounted: {oversold or 'none'}")
    sys.exit(bool(wrong or oversold))


if __name__ == "__main__":
    main()
