"""Reads the XML of a workbook once, as bytes, before anything builds a table of it: entities, cells out of all bounds, formulas."""
import re
import xml.etree.ElementTree as tree
import zipfile
from dataclasses import dataclass, field

from tasks.sheets.limits import COLUMNS, ROWS, Unreadable, over

CHUNK, OVERLAP = 1 << 20, 1 << 13
FAR = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{6,7})"[^>]*?>(?!</c>)(?<!/>)|<c\s[^>]*?\br="([A-Z]{2,3})(\d+)"[^>]*?>(?!</c>)(?<!/>)')
FORMULA = re.compile(rb'<c\s[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f\b(?:[^>]*/>|.*?</f>)\s*(<v>[^<]|<v\s[^>]*>[^<]|<is>)?', re.DOTALL)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
SHOWN = 3


@dataclass
class Formulas:
    """The cells with a formula: those whose stored result is read, and those that have none."""
    stored: list = field(default_factory=list)
    empty: list = field(default_factory=list)

    def remark(self):
        """What is said about formulas that were read; Unreadable when one has no result."""
        if self.empty:
            raise Unreadable(f"单元格 {some(self.empty)} 是公式，文件里没有存下它的结果：请用 Excel 打开并保存一次，或粘贴为数值")
        return f"单元格 {some(self.stored)} 是公式，按文件里存下的结果读取" if self.stored else ""


def some(names):
    """A1、B2、C3 等 12 格."""
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 格" if len(names) > SHOWN else "")


def xlsx(path, sheet_name):
    """Check every XML part for entities and the sheet that will be read for its extent; returns its Formulas."""
    with zipfile.ZipFile(path) as archive:
        target = None
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels", ".vml")):
                no_entities(archive, part)
        target = _member(archive, sheet_name)
        return _sheet(archive, target)


def ods(path):
    """Check the XML for entities; the formulas of ods always have their result."""
    with zipfile.ZipFile(path) as archive:
        count = 0
        for part in archive.infolist():
            if part.filename.endswith(".xml"):
                no_entities(archive, part)
        for block in _blocks(archive, archive.getinfo("content.xml")):
            count += block.count(b"table:formula=", OVERLAP)
    return f"有 {count} 格是公式，按文件里存下的结果读取" if count else ""


def no_entities(archive, part):
    """A document type or an entity has no place in a workbook."""
    for block in _blocks(archive, part):
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block or block[OVERLAP:OVERLAP + 2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable("文件里有 XML 实体或文档类型声明，不是 Excel 保存的文件，不读取")


def _blocks(archive, part):
    """The content in blocks; the first OVERLAP bytes of each are the end of the one before."""
    with archive.open(part) as file:
        before = b" " * OVERLAP
        while data := file.read(CHUNK):
            yield before + data
            before = (before + data)[-OVERLAP:]


def _member(archive, sheet_name):
    """The part in which a sheet is stored."""
    book, links = tree.fromstring(archive.read("xl/workbook.xml")), tree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {link.get("Id"): link.get("Target") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == sheet_name:
            place = target[sheet.get(RELATION) or sheet.get(STRICT)]
            return archive.getinfo(place.lstrip("/") if place.startswith("/") else f"xl/{place}")
    raise KeyError(sheet_name)


def _sheet(archive, part):
    formulas, seen, filled = Formulas(), set(), False
    for block in _blocks(archive, part):
        filled = filled or b"<row" in block
        for match in FAR.finditer(block):
            letters, number = match[1] or match[3], int(match[2] or match[4])
            if number > ROWS:
                raise over(f"单元格 {letters.decode()}{number} 太靠下，行数太多", ROWS, number, " 行")
            if column_number(letters) > COLUMNS:
                raise over(f"单元格 {letters.decode()}{number} 太靠右，列数太多", COLUMNS, column_number(letters), " 列")
        if b"<f" in block:
            for match in FORMULA.finditer(block):
                cell = match[1].decode()
                if cell not in seen:
                    seen.add(cell)
                    (formulas.stored if match[2] else formulas.empty).append(cell)
    return formulas


def column_number(letters):
    """A = 1, Z = 26, AA = 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
