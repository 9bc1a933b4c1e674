"""A full disk and a read-only one under an export: the job fails with one sentence, no part of a file stays, and the next try succeeds.

The disk is a real one of the worker's own: it is mounted in a name space that ends with the worker.
"""
import subprocess

import pytest

from models.jobs import Job
from tasks import jobs
from tests.torture import LONG, facts
from tests.torture.installation import until

MOUNT = 'mount -t tmpfs -o "$1" disk "$2" && shift 2 && exec "$@"'
DISKS = {"full": ("磁盘已满", [f"size={64 << n}k" for n in range(12)]), "read-only": ("磁盘只能读", ["ro", "rw"])}


def tried(installation, worker):
    """(state, id, error) of the export when it has ended."""
    until(lambda: facts.last_job(installation)[0] not in ("queued", "running"), "导出", [worker])
    state, _, _, id, error, _ = facts.last_job(installation)
    return state, id, error


@pytest.mark.skipif(subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0, reason="this machine allows no mounts")
@pytest.mark.parametrize("kind", DISKS if LONG else ["full"])
def test_an_export_to_a_disk_that_takes_nothing_fails_in_a_sentence_and_leaves_nothing(base, trial, kind):
    """The disk gets twice as large each time, so that it is full first under the rows, then under the finished file, and at last large enough."""
    wanted, _ = base.undisturbed("exporting")
    installation, (said, disks) = trial("exporting"), DISKS[kind]
    folder = str(installation.instance / "files")
    worker = installation.worker(before=("unshare", "-m", "--propagation", "private", "sh", "-c", MOUNT, "sh", disks[0], folder))
    root, failed = f"/proc/{worker.process.pid}/root", 0
    for disk in disks[1:]:
        state, id, error = tried(installation, worker)
        if state == "done":
            break
        failed += 1
        assert (state, error) == ("failed", f"结果文件写不下去：{said}。请系统管理员检查存储空间后重新执行")
        assert facts.strays(installation, root) == 0 and installation.one("SELECT COUNT(*) FROM file WHERE kind = 'result'") == 0
        assert installation.one("SELECT COUNT(*) FROM entry WHERE verb = 'export'") == 0
        subprocess.run(["nsenter", "-t", str(worker.process.pid), "-m", "mount", "-o", f"remount,{disk}", folder], check=True)
        with installation.opened():
            jobs.retry(Job.get_by_id(id), None)
    assert tried(installation, worker)[0] == "done" and failed >= len(disks) // 4
    assert facts.of_export(installation, root) == wanted
