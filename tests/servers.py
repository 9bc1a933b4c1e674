"""A private PostgreSQL, Redis and nginx for one test process: own folder, own loopback port, gone with the process even when it is killed."""
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

import config

POSTGRES_SPEED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=100", "max_wal_size=256MB")


@contextmanager
def postgresql(*settings, keep=None):
    """Start a cluster; yields the address of its server, 'postgresql://tongli@127.0.0.1:PORT'. Runs as user postgres for root. `settings` come on top of
    POSTGRES_SPEED. The cluster is a fresh one that goes with the block; or the one that lies in the folder `keep`, and stays there."""
    with folder_for("postgres", keep) as folder:
        programs = postgresql_programs()
        if not (folder / "data").exists():
            initialise(folder / "data")
        options = [word for setting in (*POSTGRES_SPEED, "listen_addresses=127.0.0.1", *settings) for word in ("-c", setting)]
        with _running(folder, "postgres", lambda port: [
                programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, *options]) as port:
            address = f"postgresql://tongli@127.0.0.1:{port}"
            until_ready(address)
            yield address


def initialise(data):
    """Make an empty cluster, as user postgres for root."""
    subprocess.run([*as_user("postgres"), postgresql_programs() / "initdb", "-D", data, "-A", "trust", "-U", "tongli", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync"], check=True, stdout=subprocess.DEVNULL)


def until_ready(address, patience=60):
    """Wait until the server takes log-ins: it listens a moment before, and says that it is starting up."""
    until = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def redis():
    """Start a Redis that keeps nothing; yields its address."""
    if shutil.which("redis-server") is None:
        raise RuntimeError("redis-server is not installed: run `make test`, which installs it")
    with folder_for() as folder:
        with _running(folder, None, lambda port: [
                "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]) as port:
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def nginx(first, second):
    """Start the proxy that deploy/nginx.conf describes, but without TLS, before two web servers on these ports; yields its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise RuntimeError("nginx is not installed: run `make test`, which installs it")
    shipped = (config.ROOT / "deploy" / "nginx.conf").read_text("utf-8").partition("# plain")[0]
    shipped = re.sub(r"^ +(ssl_|server_name).*\n", "", shipped, flags=re.MULTILINE).replace(":8000", f":{first}").replace(":8001", f":{second}")
    with folder_for() as folder:
        own = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))

        def command(port):
            site = shipped.replace("443 ssl http2", f"127.0.0.1:{port}")
            (folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {folder}/pid;\nevents {{}}\nhttp {{ access_log off; {own}\n{site}}}\n", "utf-8")
            return [program, "-p", folder, "-c", "nginx.conf", "-e", "stderr"]
        with _running(folder, None, command) as port:
            yield f"http://127.0.0.1:{port}"


def postgresql_programs():
    """The folder of the newest PostgreSQL server that is installed here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    program = found[-1] if found else shutil.which("initdb")
    if program is None:
        raise RuntimeError("the PostgreSQL server is not installed: run `make test`, which installs it")
    return Path(program).parent


def as_user(user):
    """The words before a command that must not run as root."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"] if user and os.geteuid() == 0 else []


@contextmanager
def folder_for(user=None, keep=None):
    """A folder that belongs to a user: a temporary one that goes with the block, or `keep`."""
    folder = Path(keep or tempfile.mkdtemp(prefix="tongli-"))
    folder.mkdir(exist_ok=True)
    try:
        if user and os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder, user, command):
    """Run `command(port)` until it answers on a port that was free; another one when somebody took it in between."""
    who = as_user(user)[:-1] or ["setpriv"]
    for _ in range(5):
        port = free_port()
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen([*who, "--pdeathsig", "INT", "--", *command(port)], stdout=log, stderr=log, cwd=folder)
        try:
            if _answers(server, port):
                yield port
                return
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    raise RuntimeError(f"{command(0)[0]} does not start:\n" + (folder / "log").read_text(errors="replace")[-2000:])


def free_port():
    """A loopback port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(server, port, patience=30):
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        time.sleep(0.05)        # first: a server that lost its port to somebody else has ended by then, and that one's answer does not count
        with socket.socket() as probe:
            if server.poll() is None and probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
    return False
