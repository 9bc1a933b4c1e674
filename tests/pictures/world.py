"""The demo world behind the pictures: built once a day into instance/pictures, served in this process, and a Chromium to look at it with."""
import os
import shutil
from contextlib import contextmanager
from datetime import date

from playwright.sync_api import sync_playwright

import config
from models import base
from models.people import Person
from tasks import setup
from tasks.demo import build
from tests.browser.conftest import FLAGS
from tests.cast import SECRET, served
from tests.world import PASSWORD

FOLDER = config.ROOT / "instance/pictures"
THEMES = ("light", "dark")


@contextmanager
def world():
    """The address of the demo world of today."""
    stamp = FOLDER / "built"
    if not stamp.is_file() or stamp.read_text() != f"{date.today()}":
        shutil.rmtree(FOLDER, ignore_errors=True)
    settings = config.load(environ={}, demo=True, instance_dir=FOLDER, screens_dir=FOLDER / "screens", challenge=False)
    setup.open_all(settings, immediate=True)
    setup.bring_up_to_date()
    with base.db.connection_context():
        if not Person.select().exists():
            print("the demo world is built first, about two minutes", flush=True)
            build(PASSWORD, lambda password: SECRET)
    stamp.write_text(f"{date.today()}")
    with served(settings) as address:
        yield address


@contextmanager
def chromium():
    """The browser that the tests use too."""
    path = shutil.which("chromium-headless-shell")
    assert path, "chromium-headless-shell is missing: `make test` installs it"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else []))
        yield browser
        browser.close()


class Entered:
    """Pages of the accounts, each logged in once for all widths and themes: the cookies are kept."""

    def __init__(self, browser, address):
        self.browser, self.address, self.kept = browser, address, {}

    def page(self, account, width=1440, height=900, theme="light", **more):
        """A page of an account (empty: of nobody) on a screen of this width."""
        context = self.browser.new_context(base_url=self.address, viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN",
                                           reduced_motion="reduce", storage_state=self._cookies(account), **more)
        return context.new_page()

    def _cookies(self, account):
        if account and account not in self.kept:
            context = self.browser.new_context(base_url=self.address, locale="zh-CN")
            page = context.new_page()
            page.goto("/login")
            page.get_by_label("用户名、电子邮箱或证件号").fill(account)
            page.get_by_label("密码").first.fill(PASSWORD)
            page.get_by_role("button", name="登录").first.click()
            page.wait_for_url(lambda url: "/login" not in url)
            self.kept[account] = context.storage_state()
            context.close()
        return self.kept.get(account)
