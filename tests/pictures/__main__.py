"""`make screenshots`: the named pages at three widths, light and dark, into instance/screenshots; the last line says how many.

Names as arguments take only those pages: `make screenshots ARGS="case palette"`.
"""
import logging
import shutil
import sys

import config
from models import base
from tests.pictures.pages import PAGES
from tests.pictures.world import THEMES, Entered, chromium, world

FOLDER = config.ROOT / "instance/screenshots"
SCREENS = ((1440, 900), (1024, 768), (390, 844))
TALLEST = 2400            # pixels of a picture; what lies below is not in it


def take(entered, named, address, width, height):
    """The pictures of one page at one width, a theme each; what a page complains about in its console is said beside them."""
    page = entered.page(named.account, width, height)
    page.on("pageerror", lambda error: print(f"{named.name}-{width}: {error}"))
    page.on("console", lambda said: print(f"{named.name}-{width}: {said.text}") if said.type == "error" else None)
    page.goto(address)
    if named.then:
        named.then(page)
    page.wait_for_load_state("networkidle")
    if named.whole:           # the window grows, so that what sticks to its edge stands at the end of the page
        page.set_viewport_size({"width": width, "height": max(height, min(page.evaluate("document.documentElement.scrollHeight"), TALLEST))})
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.screenshot(path=FOLDER / f"{named.name}-{width}-{theme}.png")
    page.context.close()


def main(wanted):
    pages = [named for named in PAGES if not wanted or named.name in wanted]
    if not wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with world() as address, chromium() as browser:
        entered, taken = Entered(browser, address), 0
        for named in pages:
            with base.db.connection_context():
                place = named.address if isinstance(named.address, str) else named.address()
            for width, height in SCREENS:
                take(entered, named, place, width, height)
                taken += len(THEMES)
            print(f"{named.name}: {place}", flush=True)
    print(f"{taken} pictures")


logging.disable(logging.WARNING)
main(sys.argv[1:])
