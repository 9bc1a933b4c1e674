"""Stage 2: pictures that people hand in. Each is decoded and written anew, so that nothing but the picture is kept."""
import io
import warnings

from models import pdfs
from models.parameters import value
from models.workflow import Reason, Refused

MOST_PIXELS = 40_000_000        # a picture that claims more is not decoded
LONGEST = 3000                  # the longer side of a material that is kept
MODES = {"1": "1 位黑白", "L": "8 位灰度", "P": "8 位索引色", "CMYK": "32 位 CMYK", "RGBA": "32 位带透明", "I;16": "16 位灰度"}
JPEG = ("JPEG", "MPO")          # MPO is the JPEG that telephones write
TYPES = {"JPEG": ("image/jpeg", "jpg"), "MPO": ("image/jpeg", "jpg"), "PNG": ("image/png", "png")}


def portrait(data):
    """The bytes of an identity photo, written anew; Refused with a reason for each rule that it breaks."""
    width, height, most = value("photo.width"), value("photo.height"), value("photo.max_kb")
    against = too_big(data, most, "照片")
    picture = opened(data, "照片")
    if picture.format not in JPEG:
        against.append(Reason("照片的格式不对", "JPEG（扩展名 .jpg）", picture.format))
    picture = decoded(picture, "照片")
    if picture.size != (width, height):
        across, up = picture.width - width, picture.height - height
        against.append(Reason("照片的尺寸不对", f"{width} × {height} 像素", f"{picture.width} × {picture.height} 像素",
                              "，".join(f"{name}{'多' if gap > 0 else '少'} {abs(gap)}" for name, gap in (("宽", across), ("高", up)) if gap)))
    if picture.mode != "RGB":
        against.append(Reason("照片的颜色不对", "24 位彩色", MODES.get(picture.mode, picture.mode)))
    if against:
        raise Refused(against)
    return smallest(picture, most * 1024)


def material(data):
    """(bytes, content type, extension) of a scanned material: a PDF as it is if it only shows something, a JPEG or PNG written anew; else Refused."""
    against = too_big(data, value("document.max_kb"), "文件")
    if against:
        raise Refused(against)
    if data.startswith(b"%PDF-"):
        return pdfs.checked(data), "application/pdf", "pdf"
    picture = opened(data, "文件")
    if picture.format not in TYPES:
        raise Refused([Reason("文件的格式不对", "PDF、JPEG 或 PNG", picture.format)])
    kind, (content_type, extension) = picture.format, TYPES[picture.format]
    picture = decoded(picture, "文件")
    picture.thumbnail((LONGEST, LONGEST))
    return written(picture if kind == "PNG" else picture.convert("RGB"), "PNG" if kind == "PNG" else "JPEG"), content_type, extension


def too_big(data, most, what):
    """[Reason] when there are more than `most` KB, or nothing at all."""
    if not data:
        raise Refused([Reason(f"请选择{what}")])
    size = len(data) / 1024
    return [Reason(f"{what}太大", f"不超过 {most} KB", f"{size:.0f} KB", f"{size - most:.0f} KB")] if size > most else []


def opened(data, what):
    """The picture with only its head read."""
    from PIL import Image, UnidentifiedImageError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)      # `decoded` asks for less than this warning does
            return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise Refused([Reason(f"{what}的像素太多，不能打开", f"不超过 {MOST_PIXELS // 10_000} 万像素")]) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused([Reason(f"{what}不是图片，或者已经损坏")]) from None


def decoded(picture, what):
    """The picture itself, upright; one that claims too many pixels is refused before it takes the memory."""
    from PIL import ImageOps
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise Refused([Reason(f"{what}的像素太多，不能打开", f"不超过 {MOST_PIXELS // 10_000} 万像素", f"{pixels // 10_000} 万像素")])
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError):
        raise Refused([Reason(f"{what}已经损坏，没有读完")]) from None


def smallest(picture, most):
    """JPEG bytes in the best quality that stays within `most`."""
    for quality in (92, 85, 75, 60):
        data = written(picture, "JPEG", quality=quality)
        if len(data) <= most:
            break
    return data


def written(picture, kind, **options):
    """The bytes of the pixels alone: what else a file may hold is left behind."""
    from PIL import Image
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    if picture.mode == "P":
        plain.putpalette(picture.getpalette())
    out = io.BytesIO()
    plain.save(out, kind, **options)
    return out.getvalue()
