"""The workbook that is handed out to be filled: title, header, codes, a sample, drop-downs, remarks, and a sheet that explains the codes."""
from io import BytesIO

from tasks.imports.readers import Choice, Day, Number
from tasks.imports.styles import formats, width_of
from tasks.sheets.book import new_book
from tasks.sheets.workbook import DICTIONARY

HEAD, CODES, SAMPLE, FIRST = 1, 2, 3, 4        # rows, from 0
FILLABLE = 5_000                               # rows that are unlocked and have drop-downs


def template(imported, user):
    """Bytes of the template of an import for a user: its drop-downs hold what he may choose."""
    data = BytesIO()
    book = new_book(data)
    sheet, looks = book.add_worksheet(imported.title), formats(book)
    lists = _dictionary(book, imported, user, looks)
    sheet.write_string(0, 0, f"{imported.title}导入模板。{imported.help}从第 {FIRST + 1} 行起填写；第 {SAMPLE + 1} 行是示例，可以留着。", looks["title"])
    for place, column in enumerate(imported.columns):
        sheet.set_column(place, place, width_of(column), looks["cell"])
        sheet.write_string(HEAD, place, f"{column.title} *" if column.required else column.title, looks["must" if column.required else "head"])
        sheet.write_comment(HEAD, place, column.remark, {"x_scale": 1.6})
        sheet.write_string(CODES, place, column.code, looks["code"])
        sheet.write_string(SAMPLE, place, column.sample, looks["sample"])
        _rule(sheet, place, column, lists.get(column.code))
    sheet.freeze_panes(FIRST, 0)
    sheet.protect("", {"format_columns": True, "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True})
    book.close()
    return data.getvalue()


def _dictionary(book, imported, user, looks):
    """The sheet of codes and remarks; returns {column code: reference of the list of its drop-down}."""
    sheet, lists = book.add_worksheet(DICTIONARY), {}
    for place, title in enumerate(("列", "代码", "要求")):
        sheet.write_string(0, place, title, looks["head"])
    for number, column in enumerate(imported.columns, 1):
        for place, text in enumerate((column.title, column.code, column.remark)):
            sheet.write_string(number, place, text)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 60)
    place = 4
    for column in imported.columns:
        texts = _choices(column, user)
        if texts:
            sheet.write_string(0, place, column.title, looks["head"])
            sheet.set_column(place, place, 24)
            for number, text in enumerate(texts, 1):
                sheet.write_string(number, place, text)
            lists[column.code] = f"='{DICTIONARY}'!${_letters(place)}$2:${_letters(place)}${len(texts) + 1}"
            place += 1
    sheet.protect()
    return lists


def _choices(column, user):
    if column.choices is not None:
        return column.choices(user)
    if isinstance(column.reader, Choice) and column.reader.table:
        return [f"{code} {name}" for code, name in column.reader.options]
    return [name for _, name in column.reader.options]


def _letters(place):
    from xlsxwriter.utility import xl_col_to_name
    return xl_col_to_name(place)


def _rule(sheet, place, column, source):
    said = {"input_title": column.title[:32], "input_message": column.remark[:255], "ignore_blank": True}
    if source:
        rule = {"validate": "list", "source": source, "error_message": "请从下拉列表选择"}
    elif isinstance(column.reader, (Number, Day)):
        rule = {"validate": "any"}
    else:
        rule = {"validate": "length", "criteria": "<=", "value": getattr(column.fills, "max_length", 255) or 255, "error_message": f"{column.title}太长"}
    sheet.data_validation(FIRST, place, FIRST + FILLABLE, place, rule | said)
