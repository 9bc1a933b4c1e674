"""What is compared after a fault with what comes without one: rows, editions, entries, versions, counts, sheets and files; but no ids and times."""
from collections import Counter
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from models import pieces

RESULTS = """SELECT a.register_number, c.code, r.attempt, CAST(r.score AS TEXT), CAST(r.taken_on AS TEXT), r.state, r.edition
    FROM course_result r JOIN application a ON a.id = r.application_id JOIN course c ON c.id = r.course_id ORDER BY 1, 2, 3"""
ENTRIES = """SELECT verb, COUNT(*), COUNT(DISTINCT row_id) FROM entry WHERE entity = 'course_result' GROUP BY verb ORDER BY verb"""
VERSIONS = """SELECT COUNT(*), COUNT(DISTINCT v.entry_id) FROM version v JOIN entry e ON e.id = v.entry_id WHERE e.entity = 'course_result'"""
RUN = """SELECT state, CAST(counts AS TEXT), CAST(findings AS TEXT), reason FROM import_run ORDER BY id"""
JOB = """SELECT state, done, total, id, error, attempts FROM job ORDER BY id DESC LIMIT 1"""


def last_job(installation):
    """(state, done, total, id, error, attempts) of the youngest job."""
    return installation.ask(JOB)[0]


def of_import(installation):
    """Everything that an import leaves, and that each of its rows has exactly one entry and one version."""
    entries = installation.ask(ENTRIES)
    assert all(count == rows for _, count, rows in entries), f"一行不止一条日志：{entries}"
    return {"results": installation.ask(RESULTS), "entries": entries, "versions": installation.ask(VERSIONS), "run": installation.ask(RUN),
            "chunks": sorted(installation.ask("SELECT number, LENGTH(CAST(rows AS TEXT)) > 2 FROM import_chunk")), "job": last_job(installation)[:3],
            "outbox": installation.one("SELECT COUNT(*) FROM outbox")}


def of_export(installation, root=""):
    """The sheet that an export made, its one file and its one entry; `root` is where the worker sees its own disks."""
    kept = installation.ask("SELECT f.token, f.size FROM job j JOIN file f ON f.id = j.result_id")
    (token, size), = kept
    with installation.opened():                        # for the keys
        data = b"".join(pieces.unseal(Path(f"{root}{installation.instance}/files/{token[:2]}/{token}"), f"file.{token}"))
    assert len(data) == size
    return {"rows": CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(), "results": installation.one("SELECT COUNT(*) FROM file WHERE kind = 'result'"),
            "entries": installation.one("SELECT COUNT(*) FROM entry WHERE verb = 'export'"), "job": last_job(installation)[:3],
            "strays": strays(installation, root)}


def strays(installation, root=""):
    """How many files lie in the store to which no row points."""
    known = {token for token, in installation.ask("SELECT token FROM file")}
    return Counter(path.name in known for path in Path(f"{root}{installation.instance}/files").rglob("*") if path.is_file())[False]


OF = {"rehearsing": of_import, "committing": of_import, "exporting": of_export}
