"""What a person does at the door of the exam in a browser: scan, show a finger, read the verdict."""
import re

from playwright.sync_api import expect

from tests.doors import capture
from tests.visitors import BrowserVisitor, log_in

DOOR = "/office/door/"
CUT = re.compile("ERR_INTERNET_DISCONNECTED|Failed to load resource|status of 422")      # what a browser says of its own of a network that is away
expect.set_options(timeout=60_000)


def at_the_door(chromium, address, user="door", width=1440, height=900):
    visitor = log_in(BrowserVisitor(chromium, address, width=width, height=height), user)
    visitor.open(DOOR)
    expect(visitor.page.locator("#net")).to_have_text("在线")
    return visitor


def scan(visitor, text):
    """What a scanner does: it types wherever the focus is, and ends with Enter."""
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def says(visitor, words, tone):
    expect(visitor.page.locator("#words")).to_have_text(re.compile(words))
    expect(visitor.page.locator("#verdict")).to_have_class(f"verdict {tone}")


def print_of(visitor, seed):
    visitor.page.locator("#image").set_input_files({"name": "finger.png", "mimeType": "image/png", "buffer": capture(seed, 1)})


def until_kept(visitor):
    """Wait until the browser has what it needs to open the page again without a network."""
    kept = "navigator.serviceWorker.ready.then(() => caches.match('/office/door/', { ignoreVary: true })).then(page => Boolean(page))"
    for _ in range(300):
        if visitor.page.evaluate(kept):
            return
        visitor.page.wait_for_timeout(200)
    raise AssertionError("the browser keeps nothing")


def fits(visitor):
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def leave(visitor):
    """Close it; what Chromium itself says of the cut is no fault of the page."""
    visitor.wrong = [text for text in visitor.wrong if not CUT.search(text)]
    visitor.close()
