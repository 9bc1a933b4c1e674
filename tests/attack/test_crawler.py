"""A crawler with wapiti, in an environment of its own: as nobody, as an applicant, a clerk and IT it follows every link, fills every form and attacks
every parameter. Modules that would ask a server outside are left out, and so are what only TLS brings (tests/backoffice/test_security.py has that)."""
import json
import subprocess

import pytest

import config
from tests.attack import judge
from tests.attack.serving import answering

TOOL = config.ROOT / ".venv/crawl/bin/wapiti"
MODULES = "backup,crlf,csp,csrf,exec,file,htaccess,ldap,methods,permanentxss,redirect,sql,timesql,upload,xss"
CRAWL, EACH = 600, 120          # seconds for the way through the pages, and for one module


@pytest.mark.parametrize("who", ["nobody", "applicant", "clerk", "it"])
def test_a_crawler_finds_nothing(ground, tmp_path, record_property, who):
    user = {"nobody": None, "applicant": ground.world.sides[0].register.applicants()[0]}.get(who, getattr(ground.world, who, None))
    begin = {"nobody": "/", "applicant": "/me"}.get(who, "/office/")
    ground.app.config["WTF_CSRF_ENABLED"] = True
    try:
        with answering(ground) as (address, heard):
            run = subprocess.run([TOOL, "-u", address + begin, "--scope", "domain", "-m", MODULES, "-f", "json", "-o", tmp_path / "found.json", "--store-session", tmp_path, "--flush-session",
                                  "--no-bugreport", "--max-scan-time", str(CRAWL), "--max-attack-time", str(EACH), "--max-links-per-page", "60", "--max-files-per-dir", "40", "-x", address + "/logout",
                                  *(["-H", f"Cookie: {ground.cookie(user)}"] if user else [])], capture_output=True, text=True, cwd=tmp_path)
    finally:
        ground.app.config["WTF_CSRF_ENABLED"] = False
    assert (tmp_path / "found.json").exists(), run.stdout[-3000:] + run.stderr[-3000:]
    report = json.loads((tmp_path / "found.json").read_text("utf-8"))
    found = [f"{kind}: {item['method']} {item['path']} {item['parameter']} {item['info']}" for words in ("vulnerabilities", "anomalies") for kind, items in report[words].items() for item in items]
    judge(record_property, sum(heard.statuses.values()), found + heard.failures)
