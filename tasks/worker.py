"""The worker: threads that do what the queue wakes them for, in a process of their own or beside the web server."""
import logging
import threading

from huey.consumer import Consumer

from tasks import bulk_steps, dismissals, jobs, rechecks, seating, timetable      # their runners and timed tasks exist once they are imported
from tasks.queue import connected, huey

log = logging.getLogger(__name__)
PATIENCE = 20          # seconds in which a job under way must come to its next progress when the process ends; else it is cut off there, for the next worker


class Threads(Consumer):
    """Huey's consumer without its signal handlers: signals belong to run.py."""

    def _set_signal_handlers(self):
        pass


def start(threads):
    """Start the threads and take up what a dead worker left; returns the function that ends them.

    Ending hands jobs under way back at their next progress, so that it takes no longer than one chunk.
    """
    consumer = Threads(huey, workers=threads, worker_type="thread", max_delay=1.0, shutdown_timeout=PATIENCE)
    main = threading.Thread(target=consumer.run, name="worker", daemon=True)
    main.start()
    with connected():
        jobs.sweep()
        timetable.enter()
    log.info("%s worker threads are ready", threads)

    def stop():
        jobs.stopping.set()
        consumer.stop(graceful=True)
        main.join()
        jobs.stopping.clear()
    return stop
