"""A backup that is made while people work on is restored elsewhere: it holds what was answered before it began, nothing half, and passes `verify`."""
import threading

import pytest

from tasks.backup import archive
from tests.torture.installation import Installation
from tests.torture.pairs import Pair


@pytest.fixture
def elsewhere(outer, tmp_path_factory):
    """An installation without tables and files."""
    installation = Installation(tmp_path_factory.mktemp("elsewhere"), *(address for _, address in outer.values()))
    yield installation
    installation.end()


def test_a_backup_under_load_is_restored_whole_and_verified(base, trial, elsewhere):
    secret, public = archive.new_key()
    installation, over = trial("bare"), threading.Event()
    _, address = installation.web()
    pair = Pair(installation, address, base.drafts[0], base.clerk, over)
    pair.start()
    pair.until_round()
    before = dict(pair.done)
    installation.run("backup", BACKUP_RECIPIENTS=public)
    pair.until_round()
    over.set()
    pair.join()
    assert pair.fault is None and pair.done["send_back"] > before["send_back"]
    (made,), key = (installation.instance / "backups").iterdir(), elsewhere.folder / "key"
    key.write_text(secret)
    elsewhere.run("restore", str(made), "--identity", str(key))
    elsewhere.run("verify")
    kept = pair.kept(elsewhere)
    assert all(before[verb] <= kept[verb] <= pair.done[verb] for verb in kept)
    assert elsewhere.one(f"SELECT state FROM application WHERE id = {pair.case}") == ("submitted" if kept["submit"] > kept["send_back"] else "returned")
