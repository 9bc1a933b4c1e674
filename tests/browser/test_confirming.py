"""The confirmation desk in a real Chromium: the picture of the person is taken with the camera in the page; a confirmation is taken back, and made, by keys."""
from models import clock
from models.applications import Application, Confirmation
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World, picture

NAMES = ("温景行", "苏以宁")


def state(case):
    return Application.get_by_id(case.id).state


def test_a_clerk_takes_the_picture_with_the_camera_takes_a_confirmation_back_and_makes_it(database, settings, chromium, width):
    clock.stop(DAY)
    world = World()
    case, other = [world.draft(user := world.applicant(name)).submit(by=user) for name in NAMES]
    User.update(password=SECRET).execute()
    with served(settings) as address:
        clerk = log_in(BrowserVisitor(chromium, address, width=width), "clerk")
        page = clerk.page
        page.clock.install()
        clerk.open("/office/confirmation/desk/")
        page.get_by_role("heading", name="确认台").click()              # out of the box in which numbers are scanned
        page.keyboard.press("n")
        page.get_by_role("heading", name=NAMES[0]).wait_for()
        page.keyboard.press("p")
        clerk.sees("没有确认，已填写的内容都在下面", "原件没有核对完")
        page.get_by_role("heading", name="确认台").click()
        for key in "12345":
            page.keyboard.press(key)
        for name in ("本人同意采集", "演示"):
            clerk.tick(name)
        clerk.press("用摄像头拍照")
        page.get_by_role("button", name="拍照", exact=True).click()
        page.get_by_alt_text("将要保存的照片").wait_for()
        clerk.attach("签字的资格审查表", "form.jpg", picture(), "image/jpeg")
        page.keyboard.press("p")
        clerk.sees(f"{NAMES[0]}：现场确认", "撤销 z", "等待现场确认 1 人")
        assert state(case) == "submitted" and Confirmation.get().scene_id
        page.keyboard.press("Control+z")                                # in the empty box, where the next number is scanned
        page.get_by_role("heading", name=NAMES[0]).wait_for()
        assert page.get_by_label("成果材料").is_checked() and state(case) == "submitted"
        page.keyboard.press("?")
        clerk.sees("撤销刚才的确认（10 秒内）")
        page.keyboard.press("Escape")
        page.keyboard.press("p")
        clerk.sees(f"{NAMES[0]}：现场确认", NAMES[1])
        page.clock.run_for(11_000)
        clerk.sees("现场确认完成")
        assert state(case) == "confirmed" and state(other) == "submitted"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        clerk.close()
    scene = Confirmation.get().scene
    assert scene.encrypted and scene.read().startswith(b"\xff\xd8")
