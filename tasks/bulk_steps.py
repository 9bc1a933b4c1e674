"""A step on very many rows as long work: chunk by chunk, each committed with its progress. Whoever was refused stands in the resulting
sheet with the reasons; what is done is done once, also when the worker dies in between."""
import datetime as dt
from io import BytesIO

from models import clock, many
from models.base import writing
from models.files import File
from models.parameters import value
from models.registry import ENTITIES
from models.workflow import GONE, Refused
from tasks.imports.styles import TYPE, formats
from tasks.jobs import job, orderer
from tasks.sheets.book import new_book

KIND, MOST = "bulk_step", 50_000
CHUNK, BIG_CHUNK = 50, 500          # a transaction is held no longer than so many take, one by one or together


@job(KIND, "批量办理")
def run(job, progress, entity, step, ids, answers):
    """Take one step on each of the rows, for whoever ordered it and as far as he still sees them."""
    kind = ENTITIES[entity]
    taken = kind.steps[step]
    user = orderer(job, taken.roles)
    days = {ask.name for ask in taken.asks if ask.kind == "date"}
    given = {name: dt.date.fromisoformat(text) if name in days and text else text for name, text in answers.items()}
    size = BIG_CHUNK if taken.together else CHUNK
    return in_chunks(job, progress, kind, ids, user, lambda part: many.take(taken, kind, part, user, given), size)


def on_each(job, progress, kind, ids, user, do):
    """Call `do(row)` for each row that the user sees; the File of those refused, or None when there were none."""
    def chunk(part):
        rows = {row.id: row for row in kind.visible_to(user).where(kind.id.in_(part))}
        return {id: text for id in part if (text := do_one(rows.get(id), do))}
    return in_chunks(job, progress, kind, ids, user, chunk, CHUNK)


def in_chunks(job, progress, kind, ids, user, do, size):
    """Call `do(ids)` for one chunk after the other, each a transaction with its progress; it returns {id: why it was not done}."""
    done, refused = (job.checkpoint or {}).get("done", 0), list((job.checkpoint or {}).get("refused", []))
    for start in range(done, len(ids), size):
        part = ids[start:start + size]
        with writing():
            against = do(part)
            refused += [(id, against[id]) for id in part if id in against]
            done = start + len(part)
            progress(done, len(ids), f"完成 {done - len(refused):,} 项，没有完成 {len(refused):,} 项", checkpoint={"done": done, "refused": refused})
    return sheet(kind, refused, user) if refused else None


def do_one(row, do):
    """Why it was not done, in words; empty when it was."""
    try:
        if row is None:
            raise Refused([GONE])
        with writing():
            do(row)
    except Refused as refusal:
        return str(refusal)
    return ""


def sheet(kind, refused, user):
    """The workbook of those that were refused, each by its name with the reasons."""
    names = {}
    for start in range(0, len(refused), CHUNK):
        names |= {row.id: str(row) for row in kind.visible_to(user).where(kind.id.in_([id for id, _ in refused[start:start + CHUNK]]))}
    data = BytesIO()
    with new_book(data) as book:
        page, looks = book.add_worksheet("没有完成"), formats(book)
        for place, (title, width) in enumerate(((kind.label, 36), ("原因", 90))):
            page.set_column(place, place, width)
            page.write_string(0, place, title, looks["head"])
        for line, (id, text) in enumerate(refused, start=1):
            page.write_string(line, 0, names.get(id, f"编号 {id}"))
            page.write_string(line, 1, text, looks["why"])
    with writing():
        return File.keep(data.getvalue(), f"没有完成的{kind.label}_{clock.today():%Y%m%d}.xlsx", "result", TYPE, user_ref=user.id,
                         expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
