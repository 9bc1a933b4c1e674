"""The ground as a real server on this machine, and what it answered."""
import threading
from collections import Counter
from contextlib import contextmanager

import waitress

from models import base
from models.parameters import Parameter

OFTEN = 1_000_000_000


class Heard:
    """Counts the answers by status, and keeps what was asked where one was a failure of the program."""

    def __init__(self, app):
        self.app, self.statuses, self.failures = app, Counter(), []

    def __call__(self, environ, start):
        def told(status, *rest):
            self.statuses[int(status[:3])] += 1
            if status[0] == "5":
                self.failures.append(f"{status} {environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"[:300])
            return start(status, *rest)
        return self.app(environ, told)


@contextmanager
def answering(ground):
    """(address, Heard) of the application; nobody is told that he asks too often."""
    Parameter.update(value=OFTEN).where(Parameter.name << ("api.per_token", "public.per_address", "public.per_number")).execute()
    base.db.close()
    heard = Heard(ground.app)
    server = waitress.create_server(heard, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", heard
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(5)
        base.db.connect(reuse_if_open=True)
