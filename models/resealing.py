"""Rotation of the keys: everything sealed is written anew under the newest key, in chunks. What is done already is passed over, and a value that
changes meanwhile is left to whoever changed it: so it may be stopped and begun again at any moment while the program works."""
import json
import secrets
from dataclasses import dataclass

from peewee import JSONField

from models import audit, pieces, sealed
from models.audit import Entry, Version
from models.base import db, writing
from models.files import LARGE, File
from models.fingerprints.templates import FingerTemplate
from models.registry import ENTITIES

CHUNK = 500


@dataclass
class Count:
    """What became of one place: how many were written anew, and the numbers of the rows that no key at hand opens."""
    place: str
    done: int
    unreadable: list


def reseal():
    """Write everything anew; yields a Count for each place once it is through: every sealed column, the history, the fingers, the files."""
    for kind, field in _sealed():
        yield _through(field.place, kind, kind.select(kind.id, field.cast("TEXT")).where(field.is_null(False)),
                       lambda id, text, kind=kind, field=field: _value(kind, field, id, text))
    fields = {}
    for kind, field in _sealed():
        if not isinstance(field, sealed.SealedJSONField):           # of those the history keeps no values
            fields.setdefault(kind._meta.table_name, {})[field.name] = field
    yield _through("version.values", Version, Version.select(Version.id, Version.values.cast("TEXT"), Entry.entity).join(Entry).where(Entry.entity.in_(list(fields))),
                   lambda id, text, table: _version(id, text, fields[table]))
    yield _through("finger_template", FingerTemplate, FingerTemplate.select(FingerTemplate.id), _template)
    yield _through("file", File, File.select(File.id), _file)
    audit.note(None, "reseal", "更换加密密钥", "setting", f"最新的密钥 {sealed.newest()}")


def _sealed():
    """[(kind, field)] of every sealed column."""
    return [(kind, field) for kind in ENTITIES.values() for field in kind._meta.sorted_fields if isinstance(field, sealed.Sealing)]


def _through(place, kind, query, renew):
    """Let `renew` do its work on every row of a query, whose first column is the id, chunk by chunk; it says whether it did anything."""
    count, last = Count(place, 0, []), 0
    while True:
        rows = list(query.where(kind.id > last).order_by(kind.id).limit(CHUNK).tuples())
        if not rows:
            return count
        with writing():
            for row in rows:
                try:
                    count.done += bool(renew(*row))
                except ValueError:
                    count.unreadable.append(row[0])
        last = rows[-1][0]


def _value(kind, field, id, text):
    """One value of a sealed column."""
    within = isinstance(field, JSONField)
    kept = json.loads(text) if within else text
    if sealed.is_newest(kept):
        return 0
    plain = field.opened(kept)
    value = plain if isinstance(field, sealed.SealedField) else json.loads(plain)
    return kind.update({field: value}).where(kind.id == id, field.cast("TEXT") == text).execute()


def _version(id, text, fields):
    """The sealed ones among the values before and after one write."""
    values = json.loads(text)
    names = [name for name in values if name in fields and any(side and not sealed.is_newest(side) for side in values[name])]
    if not names:
        return 0
    for name in names:
        values[name] = [side and fields[name].sealed(fields[name].opened(side)) for side in values[name]]
    return Version.update(values=values).where(Version.id == id, Version.values.cast("TEXT") == text).execute()


def _template(id):
    """The template of one finger, bound to its case and finger."""
    row = FingerTemplate.get_or_none(FingerTemplate.id == id)
    if row is None or sealed.is_newest(bytes(row.kept)):
        return 0
    return FingerTemplate.update(kept=sealed.seal(row.template, row.place)).where(FingerTemplate.id == id, FingerTemplate.kept == row.kept).execute()


def _file(id):
    """One file; the new one takes the place of the old at once, whatever happens meanwhile."""
    file = File.get_or_none(File.id == id)
    if file is None or not file.path.exists():
        return 0
    if not file.encrypted:
        return _seal_file(file)
    if pieces.is_newest(file.path) if file.kind in LARGE else sealed.is_newest(file.path.read_bytes()):
        return 0
    File.seal(file.pieces(), file.token, file.kind)
    return 1


def _seal_file(file):
    """One that was kept in clear by an earlier version of the program, under a new name: at no moment do row and bytes differ."""
    fresh, path = secrets.token_hex(16), file.path
    File.seal(file.pieces(), fresh, file.kind)
    if File.update(token=fresh, encrypted=True).where(File.id == file.id, File.token == file.token).execute():
        db.obj.after_commit(lambda: path.unlink(missing_ok=True))
        return 1
    File.path_of(fresh).unlink()
    return 0
