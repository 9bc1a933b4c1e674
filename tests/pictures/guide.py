"""`make guide`: the pictures of the guide, of each task what its role sees where the task is done in the demo world, into backoffice/static/guide. Made
again after the screens have changed; the last line says how many there are and how large. Names of pictures as arguments take only those."""
import io
import logging
import sys

from PIL import Image

import config
from models.roles import STAFF
from tests.pictures.pages import ticked
from tests.pictures.world import Entered, chromium, world
from views.guiding import PICTURES, SIZE, tasks

FOLDER = config.ROOT / "backoffice/static" / PICTURES
WIDTH, HEIGHT = 1180, 700         # pixels of the screen
LARGEST = 15_000                  # bytes of a picture
QUALITIES = range(60, 10, -5)     # of WebP: the first that keeps to it


def first(page):
    """The first person who waits."""
    page.get_by_role("link", name="办理", exact=True).first.click()
    page.get_by_role("button", name="保存并确认").wait_for()


BEFORE = {"confirming": first, "approving": ticked, "filing": lambda page: page.locator("tbody .tick input").first.check()}


def take(page, name, address):
    """Bytes of what the main part of a page shows, in the size of the guide."""
    page.goto(address)
    if name in BEFORE:
        BEFORE[name](page)
    page.wait_for_load_state("networkidle")
    side = page.locator(".app > .side")
    left = side.bounding_box()["width"] if side.count() else 0
    width = WIDTH - left
    shot = page.screenshot(clip={"x": left, "y": 0, "width": width, "height": width * SIZE[1] / SIZE[0]})
    small = Image.open(io.BytesIO(shot)).convert("RGB").resize(SIZE, Image.LANCZOS)
    return next(data for quality in QUALITIES if len(data := packed(small, quality)) <= LARGEST or quality == QUALITIES[-1])


def packed(picture, quality):
    """Bytes of a picture as WebP."""
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=quality, method=6)
    return data.getvalue()


def main(wanted):
    FOLDER.mkdir(exist_ok=True)
    known = {f"{task.picture}.webp" for role in STAFF for task in tasks(role) if task.picture}
    for name in known:
        (FOLDER / name).touch()          # the guide itself leads to the pages
    with world() as address, chromium() as browser:
        entered = Entered(browser, address)
        for role in STAFF:
            named = [task for task in tasks(role) if task.picture and (not wanted or task.picture in wanted)]
            if not named:
                continue
            page = entered.page(role, WIDTH, HEIGHT)
            page.goto("/office/guide/")
            ways = {card.locator("h3").inner_text(): card.locator("header a").get_attribute("href") for card in page.locator("#guide li.card").all()}
            for task in named:
                (FOLDER / f"{task.picture}.webp").write_bytes(data := take(page, task.picture, ways[task.title]))
                print(f"{role} {task.picture}: {len(data) / 1000:.1f} kB", flush=True)
            page.context.close()
    for file in FOLDER.iterdir():
        if file.name not in known:
            file.unlink()
    print(f"{len(known)} pictures, {sum(file.stat().st_size for file in FOLDER.iterdir()) / 1000:.0f} kB")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main(sys.argv[1:])
