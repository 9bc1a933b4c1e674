"""Stage 10: report terms; a new one is proposed as the next semester after the last."""
import datetime as dt

from backoffice.grid import Grid
from models import clock
from models.reports import ReportTerm


class TermGrid(Grid):
    def defaults(self, user):
        last = ReportTerm.select().order_by(ReportTerm.award_until.desc()).first()
        return next_semester(last.award_until + dt.timedelta(days=1) if last else clock.today())


def next_semester(day):
    """The values of the semester that a day lies in: first 1 Sep to the last day of Feb, second 1 Mar to 31 Aug; reported in the
    month after it, filed in the month after that."""
    first = day.month >= 9 or day.month <= 2
    year = day.year if day.month >= 3 else day.year - 1
    start = dt.date(year, 9, 1) if first else dt.date(year, 3, 1)
    end = dt.date(year + 1, 3, 1) - dt.timedelta(days=1) if first else dt.date(year, 8, 31)
    after = end + dt.timedelta(days=1)
    season = year if first else year - 1
    return {"name": f"{season}—{season + 1} 学年第{'一' if first else '二'}学期", "award_from": start, "award_until": end, "report_from": after,
            "report_until": after.replace(day=31 if after.month == 3 else 30), "office_until": dt.date(after.year, after.month + 1, 30)}
