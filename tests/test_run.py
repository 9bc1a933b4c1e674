"""The front door as somebody at a command line meets it: `check` and `stages` need no settings, the rest refuses what is unsafe."""
import base64
import os
import re
import sqlite3
import subprocess
import sys

import pytest

import config
from models.registry import ENTITIES
from models.roles import STAGES

SECRETS = ("SECRET_KEY", "SEAL_KEYS", "BLIND_KEY", "TICKET_KEY")


def run(*words, folder, **environ):
    """Run run.py with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run([sys.executable, config.ROOT / "run.py", *words], capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=folder,
                          env={**clean, "CONFIG": str(folder / "config.toml"), "INSTANCE_DIR": str(folder), "PYTHONUTF8": "1", **environ})


def test_help_names_every_command(tmp_path):
    shown = run("--help", folder=tmp_path).stdout
    for command in ("demo", "serve", "work", "setup", "backup", "restore", "load", "verify", "check", "stages", "user", "reseal"):
        assert re.search(rf"^ +{command} +\S", shown, re.MULTILINE), command


def test_a_server_begins_without_what_only_some_of_its_work_needs(tmp_path):
    code = "import sys, pathlib, run; print(run._screen_problems(pathlib.Path('none')), *sorted({name.split('.')[0] for name in sys.modules}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=config.ROOT).stdout.split()
    assert said[0] == "[]" and {"flask", "peewee", "views", "tasks"} <= set(said)
    assert not {"fpdf", "fontTools", "numpy", "lxml", "PIL", "pypdf", "barcode", "xlsxwriter", "python_calamine", "dbf", "alipay", "zxcvbn", "nbis", "re2",
                "phonenumbers", "stdnum"} & set(said)


def test_stages_prints_every_step_under_its_stage_without_settings_or_database(tmp_path):
    shown = run("stages", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    for number, name in enumerate(STAGES[1:], 1):
        assert re.search(rf"^{number}  {name}$", shown.stdout, re.MULTILINE), name
    for kind in ENTITIES.values():
        for step in getattr(kind, "steps", {}):
            assert f"{kind.__name__}.{step} " in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_check_passes_on_a_clean_tree_and_says_which_settings_are_still_missing(tmp_path):
    shown = run("check", folder=tmp_path)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert all(name in shown.stdout for name in SECRETS)


def test_check_names_every_problem_at_once(tmp_path):
    shown = run("check", folder=tmp_path, PORT="eighty", JOB_LEASE="0", SECRET_KEY="short", SEAL_KEYS="k1:bad", REDIS_URL="http://nowhere")
    assert shown.returncode == 1
    assert all(name in shown.stderr for name in ("PORT", "JOB_LEASE", "REDIS_URL", *SECRETS))


def test_a_settings_file_that_is_not_toml_is_named_with_its_line(tmp_path):
    (tmp_path / "config.toml").write_text("port = 80\nhost = \n", "utf-8")
    shown = run("check", folder=tmp_path)
    assert shown.returncode == 1 and "line 2" in shown.stderr and "Traceback" not in shown.stderr


def test_check_names_a_broken_screen_of_the_site_with_its_file(tmp_path):
    (tmp_path / "programme.toml").write_text('titel = "学科"\n', "utf-8")
    shown = run("check", folder=tmp_path, SCREENS_DIR=str(tmp_path))
    assert shown.returncode == 1 and "programme.toml:1" in shown.stderr and "title" in shown.stderr


@pytest.mark.parametrize("command", ("serve", "work", "setup"))
def test_nothing_starts_with_the_secrets_of_the_demo(tmp_path, command):
    shown = run(command, folder=tmp_path, SECRET_KEY=config.DEMO_SECRET, SEAL_KEYS=config.DEMO_SEAL_KEYS, BLIND_KEY=config.DEMO_BLIND_KEY, TICKET_KEY=config.DEMO_TICKET_KEY)
    assert shown.returncode == 1
    assert all(name in shown.stderr for name in SECRETS)
    assert not (tmp_path / "tongli.db").exists()


def test_backup_makes_a_key_and_a_file_and_restore_brings_it_back(tmp_path):
    made = run("backup", "--new-key", folder=tmp_path)
    secret, public = re.search("AGE-SECRET-KEY-[0-9A-Z]+", made.stdout)[0], re.search("age1[0-9a-z]+", made.stdout)[0]
    key = tmp_path / "key"
    key.write_text(secret, "utf-8")
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    assert run("setup", folder=first, DEMO="1").returncode == 0
    refused = run("backup", folder=first, DEMO="1")
    assert refused.returncode == 1 and "BACKUP_RECIPIENTS" in refused.stderr and "Traceback" not in refused.stderr
    shown = run("backup", "--to", str(tmp_path), folder=first, DEMO="1", BACKUP_RECIPIENTS=public)
    assert shown.returncode == 0, shown.stderr
    file, = tmp_path.glob("*.tar.age")
    restored = run("restore", str(file), "--identity", str(key), folder=second, DEMO="1")
    assert restored.returncode == 0 and "已恢复" in restored.stdout, restored.stderr
    shown = run("verify", folder=second, DEMO="1", AUDIT_KEY="")
    assert shown.returncode == 0 and "与封存一致" in shown.stdout, shown.stderr
    again = run("restore", str(file), "--identity", str(key), folder=second, DEMO="1")
    assert again.returncode == 1 and "要求空的数据库" in again.stderr


def test_reseal_says_what_was_written_anew_and_fails_where_a_key_is_missing(tmp_path):
    keys = {name: base64.b64encode(bytes([n]) * 32).decode() for n, name in enumerate(("k1", "k2", "blind", "ticket"))}
    secrets = {"SECRET_KEY": "s" * 40, "BLIND_KEY": keys["blind"], "TICKET_KEY": keys["ticket"]}
    first, both, second = f"k1:{keys['k1']}", f"k2:{keys['k2']},k1:{keys['k1']}", f"k2:{keys['k2']}"
    assert run("setup", folder=tmp_path, SEAL_KEYS=first, **secrets).returncode == 0
    with sqlite3.connect(tmp_path / "tongli.db") as database:
        database.execute("INSERT INTO expert (edition, institution_id, name, document_type, document_number, title, supervises, external, unit, available) "
                         "VALUES (0, 1, '某', '01', 'k0:AAAA', '', 1, 0, '', 1)")
    shown = run("reseal", folder=tmp_path, SEAL_KEYS=both, **secrets)
    assert shown.returncode == 1 and "expert.document_number 有 1 条用现有的密钥打不开" in shown.stderr
    with sqlite3.connect(tmp_path / "tongli.db") as database:
        database.execute("UPDATE expert SET document_number = NULL")
    shown = run("reseal", folder=tmp_path, SEAL_KEYS=second, **secrets)
    assert shown.returncode == 0 and "全部由密钥 k2 加密" in shown.stdout


def test_a_process_starts_without_the_libraries_that_only_passkeys_and_redis_need():
    asked = "import sys, views, tasks.setup; print(sorted({'redis', 'webauthn'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", asked], cwd=config.ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"
