"""`make access`: axe on every page that each account of the demo world can reach by links, light and dark; the last line says how many pages and
how many findings. Names of accounts as arguments look only at those; `once` looks at a kind of page only for the first account that has it."""
import logging
import re
import sys

from playwright.sync_api import Error

from tests.browser.axe import findings
from tests.pictures.world import Entered, chromium, world

ACCOUNTS = ("", "applicant", "newcomer", "clerk", "reviewer", "unit_admin", "officer", "centre", "exam", "site_head", "door", "it", "security", "auditor")
LEFT_OUT = re.compile(r"/logout|/file/|/export/$|/template|/result/|/gateway/(bill|ask)|\.(pdf|xlsx|csv|json|zip)")
ALIKE = ("columns", "choose", "fill")            # pages that are the same on every screen


def shape(address):
    """What pages of one kind have in common: the path with numbers left out, but for the screen where it makes no difference."""
    path = re.sub(r"\d+", "#", address.partition("?")[0].partition("#")[0])
    last = path.rstrip("/").rpartition("/")[2]
    return last if last in ALIKE else path


def walk(page, start, seen):
    """(address, findings) of every kind of page that links lead to from a start; what cannot be opened as a page is a file."""
    waiting, begun = [start], False
    while waiting:
        address = waiting.pop(0)
        if begun and shape(address) in seen or LEFT_OUT.search(address):
            continue
        begun = True
        seen.add(shape(address))
        try:
            page.goto(address)
        except Error:
            continue
        page.wait_for_load_state()
        yield address, findings(page)
        waiting += page.locator("a[href^='/'], a[href^='?'], a[href^='http://127.0.0.1']").evaluate_all("links => links.map(link => link.pathname + link.search)")


def main(accounts, once):
    pages = faults = 0
    seen = set()
    with world() as address, chromium() as browser:
        entered = Entered(browser, address)
        for account in accounts or ACCOUNTS:
            page, before = entered.page(account), pages
            seen = seen if once else set()
            for place, found in walk(page, ("/office/" if account not in ("applicant", "newcomer") else "/me") if account else "/", seen):
                pages, faults = pages + 1, faults + len(found)
                for text in found:
                    print(f"{account or 'nobody'} {place} {text}", flush=True)
            print(f"{account or 'nobody'}: {pages - before} pages", flush=True)
            page.context.close()
    print(f"{pages} pages, {faults} serious or critical findings")
    return faults


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    words = sys.argv[1:]
    sys.exit(1 if main([word for word in words if word != "once"], "once" in words) else 0)
