"""Pictures that people hand in: every rule that a photo breaks is said, and nothing but the picture is kept."""
import io
import struct
import zlib

import pytest
from PIL import Image

from models.photos import material, portrait
from models.workflow import Refused
from tests.world import pdf, picture


def refusal(call, *given):
    with pytest.raises(Refused) as found:
        call(*given)
    return [str(reason) for reason in found.value.reasons]


def saved(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_right_photo_is_kept_without_what_else_the_file_held(database):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    sent = saved(Image.new("RGB", (390, 567), "navy"), exif=exif, comment=b"who took it")
    kept = portrait(sent)
    again = Image.open(io.BytesIO(kept))
    assert (again.format, again.size, again.mode) == ("JPEG", (390, 567), "RGB")
    assert b"secret place" not in kept and b"who took it" not in kept and not again.getexif()


def test_a_photo_on_its_side_is_turned_before_it_is_measured(database):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(io.BytesIO(portrait(saved(Image.new("RGB", (567, 390)), exif=exif)))).size == (390, 567)


@pytest.mark.parametrize("data, sentence", [
    (b"", "请选择照片"),
    (b"hello", "不是图片"),
    (picture(400, 567), "照片的尺寸不对：要求 390 × 567 像素，实际 400 × 567 像素，差 宽多 10"),
    (picture(390, 560), "高少 7"),
    (picture(form="PNG"), "照片的格式不对：要求 JPEG（扩展名 .jpg），实际 PNG"),
    (saved(Image.new("L", (390, 567))), "照片的颜色不对：要求 24 位彩色，实际 8 位灰度"),
    (picture() + b"\0" * 300_000, "照片太大：要求 不超过 200 KB"),
    (picture()[:1200], "已经损坏"),
])
def test_each_rule_that_a_photo_breaks_has_its_own_sentence(database, data, sentence):
    assert any(sentence in reason for reason in refusal(portrait, data))


def test_all_rules_that_a_photo_breaks_are_said_at_once(database):
    assert len(refusal(portrait, saved(Image.new("L", (100, 100)), "PNG"))) == 3


def test_a_picture_that_claims_too_many_pixels_is_not_decoded(database):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")
    assert "像素太多" in refusal(portrait, bomb)[0]
    assert "像素太多" in refusal(material, bomb)[0]


def test_a_material_is_a_whole_pdf_or_a_picture(database):
    assert material(pdf()) == (pdf(), "application/pdf", "pdf")
    assert material(picture(800, 600))[1:] == ("image/jpeg", "jpg")
    assert material(picture(800, 600, form="PNG"))[1:] == ("image/png", "png")
    assert "不完整" in refusal(material, b"%PDF-1.7\n...")[0]
    assert "PDF、JPEG 或 PNG" in refusal(material, picture(form="GIF"))[0]
    assert "要求 不超过 5120 KB，实际 6144 KB，差 1024 KB" in refusal(material, b"%PDF-" + b" " * (6 * 2**20 - 5))[0]


def test_a_large_scan_is_made_smaller(database):
    assert max(Image.open(io.BytesIO(material(picture(4000, 2000))[0])).size) == 3000
