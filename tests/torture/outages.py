"""A PostgreSQL and a Redis that can be stopped in the middle and started again on the same port with what they had."""
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

from tests import servers

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT          # how a PostgreSQL server is told to stop: tidily, or as if the machine had died


class Server:
    """A server that is started and stopped at will."""

    def __init__(self, command, folder, port, user=None):
        self.command, self.folder, self.port, self.process = command, folder, port, None
        self.who = servers.as_user(user)[:-1] or ["setpriv"]

    def start(self):
        """Start it and wait until it listens."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([*self.who, "--pdeathsig", "KILL", "--", *self.command], stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + 30
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.command[0]} does not start:\n" + (self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how=signal.SIGTERM):
        """Stop it by a signal and wait until it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(60)


@contextmanager
def postgresql():
    """(server, its address). It answers a commit only when it is in the log, so that nothing that was answered is lost when it stops at once."""
    with servers.folder_for("postgres") as folder:
        servers.initialise(folder / "data")
        port = servers.free_port()
        settings = ("listen_addresses=127.0.0.1", "synchronous_commit=on", "fsync=off", "max_connections=100")
        server = Server([servers.postgresql_programs() / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder,
                         *(word for setting in settings for word in ("-c", setting))], folder, port, "postgres")
        server.start()
        try:
            address = f"postgresql://tongli@127.0.0.1:{port}"
            servers.until_ready(address)
            yield server, address
        finally:
            server.stop(IMMEDIATE)


@contextmanager
def redis():
    """(server, its address). What lay in it is gone when it stops, as in the worst case."""
    with servers.folder_for() as folder:
        port = servers.free_port()
        server = Server(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder], folder, port)
        server.start()
        try:
            yield server, f"redis://127.0.0.1:{port}/0"
        finally:
            server.stop()
