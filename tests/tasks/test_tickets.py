"""Stage 6 on paper: what a ticket says, that its bar code and its signed square are read back, those of a whole site, and the papers of the site."""
import io

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from models.exams import signed
from models.exams.entries import ExamEntry
from models.exams.seating.plan import SeatPlan
from models.exams.seats import Seat
from models.exams.sites import ExamSite
from models.exams.tickets import AdmissionTicket
from models.jobs import Job
from models.people import Person
from tasks import seating
from tasks.print import blank, tickets
from tasks.print import seating as papers
from tasks.print.layouts import Layout, take
from tests.crowd import crowd, hall

KEY = bytes(range(32))


@pytest.fixture
def plan(world):
    """Seven people with two tickets each at one site, fixed; the first has a photo and a rare name."""
    session = world.session()
    user = world.applicant("李𠮷𪚥")
    case = world.registered(user)
    site = hall(world, rooms=3)
    crowd(world, session, [(site.id, world.unit2.id if n % 2 else world.unit.id, n == 6) for n in range(7)])
    ExamEntry.update(application=case).where(ExamEntry.application == ExamEntry.select().order_by(ExamEntry.id).first().application_id).execute()
    type(session).update(state="closed").where(type(session).id == session.id).execute()
    plan = SeatPlan.add(world.exam, session=session).draw(by=world.exam)
    seating.order(plan, world.exam)
    world.mine, world.hall = user, site
    return SeatPlan.get().fix(by=world.exam)


def text_of(content):
    return ["".join(page.extract_text().replace("\0", "").split()) for page in PdfReader(io.BytesIO(content)).pages]


def codes_of(content, page=0):
    """{format: text} of the codes on a page, read as a scanner does."""
    picture = pypdfium2.PdfDocument(content)[page].render(scale=2).to_pil()
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(picture)}


def test_what_is_signed_is_read_with_the_public_key_and_nothing_else_is():
    signed.configure(KEY)
    key, text = signed.public_key(), signed.sign({"n": "261100110110101", "r": "001", "p": 3})
    assert text.startswith("TL1.") and text.count(".") == 2 and "=" not in text
    assert signed.read(text, key) == {"n": "261100110110101", "r": "001", "p": 3}
    head, values, signature = text.split(".")
    for wrong in ("", "TL1", "TL1..", f"TL2.{values}.{signature}", f"{head}.{values[:-2]}AA.{signature}", text[:-4], text + "ä", values):
        with pytest.raises(ValueError, match="准考证"):
            signed.read(wrong, key)
    signed.configure(bytes(32))
    with pytest.raises(ValueError, match="签名不符"):
        signed.read(text, signed.public_key())


def test_a_ticket_says_who_sits_where_and_when_and_its_codes_are_read_back(world, plan):
    ticket = next(row for row in AdmissionTicket.select() if row.entry.application.person == world.mine.person)
    content, seat = tickets.one(ticket), Seat.get(Seat.entry == ticket.entry)
    page, = text_of(content)
    assert all(words in page for words in ("准考证", ticket.number, world.mine.person.document_number, "英语" if "101" == ticket.number[7:10] else "经济学",
                                           "2026年5月23日", world.hall.name, f"第{seat.room.number}考场", f"{seat.number}号", "考生须知"))
    found = codes_of(content)
    assert found["Code128"] == ticket.number
    assert signed.read(found["QRCode"], signed.public_key()) == {
        "n": ticket.number, "s": plan.session_id, "e": ticket.entry_id, "u": ticket.number[7:10], "t": "11101", "r": seat.room.number, "p": seat.number}
    assert len(list(PdfReader(io.BytesIO(content)).pages[0].images)) == 1


def test_a_rare_character_is_printed_and_one_that_the_font_lacks_is_told_by_its_number(world, plan):
    ticket = next(row for row in AdmissionTicket.select() if row.entry.application.person == world.mine.person)
    assert "李𠮷〓U+2A6A5" in text_of(tickets.one(ticket))[0]


def test_those_of_a_site_come_as_one_file_in_the_order_of_their_numbers(world, plan):
    job = Job.get_by_id(tickets.order(plan.session, world.hall, world.exam).id)
    content = job.result.read()
    numbers = [codes_of(content, page)["Code128"] for page in range(14)]
    assert job.state == "done" and "共 14 张" in job.message and numbers == sorted(row.number for row in AdmissionTicket.select())
    other = Job.get_by_id(tickets.order(plan.session, world.site, world.exam).id)
    assert other.state == "failed" and "还没有准考证" in other.error


def test_every_page_of_a_paper_says_how_many_there_are_of_it():
    paper = blank("名单")
    for rows in (80, 3):
        paper.sheet("名单", "单位", "脚注")
        paper.table((("序号", 1, "L"),), [(row,) for row in range(rows)])
    assert [page[-9:] for page in text_of(paper.content())] == ["脚注第1页，共3页", "脚注第2页，共3页", "脚注第3页，共3页", "脚注第1页，共1页"]


@pytest.mark.parametrize("paper", papers.PAPERS)
def test_the_papers_of_a_site_name_every_seat_in_both_forms(world, plan, paper):
    site = ExamSite.get_by_id(world.hall.id)
    world.site_head.site_ref = site.id
    world.site_head.save()
    pdf, xlsx = (Job.get_by_id(papers.order(plan.session, site, paper, form, world.site_head).id) for form in papers.FORMS)
    text = "".join(text_of(pdf.result.read()))
    cells = "".join(str(cell or "") for sheet in openpyxl.load_workbook(io.BytesIO(xlsx.result.read())) for row in sheet.iter_rows(values_only=True) for cell in row)
    wanted = [row.number for row in AdmissionTicket.select()] if paper != "packing" else ["001", "004", "英语"]
    assert all(words in text and words in cells for words in wanted)
    if paper != "packing":
        assert all(person.name in cells for person in Person.select().where(Person.id.in_([entry.application.person_id for entry in ExamEntry.select()])))
    assert "2 间" not in text and pdf.message == "共 4 个考场"


def test_the_papers_of_a_site_and_its_tickets_are_laid_out_by_the_files_of_the_site(world, plan):
    site = ExamSite.get_by_id(world.hall.id)
    world.site_head.site_ref = site.id
    world.site_head.save()
    take({"door": Layout(title="{{ 考场 }} 考场签到表", columns=(("姓名", "考生"), ("座位", "座位")), boxes=("监考员",)), "packing": Layout(columns=(("考场", "考场"),)),
          "tickets": Layout(title="准考证（{{ 姓名 }}）", fields=(("考场", "试室"), ("座位", "座位")), notes=("{{ 考试 }}",))})
    door, packing, ticket = (Job.get_by_id(order.id) for order in (papers.order(plan.session, site, "door", "pdf", world.site_head), papers.order(plan.session, site, "packing", "xlsx", world.site_head),
                                                                   tickets.order(plan.session, site, world.exam)))
    book = Job.get_by_id(papers.order(plan.session, site, "door", "xlsx", world.site_head).id)
    take({})
    page, first = text_of(door.result.read())[0], text_of(ticket.result.read())[0]
    assert "001考场签到表" in page and "考生座位" in page and "监考员" in page and "准考证号" not in page
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(packing.result.read())).active[1]] == ["考场"]
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(book.result.read())).active[1]] == ["考场", "科目", "考生", "座位"]
    assert first.startswith("准考证（") and "{{" not in first and "试室座位第001考场" in first and "证件号" not in first and "".join(str(plan.session).split()) in first.split("发给别人。")[1] and len(codes_of(ticket.result.read())) == 2


def test_the_papers_of_another_site_are_not_made(world, plan):
    job = Job.get_by_id(papers.order(plan.session, world.hall, "door", "pdf", world.site_head).id)
    assert job.state == "failed" and "还没有排座位" in job.error
