"""The arrival of an import: a file is read as far as its header, kept, and waits to be rehearsed."""
import datetime as dt
import re

from models import clock, viruses
from models.base import writing
from models.files import File
from models.imports import ImportRun
from models.parameters import value
from models.workflow import Reason, Refused
from tasks.imports.header import LOOKED_AT, recognise
from tasks.sheets.reading import reading


def bring(imported, user, name, data):
    """The ImportRun of a file, given as its name and bytes, whose header was recognised; Refused where there is none or nothing below it."""
    name = re.sub(r"[\x00-\x1f/\\]", "", name)[-120:]
    viruses.refuse_infected(data)
    with reading(data, name) as sheet:
        first = next(sheet.batches(), [])
        header = recognise(imported, sheet, first[:LOOKED_AT])
        header.remarks = sheet.remarks + header.remarks
        if not header.data(first):
            raise Refused([Reason("表头下面没有数据", "至少 1 行", "0 行", "1 行")])
    with writing():
        kept = File.keep(data, name, "result", "application/octet-stream", user_ref=user.id, institution=user.institution_id,
                         expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
        return ImportRun.add(user, kind=imported.name, title=imported.title, user=user, institution=user.institution_id, college=user.college_id, name=name,
                             file=kept, head=header.stored(), mapping=header.places)
