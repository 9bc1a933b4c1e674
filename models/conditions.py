"""Stage 8: the three conditions of the defence request, computed and explained - within the limit, exams passed, credits reached."""
from dataclasses import asdict
from decimal import Decimal

from models import clock
from models.rules.book import DEFENCE, explain, figures_for
from models.rules.credits import CREDITS
from models.rules.exams import KINDS, best_of, passes
from models.rules.rule import Condition
from models.rules.sql import View

__all__ = ["KINDS", "Condition", "conditions", "earliest", "earned_credits", "evidence", "exam_passes"]


def conditions(case, on=None):
    """The three Conditions of an Application on a day (default today), in their order."""
    return explain(DEFENCE, case, on)


def evidence(found):
    """The conditions as plain data, stored with the request they decided."""
    return [asdict(condition) | {"earliest": str(condition.earliest or "")} for condition in found]


def earliest(case, found):
    """The first day on which all of `found` can hold, or None: nobody can say yet, or the limit would be over."""
    days = [condition.earliest for condition in found]
    if None in days or (max(days) > found[0].earliest and case.deadline and max(days) > case.deadline):
        return None
    return max(days)


def exam_passes(case, on=None):
    """{kind: (subject name, passed on, source)} of the national exam passes on record that are within their years on a day."""
    best = best_of(passes(case, View(on or clock.today(), as_now=True)))
    return {kind: (row["subject"], row["day"], row["source"].split()[0]) for kind, row in best.items()}


def earned_credits(case, on=None):
    """Credits of courses passed: published, still valid, once per course."""
    figures = figures_for((CREDITS,), case, View(on or clock.today()))[CREDITS]
    return Decimal(int(figures["earned"])) / 10
