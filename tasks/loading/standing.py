"""Loading: indexes and references are taken down before and put back after, which checks every row at once. What has to be put back stands in
a file until it is, so that a load that died is finished by the next one."""
import json
import os
from contextlib import contextmanager

from models.base import db, on_sqlite


@contextmanager
def without(tables, path):
    """The block in which the tables have neither indexes nor references; `path` is the file that remembers them."""
    if not path.is_file():
        remembered = path.with_suffix(".new")
        remembered.write_text(json.dumps(found_on(tables), ensure_ascii=False, indent=1), "utf-8")
        os.replace(remembered, path)
    found = json.loads(path.read_text("utf-8"))
    if on_sqlite():
        db.execute_sql("PRAGMA foreign_keys = OFF")
    try:
        with db.atomic():
            for drop, _, there in found:
                if _exists(there):
                    db.execute_sql(drop)
        yield
        put_back(found)
        if on_sqlite():
            broken = db.execute_sql("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise ValueError(f"表 {broken[0]} 的第 {broken[1]} 行指向 {broken[2]} 中没有的行")
    finally:
        if on_sqlite():
            db.execute_sql("PRAGMA foreign_keys = ON")
    path.unlink()


def found_on(tables):
    """[(statement that takes down, that puts back, name)] of the indexes and references of tables; keys stay."""
    marks = ", ".join("?" if on_sqlite() else "%s" for _ in tables)
    if on_sqlite():
        found = db.execute_sql(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})", tables)
        return [(f'DROP INDEX "{name}"', sql, name) for name, sql in found]
    references = db.execute_sql("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                                f"WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid::regclass::text IN ({marks})", tables)
    references = [(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}', name) for table, name, made in references]
    indexes = db.execute_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT IN "
                             f"(SELECT conname FROM pg_constraint) AND tablename IN ({marks})", tables)
    return [*((f'DROP INDEX "{name}"', made, name) for name, made in indexes), *references]       # references are checked by the indexes


def missing(found):
    """Those of what was found that do not stand any more."""
    return [part for part in found if not _exists(part[2])]


def put_back(found):
    """Make again what does not stand any more."""
    for _, make, _ in missing(found):
        db.execute_sql(make)


def _exists(name):
    if on_sqlite():
        return db.execute_sql("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)).fetchone()
    return db.execute_sql("SELECT 1 FROM pg_constraint WHERE conname = %s UNION ALL SELECT 1 FROM pg_indexes WHERE indexname = %s", (name, name)).fetchone()
