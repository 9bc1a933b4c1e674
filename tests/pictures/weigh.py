"""`make weigh`: what pages of the demo world cost whoever opens them in a real Chromium: bytes over the wire at the first and at a repeated visit, the
largest paint, how far things move while the page is built, and the longest script, of three visits each the best: the machine does other things too.
One row a page; the goals stand over them."""
import logging

from models import base
from tests.pictures.pages import PAGES
from tests.pictures.world import Entered, chromium, world

NAMES = ("public-home", "me", "desk-clerk", "list-applications", "list-picked", "list-totals", "case", "form", "report", "season")
WATCH = """() => {
    window.seen = { paint: 0, shift: 0, script: 0 };
    new PerformanceObserver(list => list.getEntries().forEach(one => { seen.paint = one.startTime; })).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) seen.shift += one.value; })).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver(list => list.getEntries().forEach(one => one.scripts.forEach(script => { seen.script = Math.max(seen.script, script.duration); })))
        .observe({ type: "long-animation-frame", buffered: true });
}"""


def visit(page, address):
    """{html, all, paint, shift, script} of one visit: kB, kB, ms, share of the window, ms."""
    sent = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sent.append((event["requestId"], event["encodedDataLength"])))
    kinds = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    seen = page.evaluate("seen")
    wire.detach()
    return {"html": sum(size for id, size in sent if kinds.get(id) == "Document") / 1000, "all": sum(size for _, size in sent) / 1000, **seen}


def main():
    print(f"{'page':20} {'html kB':>8} {'first kB':>9} {'repeat kB':>10} {'paint ms':>9} {'shift':>7} {'script ms':>10}")
    print(f"{'goal':20} {60:8} {350:9} {70:10} {1000:9} {0.05:7} {50:10}")
    with world() as address, chromium() as browser:
        entered = Entered(browser, address)
        for named in (named for named in PAGES if named.name in NAMES):
            page = entered.page(named.account)
            page.add_init_script(f"({WATCH})()")
            with base.db.connection_context():
                place = named.address if isinstance(named.address, str) else named.address()
            first, *others = [visit(page, place) for _ in range(4)]
            best = {name: min(one[name] for one in others) for name in ("all", "paint", "script")}
            print(f"{named.name:20} {first['html']:8.1f} {first['all']:9.1f} {best['all']:10.1f} {best['paint']:9.0f} "
                  f"{max(one['shift'] for one in (first, *others)):7.3f} {best['script']:10.0f}", flush=True)
            page.context.close()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
