"""All stages: whose turn it is - the next step of a case, who takes it, and the last day for it. It follows from state, conditions and records."""
import datetime as dt
from dataclasses import dataclass

from models import clock
from models.applications import Application
from models.awards import Meeting
from models.belonging import latest
from models.conditions import conditions
from models.deadlines import EXAM, PERSON
from models.defences import Defence, DefenceRequest
from models.exams.payments import payment_ends
from models.reports import Report
from models.rules.book import figures_for
from models.rules.sittings import coming
from models.rules.sql import View, day_from
from models.rules.thesis import DEFENDING, HANDING_IN


@dataclass(frozen=True)
class Turn:
    """The next step of a case: what, by whom, and until when, the last day counted (None: no day is set)."""
    what: str
    who: str
    until: dt.date | None = None

    @property
    def left(self):
        """Days until the last one; below zero when it is past."""
        return None if self.until is None else (self.until - clock.today()).days


def turn(case, found=(), view=None):
    """The Turn of an Application; None when it is closed. `found` are its conditions today, where they are known already, `view` what they were
    told from."""
    view = View.of(view)
    if case.state == "registered":
        return study(case, found or conditions(case, view), view)
    if case.state == "defence_admitted":
        return prepare(case, view)
    tell = TURNS.get(case.state)
    return tell and tell(case)


def study(case, found, view):
    """On the register: the request as soon as it would be accepted, else the exam that can be taken, else the credits that lack."""
    limit, exams, credits = found
    if not limit.met:
        return Turn("申请延长学习年限", PERSON)
    if exams.met and credits.met:
        again = any(row.state == "returned" for row in case.defence_requests)
        return Turn("补正后再次申请答辩" if again else "申请论文答辩", PERSON, case.deadline)
    return (None if exams.met else sit(case, view)) or (
        Turn("修满课程学分", PERSON, case.deadline) if not credits.met else Turn("公布下一次统考的报考时间", EXAM))


def sit(case, view):
    """What the next exam asks for; None when there is none."""
    today, ahead = view.day, coming(case, view)
    for wanted, until, words in ((lambda s: s.entered and s.entry.state == "unpaid", lambda s: payment_ends(s.session), "缴纳{}报名费"),
                                 (lambda s: s.entered and s.day >= today, lambda s: s.day, "参加{}"),
                                 (lambda s: not s.entered and s.session.state == "open", lambda s: s.session.entry_until, "报考{}")):
        for sitting in filter(wanted, ahead):
            return Turn(words.format(sitting.session), PERSON, until(sitting))
    waiting = next((sitting for sitting in ahead if sitting.entered), None)
    return waiting and Turn(f"公布{waiting.session}成绩", EXAM)


def prepare(case, view):
    """Admitted to the defence: the thesis, then a day for the defence, then its outcome."""
    defence, thesis = latest(row for row in case.defences if row.state == "planned"), latest(case.theses)
    if defence is not None and defence.held_on >= clock.today():
        return Turn("参加论文答辩", PERSON, defence.held_on)
    if defence is not None:
        return Turn("登记答辩结果", Defence.record_pass.who())
    handed_in = thesis is not None and thesis.handed_in_on
    rule = DEFENDING if handed_in else HANDING_IN
    due = day_from(figures_for((rule,), case, view)[rule]["due"])
    return Turn("安排评阅和答辩", Application.confirm.who(), due) if handed_in else Turn("提交学位论文", PERSON, due)


def report(case):
    """With a degree: until its report is filed."""
    award = latest(case.awards)
    line = award and latest(award.report_lines)
    if award is None or award.state != "awarded" or line is not None and line.report.state == "filed":
        return None
    if line is None:
        return Turn("报送学位授予信息", Report.submit.who())
    step = Report.file if line.report.state == "submitted" else Report.submit
    return Turn("备案学位授予信息" if step is Report.file else "报送学位授予信息", step.who(), None if step is Report.file else line.report.due)


def cool_off(case):
    dismissal = latest(row for row in case.dismissals if row.state == "approved")
    return Turn("清退冷静期期满清退，或撤销清退", Application.restore.who(), dismissal and dismissal.until)


TURNS = {"draft": lambda case: Turn("填写并提交申请", PERSON, case.programme.apply_until),
         "submitted": lambda case: Turn("本人带原件到场，办理现场确认", Application.confirm.who(), case.programme.confirm_until),
         "returned": lambda case: Turn("修改后再次提交", PERSON, case.programme.confirm_until),
         "confirmed": lambda case: Turn("资格审核", Application.approve.who()),
         "defence_requested": lambda case: Turn("审核答辩资格申请", DefenceRequest.approve.who()),
         "defended": lambda case: Turn("学位评定委员会决定授予学位", Meeting.decide.who()), "awarded": report, "frozen": cool_off}
