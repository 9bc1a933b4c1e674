"""What a list of fifty rows costs whoever opens it: bytes at the first and at a repeated visit, how far it moves while it is built (`make weigh`
measures ten pages and how long they take)."""
from models.people import User
from tests.cast import SECRET, served
from tests.pictures.weigh import WATCH, visit
from tests.views.conftest import world        # noqa: F401
from tests.visitors import BrowserVisitor, log_in


def test_a_list_of_fifty_rows_is_light_and_stands_still(chromium, settings, world):      # noqa: F811
    for n in range(51):
        world.registered(world.applicant(f"在册者{n}"))
    User.update(password=SECRET).where(User.username == "clerk").execute()
    with served(settings) as address:
        clerk = log_in(BrowserVisitor(chromium, address), "clerk")
        clerk.page.wait_for_url("**/office/")
        cookies = clerk.context.storage_state()
        clerk.close()
        context = chromium.new_context(base_url=address, storage_state=cookies, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        first, repeat = visit(page, "/office/register/"), visit(page, "/office/register/")
        assert page.locator("tbody tr").count() == 50
        assert first["html"] <= 60 and first["all"] <= 350 and repeat["all"] <= 70 and max(first["shift"], repeat["shift"]) <= 0.05
        assert first["all"] > repeat["all"] >= repeat["html"] > 2
        page.evaluate("new Promise(done => requestAnimationFrame(() => { const until = performance.now() + 120; while (performance.now() < until); setTimeout(done, 300); }))")
        assert page.evaluate("seen.script") > 100                    # the measure is at work
        context.close()
