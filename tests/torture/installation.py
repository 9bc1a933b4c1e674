"""One installation of the platform under fault: its folder, its database, and the processes of run.py on them."""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import httpx
import psycopg

import config
from models import base
from tasks import queue, setup
from tests import servers
from tests.torture import LEASE

PATIENCE = 150          # seconds until what must come has come; over a minute, because the sweep comes once a minute


def until(condition, what, programs=()):
    """Wait for a condition and return what it gave; a program that ends in the meantime, or too long a wait, fails with the logs."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        dead = [program for program in programs if program.process.poll() is not None]
        if dead or time.monotonic() > end:
            raise AssertionError(f"{what}：没有等到\n" + "\n".join(program.said() for program in programs))
        time.sleep(0.1)
    return found


class Program:
    """One process of run.py; it ends with the process of the tests."""

    def __init__(self, words, environ, log, before=()):
        self.log = log
        with open(log, "ab") as said:
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *before, sys.executable, str(config.ROOT / "run.py"), *words],
                                            stdout=said, stderr=said, cwd=config.ROOT, env=environ)

    def said(self):
        """The end of its log."""
        return self.log.read_text("utf-8", errors="replace")[-3000:]

    def kill(self):
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


class Installation:
    """A folder and a database, SQLite with the queue in a file or PostgreSQL with Redis; `copy` makes another one of the same state."""

    def __init__(self, folder, postgres=None, redis=None):
        self.folder, self.postgres, self.redis, self.programs = folder, postgres, redis, []
        self.name = folder.name.replace("-", "_").lower()
        self.instance = folder / "instance"
        if postgres:
            with psycopg.connect(f"{postgres}/postgres", autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{self.name}"')

    def copy(self, folder):
        """Another installation in the state of this one, which must be at rest."""
        other = object.__new__(Installation)
        other.__dict__ |= self.__dict__ | {"folder": folder, "programs": [], "name": folder.name.replace("-", "_").lower(), "instance": folder / "instance"}
        shutil.copytree(self.instance, other.instance)
        if self.postgres:
            with psycopg.connect(f"{self.postgres}/postgres", autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{other.name}" TEMPLATE "{self.name}" STRATEGY file_copy')
        return other

    @property
    def environ(self):
        """The settings of its processes, as environment."""
        address = f"{self.postgres}/{self.name}" if self.postgres else ""
        return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")} | {
            "PYTHONUTF8": "1", "DEMO": "1", "CONFIG": str(self.folder / "none.toml"), "INSTANCE_DIR": str(self.instance), "DATABASE_URL": address,
            "REDIS_URL": self.redis or "", "SCREENS_DIR": str(self.folder / "screens"), "JOB_LEASE": str(LEASE), "TMPDIR": str(self.folder)}

    @contextmanager
    def opened(self):
        """Inside the block this process works on it, and leaves its messages in the real queue."""
        setup.open_all(config.load(environ=self.environ))
        try:
            with queue.connected():
                yield
        finally:
            if not base.on_sqlite():
                base.db.close_all()
            base.db.initialize(None)

    def ask(self, question):
        """What the database answers now, over a connection of its own."""
        if not self.postgres:
            with closing(sqlite3.connect(self.instance / "tongli.db", timeout=15)) as database:
                return database.execute(question).fetchall()
        with psycopg.connect(f"{self.postgres}/{self.name}", autocommit=True) as database:
            return database.execute(question).fetchall()

    def one(self, question):
        """The first value of the answer."""
        return self.ask(question)[0][0]

    # processes ------------------------------------------------------------------------------------------------------------------
    def start(self, *words, before=(), **environ):
        """A process of run.py."""
        program = Program(words, self.environ | environ, self.folder / f"log-{len(self.programs)}", before)
        self.programs.append(program)
        return program

    def run(self, *words, **environ):
        """A command of run.py to its good end."""
        program = self.start(*words, **environ)
        assert program.process.wait(PATIENCE) == 0, program.said()

    def worker(self, **given):
        """A worker of the kind that goes with its queue: embedded beside the web server, or a process of its own."""
        if self.postgres:
            return self.start("work", **given)
        return self.start("serve", "--worker", PORT=str(servers.free_port()), **given)

    def web(self, *words, address=None):
        """(web process, its address), once it answers; on a free port, or at the address of one that has ended."""
        address = address or f"http://127.0.0.1:{servers.free_port()}"
        program = self.start("serve", *words, PORT=address.rpartition(":")[2])
        until(lambda: self._answers(address), "网页服务", [program])
        return program, address

    @staticmethod
    def _answers(address):
        try:
            return httpx.get(f"{address}/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def end(self):
        """Kill what still runs of it, and drop its database and folder."""
        for program in self.programs:
            if program.process.poll() is None:
                program.kill()
        if self.postgres:
            with psycopg.connect(f"{self.postgres}/postgres", autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)
