"""What a file is by its content, whatever it is called, and whether its archive is one that may be opened."""
import zipfile

from tasks.sheets.limits import PARTS, RATIO, RATIO_FROM_BYTES, UNPACKED_BYTES, Unreadable, over

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
OTHERS = ((b"%PDF", "PDF 文件"), (b"\xff\xd8\xff", "JPEG 图片"), (b"\x89PNG", "PNG 图片"), (b"GIF8", "GIF 图片"), (b"Rar!", "RAR 压缩包"),
          (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"), (b"MZ", "程序文件"), (b"\x7fELF", "程序文件"), (b"{\\rtf", "RTF 文档"))
NAMES = {"xlsx": "Excel 工作簿（.xlsx）", "xls": "旧版 Excel 工作簿（.xls）", "ods": "ODF 表格（.ods）", "csv": "文本表格（.csv）"}


def kind_of(path):
    """xlsx, xls, ods or csv; Unreadable for anything else."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if not head:
        raise Unreadable("文件是空的：要求至少有表头和一行数据，实际 0 字节")
    if head.startswith(OLE):
        return _ole(path)
    if head.startswith(b"PK"):
        return _archive(path)
    for magic, name in OTHERS:
        if head.startswith(magic):
            raise Unreadable(f"这不是电子表格：要求 xlsx、xls、ods 或 csv，实际是 {name}")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        raise Unreadable("内容是网页（HTML），不是电子表格：请用 Excel 打开后另存为 .xlsx 再上传")
    if text.startswith(b"<?xml"):
        raise Unreadable("内容是 XML 文本，不是电子表格：请用 Excel 打开后另存为 .xlsx 再上传")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("这不是电子表格：要求 xlsx、xls、ods 或 csv，实际是一种不认识的二进制文件")
    return "csv"


def mismatch(kind, name):
    """What to say about an extension that does not fit the content; empty when it does."""
    said = name.rpartition(".")[2].lower() if "." in name else ""
    return "" if said == kind or (kind == "csv" and said == "txt") else f"扩展名是“.{said}”，内容是{NAMES[kind]}，按内容读取"


def _ole(path):
    with open(path, "rb") as file:
        data = file.read()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("文件设了打开密码，无法读取：请在 Excel 里取消密码（文件、信息、保护工作簿）后另存再上传")
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in data:
        raise Unreadable("文件带有宏，不能上传：请另存为不带宏的 .xlsx 再上传")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise Unreadable("这不是电子表格：要求 xlsx、xls、ods 或 csv，实际是旧版 Office 的其他文档")


def _archive(path):
    """Read the central directory only: nothing is unpacked before its sizes are known to be reasonable."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            kind = _checked(parts)
            if kind == "ods" and "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable("文件设了打开密码，无法读取：请取消密码后另存再上传")
            return kind
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Unreadable("文件不完整或已损坏，打不开：请用 Excel 打开原文件，另存一份再上传") from None


def _checked(parts):
    if len(parts) > PARTS:
        raise over("工作簿里的部件太多", PARTS, len(parts), " 个")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_BYTES:
        raise over("工作簿解开后太大", UNPACKED_BYTES // 2**20, -(-unpacked // 2**20), " MB")
    names = set()
    for part in parts:
        if part.filename in names:
            raise Unreadable(f"工作簿里有两个同名的部件（{part.filename}），不是 Excel 保存的文件，不读取")
        names.add(part.filename)
        if part.flag_bits & 1:
            raise Unreadable("文件设了打开密码，无法读取：请取消密码后另存再上传")
        if part.file_size > RATIO_FROM_BYTES and part.file_size > RATIO * max(1, part.compress_size):
            raise over("工作簿的压缩比异常，像是压缩炸弹", RATIO, part.file_size // max(1, part.compress_size), " 倍")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("文件带有宏，不能上传：请另存为不带宏的 .xlsx 再上传")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Unreadable("文件链接到别的工作簿，不能上传：请在 Excel 里断开链接（数据、编辑链接），或把这些格粘贴为数值")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if "xl/workbook.bin" in names:
        raise Unreadable("二进制工作簿（.xlsb）不能读取：请另存为 .xlsx 再上传")
    raise Unreadable("这不是电子表格：要求 xlsx、xls、ods 或 csv，实际是压缩包或其他文档")
