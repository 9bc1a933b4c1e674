"""Loading: file after file, in batches that commit their rows together with how far they are; a load that ended early goes on from there."""
from itertools import islice

from models import bulk
from models.audit import note
from models.base import db, on_sqlite, writing
from models.serials import Serial
from tasks.loading.files import Faulty, Folder
from tasks.loading.known import Known
from tasks.loading.rows import PARTS
from tasks.loading.standing import without

AT_ONCE = 50_000           # lines of a batch


def load(path, memory, invented=False, say=print):
    """Load the files of a folder; returns the number of lines. `memory` is the folder that remembers what has to be put back. Faulty names the
    line that cannot be loaded; what came before stays, and the next load of the same files goes on with that line."""
    folder = Folder(path)
    known = Known(folder, invented)
    memory.mkdir(parents=True, exist_ok=True)
    tables = [part.kind._meta.table_name for parts in PARTS.values() for part in parts]
    with without(tables, memory / f"load-{folder.key}.json"):
        with writing():        # those that are met by their code are entered at once
            known.enter()
        total = sum(_file(folder, known, name, say) for name in PARTS)
        say("索引和引用……")
    db.execute_sql("ANALYZE" if on_sqlite() else "VACUUM ANALYZE")
    return total


def _file(folder, known, name, say):
    """Load what is left of one file; returns the number of its lines."""
    done = Serial.get_or_none(Serial.key == f"load.{folder.key}.{name}")
    number, makers = done.last if done else 0, []
    lines = folder.lines(name, number)
    with writing():
        count = folder.count(name)
        for part in PARTS[name]:
            makers.append((part, *_completed(part), part.maker(known, known.base(part.kind, count))))
    while batch := list(islice(lines, AT_ONCE)):
        with writing():
            for part, names, rest, make in makers:
                bulk.insert(part.kind, names, [(*make_row(name, make, line), *rest) for line in batch])
            number += len(batch)
            Serial.insert(key=f"load.{folder.key}.{name}", last=number).on_conflict(conflict_target=[Serial.key], update={Serial.last: number}).execute()
            note(None, "load", "装载", PARTS[name][0].kind._meta.table_name, f"{name}.csv 到第 {number:,} 行")
    say(f"{name} {number:,} 行")
    return number


def make_row(name, make, line):
    """The values of a line; Faulty with its number when it cannot be loaded."""
    try:
        return make(line)
    except (ValueError, LookupError) as error:
        raise Faulty(name, int(line[0]), str(error) if isinstance(error, ValueError) else f"没有编号为 {error} 的行") from None


def _completed(part):
    """(all names of the columns that are written, the values of those that no line sets)."""
    given = set(part.names)
    rest = [name for name, field in part.kind._meta.fields.items() if name not in given and (not field.null or name == "edition")]
    return (*part.names, *rest), tuple(bulk.storing(part.kind, rest)(part.kind()))
