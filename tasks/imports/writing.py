"""Writing what was planned: the records of many lines at once, with their audit entries and versions, or one by one where a line clashes."""
from peewee import IntegrityError

from models import bulk
from models.audit import changes, record_many
from models.base import writing
from models.workflow import Refused
from tasks.imports.planner import CHANGED, NEW, WRONG


def write(imported, user, lines):
    """Write the right ones among the lines, inside the transaction under way; returns [[table, id, edition, entry, whether new]].

    A line that the database or a step refuses becomes a wrong one."""
    right = [line for line in lines if line.verdict in (NEW, CHANGED)]
    if imported.step is None:
        try:
            with writing():
                return _together(imported, user, right)
        except IntegrityError:
            _unsaved(right)
    rows = []
    for line in right:
        try:
            with writing():
                found = _together(imported, user, [line])
                if line.step is not None:
                    name, answers = line.step
                    type(line.writes[-1].row).steps[name].take(line.writes[-1].row, user, answers, seen=True)
            rows += found
        except IntegrityError as error:
            _wrong(line, Refused(line.writes[-1].row.clash(error)))
        except Refused as refused:
            _wrong(line, refused)
    return rows


def _wrong(line, refused):
    _unsaved([line])
    line.verdict, line.faults = WRONG, {"": "；".join([*map(str, refused.reasons), *refused.fields.values()])}


def _unsaved(lines):
    """The rows of these lines are as they were before the write that was taken back."""
    for line in lines:
        for write in line.writes:
            if write.line == line.number:
                write.written = False
            if not write.written:
                write.row.id, write.row.edition = (None, 0) if write.before is None else (write.row.id, write.edition)


def _together(imported, user, lines):
    rows, done = [], []
    for index, part in enumerate(imported.parts):
        writes = list({id(write): write for line in lines for write in line.writes if write.part == index and not write.written}.values())
        rows += _part(part, user, writes, {line.number: line for line in lines})
        done += writes
    for write in done:
        write.written = True
    return rows


def _part(part, user, writes, lines):
    """Write the records of one part; returns what they became."""
    entity = part.entity
    names = [name for name in entity._meta.fields if name not in ("id", "edition")]
    fresh = [write for write in writes if write.before is None]
    for write, id in zip(fresh, bulk.reserve(entity, len(fresh)) if fresh else ()):
        write.row.id = id
        for name, to in part.links.items():
            if not isinstance(to, str):
                write.row.__data__[name] = getattr(write.row, name).id
    if fresh:
        stored = bulk.storing(entity, names)
        bulk.insert(entity, ("id", "edition", *names), [(write.row.id, 0, *stored(write.row)) for write in fresh])
    records = [(write.row, "create", "新建", changes({}, write.row), _reason(write, lines)) for write in fresh]
    changed = [write for write in writes if write.differing]
    if changed:
        touched = sorted({name for write in changed for name in _with_indexes(entity, write.differing)})
        stored = bulk.storing(entity, touched)
        bulk.update(entity, touched, [(write.row.id, write.row.edition, *stored(write.row)) for write in changed])
        for write in changed:
            write.row.edition += 1
            records.append((write.row, "edit", "修改", write.differing, _reason(write, lines)))
    entries = record_many(user, records) if records else []
    return [[entity._meta.table_name, row.id, row.edition, entry, verb == "create"] for (row, verb, *_), entry in zip(records, entries)]


def _with_indexes(entity, names):
    """The names, and those of the blind indexes that go with sealed fields."""
    return {*names, *(index for name in names if (index := getattr(entity._meta.fields[name], "index_name", None)))}


def _reason(write, lines):
    line = lines.get(write.line)
    return (line.get("reason") if line is not None else "") or "导入"
