"""Stage 10: the DBF of a report, in GBK, with the list of what GBK cannot say. Both come as one ZIP.

Nothing is replaced: a value with a character that GBK lacks stays out of its field, which is left empty, and stands in full in the list,
row by row, so that the receiver can put it right by hand.
"""
import zipfile

from models.record import FIELDS, beyond_gbk
from tasks.reporting.lines import batches, shown
from tasks.reporting.workbook import add_list

CODEPAGE = "cp936"
NAMED, WIDE = "MC", 60              # the column of a name is called as its code's, and this; as wide as a name in the code tables can be
TITLES = ("序号", "姓名", "证书编号", "字段", "字段名称", "完整内容", "原因")
COLUMNS = tuple((field, field.code + part, WIDE if part else field.width, bool(part))
                for field in FIELDS for part in (("", NAMED) if field.table else ("",)))


def objection(text, width):
    """Why a text cannot stand in a field of so many bytes, in words; empty when it can."""
    lacking = beyond_gbk(text)
    if lacking:
        return "GBK 没有这些字：" + "、".join(f"{character} U+{ord(character):04X}" for character in lacking)
    long = len(text.encode("gbk"))
    return f"太长：要求不超过 {width} 字节，实际 {long} 字节，差 {long - width} 字节" if long > width else ""


def write(report, path, full, say):
    """The ZIP; all columns are of type C, dates as CCYYMMDD."""
    import dbf
    data, left = path.with_suffix(".dbf"), []
    table = dbf.Table(str(data), "; ".join(f"{name} C({width})" for _, name, width, _ in COLUMNS), codepage=CODEPAGE, dbf_type="db3")
    table.open(dbf.READ_WRITE)
    done = 0
    for lines in batches(report):
        for line in lines:
            table.append(_record(line, full, left))
        done += len(lines)
        say(done)
    table.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(data, "学位授予信息.dbf")
        data.unlink()
        add_list(archive, path.with_suffix(".xlsx"), f"缺字清单_{len(left)}项.xlsx", TITLES, left)


def _record(line, full, left):
    """The texts of one record; what cannot be said is noted in `left`."""
    values, found = shown(line, full), []
    for field, name, width, named in COLUMNS:
        text = (line.names if named else values).get(field.code) or ""
        against = objection(text, width)
        if against:
            left.append((str(line.number), values["XM"], values["XWZSBH"], name, field.name + ("名称" if named else ""), text, against))
        found.append("" if against else text)
    return tuple(found)
