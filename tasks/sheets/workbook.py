"""The rows of xlsx, xls and ods: the first sheet that is not hidden."""
from tasks.sheets import scan
from tasks.sheets.cells import texts
from tasks.sheets.limits import CELLS, COLUMNS, ROWS, Unreadable, over

DICTIONARY = "代码表"              # the sheet of a template that explains codes; nothing is read from it


def open_workbook(path, kind):
    """(name of the sheet, remarks, number of rows, merged areas, iterator of rows as texts)."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet, remarks = _choose(book)
        remarks += [_scanned(path, kind, sheet)]
        table = book.get_sheet_by_name(sheet)
    except PasswordError:
        raise Unreadable("文件设了打开密码，无法读取：请取消密码后另存再上传") from None
    except (CalamineError, KeyError, SyntaxError, OSError, ValueError, EOFError):
        raise Unreadable("文件不完整或已损坏，打不开：请用 Excel 打开原文件，另存一份再上传") from None
    height, width = table.total_height, table.total_width
    if width > COLUMNS:
        raise over("列数太多", COLUMNS, width, " 列")
    if height > ROWS:
        raise over("行数太多", ROWS, height, " 行")
    if height * width > CELLS:
        raise over("表格太大", CELLS, height * width, " 格")
    merged = [[first[0] + 1, first[1], last[0] + 1, last[1]] for first, last in table.merged_cell_ranges or []][:1000]
    return sheet, [remark for remark in remarks if remark], height, merged, (texts(row) for row in table.iter_rows())


def _choose(book):
    from python_calamine import SheetTypeEnum, SheetVisibleEnum
    sheets = [item for item in book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet]
    visible = [item.name for item in sheets if item.visible == SheetVisibleEnum.Visible]
    hidden = [item.name for item in sheets if item.visible != SheetVisibleEnum.Visible]
    if not visible:
        raise Unreadable("工作簿里没有可见的工作表")
    others = [name for name in visible[1:] if name != DICTIONARY]
    remarks = [f"隐藏的工作表没有读取：{'、'.join(hidden)}"] if hidden else []
    return visible[0], remarks + ([f"只读第一张工作表“{visible[0]}”，其余没有读取：{'、'.join(others)}"] if others else [])


def _scanned(path, kind, sheet):
    if kind == "xlsx":
        return scan.xlsx(path, sheet).remark()
    return scan.ods(path) if kind == "ods" else ""
