"""A real Chromium without a window of its own, from Debian's package, one per test process. A test that asks for a `width` has a wide screen on one database and a phone on the other."""
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from models import clock
from models.applications import start
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World

FLAGS = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]          # a camera that shows a moving picture


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium-headless-shell")
    assert path, "没有 chromium：apt-get install chromium-headless-shell"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else []))
        yield browser
        browser.close()


@pytest.fixture
def width(engine):
    """Pixels of the screen."""
    return {"sqlite": 1440, "postgresql": 390}[engine]


@pytest.fixture
def applying(database, settings, chromium, width):
    """(visitor, case): an applicant at a screen of that width, and his draft with nothing in it."""
    clock.stop(DAY)
    world = World()
    user = world.applicant("林叙白")
    case = start(user.person, world.programme, user)
    User.update(password=SECRET).execute()
    with served(settings) as address:
        visitor = log_in(BrowserVisitor(chromium, address, width=width), user.username)
        yield visitor, case
        visitor.close()
