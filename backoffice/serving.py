"""The web server of one process, with worker threads beside it where wanted, and its orderly end."""
import ctypes
import signal
import socket
import struct
import time
from contextlib import suppress
from threading import Event, Thread

import waitress
from waitress import wasyncore
from waitress.server import BaseWSGIServer

from tasks import worker

DRAIN = 20            # seconds for which what has come is still answered, as long as a job has to its next progress; the service unit waits twice as long
SETTLED = 0.2         # seconds in which a connection that was being made when the process was told to end comes about
QUIET = 1.0           # seconds without anything to answer after which nothing more is expected on the connections that are open

# A filter of Linux for a listening socket: of a packet with the flag SYN, with which a call begins, nothing is heard; everything else passes.
SO_ATTACH_FILTER, NO_NEW_CALLS = 26, ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFFFFFF))


def serve(app, worker_too, ready):
    """Answer requests until the process is told to end. `ready` is called once the address is taken; OSError when it cannot be."""
    settings, proxy = app.settings, {"clear_untrusted_proxy_headers": False}      # nobody believes them; but they tell that a proxy asks
    if settings.public_url:     # then a proxy stands in front, and its word counts for the visitor's address
        proxy = {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}, "clear_untrusted_proxy_headers": True}
    connections = {}
    server = waitress.create_server(app, map=connections, host=settings.host, port=settings.port, threads=settings.threads, ident=None, **proxy)
    app.extensions["screens"].watch()
    told, stop = told_to_end(), worker.start(settings.workers) if worker_too else lambda: None
    beside = Thread(target=lambda: (told.wait(), stop()), name="end of the worker", daemon=True)
    beside.start()
    ready()
    answer(server, connections, told)
    beside.join()


def told_to_end():
    """An event that Ctrl-C or SIGTERM sets; the second one ends the process at once."""
    told = Event()

    def heard(number, frame):
        told.set()
        signal.signal(number, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heard)
    return told


def answer(server, connections, told):
    """Answer until told to end; from then on take no new connection, so that a proxy asks the next process, and answer what has come."""
    while not told.is_set():
        _turn(connections)
    for place in [item for item in connections.values() if isinstance(item, BaseWSGIServer)]:
        _leave(place, connections)
    until, quiet_since = time.monotonic() + DRAIN, time.monotonic()
    while time.monotonic() < until and time.monotonic() - quiet_since < QUIET:
        _turn(connections, 0.05)
        if any(_busy(item) for item in connections.values()):
            quiet_since = time.monotonic()
    server.task_dispatcher.shutdown()
    wasyncore.close_all(connections)


def _turn(connections, seconds=1.0):
    wasyncore.loop(timeout=seconds, map=connections, use_poll=True, count=1)


def _leave(place, connections):
    """Close a listening socket so that nobody is cut off: first it hears no new call, then everybody who has called is let in. Who calls in between calls
    again after a second, is refused, and the proxy asks the next process."""
    with suppress(OSError):         # only Linux has it
        _stop_hearing(place.socket)
    until, before = time.monotonic() + SETTLED, None
    while time.monotonic() < until:
        _turn(connections, 0.05)
    while before != len(connections):
        before = len(connections)
        place.handle_accept()
    wasyncore.dispatcher.close(place)


def _stop_hearing(listening):
    program = b"".join(struct.pack("HBBI", *step) for step in NO_NEW_CALLS)
    kept = ctypes.create_string_buffer(program, len(program))
    listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(NO_NEW_CALLS), ctypes.addressof(kept)))


def _busy(item):
    """Whether a connection has a request under way or something left to send."""
    return bool(getattr(item, "requests", None) or getattr(item, "request", None) or getattr(item, "total_outbufs_len", 0))
