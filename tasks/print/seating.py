"""Stage 6 on paper: what a site needs for the exam - door lists, seat maps, packing lists - as PDF or xlsx, by a job."""
import datetime as dt
from io import BytesIO

from peewee import JOIN

from models import clock
from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.seating.layout import place
from models.exams.seats import SeatedRoom, Seat
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.exams.tickets import AdmissionTicket
from models.files import File
from models.parameters import value
from models.people import Person
from models.reference import Institution
from models.workflow import Refused
from tasks.imports.styles import TYPE, formats
from tasks.jobs import job, orderer, submit
from tasks.print import blank
from tasks.print.a4 import EDGE, LINE, SOFT
from tasks.print.drawing import lay
from tasks.print.layouts import laid
from tasks.sheets.book import new_book

KIND = "site_papers"
PAPERS = {"door": "考场门签", "map": "座位图", "packing": "装袋单"}
FORMS = {"pdf": "PDF", "xlsx": "xlsx"}
DOOR = (("座位", 8, "C"), ("准考证号", 22, "L"), ("姓名", 16, "L"), ("证件号末四位", 14, "C"), ("单位", 40, "L"), ("签到", 14, "L"))
PACKING = (("考场", 10, "C"), ("科目", 30, "L"), ("考试时间", 30, "L"), ("考生", 10, "R"), ("试卷（含备用）", 16, "R"), ("答题卡", 10, "R"), ("封装人签字", 20, "L"))
MORE = {"door": ("考试", "考点", "考场", "科目", "考试时间", "人数"), "packing": ("考试", "考点", "考场数")}          # what texts may name


def order(session, site, paper, form, by, order_key=""):
    """Have one kind of paper of a site printed by a job."""
    return submit(KIND, f"{PAPERS[paper]}：{site} {session}"[:120], by, order_key, session=session.id, site=site.id, paper=paper, form=form)


@job(KIND, "打印考点材料")
def run(job, progress, session, site, paper, form):
    """One file; a site that its user does not see has no rooms."""
    user, session, site = orderer(job, SeatedRoom.readers.split()), ExamSession.get_by_id(session), ExamSite.get_by_id(site)
    rooms = list(SeatedRoom.visible_to(user).select(SeatedRoom, Room, SessionSubject, Subject).join(Room)
                 .switch(SeatedRoom).join(SessionSubject).join(Subject).where(SeatedRoom.session == session, SeatedRoom.site == site, SeatedRoom.used == True).order_by(Subject.code, Room.number))      # noqa: E712
    if not rooms:
        raise Refused(["这个考点还没有排座位"])
    people = seated(session, site)
    for row in rooms:
        row.subject.__rel__["session"], row.__rel__["site"] = session, site
        row.seated = len(people.get((row.subject_id, row.room_id), ()))         # who was dismissed since it was drawn has no seat any more
    content = {"pdf": _pdf, "xlsx": _xlsx}[form](paper, session, site, rooms, people, progress)
    file = File.keep(content, f"{PAPERS[paper]}_{site}.{form}", "result", TYPE if form == "xlsx" else "application/pdf", user_ref=user.id,
                     expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
    progress(len(rooms), len(rooms), f"共 {len(rooms):,} 个考场", result=file)
    return file


def seated(session, site):
    """{(subject id, room id): [(seat number, exam number, name, last four of the document, unit)]} of a site."""
    found = {}
    rows = (Seat.select(Seat, ExamEntry, Application, Person, Institution, AdmissionTicket).join(ExamEntry).join(Application).join(Person)
            .switch(ExamEntry).join(Institution).switch(ExamEntry)
            .join(AdmissionTicket, JOIN.LEFT_OUTER, on=AdmissionTicket.entry == ExamEntry.id, attr="ticket")
            .where(Seat.session == session, Seat.site == site, Seat.room.is_null(False)).order_by(Seat.number))
    for seat in rows:
        entry = seat.entry
        person = entry.application.person
        found.setdefault((seat.subject_id, seat.room_id), []).append(
            (seat.number, entry.ticket.number if hasattr(entry, "ticket") else "（方案确定后生成）", person.name, person.document_number[-4:], entry.institution.name))
    return found


def when(subject):
    day, starts, ends = subject.sitting
    return f"{day} {starts:%H:%M}–{ends:%H:%M}"


def packed(row):
    """A line of the packing list: two spare papers for each room."""
    return row.room.number, str(row.subject), when(row.subject), row.seated, row.seated + 2, row.seated + 2, ""


def _door(session, site, row, people):
    """What the list at the door of a room says."""
    under = f"{session}　{site}　{row.subject}　{when(row.subject)}　{row.seated} 人"
    return laid("door", {"title": _room(row), "under": under, "foot": f"{PAPERS['door']} {row}", "columns": DOOR, "rows": [(*person, "") for person in people],
                         "more": dict(zip(MORE["door"], (session, site, row.room.number, row.subject, when(row.subject), f"{row.seated} 人"), strict=True))})


def _packing(session, site, rooms):
    """What the packing list of a site says."""
    return laid("packing", {"title": PAPERS["packing"], "under": f"{session}　{site}", "foot": str(site), "columns": PACKING, "rows": [packed(row) for row in rooms],
                            "more": dict(zip(MORE["packing"], (session, site, f"{len(rooms)} 个"), strict=True)), "boxes": ("组考部门", "考点负责人")})


def _room(row):
    return f"第 {row.room.number} 考场{'（特殊需要）' if row.room.special else ''}"


# PDF --------------------------------------------------------------------------------------------------------------------------------------
def _pdf(paper, session, site, rooms, people, progress):
    page = blank(PAPERS[paper], landscape=paper == "map")
    if paper == "packing":
        lay(page, _packing(session, site, rooms))
        return page.content()
    for number, row in enumerate(rooms, 1):
        here = people.get((row.subject_id, row.room_id), [])
        if paper == "door":
            lay(page, _door(session, site, row, here))
        else:
            page.sheet(_room(row), f"{session}　{site}　{row.subject}　{when(row.subject)}　{row.seated} 人", f"{PAPERS[paper]} {row}")
            _map(page, row, here)
        progress(number, len(rooms), f"已排 {number:,} 个考场")
    return page.content()


def _map(page, row, people):
    """The room as one looks into it from behind: the desk of the invigilator at the top."""
    rows, columns = row.room.shape
    wide, high = page.wide / columns, min(30, (page.bottom - page.y - 14) / rows)
    page.ink(10, colour=SOFT)
    page.put(EDGE, page.y + 5, "讲　　台", page.wide, "C")
    page.set_draw_color(*LINE)
    there = {number: rest for number, *rest in people}
    for number in range(1, row.room.seats + 1):
        line, column = place(number, rows)
        x, y = EDGE + column * wide, page.y + 10 + line * high
        page.rect(x + 1, y + 1, wide - 2, high - 2)
        page.ink(9, colour=SOFT)
        page.put(x + 3, y + 6, str(number), 12)
        if number in there:
            ticket, name, _, unit = there[number]
            page.ink(11, "B")
            page.put(x + 12, y + 6.5, name, wide - 16)
            page.ink(8.5, colour=SOFT)
            page.put(x + 3, y + high * .6, unit, wide - 6)
            page.put(x + 3, y + high * .85, ticket, wide - 6)


# xlsx -------------------------------------------------------------------------------------------------------------------------------------
def _xlsx(paper, session, site, rooms, people, progress):
    data = BytesIO()
    with new_book(data) as book:
        looks = formats(book)
        if paper == "packing":
            said = _packing(session, site, rooms)
            _rows(book.add_worksheet(PAPERS[paper]), looks, said["columns"], said["rows"])
        elif paper == "door":
            lists = [(row, _door(session, site, row, people.get((row.subject_id, row.room_id), []))) for row in rooms]
            _rows(book.add_worksheet(PAPERS[paper]), looks, (("考场", 10, "C"), ("科目", 20, "L"), *lists[0][1]["columns"]),
                  [(row.room.number, str(row.subject), *line) for row, said in lists for line in said["rows"]])
        for number, row in enumerate(rooms if paper == "map" else (), 1):
            _grid(book.add_worksheet(f"{row.room.number} {row.subject}"[:31]), looks, row, people.get((row.subject_id, row.room_id), []))
            progress(number, len(rooms), f"已排 {number:,} 个考场")
    return data.getvalue()


def _rows(sheet, looks, columns, rows):
    sheet.freeze_panes(1, 0)
    for column, (title, width, _) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, looks["head"])
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_number(line, column, cell) if isinstance(cell, int) else sheet.write_string(line, column, cell)


def _grid(sheet, looks, row, people):
    rows, columns = row.room.shape
    sheet.set_column(0, columns - 1, 22)
    sheet.write_string(0, 0, f"{row.site} {row}　{when(row.subject)}　讲台在上方", looks["title"])
    there = {number: rest for number, *rest in people}
    for number in range(1, row.room.seats + 1):
        line, column = place(number, rows)
        ticket, name, _, unit = there.get(number, ("", "", "", ""))
        sheet.write_string(line + 2, column, f"{number}　{name}　{unit}　{ticket}".strip(), looks["plain"])
