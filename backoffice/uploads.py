"""A document that somebody uploads: what it is follows from its bytes, whatever it calls itself; a picture is written anew."""
from dataclasses import dataclass

from models.files import File
from models.photos import material
from models.workflow import Refused

LONGEST = 110        # characters of its name that are kept, before the dot


@dataclass(frozen=True)
class Scan:
    """A PDF, JPEG or PNG that is fit to be kept."""
    data: bytes
    name: str
    content_type: str

    def keep(self, kind, name="", **owner):
        """The File of it; under its own name, or another one without the dot."""
        return File.keep(self.data, f"{name}.{self.name.rpartition('.')[2]}" if name else self.name, kind, self.content_type, **owner)


def scan_of(upload):
    """The Scan of an upload; ValueError with what is against it."""
    upload.stream.seek(0)
    try:
        data, content_type, extension = material(upload.read())
    except Refused as refused:
        raise ValueError("；".join(map(str, refused.reasons))) from None
    return Scan(data, f"{(upload.filename.rpartition('.')[0] or upload.filename)[-LONGEST:]}.{extension}", content_type)
