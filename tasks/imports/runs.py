"""The long work of an import: rehearse, commit, undo. Each may be killed at any point and goes on, or begins anew, without doubles."""
import datetime as dt

from models import clock
from models.base import writing
from models.bulk import Overtaken
from models.files import File
from models.imports import ImportChunk, ImportRun
from models.parameters import value
from models.roles import role_label
from models.workflow import Reason, Refused
from tasks.imports.catalogue import IMPORTS
from tasks.imports.findings import Findings
from tasks.imports.header import Header
from tasks.imports.planner import CHANGED, NEW, SAME, WRONG, Planner
from tasks.imports.returned import Returned
from tasks.imports.styles import TYPE
from tasks.imports.undoing import take_back
from tasks.imports.writing import write
from tasks.jobs import job, orderer, submit
from tasks.sheets.reading import reading

TRIES = 3          # of one chunk that somebody else overtakes


def begin(run, step, kind, by, **answers):
    """Take a step of the run that starts its job, and submit the job, in one transaction."""
    with writing():
        getattr(run, step)(by=by, **answers)
        row = submit(kind, f"{step_title(run, step)}：{run.name}"[:120], by, run=run.id)
        ImportRun.update(job=row.id).where(ImportRun.id == run.id).execute()
    return row


def step_title(run, step):
    return f"{ImportRun.steps[step].label}{run.title}"


def _mine(job, run):
    """(run, description, user) of a job, for whoever ordered it; Refused when he may not import this any more, or has gone to another unit or college."""
    run = ImportRun.get_by_id(run)
    imported, user = IMPORTS[run.kind], orderer(job)
    if not imported.open_to(user):
        raise Refused([Reason(f"提交人的角色现在不能办理“{job.title}”，没有执行", imported.who, "、".join(role_label(role) for role, _ in user.powers()) or "没有角色")])
    if ImportRun.seen(user, run.id) is None or (run.institution_id, run.college_id) != (user.institution_id, user.college_id):
        raise Refused([Reason("提交人现在不属于做这次导入的单位或学院，没有执行")])
    return run, imported, user


def _opened(job, run):
    """(run, description, user, header) of a job; what the user may is asked anew."""
    run, imported, user = _mine(job, run)
    if run.file is None:
        raise Refused(["上传的文件已过期，请重新上传"])
    return run, imported, user, Header.of(imported, run.head)


def _or_failed(run, work):
    """Do the work; when it is refused, what was written of it is taken back, and the run says why."""
    try:
        return work()
    except Refused as refusal:
        said = "；".join([*map(str, refusal.reasons), *refusal.fields.values()])
        with writing():
            row = ImportRun.get_by_id(run)
            try:
                take_back(row, row.user)
            except Refused as kept:
                said += f"。已写入的行没有撤回：{kept}"
            row.fail(by=None, reason=said)
        raise


@job("import_check", "试运行")
def rehearse(job, progress, run):
    """Plan every line and count what it would do. Nothing is locked but the job's own row, for an instant."""
    return _or_failed(run, lambda: _rehearse(*_opened(job, run), progress))


def _rehearse(run, imported, user, header, progress):
    planner, findings, returned = Planner(imported, user, run.mapping), Findings(imported, run.mapping), Returned(imported, header)
    with reading(run.file.read(), run.name) as sheet:
        for batch in sheet.batches():
            lines = planner.plan(header.data(batch))
            findings.take(lines)
            returned.take(lines)
            with writing():
                progress(batch[-1][0], sheet.height, f"已核对 {findings.total:,} 行")
    with writing():
        values = {"counts": findings.counts(), "findings": findings.shown(), "returned": None}
        if returned.count:
            until = clock.now() + dt.timedelta(days=value("files.keep_days"))
            values["returned"] = File.keep(returned.workbook(), f"待改正_{run.name.rpartition('.')[0] or run.name}.xlsx"[-120:], "result", TYPE,
                                           user_ref=user.id, institution=run.institution_id, expires_at=until)
        ImportRun.update(values).where(ImportRun.id == run.id).execute()
        run.answer(by=None)
    return values["returned"]


@job("import_commit", "导入")
def commit(job, progress, run):
    """Write the right lines in chunks; each chunk is one transaction with its rows, audit entries, versions, progress and checkpoint."""
    return _or_failed(run, lambda: _commit(job, *_opened(job, run), progress))


def _commit(job, run, imported, user, header, progress):
    planner = Planner(imported, user, run.mapping)
    done, counts = (job.checkpoint or {}).get("row", 0), dict((job.checkpoint or {}).get("counts") or {NEW: 0, CHANGED: 0, SAME: 0, WRONG: 0})
    with reading(run.file.read(), run.name) as sheet:
        for batch in sheet.batches():
            data, last = header.data(batch), batch[-1][0]
            if last <= done:
                planner.plan(data)            # remembered, so that a later line that repeats one of these is still found
                continue
            _chunk(run, imported, user, planner, data, last, counts, progress, sheet.height)
    with writing():
        ImportRun.update(counts={**run.counts, **counts, "written": counts[NEW] + counts[CHANGED]}).where(ImportRun.id == run.id).execute()
        run.finish(by=None)


def _chunk(run, imported, user, planner, data, last, counts, progress, height):
    for _ in range(TRIES):
        try:
            with writing():
                lines = planner.plan(data)
                rows = write(imported, user, lines)
                wrong = next((line for line in lines if line.verdict == WRONG), None)
                if wrong is not None and not run.good_only:
                    raise Refused([Reason(f"试运行之后情况有变，第 {wrong.number} 行不再正确（{'；'.join(wrong.faults.values())}），已全部撤回")])
                now = {verdict: counts[verdict] + sum(line.verdict == verdict for line in lines) for verdict in counts}
                if rows:
                    ImportChunk.create(run=run.id, number=last, rows=rows)
                progress(last, height, f"已导入 {now[NEW] + now[CHANGED]:,} 行", checkpoint={"row": last, "counts": now})
            counts.update(now)
            return
        except Overtaken:
            planner.forget()
    raise Refused([Reason("导入的行同时被别人反复修改，请过一会儿再试")])


@job("import_undo", "撤销导入")
def undo(job, progress, run):
    """Take back all rows of an import, in one transaction that begins with the job's own row: however long it takes, nobody takes the job for dead."""
    number, run = run, ImportRun.get_by_id(run)
    try:
        _, _, user = _mine(job, number)
        with writing():
            progress(0, run.counts["written"], "正在撤销")
            count = take_back(run, user)
            run.finish_undo(by=None, reason=f"撤销 {count} 行")
            progress(count, count, f"已撤销 {count:,} 行")
    except Refused as refusal:
        run.keep(by=None, reason=str(refusal))
        raise
