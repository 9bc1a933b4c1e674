"""Stage 5 on paper: the transcript of one person, or of many as one file by a job. What is printed is noted with its verification code."""
import datetime as dt

from models import clock
from models.applications import Application
from models.base import writing
from models.files import File
from models.parameters import value
from models.people import User
from models.transcripts import contents, issue, new_code, refusal
from models.workflow import Refused
from tasks.jobs import job, submit
from tasks.print import blank

KIND, CHUNK = "transcripts", 100
HEADING = "同等学力人员申请硕士学位课程成绩单"
FACTS = (("name", "姓名"), ("number", "注册号"), ("document", "证件号"), ("entered", "入册日期"), ("discipline", "学科专业"), ("plan", "培养方案"))
COLUMNS = (("课程代码", 13, "L"), ("课程名称", 38, "L"), ("类别", 9, "L"), ("学分", 8, "R"), ("成绩", 10, "R"), ("日期", 16, "R"), ("备注", 12, "L"))
NOTE = "本成绩单只列已公布的成绩，同一门课程列最好的一次；免修的课程计学分，不计成绩。"
PUBLIC = "核验页面只显示是否有效、姓名（隐去一部分）、单位和签发日期。"


def draw(paper, said, code, address):
    """One transcript."""
    paper.sheet(HEADING, said["unit"], f"{said['name']}　{said['number']}　验证码 {code}")
    paper.facts([(label, said[name]) for name, label in FACTS])
    paper.table(COLUMNS, said["courses"])
    paper.words(f"取得学分 {said['earned']}，要求 {said['needed']}。{NOTE}", 9.5)
    paper.boxes("学位授予单位（盖章）", "经办人（签字）")
    paper.verified(code, address + code, f"签发日期 {said['on']}。{PUBLIC}")


def one(case, by, address):
    """(its row, PDF) of the transcript of one case."""
    said, paper, code = contents([case])[case.id], blank(HEADING), new_code()
    with writing():
        row = issue(case, said, by, code)
        draw(paper, said, code, address)
        return row, paper.content()


def order(cases, by, address):
    """Have the transcripts of many cases printed by a job."""
    return submit(KIND, f"打印成绩单 {len(cases)} 份", by, ids=[case.id for case in cases], address=address)


@job(KIND, "打印成绩单")
def run(job, progress, ids, address):
    """All of them in one file. Nothing is noted before the file is whole, so that a worker that dies leaves no code without a paper."""
    user, paper, printed = User.get_by_id(job.user_id), blank(HEADING), []
    for start in range(0, len(ids), CHUNK):
        part = ids[start:start + CHUNK]
        found = {case.id: case for case in Application.visible_to(user).where(Application.id.in_(part))}
        cases = [found[id] for id in part if id in found]
        said = contents(cases)
        for case in cases:
            if refusal(case, said[case.id]):
                continue
            printed.append((case, said[case.id], new_code()))
            draw(paper, *printed[-1][1:], address)
        progress(start + len(part), len(ids), f"已排 {len(printed):,} 份，没有成绩的 {start + len(part) - len(printed):,} 人")
    if not printed:
        raise Refused(["所选的人都还没有已公布的成绩"])
    content = paper.content()
    with writing():
        for case, words, code in printed:
            issue(case, words, user, code)
        file = File.keep(content, f"成绩单_{clock.today():%Y%m%d}_{len(printed)}份.pdf", "result", "application/pdf", user_ref=user.id,
                         expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
        progress(len(ids), len(ids), f"共 {len(printed):,} 份，没有成绩的 {len(ids) - len(printed):,} 人", result=file)
    return file
