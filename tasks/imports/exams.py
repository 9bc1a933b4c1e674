"""Stage 6: sites with their rooms, results of the national exam, and passes from before the platform."""
from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.exams.tickets import AdmissionTicket
from models.identity import normal_document
from models.people import Person
from models.reference import Province
from models.sealed import blind
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.looking import by

ROOMS = Import(
    name="site", title="考点与考场", screen="site", roles=("exam",),
    help="一行是一个考场。同一个考点的各行，考点的各列要填得一样。排数和列数不填的，按五列排。",
    columns=(
        Column("province_code", "省份代码", required=True, sample="11", help="两位数字"),
        Column("site_code", fills=ExamSite.code, sample="001"),
        Column("site_name", "考点名称", fills=ExamSite.name, sample="北京第一考点", width=24),
        Column("address", fills=ExamSite.address, sample="海淀区颐和园路 5 号", width=28), Column("capacity", fills=ExamSite.capacity, sample="300"),
        Column("room", fills=Room.number, sample="001"), Column("seats", fills=Room.seats, sample="30"), Column("rows", fills=Room.rows, sample="6"),
        Column("columns", fills=Room.columns, sample="5"), Column("special", fills=Room.special, sample="否")),
    looks=(Look("province", "province_code", lambda line: line.get("province_code"), by(Province.code), "没有代码为“{}”的省份"),),
    parts=(
        Part(ExamSite, key=("province", "code"), links={"province": "province"}),
        Part(Room, key=("site", "number"), links={"site": ExamSite})))


def entry_wanted(line):
    return (line.get("session"), normal_document(line.get("document_number")), line.get("subject_code"))


def entries(user, wants):
    """{(session, document number, subject code): the entry that counts}."""
    if not wants:
        return {}
    numbers = {blind(document): document for _, document, _ in wants}
    rows = (ExamEntry.select(ExamEntry, SessionSubject, Subject, ExamSession, Application, Person)
            .join(SessionSubject).join(Subject).switch(ExamEntry).join(ExamSession).switch(ExamEntry).join(Application).join(Person)
            .where(Person.document_index.in_(list(numbers)), ExamSession.name.in_(list({session for session, *_ in wants})), ExamEntry.state == "paid"))
    return {(row.session.name, numbers[row.application.person.document_index], row.subject.subject.code): row for row in rows}


def same_name(what):
    """A check that the name in the sheet is that of the person of the entry: a slip in a number must not give somebody else's result."""
    def check(row, before, line):
        name = row.entry.application.person.name
        return {} if line.get("name") == name else {"name": f"姓名与{what}不符：这个{what}的报考人是“{name}”，表中是“{line.get('name')}”"}
    return check


SESSION = Column("session", "统考批次", required=True, sample="2026 年统考", width=18, choices=lambda user: [row.name for row in ExamSession.select()])

EXAM_RESULTS = Import(
    name="exam_result", title="统考成绩", screen="exam_result", roles=("exam",),
    help="一行是一个人一科的成绩。成绩和结果至少填一项；缺考、违纪不填成绩。",
    columns=(
        SESSION,
        Column("document_number", "证件号", required=True, sample="110105199001010017", width=22),
        Column("name", "姓名", required=True, sample="林叙白"),
        Column("subject_code", "科目代码", required=True, sample="101", width=10),
        Column("score", fills=ExamResult.score, sample="72", help="0 到 100，缺考、违纪留空"),
        Column("outcome", "结果", fills=ExamResult.outcome, required=False, sample="合格", help="空 = 按合格线判定")),
    looks=(Look("entry", "document_number", entry_wanted, entries, "没有证件号为“{}”的人在这个批次这一科的已缴费报考"),),
    parts=(Part(ExamResult, key=("entry",), links={"entry": "entry"}, check=same_name("证件号"),
                given=lambda line, user: {} if line.get("outcome") else {"outcome": None}),))

def numbered(user, wants):
    """{(session, exam number): the entry that sat there}."""
    if not wants:
        return {}
    rows = (AdmissionTicket.select(AdmissionTicket, ExamEntry, SessionSubject, Subject, ExamSession, Application, Person)
            .join(ExamEntry).join(SessionSubject).join(Subject).switch(ExamEntry).join(ExamSession).switch(ExamEntry).join(Application).join(Person).where(AdmissionTicket.number.in_([number for _, number in wants]), ExamSession.name.in_(list({session for session, _ in wants}))))
    return {(ticket.entry.session.name, ticket.number): ticket.entry for ticket in rows}


NUMBERED_RESULTS = Import(
    name="exam_result_number", title="统考成绩（按准考证号）", screen="exam_result", roles=("exam",),
    help="一行是一个准考证号的成绩。成绩和结果至少填一项；缺考、违纪不填成绩。公布时每个座位都要有一个结果。",
    columns=(
        SESSION,
        Column("number", "准考证号", required=True, sample="261100110100101", width=20),
        Column("name", "姓名", required=True, sample="林叙白"),
        Column("score", fills=ExamResult.score, sample="72", help="0 到 100，缺考、违纪留空"),
        Column("outcome", "结果", fills=ExamResult.outcome, required=False, sample="合格", help="空 = 按合格线判定；缺考、违纪填在这里")),
    looks=(Look("entry", "number", lambda line: (line.get("session"), line.get("number")), numbered, "这个批次没有准考证号“{}”"),),
    parts=(Part(ExamResult, key=("entry",), links={"entry": "entry"}, check=same_name("准考证号"),
                given=lambda line, user: {} if line.get("outcome") else {"outcome": None}),))

PRIOR_PASSES = Import(
    name="prior_pass", title="合格库", screen="prior_pass", roles=("centre",),
    help="一行是一个人平台建立以前的一科合格。按证件号、科目和批次对上。",
    columns=(
        Column("name", fills=PriorPass.name, sample="林叙白"),
        Column("document_number", fills=PriorPass.document_number, sample="110105199001010017", width=22),
        Column("kind", fills=PriorPass.kind, sample="外国语水平"), Column("subject_name", fills=PriorPass.subject_name, sample="英语"),
        Column("session_name", fills=PriorPass.session_name, sample="2010 年统考", width=18),
        Column("passed_on", fills=PriorPass.passed_on, sample="2010-07-20"),
        Column("certificate_number", fills=PriorPass.certificate_number, sample="2010110000123", width=20),
        Column("source", fills=PriorPass.source, sample="2010 年合格名单", width=20)),
    parts=(Part(PriorPass, key=("document_index", "subject_name", "session_name"),
                given=lambda line, user: {"document_number": normal_document(line.get("document_number"))}),))
