"""Backup: the rows of every table and every stored file as of one moment, while everybody works on.

Members of the archive, in this order: head.json, table/<name>/<number> with lines of rows, file/<token>, end.json with the counts.
"""
import base64
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from peewee import BlobField, BooleanField
from playhouse.migrations import Runner

import config
from models import clock, sealed
from models.audit import note
from models.base import db, writing
from models.files import File
from models.parameters import value
from models.registry import ENTITIES, MIGRATIONS
from tasks.backup import archive
from tasks.backup.engines import engine
from tasks.backup.lines import BYTES, TRUTH

log = logging.getLogger(__name__)
FORMAT = 1
PART = 4 * 2**20            # bytes of rows in one member
PROOF = b"tongli"           # sealed in the head: it opens with the right key only
FORMS = {BooleanField: TRUTH, BlobField: BYTES}
NAME = re.compile(r"tongli-\d{8}-\d{6}\.tar\.age")
_settings = None


@dataclass(frozen=True)
class Made:
    """What a backup holds: rows in all, files, and the tokens of files that were removed while it was made."""
    path: Path
    rows: int
    files: int
    gone: list

    def __str__(self):
        return f"{self.path.name}：{self.rows:,} 行，{self.files:,} 个文件，{self.path.stat().st_size / 2**20:.1f} MB"


def configure(settings):
    global _settings
    _settings = settings


def make(path, keys):
    """Write the backup to `path`, encrypted for the public `keys`; needs an open database outside of a transaction."""
    kind, counts = engine(), {}
    with kind.snapshot(), archive.writing(path, keys) as tar:
        fields = {model._meta.table_name: model._meta.sorted_fields for model in ENTITIES.values()}
        columns = {table: [field.column_name for field in of_table] for table, of_table in fields.items()}
        forms = {table: {place: FORMS[type(field)] for place, field in enumerate(of_table) if type(field) in FORMS} for table, of_table in fields.items()}
        archive.add(tar, "head.json", _json({
            "format": FORMAT, "version": config.VERSION, "made_at": str(clock.now()), "migrations": sorted(Runner(db.obj, str(MIGRATIONS)).applied()),
            "columns": columns, "forms": forms, "last_ids": {table: kind.last_id(table) for table in columns},
            "seal": base64.b64encode(sealed.seal(PROOF, "backup")).decode(), "blind": sealed.blind(PROOF.decode())}))
        for table, names in columns.items():
            counts[table] = _add_table(tar, table, kind.lines(table, names, forms[table]))
        files, gone = _add_files(tar)
        archive.add(tar, "end.json", _json({"rows": counts, "files": files, "gone": gone}))
    return Made(path, sum(counts.values()), files, gone)


def _add_table(tar, table, lines):
    number, part, size, count = 0, [], 0, 0
    for line in lines:
        part.append(line)
        size, count = size + len(line), count + 1
        if size >= PART:
            archive.add(tar, f"table/{table}/{number}", b"".join(part))
            number, part, size = number + 1, [], 0
    if part:
        archive.add(tar, f"table/{table}/{number}", b"".join(part))
    return count


def _add_files(tar):
    """How many files were added, and the tokens of those that were removed since the moment of the snapshot."""
    count, gone = 0, []
    for token, in File.select(File.token).order_by(File.id).tuples().iterator():
        try:
            data = File.path_of(token).read_bytes()
        except FileNotFoundError:
            gone.append(token)
            continue
        archive.add(tar, f"file/{token}", data)
        count += 1
    return count, gone


def _json(values):
    return json.dumps(values, ensure_ascii=False).encode()


def into(folder, keys):
    """A backup under the name of this moment in a folder; that it was made is recorded."""
    folder.mkdir(parents=True, exist_ok=True)
    made = make(folder / f"tongli-{clock.now():%Y%m%d-%H%M%S}.tar.age", keys)
    with writing():
        note(None, "backup", "备份", "file", str(made))
    return made


def nightly():
    """The backup of the night, where a public key is set; older ones go after the days allowed."""
    keys = archive.recipients(_settings.backup_recipients)
    if not keys:
        return
    log.info("backup %s", into(_settings.backups, keys))
    oldest = f"tongli-{clock.now() - clock.days(value('backup.keep_days')):%Y%m%d-%H%M%S}.tar.age"
    for path in _settings.backups.iterdir():
        if NAME.fullmatch(path.name) and path.name < oldest:
            path.unlink()
