"""A nation's data: our server and the yardstick's, one after the other on the same million cases, asked for the same pages over HTTP.

`PEER_DIR=… python -m tests.bench.nation` prints the rows of `measure()`: {name, database, value, unit, reference, ratio, goal, met}. PEER_DIR is the
yardstick's folder with its data and databases prepared. Times are the medians of answers to one client; processor time is that of all processes
of the server, without the database; `START` requests come before and are not counted. With KEEP=folder the loaded databases stay there and
the next run begins with them.
"""
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from flask_security import hash_password

import config
import views
from backoffice.app import create_app
from models.applications import Application
from models.people import User
from models.reference import Institution
from tasks.loading import loading
from tests import servers
from tests.bench.both import opened
from tests.bench.rows import fill
from tests.visitors import PASSWORD, HttpVisitor, log_in
from tests.world import World, account

START, RUNS, CLIENTS, SECONDS, BULK, DEEP = 3, 20, 8, 5, 1000, 10_000
ITEMS = "a,g,h,m,n"          # of the yardstick: first page, edit page, bulk action, throughput, start and memory
POSTGRES = ("shared_buffers=2GB", "effective_cache_size=8GB", "work_mem=64MB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "random_page_cost=1.1")
ROLES = {"clerk": "clerk", "nation": "centre"}
PEERS = {"clerk": "clerk", "nation": "national"}


def measure(peer):
    """The rows for both databases; `peer` is the yardstick's folder."""
    peer, keep = Path(peer), os.environ.get("KEEP")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(keep or folder)
        found = Nation("sqlite", "", folder / "sqlite", peer).rows()
        with servers.postgresql(*POSTGRES, keep=keep and folder / "cluster") as server:
            with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'nation'").fetchone():
                    admin.execute("CREATE DATABASE nation")
            found += Nation("postgresql", f"{server}/nation", folder / "postgresql", peer).rows()
    return found


class Nation:
    """One database with the million cases."""

    def __init__(self, name, address, folder, peer):
        self.name, self.address, self.folder, self.peer, self.found = name, address, folder, peer, []

    def row(self, what, value, unit, reference, goal, by="ratio"):
        """`goal` is the most that the ratio, or the value itself, may be; by="least" the least that the ratio may be, by="fast" the value."""
        ratio = round(value / reference, 3) if reference else None
        met = {"ratio": lambda: ratio <= goal, "value": lambda: value <= goal, "least": lambda: ratio >= goal, "fast": lambda: value >= goal}[by]()
        self.found.append({"name": what, "database": self.name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio,
                           "goal": goal, "met": met})

    def rows(self):
        """Everything that is measured here."""
        theirs = self._theirs()
        case, number, name, programme, todo = self._filled()
        with self._serving(self.folder) as site:
            for who, role in ROLES.items():
                visitor = site.enter(role)
                first = site.ask(visitor, ["/office/register/"])
                self.row(f"list, {who}, against the yardstick's", first.processor, "ms", theirs["a", PEERS[who]]["server_cpu_ms"], 0.25)
                self.row(f"list, {who}", first.processor, "ms", None, 12, "value")
                self.row(f"statements of a list, {who}", first.statements, "", None, 6, "value")
                self.row(f"size of a list, {who}", first.size / 1024, "KiB", None, 60, "value")
                against = lambda what, address, goal=1.5: self.row(f"{what}, {who}, against the first page",      # noqa: E731
                                                                   site.ask(visitor, [address]).median, "ms", first.median, goal)
                deep = DEEP if who == "nation" else 100
                walk = site.ask(visitor, [f"/office/register/?page={deep}"], runs=1, start=0)
                self.row(f"first jump to page {deep:,}, {who}", walk.median, "ms", None, 1000, "value")
                against(f"page {deep:,}", f"/office/register/?page={deep}", 1.3)
                against("exact number", f"/office/register/?q={number}")
                against("name prefix", f"/office/register/?q={quote(name[:2])}")
                against("two characters inside a name", f"/office/register/?q={quote(name[1:3])}")
                against("state and programme", f"/office/register/?f.state=registered&f.programme={programme}")
                against("sorted by date", "/office/register/?sort=-deadline")
            clerk = site.enter("clerk")
            edit = theirs["g", "clerk"]["median_ms"]
            self.row("page of a case, against the yardstick's edit page", site.ask(clerk, [f"/office/register/details/?id={case}"]).median, "ms", edit, 0.25)
            with self._serving(self.folder) as second:        # the yardstick has two processes, too
                self.row(f"rate of the list, clerk, {CLIENTS} clients, against the yardstick's", rate((site, second), "/office/register/"), "/s",
                         next(row["rps"] for row in theirs["m", "clerk", "all"] if row["clients"] == CLIENTS), 4, "least")
            bulk = next(row["median_ms"] for row in theirs["h", "clerk", "all"] if row["rows"] == BULK)
            self.row(f"退回补正 of {BULK:,} cases, against the yardstick's change of them", self._bulk(site, clerk, todo), "ms", bulk, 2)
        began, memory = self._starts()
        self.row("start to first answer", began, "s", None, 1, "value")
        self.row("idle memory of one process", memory, "MiB", None, 110, "value")
        self._growth(first.processor)
        return self.found

    # what there is to be asked for ----------------------------------------------------------------------------------------------------------
    def _filled(self):
        """Load the yardstick's data unless they are there; (a case of the clerk's, its number, a name of three characters, a programme, cases to be sent back)."""
        with opened(self.address, self.folder):
            if not Application.select().exists():
                began = time.perf_counter()
                lines = loading.load(self.peer / "data", self.folder, invented=True, say=lambda text: None)
                self.row(f"load of {lines:,} lines", lines / (time.perf_counter() - began), "/s", None, 50_000, "fast")
            facts = json.loads((self.peer / "data" / "facts.json").read_text("utf-8"))["clerk"]
            shift = Application.select(Application.id).order_by(Application.id).limit(1).scalar() - 1
            todo = [shift + id for id in facts["todo"][:BULK]]
            case = Application.get_by_id(shift + facts["apps"][0][0])
            unit = Institution.get_by_id(case.institution_id)
            for username, role in {"clerk": "clerk", "centre": "centre"}.items():
                if not User.select().where(User.username == username).exists():
                    account(username, role, **({"institution": unit} if role == "clerk" else {}))
            give_passwords(self.folder)
            name = next(name for _, _, _, name in facts["apps"] if len(name) == 3)
            return case.id, facts["apps"][0][2], name, case.programme_id, todo

    def _theirs(self):
        """{(item, role): the yardstick's last row, (item, role, "all"): all of them}, measured now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        out = self.folder / "yardstick.jsonl"
        out.unlink(missing_ok=True)
        subprocess.run(["bash", "setup.sh", "pg-start"], cwd=self.peer, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run([self.peer / "venv/bin/python", "bench.py", "http", "--db", {"sqlite": "sqlite"}.get(self.name, "pg"), "--items", ITEMS, "--n", str(RUNS), "--cap", "8",
                        "--wrk", str(SECONDS), "--out", out], cwd=self.peer, check=True, stdout=subprocess.DEVNULL)
        found = {}
        for row in map(json.loads, out.read_text("utf-8").splitlines()):
            found[row["item"], row.get("role", "")] = row
            found.setdefault((row["item"], row.get("role", ""), "all"), []).append(row)
        return found

    # our server -----------------------------------------------------------------------------------------------------------------------------
    @contextmanager
    def _serving(self, folder, address=None):
        site = Site(self.address if address is None else address, folder)
        try:
            site.wait()
            yield site
        finally:
            site.end()

    def _bulk(self, site, visitor, ids):
        """Milliseconds in which the step is taken on all of them, the median of three; between them they are put back."""
        taken = []
        for _ in range(3):
            with opened(self.address, self.folder):
                Application.update(state="submitted", edition=Application.edition + 1).where(Application.id.in_(ids)).execute()
            page = visitor.http.get("/office/application/").text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
            form = [("csrf_token", token), ("confirm", "1"), ("reason", "照片不清楚"), *(("id", id) for id in ids), *(("shown", id) for id in ids)]
            began = time.perf_counter()
            answer = visitor.http.post("/office/application/step/send_back/", content=urlencode(form), headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=600)
            taken.append((time.perf_counter() - began) * 1000)
            with opened(self.address, self.folder):
                done = Application.select().where(Application.id.in_(ids), Application.state == "returned").count()
            assert answer.status_code == 200 and done == len(ids), f"{answer.status_code}: {done} of {len(ids)}"
        return statistics.median(taken)

    def _starts(self):
        """(seconds from the start of a process to its first answer, MiB that it then holds), medians of three."""
        began, memory = [], []
        for _ in range(3):
            with self._serving(self.folder) as site:
                began.append(site.began)
                time.sleep(1)
                memory.append(site.memory())
        return statistics.median(began), statistics.median(memory)

    def _growth(self, large):
        """The list of the nation at this size beside that of 10,000 cases."""
        small = self.address and _second(self.address)
        with tempfile.TemporaryDirectory() as folder:
            with opened(small, Path(folder)):
                fill(World(), 10_000)
                give_passwords(Path(folder))
            with self._serving(Path(folder), small) as site:
                self.row("list, nation, against that of 10,000 cases", large, "ms", site.ask(site.enter("centre"), ["/office/register/"]).processor, 1.3)


class Site:
    """A web process of ours on a port of its own."""

    def __init__(self, address, folder):
        self.port = servers.free_port()
        environment = {**os.environ, "DEMO": "1", "INSTANCE_DIR": str(folder), "DATABASE_URL": address, "PORT": str(self.port), "METRICS_LOCAL": "1"}
        self.since = time.perf_counter()
        self.process = subprocess.Popen([sys.executable, "run.py", "serve"], cwd=config.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self):
        """Until it answers."""
        while time.perf_counter() - self.since < 60:
            try:
                if self.get("/login")[0] == 200:
                    self.began = time.perf_counter() - self.since
                    return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("the server does not answer")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def get(self, path, cookie=""):
        """(status, bytes) of one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def enter(self, name):
        return log_in(HttpVisitor(f"http://127.0.0.1:{self.port}"), name)

    def ask(self, visitor, paths, runs=RUNS, start=START):
        """What answers to some pages in turn take and cost."""
        cookie = cookies(visitor)
        for n in range(start):
            self.get(paths[n % len(paths)], cookie)
        taken, before, counted = [], self.processor(), self.statements()
        for n in range(runs):
            began = time.perf_counter()
            status, body = self.get(paths[n % len(paths)], cookie)
            taken.append(time.perf_counter() - began)
            assert status == 200, f"{paths[n % len(paths)]}: {status}"
        return Answers(statistics.median(taken) * 1000, (self.processor() - before) / runs * 1000, round((self.statements() - counted) / runs), len(body))

    def processor(self):
        """Seconds of processor time so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """MiB that it holds."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def statements(self):
        """Statements to the database so far, but for those of a look at this very figure."""
        return float(re.search(r"^tongli_query_seconds_count(?:\{[^}]*\})? ([\d.]+)", self.get("/metrics")[1].decode(), re.M)[1])


class Answers:
    """Milliseconds until an answer is there (the median), of processor time an answer, statements an answer, bytes of the last one."""

    def __init__(self, median, processor, statements, size):
        self.median, self.processor, self.statements, self.size = median, processor, statements, size


def rate(sites, path):
    """Answers a second to CLIENTS clients, who share the processes."""
    running = [subprocess.Popen(["wrk", "-t1", f"-c{CLIENTS // len(sites)}", f"-d{SECONDS}s", "--timeout", "60s", "-H", f"Cookie: {cookies(site.enter('clerk'))}",
                                 f"http://127.0.0.1:{site.port}{path}"], stdout=subprocess.PIPE, text=True) for site in sites]
    said = [process.communicate()[0] for process in running]
    assert not any("Non-2xx" in text for text in said), said
    return sum(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]) for text in said)


def cookies(visitor):
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies().items())


def give_passwords(folder):
    """All accounts get the one password."""
    with create_app(config.load(environ={}, demo=True, instance_dir=folder), views.register).app_context():
        User.update(password=hash_password(PASSWORD)).execute()


def _second(address):
    """The address of another, empty database on the same server."""
    server = address.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS small")
        admin.execute("CREATE DATABASE small")
    return f"{server}/small"


if __name__ == "__main__":
    for line in measure(os.environ["PEER_DIR"]):
        print(f"{line['database']:<11}{line['name']:<70}{line['value']:>10} {line['unit']:<4}{line['ratio'] or '':>8}  goal {line['goal']:<7}{'met' if line['met'] else 'not met'}")
