"""The confirmation desk in a real Chromium: the picture of the person is taken with the camera in the page, and confirmed."""
from models import clock
from models.applications import Application, Confirmation
from models.people import User
from tests.cast import SECRET, served
from tests.visitors import BrowserVisitor, log_in
from tests.world import DAY, World, picture


def test_a_clerk_takes_the_picture_with_the_camera_and_confirms(database, settings, chromium, width):
    clock.stop(DAY)
    world = World()
    case = world.draft(user := world.applicant("温景行")).submit(by=user)
    User.update(password=SECRET).execute()
    with served(settings) as address:
        clerk = log_in(BrowserVisitor(chromium, address, width=width), "clerk")
        clerk.open(f"/office/confirmation/desk/?id={case.id}")
        for name in ("学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见", "本人同意采集", "演示"):
            clerk.tick(name)
        clerk.press("用摄像头拍照")
        clerk.page.get_by_role("button", name="拍照", exact=True).click()
        clerk.page.get_by_alt_text("将要保存的照片").wait_for()
        clerk.attach("签字的资格审查表", "form.jpg", picture(), "image/jpeg")
        clerk.press("保存并确认")
        clerk.sees("现场确认完成")
        clerk.close()
    scene = Confirmation.get().scene
    assert Application.get_by_id(case.id).state == "confirmed" and scene.encrypted and scene.read().startswith(b"\xff\xd8")
