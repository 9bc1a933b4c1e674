"""A list as a workbook: its filters, its order, the export columns of its screen; at once where it is short, as a job where it is long."""
import datetime as dt
from io import BytesIO

import xlsxwriter
from flask import send_file

from backoffice.listing import Listing
from models import clock
from models.audit import note
from models.base import writing
from models.files import File
from models.parameters import value
from models.people import User
from models.workflow import Refused
from tasks.jobs import job

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 500
SHEET_ROWS = 1_048_575          # what one sheet holds under its header
_screens = {}


def configure(screens):
    """Take the screens whose lists the jobs export."""
    global _screens
    _screens = screens


def file_name(screen):
    return f"{screen.title}_{clock.today():%Y%m%d}.xlsx"


def number_of(listing):
    """How many rows the list has, all counted."""
    return listing.query().count()


def workbook(listing, progress=None):
    """(bytes of the workbook, rows in it)."""
    data, columns, total = BytesIO(), listing.screen.export, number_of(listing)
    book = xlsxwriter.Workbook(data, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet = book.add_worksheet(listing.screen.title[:31].translate(str.maketrans("[]:*?/\\", "（）：＊？／＼")))
    head = book.add_format({"bold": True, "bg_color": "#F4F5F7", "bottom": 1})
    formats = {dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), dt.date: book.add_format({"num_format": "yyyy-mm-dd"})}
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width or max(10, min(40, 2 * len(column.label) + 4)))
        sheet.write_string(0, place, column.label, head)
    done = 0
    for ids in listing.all_ids(CHUNK):
        for row in listing.rows(ids, columns):
            done += 1
            for place, column in enumerate(columns):
                _write(sheet, done, place, column.kind.sheet(column.get(row)), formats)
        if progress:
            with writing():
                progress(done, total, f"已写 {done:,} 行")
    sheet.autofilter(0, 0, max(done, 1), len(columns) - 1)
    book.close()
    return data.getvalue(), done


def _write(sheet, row, place, content, formats):
    if content is None or content == "":
        return
    if isinstance(content, str):
        sheet.write_string(row, place, content)
    elif isinstance(content, (dt.date, dt.datetime)):
        sheet.write_datetime(row, place, content, formats[type(content)])
    else:
        sheet.write_number(row, place, content)


def answer(content, screen):
    """The workbook as a download under its Chinese name."""
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=file_name(screen))


def log(user, screen, rows):
    """The audit entry of an export: which screen, how many rows."""
    note(user, "export", "导出", screen.model._meta.table_name, f"{screen.title}：{rows} 行")


@job("export", "导出")
def run(job, progress, screen, args):
    """Write the workbook of a list for whoever ordered it; what he may see is asked anew."""
    user, screen = User.get_by_id(job.user_id), _screens.get(screen)
    if screen is None or not screen.open_to(user):
        raise Refused(["没有这个界面，或者它已不对您开放"])
    content, rows = workbook(Listing(screen, user, args), progress)
    with writing():
        log(user, screen, rows)
        return File.keep(content, file_name(screen), "result", XLSX, user_ref=user.id,
                         expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
