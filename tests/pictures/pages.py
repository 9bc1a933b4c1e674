"""The pages that have their pictures taken: a name, whose page it is, where it is, and what is done on it before."""
from dataclasses import dataclass
from typing import Callable

from models.applications import Application
from models.awards import Meeting
from models.people import User
from models.programmes import Programme
from models.reports import Report


@dataclass(frozen=True)
class Named:
    """One page with a name. `address` is a path, or a function that finds it in the demo world."""
    name: str
    account: str
    address: str | Callable
    then: Callable | None = None

    @property
    def whole(self):
        """Whether its picture goes beyond the screen: not where something floats over it."""
        return self.then is None


def row(screen, kind, account, **where):
    """The address of the page of the newest row that the account sees and that has these values."""
    def found():
        user = User.get(User.username == account)
        conditions = [kind._meta.fields[name] == value for name, value in where.items()]
        id = kind.visible_to(user).where(*conditions, kind.id > 0).order_by(kind.id.desc()).get().id
        return f"/office/{screen}/details/?id={id}"
    return found


def ticked(page):
    for n in range(4):
        page.locator("tbody .tick input").nth(n).check()


def previewed(page):
    page.keyboard.press("j")
    page.keyboard.press("v")
    page.locator("#preview").wait_for()


def looked_for(page):
    page.keyboard.press("Control+k")
    page.locator("#find-all").fill("林")
    page.locator("[data-people] a").first.wait_for()


def pressed(selector):
    def press(page):
        page.locator(selector).first.click()
        page.locator("dialog[open]").wait_for()
    return press


def keys(page):
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


def step():
    user = User.get(User.username == "reviewer")
    ids = [case.id for case in Application.visible_to(user).where(Application.state == "confirmed").order_by(Application.id).limit(6)]
    return "/office/application/step/approve/?" + "&".join(f"id={id}" for id in ids)


def edited():
    return row("programme", Programme, "clerk")().replace("details", "edit")


def published():
    return f"/programmes/{Programme.select().where(Programme.state == 'published').order_by(Programme.year.desc(), Programme.id).get().id}"


PAGES = (
    Named("public-home", "", "/"),
    Named("public-programme", "", published),
    Named("public-login", "", "/login"),
    Named("public-register", "", "/register"),
    Named("public-verify", "", "/verify"),
    Named("me", "applicant", "/me"),
    Named("me-conditions", "applicant", "/me/conditions"),
    Named("me-exam", "applicant", "/me/exam"),
    Named("desk-clerk", "clerk", "/office/"),
    Named("desk-officer", "officer", "/office/"),
    Named("list-applications", "clerk", "/office/application/"),
    Named("list-picked", "reviewer", "/office/register/?f.state=registered", ticked),
    Named("list-preview", "clerk", "/office/register/", previewed),
    Named("list-totals", "clerk", "/office/payment/"),
    Named("list-empty", "clerk", "/office/application/?q=无此人"),
    Named("list-columns", "clerk", "/office/register/", pressed("a[href*='columns']")),
    Named("list-filters", "clerk", "/office/register/", pressed("[data-do='open:filters']")),
    Named("palette", "clerk", "/office/", looked_for),
    Named("keys", "clerk", "/office/register/", keys),
    Named("case", "clerk", row("register", Application, "clerk", state="registered")),
    Named("step", "reviewer", step),
    Named("form", "clerk", edited),
    Named("report", "clerk", row("report", Report, "clerk")),
    Named("meeting", "clerk", row("meeting", Meeting, "clerk")),
    Named("season", "officer", "/office/season/"),
)
