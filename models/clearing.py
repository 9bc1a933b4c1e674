"""Clearing a dismissed case (stage 7): its work goes in one transaction, the audit entries stay. And what was captured of a body, once it is no
longer needed or allowed."""
from models.audit import Version, record
from models.base import db, writing
from models.files import SECRET, File


def clear(case):
    """Delete everything that is work of `case` - rows of kinds marked `cleared_with_case`, files, kept values; return {label: count}."""
    counts = {}
    _clear_children(case, counts)
    files = list(File.select().where(File.case_ref == case.id))
    for file in files:
        file.delete_instance(recursive=False)
    if files:
        counts[File.label] = len(files)
        db.obj.after_commit(lambda: _destroy(files))
    values = Version.delete().where(Version.case_ref == case.id).execute()
    if values:
        counts[Version.label] = values
    return counts


def forget_biometrics(case, by, why, kinds=SECRET):
    """Destroy pictures and prints of a case with the templates made of them; that they were there stays in the log. Whether there were any."""
    with writing():
        files = list(File.select().where(File.kind.in_(kinds), File.case_ref == case.id))
        templates = list(case.finger_templates)
        if not files and not templates:
            return False
        for confirmation in case.confirmations:
            kept = {name: None for name in ("scene", "finger_one", "finger_two") if (file := getattr(confirmation, name)) and file.kind in kinds}
            if kept:
                type(confirmation).update(kept).where(type(confirmation).id == confirmation.id).execute()
        for row in (*templates, *files):
            row.delete_instance(recursive=False)
        record(by, case, "forget", why)
        db.obj.after_commit(lambda: _destroy(files))
    return True


def _clear_children(row, counts):
    for link, kind in row._meta.backrefs.items():
        if kind.cleared_with_case:
            for child in kind.select().where(link == row.id):
                _clear_children(child, counts)
                child.delete_instance(recursive=False)
                counts[kind.label] = counts.get(kind.label, 0) + 1


def _destroy(files):
    """Remove the bytes once the transaction holds. A savepoint that was taken back leaves its rows, and then their bytes stay too."""
    kept = {token for (token,) in File.select(File.token).where(File.token.in_([f.token for f in files])).tuples()}
    for file in files:
        if file.token not in kept:
            file.path.unlink(missing_ok=True)
