"""Stage 10: reminders to the units that have not reported, many at once, each unit once a day."""
from models import clock
from models.audit import record_many
from models.base import writing
from models.memory import remembering
from models.outbox import gathering, tell
from models.people import User, holders
from models.reference import Institution
from models.reports.report import Report
from models.reports.term import ReportTerm
from models.workflow import GONE, Reason

WAITED_FOR = ("open", "returned")
DONE, TODAY = Reason("已经报送，不必催报"), Reason("今天已经催报过")


def remind(ids, by):
    """Remind the units of these reports, as far as an officer or the centre sees them; {report id: why not} of those that were not reminded."""
    rows = {}
    if {"officer", "centre"} & set(by.role_names):
        query = Report.visible_to(by).select(Report, ReportTerm, Institution).join(ReportTerm).join_from(Report, Institution)
        rows = {row.id: row for row in query.where(Report.id.in_(ids))}
    with writing(), remembering():
        today = clock.today()
        fresh = Report.update(reminded_on=today).where(Report.id.in_(list(rows)), Report.state.in_(WAITED_FOR),
                                                       Report.reminded_on.is_null() | (Report.reminded_on != today)).returning(Report.id)
        told = [rows[row.id] for row in fresh.execute()]
        record_many(by, [(row, "remind", "催报", {}, "") for row in told])
        _tell(told, today)
    return {id: GONE if id not in rows else TODAY if rows[id].state in WAITED_FOR else DONE for id in ids if rows.get(id) not in told}


def _tell(rows, today):
    clerks = {}
    for user in holders(("clerk",)).where(User.institution.in_([row.institution_id for row in rows])):
        clerks.setdefault(user.institution_id, []).append(user)
    with gathering():
        for row in rows:
            late = f"，已超过 {row.days_late} 天" if row.days_late else ""
            tell(clerks.get(row.institution_id, ()), "Report.remind", f"催报：{row.term}",
                 f"{row.institution} {row.term}的学位授予信息还没有报送（{row.state_label}），截止 {row.due}{late}。请尽快提交，没有授予学位的请办理未授予学位确认。",
                 f"report.{row.id}.remind.{today}")
