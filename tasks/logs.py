"""The log: lines of text, or of JSON for a collector; each says to which request or job it belongs."""
import json
import logging

from models.measures import trace

TEXT = "%(asctime)s %(levelname)s %(name)s %(trace)s: %(message)s"


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request or job, and the trace of a failure."""

    def format(self, record):
        """The line."""
        line = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        kind, _, number = record.trace.partition(" ")
        if number:
            line[kind] = number
        if record.exc_info:
            line["failure"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def begin(form):
    """Write to the standard error from now on, as 'text' or 'json'."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" else logging.Formatter(TEXT))
    handler.addFilter(mark)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("huey").setLevel(logging.WARNING)


def mark(record):
    """Note with a record what it belongs to."""
    record.trace = trace.get() or "-"
    return True
