"""Files from outside: what can be read comes as texts, and every hostile file ends in one sentence while the reader's parent lives on."""
import io
import subprocess
import zipfile

import pytest
import xlsxwriter

from models.workflow import Refused
from tasks.sheets.reading import reading

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def book(*rows, sheets=("成绩",), hidden=(), merge=None, then=None):
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data)
    for name in sheets:
        sheet = workbook.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "合并")
        if then:
            then(workbook, sheet)
    workbook.close()
    return data.getvalue()


def altered(data, **parts):
    """The workbook with parts changed: {name with __ for /: function of the old bytes, or new bytes}."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            change = parts.pop(item.replace("/", "__").replace(".", "_"), None)
            new.writestr(item, change(old.read(item)) if change else old.read(item))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def read(data, name="a.xlsx"):
    with reading(data, name) as sheet:
        rows = [row for batch in sheet.batches() for row in batch]
        return rows, sheet.remarks, sheet


def refusal(data, name="a.xlsx"):
    with pytest.raises(Refused) as refused:
        read(data, name)
    reason, = refused.value.reasons
    return str(reason)


HEAD = ("注册号", "成绩")


# what can be read -----------------------------------------------------------------------------------------------------------------
def test_numbers_dates_and_blanks_come_as_texts_with_their_row_numbers():
    import datetime as dt

    def dated(workbook, sheet):
        sheet.write_datetime(2, 2, dt.datetime(2026, 3, 9), workbook.add_format({"num_format": "yyyy-mm-dd"}))
    rows, remarks, _ = read(book(HEAD, ("  A1\u3000", 65), ("A2", 65.5), ("", ""), ("A3", True), then=dated))
    assert rows == [[1, ["注册号", "成绩"]], [2, ["A1", "65"]], [3, ["A2", "65.5", "2026-03-09"]], [5, ["A3", "是"]]] and remarks == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(encoding):
    rows, _, _ = read("注册号,成绩\r\n北京大学的张三,65\r\n".encode(encoding), "a.csv")
    assert rows == [[1, ["注册号", "成绩"]], [2, ["北京大学的张三", "65"]]]


def test_ods_is_read():
    content = ('<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
               'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
               '<office:spreadsheet><table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p>注册号</text:p></table:table-cell>'
               '<table:table-cell office:value-type="float" office:value="65"><text:p>65</text:p></table:table-cell></table:table-row></table:table>'
               '</office:spreadsheet></office:body></office:document-content>')
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    assert read(data.getvalue(), "a.ods")[0] == [[1, ["注册号", "65"]]]


def test_the_content_decides_and_a_wrong_extension_is_said():
    rows, remarks, _ = read(book(HEAD, ("A1", 65)), "成绩.csv")
    assert len(rows) == 2 and "扩展名是“.csv”" in remarks[0]


def test_hidden_sheets_are_left_out_and_that_is_said():
    _, remarks, sheet = read(book(HEAD, sheets=("藏", "成绩"), hidden=("藏",)))
    assert sheet.name == "成绩" and "隐藏的工作表没有读取：藏" in remarks


def test_the_stored_result_of_a_formula_is_read_and_said():
    rows, remarks, _ = read(book(HEAD, ("A1",), then=lambda _, sheet: sheet.write_formula("B2", "=60+5", None, 65)))
    assert rows[1] == [2, ["A1", "65"]] and "B2 是公式" in remarks[0]


def test_a_million_empty_formatted_rows_are_no_rows():
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_048_577))
    data = altered(book(HEAD, ("A1", 65)), xl__worksheets__sheet1_xml=lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"))
    assert len(read(data)[0]) == 2


# what cannot --------------------------------------------------------------------------------------------------------------------
def far(xml):
    return xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def formula_without_result(xml):
    return xml.replace(b"</row></sheetData>", b'<c r="C2"><f>A1+1</f></c></row></sheetData>')


GOOD = book(HEAD, ("A1", 65))
HOSTILE = {
    "nothing": (b"", "文件是空的"),
    "a cell in the last corner": (altered(GOOD, xl__worksheets__sheet1_xml=far), "单元格 XFD1048576 太靠下"),
    "a bomb": (altered(GOOD, **{"xl__media__a.bin": bytes(60 << 20)}), "压缩炸弹"),
    "too much": (altered(GOOD, **{f"xl__media__{n}.bin": bytes(4 << 20) for n in range(101)}), "解开后太大"),
    "too many parts": (altered(GOOD, **{f"x{n}": b"" for n in range(2001)}), "部件太多"),
    "macros": (altered(GOOD, **{"xl__vbaProject.bin": b"x"}), "带有宏"),
    "links": (altered(GOOD, **{"xl__externalLinks__externalLink1.xml": b"<x/>"}), "链接到别的工作簿"),
    "entities": (altered(GOOD, xl__sharedStrings_xml=lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml), "XML 实体"),
    "a formula without a result": (altered(GOOD, xl__worksheets__sheet1_xml=formula_without_result), "单元格 C2 是公式"),
    "half a file": (GOOD[:len(GOOD) // 2], "不完整或已损坏"),
    "broken xml": (altered(GOOD, xl__worksheets__sheet1_xml=lambda xml: xml[:len(xml) // 2]), "不完整或已损坏"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "an old document": (OLE + "WordDocument".encode("utf-16-le"), "其他文档"),
    "a broken xls": (OLE + "Workbook".encode("utf-16-le"), "不完整或已损坏"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG 图片"),
    "a page": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "a pdf": (b"%PDF-1.7", "PDF"),
    "too wide a csv": (b"a," * 300, "列数太多"),
    "an open quote": (b'a,b\n"' + b"x" * 200_000, "引号没有配对"),
    "another archive": (altered(GOOD, **{"word__document.xml": b"<x/>"}).replace(b"xl/workbook.xml", b"xl/workbook.xmm"), "压缩包或其他文档"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_in_one_clear_sentence(what):
    data, words = HOSTILE[what]
    assert words in refusal(data)


def test_a_cell_in_the_last_corner_that_passes_the_scan_dies_in_the_child_alone(tmp_path, monkeypatch):
    """What no check foresaw hits the limit of memory: the child ends, the sentence says so, and the next file is read."""
    from tasks.sheets import reading as parent
    (tmp_path / "child.py").write_text("from tasks.sheets import child\nchild.limited()\nx = bytearray(4 << 30)\n")
    monkeypatch.setattr(parent.subprocess, "Popen", lambda words, **how: _popen([words[0], str(tmp_path / "child.py")], **how | {
        "env": how["env"] | {"PYTHONPATH": str(how["cwd"])}}))
    assert "展开后太大" in refusal(GOOD)
    monkeypatch.undo()
    assert len(read(GOOD)[0]) == 2


_popen = subprocess.Popen
