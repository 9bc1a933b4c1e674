"""The papers of many cases in one file by a job. Nothing is noted before the file is whole, so that a worker that dies leaves no code without a paper."""
import datetime as dt

from models import clock
from models.applications import Application
from models.base import writing
from models.files import File
from models.parameters import value
from models.transcripts import new_code
from models.workflow import Refused

CHUNK = 100


def bind(by, progress, ids, paper, title, lacking, nobody, *, says, draw, issue):
    """The File of the papers of those cases that have one; the others are left out and counted as `lacking`, and with nobody left it is refused.
    `says(cases)` yields (case, what its paper says); `draw(case, said, code)` puts it on `paper`; `issue(case, said, by, code)` notes it."""
    printed = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start:start + CHUNK]
        found = {case.id: case for case in Application.visible_to(by).where(Application.id.in_(part))}
        for case, said in says([found[id] for id in part if id in found]):
            printed.append((case, said, new_code()))
            draw(*printed[-1])
        progress(start + len(part), len(ids), f"已排 {len(printed):,} 份，{lacking} {start + len(part) - len(printed):,} 人")
    if not printed:
        raise Refused([nobody])
    content = paper.content()
    with writing():
        for case, said, code in printed:
            issue(case, said, by, code)
        file = File.keep(content, f"{title}_{clock.today():%Y%m%d}_{len(printed)}份.pdf", "result", "application/pdf", user_ref=by.id,
                         expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
        progress(len(ids), len(ids), f"共 {len(printed):,} 份，{lacking} {len(ids) - len(printed):,} 人", result=file)
    return file
