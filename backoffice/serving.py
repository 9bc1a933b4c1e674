"""The web server of one process, with worker threads beside it where wanted, and its orderly end."""
import signal

import waitress

from tasks import worker


def serve(app, worker_too, ready):
    """Answer requests until the process is told to end. `ready` is called once the address is taken; OSError when it cannot be."""
    settings, proxy = app.settings, {}
    if settings.public_url:     # then a proxy stands in front, and its word counts for the visitor's address
        proxy = {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}, "clear_untrusted_proxy_headers": True}
    server = waitress.create_server(app, host=settings.host, port=settings.port, threads=settings.threads, ident=None, **proxy)
    app.extensions["screens"].watch()
    stop = worker.start(settings.workers) if worker_too else None
    ready()
    until_told_to_end(server.run)
    if stop:
        stop()


def until_told_to_end(wait):
    """Wait until Ctrl-C or SIGTERM, then come back so that the caller can tidy up."""
    def told(*_):
        raise SystemExit
    signal.signal(signal.SIGTERM, told)
    try:
        wait()
    except (SystemExit, KeyboardInterrupt):
        pass
