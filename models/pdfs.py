"""PDFs that people hand in: kept as they are, for a seal or signature in them must stay; one that would do something by itself is not taken."""
import io

from models.workflow import Reason, Refused

MOST = 50_000           # objects that are looked at
WHAT = {"/JavaScript": "脚本", "/JS": "脚本", "/XFA": "动态表单", "/Launch": "启动程序的动作", "/ImportData": "读入数据的动作", "/SubmitForm": "发送表单的动作",
        "/EmbeddedFiles": "附件", "/EmbeddedFile": "附件", "/EF": "附件", "/RichMedia": "多媒体", "/Rendition": "多媒体", "/Movie": "多媒体", "/Sound": "多媒体"}
NAMES = ("/S", "/Subtype", "/Type")        # what these say is read, and every key itself


def checked(data):
    """The bytes of a PDF that only shows something; Refused with what else it holds, or when it cannot be read through."""
    from pypdf import PdfReader
    if b"%%EOF" not in data[-2048:]:
        raise Refused([Reason("PDF 文件不完整，没有读到文件末尾，请重新导出后再传")])
    try:
        found = _found(PdfReader(io.BytesIO(data)))
    except Exception:      # whatever a broken file does to the reader
        raise Refused([Reason("PDF 文件已经损坏，或者加了密码，不能打开，请重新导出后再传")]) from None
    if found is None:
        raise Refused([Reason("PDF 文件太复杂，请打印成新的 PDF 后再传", f"不超过 {MOST:,} 个对象", f"多于 {MOST:,} 个")])
    if found:
        raise Refused([Reason(f"PDF 里不能有{'、'.join(sorted(found))}，请打印成新的 PDF 后再传")])
    return data


def _found(reader):
    """The words for what is active in everything that hangs together in a file; None when it is too much."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
    found, known, waiting = set(), set(), [reader.trailer]
    if not len(reader.pages):
        raise ValueError("no pages")
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in known:
                continue
            known.add((item.idnum, item.generation))
            if len(known) > MOST:
                return None
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            said = {item.raw_get(name) for name in NAMES if name in item and isinstance(item.raw_get(name), str)}
            found |= {WHAT[word] for word in {*item, *said} if word in WHAT}
            waiting += [item.raw_get(key) for key in item]
        elif isinstance(item, ArrayObject):
            waiting += list.__iter__(item)
    return found
