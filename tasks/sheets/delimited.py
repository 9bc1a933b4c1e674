"""The rows of csv: UTF-8 with or without BOM, GB 18030, UTF-16; separated by comma, semicolon or tab."""
import csv
import itertools

from charset_normalizer import from_bytes

from tasks.sheets.cells import texts
from tasks.sheets.limits import CELL_CHARACTERS, COLUMNS, ROWS, Unreadable, over

SAMPLE = 1 << 16
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GB 18030", "utf-16": "UTF-16"}


def open_text(path):
    """(name, remarks, number of rows, merged areas, iterator of rows as texts), as of a workbook."""
    with open(path, "rb") as file:
        data = file.read()
    encoding = _encoding(data)
    height = data.count(b"\n") + 1 if encoding != "utf-16" else len(data) // 2
    remarks = [f"文字按 {NAMES[encoding]} 读取"] if not encoding.startswith("utf-8") else []
    return "csv", remarks, min(height, ROWS), [], _rows(path, encoding)


def _encoding(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" or _chinese(data):
            return encoding if "\x00" not in text else _unknown()
    return _unknown()


def _chinese(data):
    """Whether bytes that GB 18030 can decode are meant so, and are not another encoding in which they happen to fit."""
    lines = data[:SAMPLE].rpartition(b"\n")[0] or data[:SAMPLE]
    best = from_bytes(lines, cp_isolation=["gb18030", "big5", "cp1252", "shift_jis"], threshold=0.6).best()
    return best is None or best.encoding == "gb18030"


def _unknown():
    raise Unreadable("看不懂文件的文字编码：要求 UTF-8 或 GB 18030，请用 Excel 打开后另存为 .xlsx 再上传")


def _rows(path, encoding):
    csv.field_size_limit(CELL_CHARACTERS * 4)
    with open(path, encoding=encoding, newline="") as file:
        head = list(itertools.islice(file, 1))
        separator = max(",;\t", key=head[0].count) if head else ","
        reader = csv.reader(itertools.chain(head, file), delimiter=separator)
        try:
            for number, row in enumerate(reader, 1):
                if number > ROWS:
                    raise Unreadable(f"行数太多：要求不超过 {ROWS:,} 行，实际更多，请分成几个文件")
                if len(row) > COLUMNS:
                    raise over(f"第 {number} 行的列数太多", COLUMNS, len(row), " 列")
                yield texts(row)
        except csv.Error:
            raise Unreadable(f"第 {reader.line_num} 行不是正确的 csv：引号没有配对，或一格太长") from None
