"""axe finds nothing serious or critical on seventeen kinds of pages, light and dark (`make access` looks at all of them); at twice the size nothing is
cut off, errors take the focus, and nothing moves for those who want no motion."""
import pytest
from playwright.sync_api import expect

from models.people import User
from tests.browser.axe import findings
from tests.cast import SECRET, served
from tests.views.conftest import world        # noqa: F401
from tests.visitors import BrowserVisitor, log_in


@pytest.fixture
def enter(chromium, settings, world):      # noqa: F811
    """A browser of an account, or of nobody; all of them end with the test."""
    visitors = []
    with served(settings) as address:
        def entered(name="", **more):
            User.update(password=SECRET).where(User.username == name).execute()
            visitors.append(BrowserVisitor(chromium, address, **more))
            return log_in(visitors[-1], name) if name else visitors[-1]
        yield entered
        for visitor in visitors:
            visitor.close()


def dialog(page, key):
    page.keyboard.press(key)
    page.locator("dialog[open]").wait_for()


def drawer(page):
    for key in "jxv":
        page.keyboard.press(key)
    page.locator("#preview").wait_for()


def test_axe_finds_nothing_serious_on_the_kinds_of_pages_that_there_are(enter, world):      # noqa: F811
    waiting, registered, person = world.confirmed(world.applicant("待审者")), world.registered(world.applicant("在册者")), world.applicant("填表者")
    draft = world.draft(person)
    pages = {
        "": ["/", "/statistics", "/login", "/register", "/verify", f"/programmes/{world.programme.id}"],
        person.username: ["/me", f"/apply/{draft.id}/degree"],
        "clerk": [f"/office/register/details/?id={registered.id}", "/office/programme/create/", "/office/thesis/", "/office/application/columns/", "/office/import/", "/office/guide/",
                  ("/office/register/", drawer), ("/office/register/", lambda page: dialog(page, "Control+k")), ("/office/register/", lambda page: dialog(page, "?"))],
        "reviewer": ["/office/", "/office/review/", f"/office/application/step/approve/?id={waiting.id}"],
        "it": ["/office/configure/edit/register/"], "auditor": ["/office/powers/"],
    }
    found = []
    for name, places in pages.items():
        page = enter(name).page
        if name:
            page.wait_for_url(lambda url: "/login" not in url)
        for place in places:
            address, then = (place, None) if isinstance(place, str) else place
            page.goto(address)
            if then:
                then(page)
            found += [f"{name} {address}: {text}" for text in findings(page)]
    assert found == []


def test_axe_finds_nothing_serious_on_a_phone(enter, world):      # noqa: F811
    world.confirmed(world.applicant("待审者"))
    registered = world.registered(world.applicant("在册者"))
    clerk, found = enter("clerk", width=390, height=844).page, []
    clerk.wait_for_url("**/office/")
    for address in ("/office/application/", f"/office/register/details/?id={registered.id}", "/office/register/columns/", "/programmes"):
        clerk.goto(address)
        found += [f"{address}: {text}" for text in findings(clerk)]
        assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert found == []


def test_whatever_has_the_focus_shows_it(enter, world):      # noqa: F811
    world.confirmed(world.applicant("待审者"))
    clerk = enter("clerk").page
    clerk.wait_for_url("**/office/")
    clerk.goto("/office/application/")
    reached = []
    for n in range(60):
        if n == 15:                                            # past the menu
            clerk.locator(".finder").focus()
        clerk.keyboard.press("Tab")
        reached.append(clerk.evaluate("(({ tagName, className }, { outlineStyle, outlineWidth }) => [tagName + ' ' + className, outlineStyle != 'none' && parseFloat(outlineWidth) >= 2])(document.activeElement, getComputedStyle(document.activeElement))"))
    assert [where for where, shown in reached if not shown and not where.startswith("BODY")] == []
    assert {"BUTTON peek", "INPUT box", "BUTTON chip add", "A brand"} <= {where for where, _ in reached}


def test_axe_itself_is_at_work(enter):
    visitor = enter()
    visitor.open("/login")
    visitor.page.evaluate("document.querySelector('main, body').insertAdjacentHTML('beforeend', '<input><button></button>')")
    assert {"label", "button-name"} <= {text.split(": ")[1] for text in findings(visitor.page)}


@pytest.mark.parametrize("address", ["/office/register/", "/office/programme/create/"])
def test_at_twice_the_size_nothing_is_cut_off(enter, world, address):      # noqa: F811
    world.registered()
    clerk = enter("clerk", width=720, height=450)          # a screen of 1440 x 900 at 200 %
    clerk.page.wait_for_url("**/office/")
    clerk.open(address)
    assert clerk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_refused_takes_the_focus_and_is_announced(enter):
    clerk = enter("clerk")
    clerk.page.wait_for_url("**/office/")
    clerk.open("/office/programme/create/")
    clerk.press("新建")
    errors = clerk.page.locator("#errors")
    expect(errors).to_be_focused()
    assert errors.get_attribute("role") == "alert"
    clerk.page.locator("#errors a").first.click()
    assert clerk.page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_nothing_moves_for_those_who_want_no_motion(enter):
    visitor = enter()
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.open("/login")
    moving = "[...document.querySelectorAll('*')].filter(node => [getComputedStyle(node).transitionDuration, getComputedStyle(node).animationDuration].some(time => time.split(', ').some(one => parseFloat(one) > 0))).length"
    assert visitor.page.evaluate(moving) == 0
    visitor.page.emulate_media(reduced_motion="no-preference")
    assert visitor.page.evaluate(moving) > 0
