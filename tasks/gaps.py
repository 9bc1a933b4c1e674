"""Stages 9 and 10: what the report of a degree still lacks is asked for long before the term ends - by the clerks, and by the person
where it is his own."""
import datetime as dt

from peewee import fn

from models import clock
from models.awards import Award
from models.bulk import among
from models.outbox import tell
from models.parameters import value
from models.people import holders
from models.reports import Report, ReportLine, extract

CATCH_UP = 3          # a notice is still given so many days late, if nothing ran on its day
OWN = ("person", "application")
DECIDED = ("award", "head")          # what is there only once the degree is granted


def ask_for_gaps():
    """Ask on the day after a degree is proposed or granted, and again each time so many days are over."""
    every, today = value("report.gap_days"), clock.today()
    waiting = {award.id: (award, (today - (award.awarded_on or award.proposed_on)).days) for award in unreported()}
    due = {id: (award, days) for id, (award, days) in waiting.items() if days > 0 and (days - 1) % every <= CATCH_UP}
    for record in extract(among((Award.id,), list(due))) if due else ():
        award, days = due[record.award_id]
        ask(award, record, (days - 1) // every)


def unreported():
    """Query over the degrees, proposed or granted, that are in no report that stands."""
    stands = ReportLine.select(ReportLine.id).join(Report).where(ReportLine.award == Award.id, Report.state.in_(("submitted", "filed")), ReportLine.ended.is_null())
    return Award.select().where(Award.state.in_(("proposed", "awarded")), ~fn.EXISTS(stands), Award.proposed_on > clock.today() - dt.timedelta(days=730))


def ask(award, record, time):
    """Name what is missing to whoever can mend it; `time` says which asking it is."""
    missing = [(field, str(reason)) for field, reason in record.faults if award.state == "awarded" or field.source not in DECIDED]
    own = [text for field, text in missing if field.source in OWN]
    key = f"award.{award.id}.gaps.{award.state}.{time}"
    if missing:
        tell(holders(("clerk",), award.application.college_id, institution=award.institution_id), "Award.gaps", f"学位信息不完整：{award.person}",
             f"{award.person} 的报送信息还缺 {len(missing)} 项：{'；'.join(text for _, text in missing)}。请在学期报送以前补齐，到“学位授予”打开这个人可以看到在哪里补。", key)
    if own:
        tell(award.applicants(), "Award.gaps", "您的学位信息不完整",
             f"学位授予信息中您本人的 {len(own)} 项还不完整：{'；'.join(own)}。请联系 {award.institution} 补齐，以免影响学位信息的报送。", key)
