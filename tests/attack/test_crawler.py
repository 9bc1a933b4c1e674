"""A crawler with wapiti, in an environment of its own: as nobody, as an applicant, a clerk and IT it follows links, fills forms and attacks parameters,
for some minutes each. Modules that would ask a server outside are left out, and so are what only TLS brings (tests/backoffice/test_security.py has that)."""
import json
import subprocess

import config
from tests.attack import dealt, judge
from tests.attack.serving import answering

TOOL = config.ROOT / ".venv/crawl/bin/wapiti"
MODULES = "backup,crlf,csp,csrf,exec,file,htaccess,ldap,methods,permanentxss,redirect,sql,timesql,upload,xss"
CRAWL, EACH = 180, 20           # seconds for the way through the pages, and for one module
WHO = ("nobody", "applicant", "clerk", "it")


def test_a_crawler_finds_nothing(ground, engine, tmp_path, record_property):
    found, number = [], 0
    for who in dealt(WHO, engine, 2):
        reported, heard = crawled(ground, who, tmp_path / who)
        found += [f"{who}: {line}" for line in reported + heard.failures]
        number += sum(heard.statuses.values())
    judge(record_property, number, found)


def crawled(ground, who, folder):
    """([what the crawler reports], Heard) of one visitor."""
    user = {"nobody": None, "applicant": ground.world.sides[0].register.applicants()[0]}.get(who, getattr(ground.world, who, None))
    begin = {"nobody": "/", "applicant": "/me"}.get(who, "/office/")
    folder.mkdir()
    ground.app.config["WTF_CSRF_ENABLED"] = True
    try:
        with answering(ground) as (address, heard):
            run = subprocess.run([TOOL, "-u", address + begin, "--scope", "domain", "-m", MODULES, "-f", "json", "-o", folder / "found.json", "--store-session", folder, "--flush-session",
                                  "--no-bugreport", "--max-scan-time", str(CRAWL), "--max-attack-time", str(EACH), "--max-links-per-page", "60", "--max-files-per-dir", "40", "-x", address + "/logout",
                                  *(["-H", f"Cookie: {ground.cookie(user)}"] if user else [])], capture_output=True, text=True, cwd=folder)
    finally:
        ground.app.config["WTF_CSRF_ENABLED"] = False
    assert (folder / "found.json").exists(), run.stdout[-3000:] + run.stderr[-3000:]
    report = json.loads((folder / "found.json").read_text("utf-8"))
    return [f"{kind}: {item['method']} {item['path']} {item['parameter']} {item['info']}" for words in ("vulnerabilities", "anomalies") for kind, items in report[words].items() for item in items], heard
