"""Stages 3, 7 and 8 on paper: review form, defence form, notice of dismissal - of one person at once, of many as one file by a job."""
import io
from functools import partial

from models.base import writing
from models.printouts import FORMS, PRINTERS, against, issue, says
from models.transcripts import new_code
from tasks.jobs import job, orderer, submit
from tasks.print import blank
from tasks.print.a4 import EDGE
from tasks.print.binding import bind
from tasks.print.layouts import laid

KIND = "papers"
PHOTO = (26, 37.8)              # mm: 390 x 567 pixels
SHORT = 20                      # characters of a value that two stand side by side with
TABLE = (("项目", 26, "L"), ("要求", 30, "L"), ("实际", 30, "L"), ("结论", 20, "L"))
SEALS = {"review": ("本人签字", "审核人（签字）", "学位授予单位（盖章）"), "defence": ("导师（签字）", "审核人（签字）", "学位授予单位（盖章）"), "dismissal": ("经办人（签字）", "学位授予单位（盖章）")}
PUBLIC = "核验页面只显示是哪种表格、是否有效、姓名（隐去一部分）、单位和打印日期。"


def draw(paper, said, code, address, photo=None):
    """One paper; `photo` the File of the person's picture."""
    paper.sheet(said.get("title") or FORMS[said["form"]], said["unit"], f"{said['name']}　{said['number']}　验证码 {code}")
    for text in said.get("intro", ()):
        paper.words(text, 10.5)
    first, *others = said["facts"]
    if photo is None:
        _facts(paper, first)
    else:
        _beside(paper, photo, first)
    for group in others:
        _facts(paper, group)
    if said["rows"]:
        paper.table(TABLE, said["rows"])
    for text in said["text"]:
        paper.words(text, 10.5)
    paper.boxes(*said.get("boxes", SEALS[said["form"]]))
    for text in said.get("notes", ()):
        paper.words(text, 9)
    paper.verified(code, address + code, f"打印日期 {said['on']}。{PUBLIC}")


def _facts(paper, facts):
    """Those with short values side by side, the others below them."""
    short = [fact for fact in facts if len(str(fact[1])) <= SHORT]
    for found, columns in ((short, 2), ([fact for fact in facts if fact not in short], 1)):
        if found:
            paper.facts(found, columns)


def _beside(paper, photo, facts):
    """The facts at the left of the photo."""
    top, wide = paper.y, paper.wide
    paper.image(io.BytesIO(photo.read()), paper.w - EDGE - PHOTO[0], top, *PHOTO)
    paper.wide = wide - PHOTO[0] - 6
    _facts(paper, facts)
    paper.wide, paper.y = wide, max(paper.y, top + PHOTO[1] + 4)


def _photo(form, case):
    return case.photo if form == "review" and case.photo_id else None


def one(form, case, by, address):
    """(its row, PDF) of one paper of one case."""
    said, paper, code = says(form, case), blank(FORMS[form]), new_code()
    with writing():
        row = issue(form, case, said, by, code)
        draw(paper, laid(form, said, case), code, address, _photo(form, case))
        return row, paper.content()


def order(form, ids, by, address, order_key=""):
    """Have the papers of many cases printed by a job."""
    return submit(KIND, f"打印{FORMS[form]} {len(ids)} 份", by, order_key, form=form, ids=ids, address=address)


@job(KIND, "打印表格")
def run(job, progress, form, ids, address):
    """All of them in one file, those that have none left out and counted."""
    by, paper = orderer(job, PRINTERS), blank(FORMS[form])

    def those_with_one(cases):
        return ((case, says(form, case)) for case in cases if case.belongs_to(by) and against(form, case) is None)
    return bind(by, progress, ids, paper, FORMS[form], "没有这种表格的", f"所选的人都没有{FORMS[form]}", says=those_with_one,
                draw=lambda case, said, code: draw(paper, laid(form, said, case), code, address, _photo(form, case)),
                issue=partial(issue, form))
