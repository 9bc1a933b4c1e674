"""Stages 9 and 10: what the report of a degree still lacks is asked for long before the term ends - by the clerks, and by the person
where it is his own."""
import datetime as dt

from models import clock
from models.awards import Award
from models.outbox import tell
from models.parameters import value
from models.people import holders
from models.record import build, gaps
from models.reports import Report, ReportLine, passes_of

CATCH_UP = 3          # a notice is still given so many days late, if nothing ran on its day
OWN = ("person", "application")


def ask_for_gaps():
    """Ask on the day after a degree is proposed or granted, and again each time so many days are over."""
    every, today = value("report.gap_days"), clock.today()
    for award in unreported():
        days = (today - (award.awarded_on or award.proposed_on)).days
        if days > 0 and (days - 1) % every <= CATCH_UP:
            ask(award, (days - 1) // every)


def unreported():
    """Query over the degrees, proposed or granted, that are in no report that stands."""
    stands = ReportLine.select(ReportLine.award).join(Report).where(Report.state.in_(("submitted", "filed")), ReportLine.round == Report.round)
    return Award.select().where(Award.state.in_(("proposed", "awarded")), Award.id.not_in(stands), Award.proposed_on > clock.today() - dt.timedelta(days=730))


def ask(award, time):
    """Name what is missing to whoever can mend it; `time` says which asking it is."""
    missing = [(field, text) for field, text in gaps(award, build(award, passes_of(award))) if award.state == "awarded" or field.source != "award"]
    own = [text for field, text in missing if field.source in OWN]
    key = f"award.{award.id}.gaps.{award.state}.{time}"
    if missing:
        tell(holders(("clerk",), institution=award.institution_id), "Award.gaps", f"学位信息不完整：{award.person}",
             f"{award.person} 的报送信息还缺 {len(missing)} 项：{'；'.join(text for _, text in missing)}。请在学期报送以前补齐，到“学位授予”打开这个人可以看到在哪里补。", key)
    if own:
        tell(award.applicants(), "Award.gaps", "您的学位信息不完整",
             f"学位授予信息中您本人的 {len(own)} 项还不完整：{'；'.join(own)}。请联系 {award.institution} 补齐，以免影响学位信息的报送。", key)
