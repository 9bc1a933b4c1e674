"""The child process: `python -m tasks.sheets.child FILE NAME` writes what it read as lines of JSON. It may be killed by its own limits."""
import json
import resource
import sys

from tasks.sheets import contents
from tasks.sheets.limits import BATCH, FILE_BYTES, MEMORY_BYTES, SECONDS, Unreadable, over


def main(path, name):
    """First line: sheet, remarks, number of rows, merged areas. Then lines of rows. A line with `refused` ends it."""
    limited()
    try:
        for line in read(path, name):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.write(json.dumps({"peak": peak()}) + "\n")
    except Unreadable as refusal:
        sys.stdout.write(json.dumps({"refused": str(refusal)}, ensure_ascii=False) + "\n")


def peak():
    """The most memory that this process has had, in bytes; what it was before it became Python does not count."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def limited():
    """From here on this process can neither grow, run long, write a file nor leave a core."""
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def read(path, name):
    """The lines as plain data."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
    if size > FILE_BYTES:
        raise over("文件太大", FILE_BYTES // 2**20, -(-size // 2**20), " MB")
    kind = contents.kind_of(path)
    if kind == "csv":
        from tasks.sheets.delimited import open_text
        sheet, remarks, height, merged, rows = open_text(path)
    else:
        from tasks.sheets.workbook import open_workbook
        sheet, remarks, height, merged, rows = open_workbook(path, kind)
    said = contents.mismatch(kind, name)
    yield {"sheet": sheet, "remarks": [said] * bool(said) + remarks, "height": height, "merged": merged}
    batch = []
    for number, row in enumerate(rows, 1):
        if row:
            batch.append([number, row])
        if len(batch) == BATCH:
            yield {"rows": batch}
            batch = []
    yield {"rows": batch}


if __name__ == "__main__":
    main(*sys.argv[1:3])
