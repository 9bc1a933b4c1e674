"""One definition: the register in one statement, the explanation of one case and a plain oracle agree, on any day, for random cases.

TORTURE_CASES=100000 asks for more of them.
"""
import os
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.base import db
from models.rules.book import DEFENCE, Register, explain, read
from models.rules.sql import View
from tests.models import randomcases
from tests.models.randomcases import DAYS, TODAY, Cases

COUNT = int(os.environ.get("TORTURE_CASES", 2000))
SEED = int(os.environ.get("TORTURE_SEED", 2013))


@pytest.fixture
def cases(world):
    with clock.at(TODAY):
        found = Cases(world, COUNT, SEED)
        db.execute_sql("ANALYZE")            # thousands of rows came at once; PostgreSQL would plan as if the tables were empty
        yield found


def judged(cases, id, day):
    """(days left, (wanted, have), (needed, earned)) as the oracle says."""
    fact = cases.facts[id]
    return randomcases.limit(fact, day), randomcases.exams(fact, day, cases.sessions), randomcases.credits(fact, day)


def test_register_explanation_and_oracle_agree(cases):
    wrong, answers = [], set()
    for day in DAYS:
        for row in Register(DEFENCE, View(day), Application.number.startswith("R")).rows():
            limit, exams, credits = (read(rule, row) for rule in DEFENCE)
            told = limit["left"], (exams["wanted"], exams["language"] + exams["comprehensive"]), tuple(Decimal(int(credits[name])) / 10 for name in ("needed", "earned"))
            if told != judged(cases, row["id"], day):
                wrong.append((day, row["id"], told, judged(cases, row["id"], day)))
            answers.add(tuple(rule.holds(read(rule, row)) for rule in DEFENCE))
    assert wrong == [] and len(answers) == 8, "all eight combinations occur"


def test_the_explanation_rests_on_the_rows_it_shows(cases):
    """Of every third case one day: what is met, the figures in words, and that the rows that count add up to them."""
    wrong = []
    for number, case in enumerate(list(Application.select().where(Application.number.startswith("R")).order_by(Application.id))[::3]):
        day = DAYS[number % len(DAYS)]
        limit, exams, credits = explain(DEFENCE, case, day)
        left, (wanted, have), (needed, earned) = judged(cases, case.id, day)
        if (limit.met, exams.met, credits.met) != (left >= 0, have >= wanted, earned >= needed):
            wrong.append((case.id, day, "met"))
        if limit.gap != (f"还余 {left} 天" if left >= 0 else f"超过 {-left} 天") or exams.actual != f"{have} 科" or credits.actual != f"{earned.normalize():f} 学分":
            wrong.append((case.id, day, limit.gap, exams.actual, credits.actual, left, have, earned))
        worth = sum(Decimal(row.value.split("，")[1].removesuffix(" 学分")) for row in credits.rows if row.counts)
        kinds = {row.what.split()[0] for row in exams.rows if row.counts and (wanted == 2 or "外国语" in row.what)}
        if worth != earned or len(kinds) != have:
            wrong.append((case.id, day, worth, earned, kinds))
    assert wrong == []
