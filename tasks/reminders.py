"""Deadlines that come near and those that are past: notices to the persons, the units and the centre, and the end of the cool-off."""
import datetime as dt
import logging

from models import clock
from models.applications import Application
from models.dismissals import Dismissal
from models.exams.payments import Payment, payment_ends
from models.exams.sessions import ExamSession
from models.memory import remembering
from models.outbox import gathering, tell
from models.parameters import value
from models.people import Person, User, holders
from models.releases import ReleaseRequest
from models.workflow import Refused

log = logging.getLogger(__name__)
CATCH_UP = 6          # a notice is still given so many days late, if nothing ran on its day
ANSWER_SOON = 3


def announce_deadlines():
    """Tell each person of the register so many days before his limit is over."""
    today = clock.today()
    for days in value("deadline.notice_days"):
        first, last = today + dt.timedelta(days=max(0, days - CATCH_UP)), today + dt.timedelta(days=days)
        for case in Application.select().where(Application.state == "registered", Application.deadline.between(first, last)):
            left = (case.deadline - today).days
            tell(case.applicants(), "Application.deadline", f"学习年限还有 {left} 天到期",
                 f"您在 {case.institution} 的学习年限 {case.deadline} 到期（含当天）。请在此以前提出答辩申请；有正当理由的，可向单位申请延长年限。",
                 f"application.{case.id}.deadline.{case.deadline}.{days}")


def announce_unpaid():
    """Tell whoever has not paid for his entries, so many days before they are void."""
    today = clock.today()
    sessions = [(session, payment_ends(session)) for session in ExamSession.select().where(ExamSession.state == "open")]
    with gathering(), remembering():
        for days in value("exam.payment_notice_days"):
            for session, last in sessions:
                left = (last - today).days
                if max(0, days - CATCH_UP) <= left <= days:
                    for payment, user in unpaid(session):
                        tell([user], "Payment.due", f"统考报名费还有 {left} 天截止",
                             f"您在{session}的报名费 {payment.amount} 元还没有缴，请在 {last} 24:00 以前缴费，到时没有缴费的报考作废，考点名额不保留。",
                             f"payment.{payment.id}.due.{last}.{days}")


def unpaid(session):
    """[(Payment, account of the person)] of a session, in one query."""
    rows = (Payment.select(Payment, Application, Person, User).join(Application).join(Person).join(User, on=User.person == Person.id, attr="account")
            .where(Payment.session == session, Payment.state == "open"))
    return ((payment, payment.application.person.account) for payment in rows.iterator())


def remind_of_releases():
    """Tell the holding unit when an answer is due soon, and unit and centre once it is late."""
    today = clock.today()
    for request in ReleaseRequest.select().where(ReleaseRequest.state == "open", ReleaseRequest.due <= today + dt.timedelta(days=ANSWER_SOON)):
        late, unit = request.due < today, holders(("clerk", "reviewer"), request.application.college_id, institution=request.institution_id)
        body = f"{request.person} 的放行申请须在 {request.due} 以前（含当天）答复" + (f"，已逾期 {request.days_late} 天。" if late else "。")
        tell([*unit, *(holders(("centre",)) if late else ())], "ReleaseRequest.due", f"放行申请{'逾期未答复' if late else '即将到期'}：{request.person}", body,
             f"release.{request.id}.{'late' if late else 'soon'}")


def end_cooling_off():
    """Dismissals whose cool-off is over become final."""
    for dismissal in Dismissal.select().where(Dismissal.state == "approved", Dismissal.until < clock.today()):
        try:
            dismissal.finish(by=None)
        except Refused as refusal:
            log.info("not taken: %s", refusal)
