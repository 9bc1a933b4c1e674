"""Restore: an empty database and an empty file store become what they were at the moment of the backup, or stay empty."""
import base64
import json
import os
from dataclasses import dataclass

from playhouse.migrations import Runner

from models import sealed
from models.base import db
from models.files import File
from models.registry import MIGRATIONS, migrate
from tasks.backup import archive
from tasks.backup.engines import HISTORY, engine, tables
from tasks.backup.making import FORMAT, PROOF


class Impossible(Exception):
    """The backup cannot be restored here; says what is required and what is there."""


@dataclass(frozen=True)
class Restored:
    """What came back."""
    made_at: str
    rows: int
    files: int
    missing: list           # names of files that the backup does not hold: they were removed while it was made

    def __str__(self):
        text = f"{self.made_at} 的备份已恢复：{self.rows:,} 行，{self.files:,} 个文件"
        return f"{text}；备份进行时已被删除的文件 {len(self.missing)} 个" if self.missing else text


def restore(path, secret):
    """Fill the connected empty database and the empty file store from a backup; Impossible or archive.Unreadable leave both empty."""
    kind, tokens = engine(), []
    _only_into_nothing()
    try:
        with archive.reading(path, secret) as members:
            head = _head(members)
            _build(head)
            with kind.filling():
                counts, end = _fill(kind, head, members, tokens)
                _complete(counts, tokens, end)
                for table, last in head["last_ids"].items():
                    kind.give_out_after(table, last)
        migrate()
        _files_as_recorded(end["gone"])
    except BaseException:
        for token in tokens:
            File.path_of(token).unlink(missing_ok=True)
        _empty(kind)
        raise
    return Restored(head["made_at"], sum(counts.values()), len(tokens), end["gone"])


def _only_into_nothing():
    """Refuse to touch a database with rows or a store with files; tables that are empty are what a restore that died left behind."""
    full = [table for table in tables() if db.execute_sql(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone()]
    if full:
        raise Impossible(f"要求空的数据库，实际 {len(full)} 个表里有数据（{full[0]} 等）。请新建一个数据库，或者先把原来的移走")
    kept = File.path_of("x").parent.parent
    if kept.is_dir() and any(path.is_file() for path in kept.rglob("*")):
        raise Impossible(f"要求空的文件目录，实际 {kept} 里有文件。请先把原来的移走")


def _head(members):
    name, data = next(members, ("", b""))
    if name != "head.json":
        raise archive.Unreadable("备份文件不完整：没有开头")
    head = json.loads(data)
    known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    newer = [name for name in head["migrations"] if name not in known]
    if head["format"] != FORMAT or newer:
        raise Impossible(f"这份备份是较新的程序（{head['version']}）做的，请用那个版本恢复" + (f"：这里没有迁移 {'、'.join(newer)}" if newer else ""))
    try:
        fits = sealed.unseal(base64.b64decode(head["seal"]), "backup") == PROOF
    except ValueError as error:
        raise Impossible(f"SEAL_KEYS 不是备份时的那一组：{error}") from None
    if not fits or head["blind"] != sealed.blind(PROOF.decode()):
        raise Impossible("BLIND_KEY 不是备份时的那一把，恢复后证件号码将查不到")
    return head


def _build(head):
    """The tables as they were when the backup was made."""
    _empty(engine())
    if head["migrations"]:
        Runner(db.obj, str(MIGRATIONS)).up(head["migrations"][-1])


def _empty(kind):
    """Drop what a restore made that did not come to its end."""
    if HISTORY in db.get_tables():
        kind.drop([*tables(), HISTORY])


def _fill(kind, head, members, tokens):
    """Load what the members hold; the files that are written are noted in `tokens`. (rows of each table, what the end says)."""
    counts, end = dict.fromkeys(head["columns"], 0), None
    for name, data in members:
        part, _, rest = name.partition("/")
        if part == "table":
            table = rest.partition("/")[0]
            kind.load(table, head["columns"][table], {int(place): form for place, form in head["forms"][table].items()}, data)
            counts[table] += data.count(b"\n")
        elif part == "file":
            path = File.path_of(rest)
            path.parent.mkdir(parents=True, exist_ok=True)
            tokens.append(rest)
            with open(path, "wb") as kept:
                kept.write(data)
                os.fsync(kept.fileno())
        elif name == "end.json":
            end = json.loads(data)
    return counts, end


def _complete(counts, tokens, end):
    if end is None or end["rows"] != counts or end["files"] != len(tokens):
        raise archive.Unreadable("备份文件不完整：行数或文件数与结尾登记的不符")


def _files_as_recorded(gone):
    """Every file has the bytes that its row names."""
    for file, sentence in File.broken():
        if file.token not in gone:
            raise Impossible(sentence)
