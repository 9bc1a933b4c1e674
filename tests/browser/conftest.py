"""A real Chromium without a window of its own, from Debian's package, one per test process. A test that asks for a `width` has a wide screen on one database and a phone on the other."""
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

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
