"""Stage 9 on paper: the list of the degrees that a meeting decides, and the data sheet of one certificate."""
from models import clock
from models.awards import AgendaItem, Award, Reissue
from models.awards.award import REPRINTS
from models.defences import Thesis
from models.people import Person
from models.record import CATEGORIES, unit_name
from models.reference import Discipline, names
from tasks.print import blank
from tasks.print.drawing import lay
from tasks.print.layouts import laid

COLUMNS = (("序号", 6, "C"), ("姓名", 13, "L"), ("学科专业", 20, "L"), ("论文题目", 40, "L"), ("票数", 12, "C"), ("证书编号", 24, "L"))
ISSUES = (("次", 5, "C"), ("日期", 14, "L"), ("依据", 16, "L"), ("证书编号", 24, "L"), ("证书姓名和说明", 44, "L"))
LISTED = ("会议", "开会日期", "决定编号", "人数", "全体委员", "到会委员", "通过票数", "同意", "反对", "弃权")
CERTIFIED = ("姓名", "姓名拼音", "性别", "出生日期", "证件类型", "证件号码", "注册号", "申请号", "学位类别", "学科专业", "授予单位", "单位代码", "决定编号", "授予日期", "证书编号", "状态", "论文题目", "导师")
MORE = {"degree_list": ("打印日期", "学位授予单位"), "certificate": ("打印日期",)}          # what only a text may name


def meeting_list(meeting):
    """The bytes of the list: after the decision of those who got the degree, before it of those on the agenda."""
    decided = meeting.state == "decided"
    items = [item for item in _items(meeting) if item.award.state != "proposed" or not decided]
    titles = dict(Thesis.select(Thesis.application, Thesis.title).where(Thesis.application.in_([item.award.application_id for item in items])).tuples())
    counts = ((meeting.present, "人"), (meeting.votes_for, "票"), (meeting.votes_against, "票"), (meeting.votes_abstain, "票"))
    present, *votes = [f"{number} {unit}" if meeting.present else "" for number, unit in counts]
    values = (meeting.number, meeting.held_on, meeting.decision_number or "（会后填写）", f"{len(items)} 人", f"{meeting.members} 人", present, f"不少于 {meeting.needed} 票", *votes)
    rows = [(number, item.award.person.name, item.award.discipline.name, titles.get(item.award.application_id) or "", item.votes,
             item.award.certificate_number or item.certificate_number or "") for number, item in enumerate(items, 1)]
    paper = blank("学位授予名单", landscape=True)
    lay(paper, laid("degree_list", {
        "title": "学位授予名单" if decided else "拟授予学位名单", "under": f"{meeting.institution}{'' if decided else '　会议尚未决定'}", "foot": f"{meeting.institution} {meeting.number}",
        "facts": [list(zip(LISTED, values, strict=True))], "more": {"打印日期": str(clock.today()), "学位授予单位": str(meeting.institution)}, "columns": COLUMNS, "rows": rows,
        "of": [item.award for item in items], "boxes": ("学位评定委员会主席签字", "学位授予单位（公章）")}, meeting), across=4)
    return paper.content()


def _items(meeting):
    """The items on the agenda with person and discipline, by discipline and name; one query however many there are."""
    rows = list(AgendaItem.select(AgendaItem, Award, Person, Discipline).join(Award).join(Person).switch(Award).join(Discipline)
                .where(AgendaItem.meeting == meeting, AgendaItem.state == "listed").order_by(Discipline.code, Award.certificate_number, AgendaItem.id))
    for row in rows:
        row.__rel__["meeting"] = meeting
    return rows


def data_sheet(award):
    """The bytes of the sheet from which a certificate is printed, with every issue of it."""
    person, case, discipline = award.person, award.application, award.discipline
    unit = str(unit_name(award))
    category, thesis = names("degree_category").get(CATEGORIES.get(discipline.code[:2]), ""), case.theses.first()
    values = (person.name, person.name_pinyin, names("sex").get(person.sex, ""), person.birth_date or "", names("document_type").get(person.document_type, ""), person.document_number,
              case.register_number or "", case.number or "", category, f"{discipline.name}（{discipline.code}）", unit, award.institution.code, award.decision_number, award.awarded_on,
              award.certificate_number, award.state_label, thesis.title if thesis else "", thesis.supervisor if thesis else "")
    facts = list(zip(CERTIFIED, values, strict=True))
    later = list(award.reissues.order_by(Reissue.copy))
    issues = [(1, award.awarded_on, "首次发放", later[0].number_before if later else award.certificate_number, "")]
    issues += [(row.copy, row.issued_on, dict(REPRINTS)[row.ground], row.number, f"{row.name}：{row.statement}") for row in later]
    paper = blank("学位证书数据表")
    lay(paper, laid("certificate", {
        "title": "学位证书数据表", "under": unit, "foot": f"{unit} {award.certificate_number}", "facts": [facts[:8], facts[8:16], facts[16:]], "more": {"打印日期": str(clock.today())},
        "columns": ISSUES, "rows": issues, "boxes": ("制证人", "核对人", "学位授予单位（公章）")}, award))
    return paper.content()
