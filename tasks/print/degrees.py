"""Stage 9 on paper: the list of the degrees that a meeting decides, and the data sheet of one certificate."""
from models.awards import AgendaItem, Award, Reissue
from models.awards.award import REPRINTS
from models.defences import Thesis
from models.people import Person
from models.record import CATEGORIES, unit_name
from models.reference import Discipline, names
from tasks.print import blank

COLUMNS = (("序号", 6, "C"), ("姓名", 13, "L"), ("学科专业", 20, "L"), ("论文题目", 40, "L"), ("票数", 12, "C"), ("证书编号", 24, "L"))


def meeting_list(meeting):
    """The bytes of the list: after the decision of those who got the degree, before it of those on the agenda."""
    decided, held = meeting.state == "decided", meeting.present > 0
    items = [item for item in _items(meeting) if item.award.state != "proposed" or not decided]
    titles = dict(Thesis.select(Thesis.application, Thesis.title).where(Thesis.application.in_([item.award.application_id for item in items])).tuples())
    paper = blank("学位授予名单", landscape=True)
    paper.sheet("学位授予名单" if decided else "拟授予学位名单", str(meeting.institution), f"{meeting.institution} {meeting.number}")
    paper.facts((("会议", meeting.number), ("开会日期", meeting.held_on), ("决定编号", meeting.decision_number or "（会后填写）"), ("人数", f"{len(items)} 人"),
                 ("全体委员", f"{meeting.members} 人"), ("到会委员", f"{meeting.present} 人" if held else ""),
                 ("同意 : 反对 : 弃权", f"{meeting.votes_for} : {meeting.votes_against} : {meeting.votes_abstain}" if held else ""), ("通过票数", f"不少于 {meeting.needed} 票")), columns=4)
    paper.table(COLUMNS, [(number, item.award.person.name, item.award.discipline.name, titles.get(item.award.application_id) or "", item.votes,
                           item.award.certificate_number or item.certificate_number or "") for number, item in enumerate(items, 1)])
    paper.boxes("学位评定委员会主席签字", "学位授予单位（公章）", height=26)
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
    unit = unit_name(award)
    paper = blank("学位证书数据表")
    paper.sheet("学位证书数据表", str(unit), f"{unit} {award.certificate_number}")
    paper.facts((("姓名", person.name), ("姓名拼音", person.name_pinyin), ("性别", names("sex").get(person.sex, "")), ("出生日期", person.birth_date or ""),
                 ("证件类型", names("document_type").get(person.document_type, "")), ("证件号码", person.document_number), ("注册号", case.register_number or ""),
                 ("申请号", case.number or "")))
    category = names("degree_category").get(CATEGORIES.get(discipline.code[:2]), "")
    paper.facts((("学位类别", category), ("学科专业", f"{discipline.name}（{discipline.code}）"), ("授予单位", str(unit)), ("单位代码", award.institution.code),
                 ("决定编号", award.decision_number), ("授予日期", award.awarded_on), ("证书编号", award.certificate_number), ("状态", award.state_label)))
    thesis = case.theses.first()
    paper.facts((("论文题目", thesis.title if thesis else ""), ("导师", thesis.supervisor if thesis else "")), columns=1)
    later = list(award.reissues.order_by(Reissue.copy))
    issues = [(1, award.awarded_on, "首次发放", later[0].number_before if later else award.certificate_number, "")]
    issues += [(row.copy, row.issued_on, dict(REPRINTS)[row.ground], row.number, f"{row.name}：{row.statement}") for row in later]
    paper.table((("次", 5, "C"), ("日期", 14, "L"), ("依据", 16, "L"), ("证书编号", 24, "L"), ("证书姓名和说明", 44, "L")), issues)
    paper.boxes("制证人", "核对人", "学位授予单位（公章）")
    return paper.content()
