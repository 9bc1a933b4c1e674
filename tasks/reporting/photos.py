"""Stage 10: the photos of a report as one ZIP, each named by the document number, with the list of those that are missing."""
import re
import zipfile
from collections import Counter

from tasks.reporting.lines import batches
from tasks.reporting.workbook import add_list

TITLES = ("序号", "姓名", "证书编号", "文件名", "原因")
UNSAFE = re.compile(r"[^0-9A-Za-z-]")


def write(report, path, full, say):
    """The ZIP, written photo by photo. Whoever may not have document numbers in full gets them named by the certificate."""
    missing, used, done = [], Counter(), 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:         # JPEG does not get smaller
        for lines in batches(report, 100):
            for line in lines:
                name = file_name(line, full, used)
                content, reason = _content(line.photo)
                if reason:
                    missing.append((str(line.number), line.values["XM"], line.values["XWZSBH"], name, reason))
                else:
                    archive.writestr(name, content)
            done += len(lines)
            say(done)
        add_list(archive, path.with_suffix(".xlsx"), f"缺照片名单_{len(missing)}人.xlsx", TITLES, missing)


def file_name(line, full, used):
    """A name of plain letters, digits and hyphens; a second photo under the same number gets a number of its own."""
    stem = UNSAFE.sub("-", line.values["ZJHM" if full else "XWZSBH"]) or "-"
    used[stem] += 1
    return f"{stem}.jpg" if used[stem] == 1 else f"{stem}_{used[stem]}.jpg"


def _content(photo):
    """(bytes, why there are none)."""
    if photo is None:
        return None, "没有上传照片"
    try:
        return photo.read(), ""
    except FileNotFoundError:
        return None, "照片文件已不在存储中"
    except ValueError:
        return None, "照片文件与登记的摘要不符"
