"""Stage 10: what awards say of each field of the record, for as many of them as one likes, in one statement."""
from dataclasses import dataclass

from peewee import JOIN, Case, Value, fn

from models import clock
from models.applications import Application
from models.awards import Award
from models.base import db, on_sqlite
from models.defences import Defence, DefenceRequest, Thesis
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, Subject
from models.memory import remembering
from models.people import FormerDocument, Person
from models.programmes import Programme
from models.record import CATEGORIES, FIELDS, GROUND, gaps, wrong
from models.reference import Discipline, Institution
from models.reports.head import InstitutionHead
from models.rules.exams import KINDS, sat, valid
from models.rules.sql import View, a_date, of_cases

CODES = (*(field.code for field in FIELDS), GROUND)
COMPLETE, INCOMPLETE, WRONG = "complete", "incomplete", "wrong"


@dataclass(slots=True)
class Extracted:
    """One award as it would be reported: where it comes from, its values as text by code, and `faults`, [(Field, Reason)] of what keeps it from
    being reported: first what is missing, then what is wrong."""
    award_id: int
    institution_id: int
    application_id: int
    thesis_id: int
    photo_id: int
    discipline: str
    values: dict
    faults: list

    @property
    def group(self):
        """complete, incomplete (something mandatory is missing) or wrong (something that is there cannot stay)."""
        return COMPLETE if not self.faults else INCOMPLETE if gaps(self.values) else WRONG


def extract(*where):
    """[Extracted] of the awards for which the conditions hold, by certificate number."""
    with remembering():
        opened = Person.document_number.python_value
        found = []
        for award, unit, case, thesis, photo, discipline, *texts in db.execute(statement(*where)):
            values = dict(zip(CODES, texts))
            values["ZJHM"] = opened(values["ZJHM"])
            if photo:
                values["ZP"] = f"{values['ZJHM']}.jpg"
            found.append(Extracted(award, unit, case, thesis, photo, discipline, values, [*gaps(values), *wrong(values)]))
        return found


def statement(*where):
    """The one statement: every value as text, but for the document number, which is kept encrypted."""
    request, head = DefenceRequest, InstitutionHead.alias()
    approved = request.select(request.decided_on).where(request.application == Award.application, request.state == "approved")
    admitted = fn.COALESCE(approved.order_by(request.id.desc()).limit(1), a_date(clock.today()))
    degrees = (Award.select(Award.id, Award.application, Award.person, Discipline.code, Programme.exam_valid_years, admitted)
               .join(Application).join(Programme).join_from(Award, Discipline, on=Award.discipline).where(*where)
               .cte("degrees", columns=("id", "case_id", "person_id", "discipline", "years", "admitted")))
    passed = passes(degrees).cte("passed", columns=("owner", "language", "language_before", "comprehensive", "comprehensive_before"))
    years = {"WYTKNF": year(passed.c.language, passed.c.language_before), "ZHKSNF": year(passed.c.comprehensive, passed.c.comprehensive_before)}
    values = columns() | years
    on_the_day = (head.select(head.id).where(head.institution == Award.institution, head.valid_from <= Award.awarded_on,
                                             head.valid_to.is_null() | (head.valid_to >= Award.awarded_on)).order_by(head.valid_from.desc()).limit(1))
    origin = (Award.id, Award.institution, Award.application, Thesis.id, Application.photo, Discipline.name)
    return (Award.select(*origin, *(values[code] for code in CODES))
            .join(degrees, on=degrees.c.id == Award.id).join_from(Award, passed, JOIN.LEFT_OUTER, on=passed.c.owner == Award.id)
            .join_from(Award, Application).join_from(Award, Person, on=Award.person).join_from(Award, Institution)
            .join_from(Award, Discipline, on=Award.discipline)
            .join_from(Award, Thesis, JOIN.LEFT_OUTER, on=Thesis.application == Award.application)
            .join_from(Award, Defence, JOIN.LEFT_OUTER, on=(Defence.application == Award.application) & (Defence.state == "passed"))
            .join_from(Award, InstitutionHead, JOIN.LEFT_OUTER, on=InstitutionHead.id == on_the_day)
            .with_cte(degrees, passed).order_by(Award.certificate_number, Award.id))


def columns():
    """{code: expression} of every field but the years of the exams."""
    case, code, unit = Application, Discipline.code, Institution.code
    bachelor = case.degree_ground == "bachelor"
    first_level = fn.LENGTH(code) == 4

    def own(field):
        return Case(None, ((bachelor, text(field)),), "")
    return {
        "XM": Person.name, "XMPY": Person.name_pinyin, "XBM": Person.sex, "GBM": Person.country, "MZM": Person.ethnic_group,
        "ZZMMM": Person.political_status,
        "CSRQ": day(Person.birth_date), "ZJLXM": Person.document_type, "ZJHM": Person.document_number,
        "ZP": nothing(), "XWSYDWM": unit, "PYDWM": unit, "XZXM": text(InstitutionHead.president), "ZXXM": text(InstitutionHead.chair),
        "XWLBM": Case(fn.SUBSTR(code, 1, 2), tuple(CATEGORIES.items()), ""), "XKMLM": fn.SUBSTR(code, 1, 2), "YJXKM": fn.SUBSTR(code, 1, 4),
        "EJXKM": Case(None, ((fn.LENGTH(code) == 6, code),), ""), "ZSZYMC": nothing(), "SFYJSY": Case(None, ((first_level, "1"),), "0"),
        "BKBYXXDM": text(case.graduated_from_code), "XSXWDWM": own(case.degree_unit_code), "HXMLM": own(case.degree_category),
        "HXZYDM": own(case.degree_subject),
        "HXXWRQ": Case(None, ((bachelor, day(case.degree_date)),), ""), "DSXM": text(Thesis.supervisor), "DSZCM": text(Thesis.supervisor_title),
        "LWTM": text(Thesis.title), "LWGJC": text(Thesis.keywords), "LWLX": text(Thesis.thesis_type), "LWXTLY": text(Thesis.topic_source),
        "LWZS": tenths(Thesis.length), "LWKSRQ": day(Thesis.started_on), "LWDBRQ": day(Defence.held_on), "WYYZM": case.language,
        "GZDW": case.employer, "GZDWTXDZ": case.employer_address, "GZDWYB": case.employer_postcode, "XZZW": case.post,
        "ZYJSZCM": case.professional_title,
        "GZNX": text(case.years_of_work.cast("text")), "SQRQ": day(case.submitted_at), "SQH": text(case.number), "HXWRQ": day(Award.awarded_on),
        "XWZSBH": text(Award.certificate_number), "JYBH": Award.decision_number, "BZ": Award.note,
        GROUND: Case(None, ((case.foreign_degree == True, "foreign"),), case.degree_ground)}          # noqa: E712


def passes(degrees):
    """Query over (award, language, language before the platform, comprehensive, comprehensive before): the last passes that counted when the case was
    admitted to its defence. Their years may have ended since."""
    view, case = View(clock.today(), as_now=True), degrees.c
    owner, here = case.id.alias("owner"), (Value(1).alias("here"), Value(0).alias("here"))
    columns = ExamResult.select(owner, Subject.kind.alias("kind"), ExamSession.exam_on.alias("day"), here[0])
    results = sat(view, case.discipline, of_cases(degrees, columns, ExamResult.application, case.case_id)).where(
        valid(ExamSession.exam_on, case.years, case.admitted))
    columns = PriorPass.select(owner, PriorPass.kind.alias("kind"), PriorPass.passed_on.alias("day"), here[1]).where(
        PriorPass.passed_on <= case.admitted, valid(PriorPass.passed_on, case.years, case.admitted))
    own, former = (of_cases(degrees, columns.clone(), person, case.person_id)
                   .join_from(person.model, PriorPass, on=person.model.document_index == PriorPass.document_index)
                   for person in (Person.id, FormerDocument.person))
    every = results.union_all(own).union_all(former)
    latest = (fn.MAX(Case(None, (((every.c.kind == kind) & (every.c.here == place), every.c.day),))) for kind in KINDS for place in (1, 0))
    return every.select_from(every.c.owner, *latest).group_by(every.c.owner)


def year(here, before):
    """The year of a pass on the platform, else of one from before it."""
    day = fn.COALESCE(here, before)
    return text(fn.SUBSTR(day, 1, 4) if on_sqlite() else fn.TO_CHAR(day, "YYYY"))


def nothing():
    return Value("", converter=False)


def text(value):
    return fn.COALESCE(value, nothing())


def day(field):
    """A date or moment as CCYYMMDD."""
    return text(fn.REPLACE(fn.SUBSTR(field, 1, 10), "-", "") if on_sqlite() else fn.TO_CHAR(field, "YYYYMMDD"))


def tenths(field):
    """A number with one decimal place."""
    shown = fn.PRINTF("%.1f", field) if on_sqlite() else fn.TO_CHAR(field, "FM9990.0")
    return Case(None, ((field.is_null(), ""),), shown)
