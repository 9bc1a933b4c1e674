"""Stage 10 of the demo: heads of the units, the legacy door, and what two units ask for after the filing, each as far as one can get."""
import datetime as dt

from models.files import File
from models.identity import suggest_pinyin
from models.legacy import DOOR, LegacyRecord
from models.reference import Institution
from models.reports import Amendment, AmendmentItem, AnnualReport, InstitutionHead, Report, ReportTerm
from tasks.demo.accounts import UNITS
from tasks.demo.cases import days
from tasks.demo.degrees import teacher
from tasks.demo.reports import title

# kind of each request, how far it has come, and which line of the report it is about
REQUESTS = (("photo", "draft", 0), ("change", "asked", 1), ("change", "opened", 2), ("remove", "entered", 3),
            ("change", "confirmed", 0), ("remove", "refused", 1))
RECORD = {"GBM": "156", "MZM": "01", "ZZMMM": "13", "ZJLXM": "01", "XWLBM": "307", "XKMLM": "07", "YJXKM": "0701", "SFYJSY": "1", "BKBYXXDM": "10002",
          "XSXWDWM": "10002", "HXMLM": "407", "HXZYDM": "数学", "HXXWRQ": "19980701", "DSXM": "裴敬堂", "LWTM": "一类微分方程的若干问题研究", "LWGJC": "微分方程；边值问题",
          "LWLX": "2", "LWDBRQ": "20121120", "WYYZM": "01", "WYTKNF": "2010", "SQRQ": "20090320", "HXWRQ": "20121220", "JYBH": "校学位〔2012〕9 号"}


def heads(world):
    """Every unit says who its president and chair are."""
    yield world.today - days(5 * 365)
    for code in UNITS:
        clerk = world.staff[code, "clerk"]
        name = teacher(world.rng)
        InstitutionHead.add(clerk, institution=clerk.institution_id, president=name, chair=name, valid_from=dt.date(2009, 1, 1))


def legacy(world, elders, units):
    """The first term of the platform, reported and filed as a whole: nobody has a degree in it but some who came through the legacy door."""
    begin, centre = world.today - days(800), world.staff["centre"]
    yield begin
    first, last = DOOR
    term = ReportTerm.add(centre, name=title(first), award_from=first, award_until=last, report_from=begin,
                          report_until=begin + days(30)).open(by=centre)
    yield begin + days(3)
    old = [who for n, who in enumerate(elders) if n % 4 != 3 and not who.more.get("prior")]
    for place, code in enumerate(units):
        enter_legacy(world.staff[code, "clerk"], term, old[3 * place:3 * place + 3])
    yield begin + days(8)
    for code in UNITS:
        clerk = world.staff[code, "clerk"]
        Report.get(Report.term == term, Report.institution == clerk.institution_id).confirm_no_award(by=clerk)
    yield begin + days(12)
    for code in UNITS:
        unit = Institution.get(Institution.code == code)
        AnnualReport.get(AnnualReport.term == term, AnnualReport.institution == unit).file(by=world.staff[unit.office_id])
    yield begin + days(20)
    term.close(by=centre)


def enter_legacy(clerk, term, people):
    """Two are entered, the third is a draft that was given up."""
    unit = clerk.institution
    annual, head = AnnualReport.get(AnnualReport.term == term, AnnualReport.institution == unit), unit.heads.get()
    for number, who in enumerate(people, 1):
        values = RECORD | {"XM": who.name, "XMPY": suggest_pinyin(who.name), "ZJHM": who.document_number, "XZXM": head.president, "ZXXM": head.chair,
                           "XWZSBH": f"T{unit.code}32012{number:06d}", "LWTM": RECORD["LWTM"] if number < 3 else ""}
        record = LegacyRecord.add(clerk, annual=annual, passed_on=dt.date(2010, 5, 30), values=values)
        if number < 3:
            record.enter(by=clerk)


def ask(world, code):
    """What a unit asks for after the filing of the term before the one that is reported now."""
    yield world.terms["last"][1] + days(70)
    clerk, officer = world.staff[code, "clerk"], world.staff[Institution.get(Institution.code == code).office_id]
    term = ReportTerm.get(ReportTerm.name == title(world.terms["last"][0]))
    report = Report.get(Report.institution == clerk.institution_id, Report.term == term)
    lines = list(report.current_lines())
    for kind, far, place in REQUESTS:
        yield world.terms["last"][1] + days(71)
        request(world, report, kind, far, lines[place].award_id, clerk, officer)


def request(world, report, kind, far, award, clerk, officer):
    letter = File.keep(world.pictures.paper(), "关于变更学位授予信息的函.pdf", "letter", "application/pdf", institution=report.institution_id)
    amendment = Amendment.add(clerk, report=report, kind=kind, letter=letter, statement="经核对，报送信息与存档材料不一致，申请变更。")
    item = AmendmentItem.add(clerk, amendment=amendment, award=award)
    if far == "draft":
        return
    amendment.ask(by=clerk)
    if far == "refused":
        amendment.refuse(by=officer, reason="附件不全，请补充存档材料的复印件后重新申请")
    if far in ("opened", "entered", "confirmed"):
        amendment.open(by=officer, opinion="同意")
    if far in ("entered", "confirmed"):
        if kind == "change":
            AmendmentItem.get_by_id(item.id).give(clerk, {"BZ": "论文题目以存档为准"})
        amendment.enter(by=clerk)
    if far == "confirmed":
        amendment.confirm(by=officer, opinion="已核对")
