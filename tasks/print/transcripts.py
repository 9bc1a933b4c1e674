"""Stage 5 on paper: the transcript of one person, or of many as one file by a job. What is printed is noted with its verification code."""
from models.base import writing
from models.transcripts import PRINTERS, contents, issue, new_code, refusal
from tasks.jobs import job, orderer, submit
from tasks.print import blank
from tasks.print.binding import bind
from tasks.print.drawing import lay
from tasks.print.layouts import laid

KIND = "transcripts"
HEADING = "同等学力人员申请硕士学位课程成绩单"
FACTS = (("name", "姓名"), ("number", "注册号"), ("document", "证件号"), ("entered", "入册日期"), ("discipline", "学科专业"), ("plan", "培养方案"))
MORE = (("on", "打印日期"), ("unit", "学位授予单位"), ("earned", "取得学分"), ("needed", "要求学分"))          # what only a text may name
BOXES = ("学位授予单位（盖章）", "经办人（签字）")
COLUMNS = (("课程代码", 13, "L"), ("课程名称", 38, "L"), ("类别", 9, "L"), ("学分", 8, "R"), ("成绩", 10, "R"), ("日期", 16, "R"), ("备注", 12, "L"))
NOTE = "本成绩单只列已公布的成绩，同一门课程列最好的一次；免修的课程计学分，不计成绩。"
PUBLIC = "核验页面只显示是否有效、姓名（隐去一部分）、单位和签发日期。"


def draw(paper, said, code, address, case):
    """One transcript, as its unit has it laid out."""
    own = {"title": HEADING, "under": said["unit"], "foot": f"{said['name']}　{said['number']}　验证码 {code}", "facts": [[(label, said[name]) for name, label in FACTS]],
           "more": {label: said[name] for name, label in MORE}, "columns": COLUMNS, "rows": said["courses"], "text": [f"取得学分 {said['earned']}，要求 {said['needed']}。{NOTE}"], "boxes": BOXES}
    lay(paper, laid("transcript", own, case))
    paper.verified(code, address + code, f"签发日期 {said['on']}。{PUBLIC}")


def one(case, by, address):
    """(its row, PDF) of the transcript of one case."""
    said, paper, code = contents([case])[case.id], blank(HEADING), new_code()
    with writing():
        row = issue(case, said, by, code)
        draw(paper, said, code, address, case)
        return row, paper.content()


def order(ids, by, address, order_key=""):
    """Have the transcripts of many cases printed by a job."""
    return submit(KIND, f"打印成绩单 {len(ids)} 份", by, order_key, ids=ids, address=address)


@job(KIND, "打印成绩单")
def run(job, progress, ids, address):
    """All of them in one file, those without results left out and counted."""
    by, paper = orderer(job, PRINTERS), blank(HEADING)
    return bind(by, progress, ids, paper, "成绩单", "没有成绩的", "所选的人都还没有已公布的成绩", says=_those_with_results,
                draw=lambda case, said, code: draw(paper, said, code, address, case), issue=issue)


def _those_with_results(cases):
    said = contents(cases)
    return [(case, said[case.id]) for case in cases if refusal(case, said[case.id]) is None]
