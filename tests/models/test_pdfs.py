"""PDFs that people hand in: what only shows something is kept to the byte, what would do something is refused, and nothing hangs."""
import io
import struct
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from models import pdfs
from models.pdfs import checked
from models.workflow import Refused
from tests.world import pdf


def written(change, **options):
    """A plain PDF after `change(writer)`."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("one", "two"))))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refusal(data):
    with pytest.raises(Refused) as found:
        checked(data)
    return str(found.value.reasons[0])


def action(**values):
    return DictionaryObject({NameObject(f"/{name}"): value if isinstance(value, DictionaryObject) else NameObject(value) if value.startswith("/") else TextStringObject(value)
                             for name, value in values.items()})


def on_the_page(writer, annotation):
    writer.pages[1][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])


def on_opening(writer, **values):
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action(**values))


ACTIVE = {
    "a script of the document": (lambda writer: writer.root_object.update({NameObject("/Names"): action(JavaScript=action(S="/JavaScript", JS="x"))}), "脚本"),
    "a script on opening": (lambda writer: on_opening(writer, S="/JavaScript", JS="app.alert(1)"), "脚本"),
    "a script of a page": (lambda writer: writer.pages[0].update({NameObject("/AA"): action(O=action(S="/JavaScript", JS="x"))}), "脚本"),
    "a program that is started": (lambda writer: on_opening(writer, S="/Launch", F="cmd.exe"), "启动程序的动作"),
    "a form that is sent": (lambda writer: on_the_page(writer, action(Subtype="/Widget", A=action(S="/SubmitForm", F="x"))), "发送表单的动作"),
    "an attachment": (lambda writer: writer.add_attachment("a.exe", b"MZ"), "附件"),
    "an attachment on a page": (lambda writer: on_the_page(writer, action(Subtype="/FileAttachment", FS=action(Type="/Filespec", EF=action(F="/x")))), "附件"),
    "a form with scripts of its own": (lambda writer: writer.root_object.update({NameObject("/AcroForm"): action(XFA="x")}), "动态表单"),
    "a film": (lambda writer: on_the_page(writer, action(Subtype="/RichMedia")), "多媒体")}


@pytest.mark.parametrize("kind", ACTIVE)
def test_what_would_do_something_is_refused_and_named(kind):
    change, word = ACTIVE[kind]
    assert word in refusal(written(change)) and "请打印成新的 PDF" in refusal(written(change))


def test_a_name_that_is_written_otherwise_is_the_same_name():
    data = written(lambda writer: on_opening(writer, S="/JavaScript", JS="app.alert(1)"))
    assert "脚本" in refusal(data.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53"))


def packed(*objects):
    """A PDF whose objects stand in a compressed stream, found by a compressed table."""
    texts, heads, at = [text.encode() for text in objects], "", 0
    for number, text in enumerate(texts, 1):
        heads, at = f"{heads}{number} {at} ", at + len(text) + 1
    within = zlib.compress(heads.encode() + b" ".join(texts))
    last, count = len(texts) + 1, len(texts)
    data = b"%PDF-1.7\n" + f"{last} 0 obj<</Type/ObjStm/N {count}/First {len(heads)}/Filter/FlateDecode/Length {len(within)}>>stream\n".encode() + within + b"\nendstream endobj\n"
    rows = [(0, 0, 255), *((2, last, place) for place in range(count)), (1, 9, 0), (1, len(data), 0)]
    table = b"".join(struct.pack(">BHB", *row) for row in rows)
    return data + (f"{last + 1} 0 obj<</Type/XRef/W[1 2 1]/Size {last + 2}/Root 1 0 R/Length {len(table)}>>stream\n".encode() + table
                   + f"\nendstream endobj\nstartxref\n{len(data)}\n%%EOF".encode())


def test_what_hides_in_compressed_objects_is_found():
    plain = ("<</Type/Catalog/Pages 2 0 R{}>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", "<</S/JavaScript/JS(app.alert(1))>>")
    harmless, hidden = (packed(plain[0].format(more), *plain[1:]) for more in ("", "/OpenAction 4 0 R"))
    assert b"JavaScript" not in hidden and "脚本" in refusal(hidden) and checked(harmless) == harmless


def test_links_fonts_and_several_pages_are_kept_to_the_byte():
    data = written(lambda writer: writer.add_annotation(0, Link(rect=(0, 0, 10, 10), url="https://example.cn")))
    assert checked(data) == data and checked(pdf("one", "two")) == pdf("one", "two")


def test_a_locked_or_broken_one_is_refused_in_one_sentence():
    assert "加了密码" in refusal(written(lambda writer: writer.encrypt("secret", algorithm="AES-256")))
    for data in (b"%PDF-1.7\n...\n%%EOF", pdf()[:300] + b"%%EOF", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"):
        assert "损坏" in refusal(data)
    assert "不完整" in refusal(pdf()[:-20])


def test_one_of_too_many_objects_is_not_gone_through(monkeypatch):
    monkeypatch.setattr(pdfs, "MOST", 5)
    assert "太复杂" in refusal(pdf())


def test_objects_that_point_to_each_other_are_looked_at_once():
    def circle(writer):
        one, two = DictionaryObject(), DictionaryObject()
        first, second = writer._add_object(one), writer._add_object(two)
        one[NameObject("/Next")], two[NameObject("/Next")] = second, first
        writer.root_object[NameObject("/Outlines")] = first
    assert checked(written(circle))


def test_a_stream_that_unpacks_without_end_is_not_unpacked():
    def bomb(writer):
        stream = StreamObject()
        stream._data = b"0" * 30_000_000
        writer.pages[0][NameObject("/Thumb")] = writer._add_object(stream.flate_encode())
    data = written(bomb)
    assert len(data) < 100_000 and checked(data) == data
