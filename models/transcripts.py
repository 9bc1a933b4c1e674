"""Stage 5: what a transcript says, and the row by which it is verified: a code that nobody can guess, and the digest of what it says."""
import hashlib
import json
import secrets
from decimal import Decimal

from peewee import CharField, DateTimeField, DecimalField, ForeignKeyField

from models import clock
from models.applications import Application
from models.courses import CourseResult
from models.exemptions import Exemption
from models.identity import masked
from models.people import User
from models.programmes import Course
from models.reference import Institution
from models.rules.book import Register, read
from models.rules.credits import CREDITS
from models.rules.sql import View
from models.workflow import Reason, Record, Refused

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"        # none that is taken for another
GROUPS, LENGTH = 4, 4
PRINTERS = ("clerk", "reviewer")


class Transcript(Record):
    """One transcript that was issued. It is verified until its case is cleared."""
    label, stage, readers, cleared_with_case = "成绩单", 5, "applicant clerk reviewer officer centre", True
    seen_through = "application"
    clashes = {"code": "验证码重复，请再试一次"}

    application = ForeignKeyField(Application, backref="transcripts", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    code = CharField(max_length=19, unique=True, verbose_name="验证码")
    sha256 = CharField(max_length=64, verbose_name="内容摘要")
    credits = DecimalField(max_digits=5, decimal_places=1, verbose_name="取得学分")
    issued_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="签发人")
    issued_at = DateTimeField(default=clock.now, verbose_name="签发时间")

    class Meta:
        indexes = ((("institution", "issued_at"), False),)

    def __str__(self):
        return f"{self.application} 成绩单"


def new_code():
    """A code of some 78 bits, in four groups."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))


def as_typed(text):
    """A code as it is kept, however it was typed."""
    bare = "".join(letter for letter in text.upper() if letter in LETTERS)
    return "-".join(bare[place:place + LENGTH] for place in range(0, len(bare), LENGTH))


def contents(cases):
    """{id of the case: what its transcript says today}: the best attempt at each course, exemptions, and the credits that count."""
    ids = [case.id for case in cases]
    lines, sums = {id: {} for id in ids}, {row["id"]: read(CREDITS, row) for row in Register([CREDITS], View(clock.today()), Application.id.in_(ids), few=True).rows()}
    results = (CourseResult.select(CourseResult, Course).join(Course).where(CourseResult.application.in_(ids), CourseResult.state == "published")
               .order_by(CourseResult.passed, CourseResult.score))
    for row in results:        # a later one in this order is the better one
        lines[row.application_id][row.course.code] = _line(row.course, f"{row.score.normalize():f}", row.taken_on, "" if row.passed else "不合格")
    for row in Exemption.select(Exemption, Course).join(Course).where(Exemption.application.in_(ids), Exemption.state == "approved"):
        lines[row.application_id][row.course.code] = _line(row.course, "免修", row.decided_on, "")
    return {case.id: {
        "name": case.person.name, "document": masked(case.person.document_number), "number": case.register_number, "unit": str(case.institution),
        "discipline": f"{case.discipline.name}（{case.discipline.code}）", "entered": str(case.registered_on), "plan": f"第 {case.plan.version} 版" if case.plan_id else "—",
        "courses": [lines[case.id][code] for code in sorted(lines[case.id])],
        "earned": f"{int(sums[case.id]['earned']) / 10:g}", "needed": f"{int(sums[case.id]['needed']) / 10:g}", "on": str(clock.today())} for case in cases}


def _line(course, score, day, note):
    return [course.code, course.name, "必修" if course.required else "选修", f"{course.credits.normalize():f}", score, str(day), note]


def graded(case):
    """Whether a case has anything that a transcript may say."""
    return bool(case.registered_on) and case.state != "dismissed" and any(kind.select().where(kind.application == case.id, kind.state == state).exists()
                                                                          for kind, state in ((CourseResult, "published"), (Exemption, "approved")))


def refusal(case, said):
    """The Reason against a transcript of a case, or None."""
    if not case.registered_on or case.state == "dismissed":
        return Reason("只有在册或已授学位的人有成绩单", "在册", case.state_label)
    return None if said["courses"] else Reason(f"{case.person} 还没有已公布的成绩")


def issue(case, said, by, code):
    """Note a transcript that says something under a new code, and return its row."""
    if against := refusal(case, said):
        raise Refused([against])
    return Transcript.add(by, application=case, institution=case.institution_id, code=code, sha256=digest(said), credits=Decimal(said["earned"]), issued_by=by)


def digest(said):
    """SHA-256 of what a transcript says."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
