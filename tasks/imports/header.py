"""The header of a sheet: where it stands, which column holds what - by title, code or alias, in any order - and where the data begins."""
import difflib
import re
import unicodedata
from dataclasses import asdict, dataclass, field

from models.workflow import Reason, Refused

LOOKED_AT = 12          # rows in which the header is looked for
LIKE = 0.6
REASON_TITLE = "错误原因"


@dataclass
class Header:
    """Row of the header, its titles, and the rows under it that are not data: codes and sample of the template."""
    row: int
    titles: list
    places: dict                                   # {column code: index}, recognised without doubt
    proposed: dict = field(default_factory=dict)   # {column code: index} that is only alike
    skipped: list = field(default_factory=list)    # numbers of rows that are not data
    remarks: list = field(default_factory=list)

    @classmethod
    def of(cls, imported, stored):
        return cls(**stored)

    def stored(self):
        return asdict(self)

    def data(self, batch):
        """The rows of a batch that are data."""
        if batch and batch[0][0] > max(self.row, *self.skipped, 0):
            return batch
        return [item for item in batch if item[0] > self.row and item[0] not in self.skipped]


def recognise(imported, sheet, first):
    """The Header in the first rows of a sheet. Refused where there is none, or where merged cells make it ambiguous."""
    names = {plain(name): column.code for column in imported.columns for name in (*column.aliases, column.code, column.title)}
    best = max(first[:LOOKED_AT], key=lambda item: sum(plain(text) in names for text in item[1]), default=None)
    hits = sum(plain(text) in names for text in best[1]) if best else 0
    if not hits:
        titles = "、".join(column.title for column in imported.columns if column.required)
        raise Refused([Reason("没有找到表头", f"前 {LOOKED_AT} 行里有一行写着{titles}", "没有这样的一行")])
    number, titles = best
    _unmerged(sheet, number)
    places = {}
    for index, title in enumerate(titles):
        code = names.get(plain(title))
        if code and code not in places:
            places[code] = index
    header = Header(number, titles, places, _alike(imported, titles, places))
    header.skipped = _not_data(imported, header, [item for item in first if item[0] > number][:2])
    if len(header.skipped) == 2:
        header.remarks.append(f"第 {header.skipped[1]} 行是模板里的示例，没有读取")
    return header


def plain(text):
    """A title without marks, notes in brackets, blanks and case."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s*:_]|\(.*?\)", "", text)


def _alike(imported, titles, places):
    """{code: index}: for columns that were not found, the title among the rest that is most like them."""
    free, found = {plain(title): index for index, title in enumerate(titles) if index not in places.values() and title}, {}
    for column in imported.columns:
        if column.code not in places:
            for name in (column.title, *column.aliases, column.code):
                near = difflib.get_close_matches(plain(name), [title for title, index in free.items() if index not in found.values()], 1, LIKE)
                if near:
                    found[column.code] = free[near[0]]
                    break
    return found


def _unmerged(sheet, row):
    for first, _, last, _ in sheet.merged:
        if last >= row:
            where = "表头" if first <= row else f"第 {first} 行"
            raise Refused([Reason(f"{where}有合并的单元格，看不出各列各是什么：请取消合并，每一格单独填写")])


def _not_data(imported, header, under):
    """The code row and the sample row of the template, where they stand under the header."""
    codes = [number for number, texts in under[:1] if texts and all(
        texts[index] == code for code, index in header.places.items() if index < len(texts)) and texts[0]]
    samples = [number for number, texts in under[len(codes):] if header.places and all(
        (texts[index] if index < len(texts) else "") == imported.column(code).sample for code, index in header.places.items())]
    return codes + samples[:1]
