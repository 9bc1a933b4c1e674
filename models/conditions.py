"""Stage 8: the three conditions of the defence request, computed and explained - within the limit, exams passed, credits reached."""
import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from models import clock
from models.rules.book import DEFENCE, explain, figures_for
from models.rules.credits import CREDITS
from models.rules.exams import KINDS, best_of, passes
from models.rules.limit import LIMIT
from models.rules.rule import Condition
from models.rules.sql import View

__all__ = ["KINDS", "Condition", "Forecast", "conditions", "earned_credits", "evidence", "exam_passes", "forecast"]


def conditions(case, on=None):
    """The three Conditions of an Application on a day (default today) or from a view, in their order."""
    return explain(DEFENCE, case, on)


def evidence(found):
    """The conditions as plain data, stored with the request they decided."""
    return [asdict(condition) | {"earliest": str(condition.earliest or "")} for condition in found]


@dataclass(frozen=True)
class Forecast:
    """The first day on which a case can meet all three conditions, and what that hangs on; without a day, why nobody can say."""
    day: dt.date | None
    why: str


def forecast(case, found):
    """The Forecast of an Application from its conditions as they are `found` today. Nobody knows when results will be published: where nothing
    but that is lacking there is no day."""
    today, unmet = clock.today(), [condition for condition in found if not condition.met]
    if sum(row.state == "failed" for row in case.defences) > 1:
        return Forecast(None, "两次答辩都没有通过，不能再申请")
    if not unmet:
        return Forecast(today, "三项条件都满足，现在即可申请")
    if unknown := [condition.outlook for condition in unmet if condition.earliest is None]:
        return Forecast(None, "；".join(unknown))
    day = max(condition.earliest for condition in unmet)
    if day == today:
        return Forecast(None, "；".join(condition.outlook for condition in unmet) + "。何时公布不能预知，公布当天即可申请")
    limit, credits = explain((LIMIT, CREDITS), case, day)      # by then a result may have run out
    if not limit.met:
        return Forecast(None, f"最早 {day} 才能具备，比到期日 {case.deadline} 晚 {(day - case.deadline).days} 天，须先延长年限")
    if credits.earliest is None:
        return Forecast(None, credits.outlook)
    return Forecast(day, "；".join(condition.outlook for condition in (found[1], credits) if condition.outlook))


def exam_passes(case, on=None):
    """{kind: (subject name, passed on, source)} of the national exam passes on record that are within their years on a day."""
    best = best_of(passes(case, View(on or clock.today(), as_now=True)))
    return {kind: (row["subject"], row["day"], row["source"].split()[0]) for kind, row in best.items()}


def earned_credits(case, on=None):
    """Credits of courses passed: published, still valid, once per course."""
    figures = figures_for((CREDITS,), case, View(on or clock.today()))[CREDITS]
    return Decimal(int(figures["earned"])) / 10
