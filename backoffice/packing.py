"""Text goes out packed to browsers that take gzip: pages anew each time, static files once. The name in the head of a packed page has a length of
chance, so that its size tells nobody what stands in it."""
import os
import secrets
from functools import lru_cache
from gzip import GzipFile
from io import BytesIO

from flask import current_app, request

KINDS = ("text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml", "text/csv", "text/plain")
SMALLEST = 700            # bytes; below it packing gains nothing
LONGEST_NAME = 100


def pack(answer):
    """The answer, packed where it is text, whole, large enough and wanted so."""
    if answer.status_code != 200 or answer.is_streamed and not answer.direct_passthrough or answer.mimetype not in KINDS or "Content-Encoding" in answer.headers:
        return answer
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or request.method in ("HEAD", "OPTIONS"):
        return answer
    if request.endpoint == "static":
        path = f"{current_app.static_folder}/{request.view_args['filename']}"
        answer.direct_passthrough = False
        answer.close()
        answer.set_data(_file(path, os.path.getmtime(path)))
        answer.set_etag(answer.get_etag()[0], weak=True)
    elif answer.direct_passthrough or len(answer.get_data()) < SMALLEST:
        return answer
    else:
        answer.set_data(packed(answer.get_data(), secrets.randbelow(LONGEST_NAME)))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


@lru_cache(64)
def _file(path, changed):
    with open(path, "rb") as content:
        return packed(content.read(), level=9)


def packed(data, name=0, level=5):
    """Bytes as gzip, with a name of so many letters in the head."""
    out = BytesIO()
    with GzipFile("a" * name, "wb", level, out, mtime=0) as file:
        file.write(data)
    return out.getvalue()
