"""Stages 3, 7 and 8 on paper: review form, defence form, notice of dismissal - of one person at once, of many as one file by a job."""
from functools import partial

from models.base import writing
from models.printouts import FORMS, PRINTERS, against, issue, says
from models.transcripts import new_code
from tasks.jobs import job, orderer, submit
from tasks.print import blank
from tasks.print.binding import bind
from tasks.print.drawing import lay
from tasks.print.layouts import laid

KIND = "papers"
TABLE = (("项目", 26, "L"), ("要求", 30, "L"), ("实际", 30, "L"), ("结论", 20, "L"))
SEALS = {"review": ("本人签字", "审核人（签字）", "学位授予单位（盖章）"), "defence": ("导师（签字）", "审核人（签字）", "学位授予单位（盖章）"), "dismissal": ("经办人（签字）", "学位授予单位（盖章）")}
PUBLIC = "核验页面只显示是哪种表格、是否有效、姓名（隐去一部分）、单位和打印日期。"


def draw(paper, said, code, address, case):
    """One paper of a case, as the site has it laid out."""
    form = said["form"]
    own = {"title": FORMS[form], "under": said["unit"], "foot": f"{said['name']}　{said['number']}　验证码 {code}", "columns": TABLE, "boxes": SEALS[form]}
    lay(paper, laid(form, said | own, case), _photo(form, case))
    paper.verified(code, address + code, f"打印日期 {said['on']}。{PUBLIC}")


def _photo(form, case):
    return case.photo if form == "review" and case.photo_id else None


def one(form, case, by, address):
    """(its row, PDF) of one paper of one case."""
    said, paper, code = says(form, case), blank(FORMS[form]), new_code()
    with writing():
        row = issue(form, case, said, by, code)
        draw(paper, said, code, address, case)
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
                draw=lambda case, said, code: draw(paper, said, code, address, case),
                issue=partial(issue, form))
