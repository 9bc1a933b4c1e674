"""From the text of a cell to the value of a field, by the kind of the field. A ValueError says what is required and what is there."""
import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from peewee import BooleanField, CharField, DateField, DecimalField, IntegerField

from models.reference import CODE_TABLES, names

BIGGEST = 2**31 - 1
DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?")
ROUNDED = re.compile(r"\d(\.\d+)?e\+\d+")
YES, NO = ("是", "1", "y", "yes", "true", "√", "对"), ("否", "0", "n", "no", "false", "×", "不")


class Text:
    """Text as it is; a number that a sheet has rounded is refused."""
    kind = "文字"
    options = ()

    def __init__(self, field=None):
        self.field = field

    def read(self, text):
        if ROUNDED.fullmatch(text):
            raise ValueError("这一格是数字格式，超过 15 位的号码已丢失末几位：请把这一列设为文本格式再填")
        return text

    @property
    def format(self):
        """What is required, for the remarks of the template."""
        most = self.field.max_length if isinstance(self.field, CharField) else 0
        return f"文字，不超过 {most} 字" if most else "文字"

    def write(self, value):
        """The value as it is read on a page."""
        return "" if value is None else str(value)


class Number(Text):
    kind = "数字"

    def __init__(self, field):
        super().__init__(field)
        self.places = field.decimal_places if isinstance(field, DecimalField) else 0
        self.below = 10 ** (field.max_digits - self.places) if isinstance(field, DecimalField) else BIGGEST
        self.read = lru_cache(4096)(self._read)

    def _read(self, text):
        plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
        try:
            value = Decimal(plain)
        except InvalidOperation:
            raise ValueError(f"要求数字，实际“{text}”") from None
        if not value.is_finite() or abs(value) >= self.below:
            raise ValueError(f"要求小于 {self.below} 的数字，实际“{text}”")
        if value != round(value, self.places):
            raise ValueError(f"要求{f'最多 {self.places} 位小数' if self.places else '整数'}，实际“{text}”")
        return value if isinstance(self.field, DecimalField) else int(value)

    @property
    def format(self):
        return f"数字，最多 {self.places} 位小数" if self.places else "整数"

    def write(self, value):
        return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class Day(Text):
    kind = "日期"
    format = "日期，如 2026-03-09"

    def __init__(self, field):
        super().__init__(field)
        self.read = lru_cache(4096)(self._read)

    def _read(self, text):
        found = DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
        try:
            return dt.date(*map(int, found.groups()))
        except (AttributeError, ValueError):
            raise ValueError(f"要求真实的日期，如 2026-03-09，实际“{text}”") from None


class Tick(Text):
    kind, format = "是否", "是或否"
    options = (("是", "是"), ("否", "否"))

    def read(self, text):
        plain = unicodedata.normalize("NFKC", text).lower()
        if plain not in YES + NO:
            raise ValueError(f"要求是或否，实际“{text}”")
        return plain in YES

    def write(self, value):
        return "" if value is None else "是" if value else "否"


class Choice(Text):
    """One of several: by its name, its code, or both as the drop-downs of the template write them."""
    kind, format = "选择", "从下拉列表选择"

    def __init__(self, field, choices=(), table=""):
        super().__init__(field)
        self._choices, self.table = tuple((code, label) for code, label in choices if code != ""), table

    @property
    def options(self):
        """[(code, name)]."""
        return self._choices or tuple(names(self.table).items())

    def read(self, text):
        plain = unicodedata.normalize("NFKC", text)
        for code, name in self.options:
            if plain in (str(code), name, f"{code} {name}") or text == name:
                return code
        raise ValueError(f"没有“{text}”这一项，要求{'、'.join(name for _, name in self.options[:6])}{' 等' if len(self.options) > 6 else '之一'}")

    def write(self, value):
        return dict(self.options).get(value, "" if value is None else str(value))


def reader_of(field, table=""):
    """The reader that fits a field; `table` names a code table, a field called like one holds codes of it."""
    if field.choices:
        return Choice(field, field.choices)
    if table or (field.name in CODE_TABLES and isinstance(field, CharField)):
        return Choice(field, table=table or field.name)
    for kinds, reader in ((BooleanField, Tick), (DateField, Day), ((DecimalField, IntegerField), Number)):
        if isinstance(field, kinds):
            return reader(field)
    return Text(field)
