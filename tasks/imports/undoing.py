"""The undo of a whole import: new rows go, changed ones are as before - as long as nobody has written any of them since."""
from peewee import IntegrityError

from models import bulk
from models.audit import Version, changes, record_many, values_of
from models.base import writing
from models.imports import ImportChunk
from models.registry import ENTITIES
from models.workflow import Reason, Refused

KINDS = {kind._meta.table_name: kind for kind in ENTITIES.values()}
AT_ONCE = 500


def take_back(run, user):
    """Take back the rows of an import, all or none; returns how many. The entries stay, the values kept of new rows go with them."""
    chunks = list(run.chunks.order_by(ImportChunk.number.desc()))
    touched = [row for chunk in chunks for row in _touched(chunk.rows)]
    if touched:
        raise Refused([Reason(f"导入之后有的行又被修改过或已不在，不能整体撤销，如 {'、'.join(touched[:3])}", "0 行", f"{len(touched)} 行", f"{len(touched)} 行")])
    try:
        with writing():
            for chunk in chunks:
                _restore([row for row in chunk.rows if not row[4]], user)
                _remove([row for row in chunk.rows if row[4]], user)
            ImportChunk.delete().where(ImportChunk.run == run.id).execute()
    except (IntegrityError, bulk.Overtaken):
        raise Refused([Reason("导入的行已被其他记录使用或刚被修改，不能整体撤销")]) from None
    return sum(len(chunk.rows) for chunk in chunks)


def _rows(rows):
    """{(table, id): the row as it is now}."""
    found = {}
    for table in {row[0] for row in rows}:
        kind, ids = KINDS[table], [row[1] for row in rows if row[0] == table]
        for start in range(0, len(ids), AT_ONCE):
            found |= {(table, row.id): row for row in kind.select().where(kind.id.in_(ids[start:start + AT_ONCE]))}
    return found


def _touched(rows):
    """Names of the rows that are not as the import left them."""
    now = _rows(rows)
    return [f"{KINDS[table].label} {id}" for table, id, edition, *_ in rows if (table, id) not in now or now[table, id].edition != edition]


def _restore(rows, user):
    now, records = _rows(rows), []
    versions = {version.entry_id: version.values for version in Version.select().where(Version.entry.in_([row[3] for row in rows]))} if rows else {}
    for table, id, edition, entry, _ in rows:
        row = now[table, id]
        before = values_of(row)
        if entry not in versions:
            raise Refused([Reason("修改前的值已按规定清除，不能整体撤销")])
        for name, (old, _) in versions[entry].items():
            setattr(row, name, None if old is None else row._meta.fields[name].python_value(old))
        names = [name for name in row._meta.fields if name not in ("id", "edition")]
        bulk.update(type(row), names, [(row.id, edition, *bulk.storing(type(row), names)(row))])
        records.append((row, "undo", "撤销导入", changes(before, row), ""))
    record_many(user, records)


def _remove(rows, user):
    now = _rows(rows)
    for table in dict.fromkeys(row[0] for row in reversed(rows)):
        mine = [row for row in rows if row[0] == table]
        record_many(user, [(now[table, id], "undo", "撤销导入", changes({}, now[table, id]), "") for _, id, *_ in mine], keep=False)
        Version.delete().where(Version.entry.in_([row[3] for row in mine])).execute()
        bulk.delete(KINDS[table], [(id, edition) for _, id, edition, *_ in mine])
