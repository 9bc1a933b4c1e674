"""Stage 10 on paper: what a unit reports for a term, for its seal and signatures - totals by discipline, state, version and digest."""
from collections import Counter

from models.awards import Award
from models.reference import Discipline, InstitutionName
from models.reports import ReportLine
from tasks.print import blank
from tasks.reporting.lines import batches

HEADING = "学位授予信息报送汇总表"
COLUMNS = (("序号", 8, "C"), ("学科专业代码", 18, "L"), ("学科专业", 46, "L"), ("人数", 14, "R"), ("其中已撤销", 14, "R"))


def write(report, path, full, say):
    """The PDF. Every line is checked against its digest before the paper says so."""
    people = Counter(line.values["EJXKM"] or line.values["YJXKM"] for lines in batches(report) for line in lines)
    counted = people.total()
    unit = InstitutionName.on(report.institution, report.submitted_at.date())
    term, version = report.term, f"第 {report.version} 版"
    paper = blank(HEADING)
    paper.sheet(HEADING, f"{unit}　{term}", f"{unit} {term} {version}　{report.digest[:16]}".strip())
    paper.facts((("学位授予单位", unit), ("单位代码", report.institution.code), ("报送学期", term), ("授予日期", f"{term.award_from} 至 {term.award_until}"),
                 ("版本", version), ("状态", report.state_label), ("报送时间", _moment(report.submitted_at)), ("报送人", report.submitted_by or ""),
                 ("人数", f"{counted} 人"), ("备案时间", _moment(report.filed_at) or "（未备案）")))
    if report.state == "returned":
        paper.words(f"本次报送已于 {_moment(report.returned_at)} 打回，不能作为备案依据。打回原因：{report.returned_reason}")
    rows = by_discipline(report, people)
    if rows:
        paper.table(COLUMNS, [(number, code, name, count, withdrawn or "") for number, (code, name, count, withdrawn) in enumerate(rows, 1)]
                    + [("", "", "合计", counted, sum(row[3] for row in rows) or "")])
        if report.line_count:
            paper.words(f"提交的明细 {report.line_count} 行，逐行与提交时的摘要一致。明细的 SHA-256 摘要：", 9.5)
            paper.words(report.digest, 9)
        if counted > report.line_count:
            paper.words(f"年报系统补录的 {counted - report.line_count} 行，逐行与补录时的摘要一致；各行自有摘要，不合为一个。", 9.5)
    else:
        paper.words("本单位在上述授予日期内没有授予同等学力人员硕士学位，特此确认。", 11)
    paper.y += 4
    paper.boxes("经办人（签字）", "单位负责人（签字）", "学位授予单位（公章）", height=32)
    paper.boxes("省级学位委员会办公室（公章）", height=32)
    path.write_bytes(paper.content())
    say(counted)


def by_discipline(report, people):
    """[(code, name, people, of whom the degree was withdrawn since)] of the lines, by discipline; `people` counts them by the code that they tell."""
    names = dict(Discipline.select(Discipline.code, Discipline.name).where(Discipline.code.in_(list(people))).order_by(Discipline.catalogue).tuples())
    lines = report.current_lines().order_by().join(Award, on=ReportLine.award == Award.id).where(Award.withdrawn_at.is_null(False))
    withdrawn = Counter(line.values["EJXKM"] or line.values["YJXKM"] for line in lines)
    return [(code, names.get(code, ""), people[code], withdrawn[code]) for code in sorted(people)]


def _moment(value):
    return f"{value:%Y-%m-%d %H:%M}" if value else ""
