"""Stage 6 on paper: the admission ticket of one person in one subject, with photo, bar code and signed square; those of a site as one file."""
import datetime as dt
import io

from models import clock
from models.exams.seats import Seat
from models.exams.sessions import ExamSession
from models.exams.sites import ExamSite
from models.exams.tickets import AdmissionTicket, printed
from models.files import File
from models.parameters import value
from models.workflow import Refused
from tasks.jobs import job, orderer, submit
from tasks.print import blank
from tasks.print.a4 import EDGE, INK, SOFT
from tasks.print.layouts import laid

KIND, CHUNK = "site_tickets", 100
PRINTERS = ("exam",)
HEADING = "同等学力人员申请硕士学位全国统一考试准考证"
LABELS = ("姓名", "证件号", "准考证号", "考试科目", "考试时间", "考点", "地址", "考场", "座位")
PHOTO = 34, 49.4                    # mm, in the proportion of 390 to 567
STEP, RULE = 8.6, 6.6               # mm from one fact, and from one rule, to the next


def draw(paper, said):
    """One ticket, as the site has it laid out; photo and codes have their places. `said` is one of models.exams.tickets.printed."""
    when = f"{said['day'].year} 年 {said['day'].month} 月 {said['day'].day} 日　{said['starts']:%H:%M}–{said['ends']:%H:%M}"
    values = (said["name"], said["document"], said["number"], said["subject"], when, f"{said['province']}　{said['site']}", said["address"] or "见考点通知",
              f"第 {said['room']} 考场{'（特殊需要：' + said['needs'] + '）' if said['needs'] else ''}", f"{said['seat']} 号")
    own = laid("tickets", {"title": HEADING, "facts": [list(zip(LABELS, values, strict=True))], "more": {"考试": said["session"]}})
    facts = own["facts"][0]
    paper.sheet(own["title"], said["session"])
    top, labels = paper.y + 4, tuple(label for label, _ in facts)
    paper.once(labels, lambda: _labels(paper, top, labels))
    x, wide = EDGE + 24, paper.wide - PHOTO[0] - 30
    for line, (_, text) in enumerate(facts):
        paper.ink(12, "B" if text in (said["name"], said["number"], *values[7:]) else "")
        paper.put(x, top + 5 + line * STEP, text, wide)
    if said["photo"] is not None:
        paper.image(io.BytesIO(said["photo"].read()), paper.w - EDGE - PHOTO[0], top, *PHOTO)
    paper.y = top + max(len(facts) * STEP, PHOTO[1]) + 6
    from barcode.codex import Code128
    bars = Code128(said["number"]).build()[0]
    paper.fields([bars], EDGE, paper.y, 90 / len(bars), 16)
    paper.ink(10)
    paper.put(EDGE, paper.y + 21, said["number"], 90, "C")
    paper.square(said["code"], paper.w - EDGE - 46, paper.y - 3, 46)
    rules = paper.y + 52
    paper.once(("rules", rules), lambda: _rules(paper, rules))
    if own.get("notes"):
        paper.y = rules + (len(value("exam.ticket_rules")) + 1) * RULE
        for text in own["notes"]:
            paper.words(text, 9)


def _labels(paper, top, labels):
    paper.ink(10, colour=SOFT)
    for line, label in enumerate(labels):
        paper.put(EDGE, top + 5 + line * STEP, label, 22)
    paper.set_draw_color(190, 196, 206)
    paper.rect(paper.w - EDGE - PHOTO[0], top, *PHOTO)


def _rules(paper, top):
    paper.ink(12, "B")
    paper.put(EDGE, top, "考生须知", paper.wide)
    paper.ink(10, colour=INK)
    for line, text in enumerate(value("exam.ticket_rules"), 1):
        paper.put(EDGE, top + 1.4 + line * RULE, f"{line}. {text}", paper.wide)


def one(ticket):
    """The PDF of one ticket."""
    paper = blank(HEADING)
    for said in printed([ticket]):
        draw(paper, said)
    return paper.content()


def order(session, site, by, order_key=""):
    """Have the tickets of a whole site printed by a job."""
    return submit(KIND, f"准考证：{site} {session}"[:120], by, order_key, session=session.id, site=site.id)


@job(KIND, "打印准考证")
def run(job, progress, session, site):
    """All tickets of a site in one file, in the order of their numbers."""
    session, site, user = ExamSession.get_by_id(session), ExamSite.get_by_id(site), orderer(job, PRINTERS)
    seats = Seat.select(Seat.entry).where(Seat.session == session, Seat.site == site, Seat.room.is_null(False))
    tickets = list(AdmissionTicket.visible_to(user).where(AdmissionTicket.entry.in_(seats)).order_by(AdmissionTicket.number))
    if not tickets:
        raise Refused(["这个考点还没有准考证；先确定排座方案"])
    paper = blank(HEADING)
    for start in range(0, len(tickets), CHUNK):
        for said in printed(tickets[start:start + CHUNK]):
            draw(paper, said)
        progress(min(start + CHUNK, len(tickets)), len(tickets), f"已排 {min(start + CHUNK, len(tickets)):,} 张")
    file = File.keep(paper.content(), f"准考证_{site}_{len(tickets)}张.pdf", "result", "application/pdf", user_ref=user.id,
                     expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
    progress(len(tickets), len(tickets), f"共 {len(tickets):,} 张", result=file)
    return file
