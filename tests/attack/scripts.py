"""Stored script: a marker in every free text of every row, and what to look for in everything that is shown, written or printed afterwards."""
import io
import zipfile

from lxml import etree, html
from peewee import CharField, IntegrityError, TextField

from backoffice.fieldkinds import kind_of
from backoffice.kinds import Kind, Long
from models import base
from models.registry import ENTITIES

MARKER = "\"'><mark7 onmark7=1>"
SHORT = "\"><mark7>"
# Words of the machinery that are no text of people: names of kinds, verbs, paths, digests, and what a log-in or a link is found by.
MACHINERY = {"Entry", "Version", "AuditDay", "Login", "Passkey", "Throttle", "Tally", "Serial", "Seed", "Role", "Parameter", "ScreenVersion", "TimedRun"}
FIXED = {"fs_uniquifier", "password", "token", "sha256", "content_type", "digest", "secret", "hint", "kind", "key", "channel", "template", "checkpoint", "owner", "state", "consent_version",
         "account", "register_number", "code", "provider", "screen", "sha", "signature", "number"}


def texts(kind):
    """The fields of a kind that hold free text."""
    if kind.__name__ in MACHINERY:
        return []
    return [field for field in kind._meta.sorted_fields if isinstance(field, (CharField, TextField)) and not field.choices and field.name not in FIXED
            and not field.unique and type(kind_of(field, kind.STATES)) in (Kind, Long) and (getattr(field, "max_length", None) or 200) >= len(SHORT)]


def poison(marker=MARKER, short=SHORT):
    """Put a marker into every row; returns how many fields hold it now."""
    marked = 0
    for kind in ENTITIES.values():
        for field in texts(kind):
            room = getattr(field, "max_length", None) or 200
            try:
                with base.db.atomic():
                    marked += bool(kind.update({field: marker if room >= len(marker) else short}).execute())
            except IntegrityError:
                pass                                   # the database itself allows no such text there
    return marked


def found_in(answer):
    """Where the marker stands in an answer other than as text; '' when nowhere."""
    if answer.kind == "text/html" and answer.data:
        for element in html.fromstring(answer.data).iter():
            if isinstance(element.tag, str):
                if element.tag == "mark7" or any("mark7" in name for name in element.attrib):
                    return f"in {etree.tostring(element.getparent() if element.tag == 'mark7' else element, encoding='unicode')[:200]}"
                if any("mark7" in element.get(name, "") and not element.get(name).startswith(("/", "?", ".")) for name in ("href", "src", "action", "formaction")):
                    return f"an address in {element.tag} {dict(element.attrib)}"
                if element.tag == "script" and "mark7" in (element.text or ""):
                    return "in a script"
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")) and (found := _in_part(etree.fromstring(parts.read(name)))):
                    return f"{found} in {name}"
    if answer.data[:4] == b"%PDF" and any(word in answer.data for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI")):
        return "an action in a PDF"
    return ""


def _in_part(tree):
    return next((f"an element {element.tag}" for element in tree.iter() if isinstance(element.tag, str) and (element.tag.endswith("mark7") or element.tag.endswith("}f"))), "")
