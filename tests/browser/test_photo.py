"""An applicant's photo in a real Chromium: any picture is moved and enlarged behind the frame, and what is in the frame is kept in the right size."""
import io

from PIL import Image

from models.applications import Application


def telephone():
    """Bytes of a picture as a telephone takes it: too large, and a PNG; the left half red, the right half blue."""
    picture = Image.new("RGB", (1600, 1200), "red")
    picture.paste("blue", (800, 0, 1600, 1200))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def test_a_photo_out_of_a_telephone_becomes_one_of_the_right_size_by_moving_it_behind_the_frame(applying):
    visitor, case = applying
    visitor.open(f"/apply/{case.id}/photo")
    visitor.attach("照片", "IMG_0001.png", telephone(), "image/png")
    visitor.page.get_by_text("符合：要求 390 × 567 像素，实际 390 × 567").wait_for()
    frame = visitor.page.get_by_label("裁剪框")
    frame.focus()
    for _ in range(60):
        visitor.page.keyboard.press("ArrowRight")            # the picture goes to the right: its left, red half fills the frame
    visitor.page.wait_for_timeout(600)
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.press("上传照片")
    visitor.sees("照片合格，已保存")
    kept = Image.open(io.BytesIO(Application.get_by_id(case.id).photo.read()))
    assert kept.size == (390, 567) and kept.format == "JPEG"
    red, green, blue = kept.convert("RGB").getpixel((195, 280))
    assert red > 200 and blue < 60 and green < 60
