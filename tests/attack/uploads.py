"""Hostile uploads: files whose name, headers or content is an attack, as the bytes that a client of one's own making would send."""
from models import files
from models.files import File
from tests.world import pdf, picture

BOUNDARY = b"mark7boundary"
BREAK = b'a.pdf"\r\nX-Mark7: 1\r\nContent-Type: text/html\r\n\r\n<mark7 onmark7=1>'
NAMES = (b"\\\"'><mark7 onmark7=1>.pdf", b"../../../../tmp/mark7.pdf", b"/etc/mark7.pdf", rb"C:\\mark7\\..\\a.pdf", b"..", b"a\x00.pdf", b"mark7\xe2\x80\xaefdp.exe.pdf", b"\xff\xfe.pdf", b"m" * 5000 + b".pdf",
         b"=cmd|mark7.pdf", b"{{7*7}}${7*7}%0d%0aX-Mark7:1.pdf", BREAK)
CONTENTS = (pdf(), picture(), "注册号,课程代码,成绩,考试日期\n<mark7>,EC501,<mark7>,2026-03-01\n".encode(), b"<html><mark7><script>mark7()</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='mark7()'/>", b"")
TYPES = (b"application/pdf", b"text/html", b"image/svg+xml\r\nX-Mark7: 1", b"")
PARTED = ("/", "\\", "\n", "\r", "\x00", "<", ">", '"')


def bodies(sheet):
    """The bytes of the form once for each name, with the contents and the types in turn."""
    for number, name in enumerate(NAMES):
        parts = [b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (field.encode(), str(value).encode()) for field, value in sheet.fields if field not in sheet.files]
        for place, field in enumerate(sheet.files):
            content, kind = CONTENTS[(number + place) % len(CONTENTS)], TYPES[number % len(TYPES)]
            parts.append(b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n%s' % (field.encode(), name, kind, content))
        yield b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY, part) for part in parts) + b"--%s--\r\n" % BOUNDARY


def kept(ground, user, last):
    """(how many files were kept after the last, what is wrong with them): their names, where they lie, and how they are handed out."""
    number, found = 0, []
    for file in File.select().where(File.id > last):
        number += 1
        if any(sign in file.name for sign in PARTED) or not file.path.resolve().is_relative_to(files._folder.resolve()) or not file.token.isalnum():
            found.append(f"kept as {file.name!r}")
        answer = ground.ask(user, "GET", f"/file/{file.id}")
        told = answer.headers.get("Content-Disposition", "")
        if answer.status == 200 and (answer.headers.get("X-Content-Type-Options") != "nosniff" or "X-Mark7" in answer.headers or answer.kind in ("text/html", "image/svg+xml")
                                     or not file.shown and not told.startswith("attachment")):
            found.append(f"handed out as {answer.kind} {told}")
    return number, found
