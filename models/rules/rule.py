"""What a rule is: figures as SQL expressions over a case, one comparison of them, and the words for one person."""
import datetime as dt
from dataclasses import dataclass, field, replace

from models.workflow import Reason


@dataclass(frozen=True)
class Found:
    """One row that an answer rests on: what it is, its value and day, whether it counts, and if not, why."""
    what: str
    value: str
    day: str
    counts: bool = True
    note: str = ""


@dataclass(frozen=True)
class Condition:
    """One rule for one case on one day: what is required, what is there, the gap, and why; `share` is 0 to 1 for the bar.

    `clause` is the source, `text` the rule in words, `rows` what the answer rests on; `earliest` is the first day on which it can
    hold (None: nobody can say, or never), `outlook` what that day hangs on, or why nobody can say; `todo` what the person does next, `helper`
    who can help.
    """
    name: str
    title: str
    met: bool
    required: str
    actual: str
    gap: str
    why: str
    share: float
    clause: str = ""
    text: str = ""
    rows: tuple = field(default=())
    earliest: dt.date | None = None
    todo: str = ""
    helper: str = ""
    outlook: str = ""

    @property
    def reason(self):
        return Reason(f"{self.title}：不满足", self.required, self.actual, self.gap)


class Rule:
    """A condition of the law. `figures` are its numbers as SQL over the cases on a day, those out of many rows by way of `tables`,
    `derived` what is reckoned from them; `holds` compares them and is the same expression for columns and for values; `told` puts them into words; `explained` adds why, from which
    rows, and what next.

    `parameters` names what varies by date: rows of Parameter (nation or unit), or fields of the programme under which the case entered.
    """
    name = title = clause = text = ""
    parameters = ()

    def tables(self, view, cases):
        """{name: query}: what is reckoned for every case at once, one row with its id as `owner`; `cases` is the table of id, person_id,
        discipline (code), exam_valid_years and course_valid_years."""
        return {}

    def figures(self, view, tables):
        """{name: SQL expression} over Application, Programme and Discipline, as they stood on the day of `view`, and the `tables` of the rule."""
        raise NotImplementedError

    def derived(self, figures, view):
        """{name: SQL expression} over the figures as columns; `figures.institution` is the unit of the case."""
        return {}

    def holds(self, figures):
        """Whether the rule is met: of expressions an expression, of values a truth value."""
        raise NotImplementedError

    def told(self, figures):
        """The Condition in bare figures."""
        raise NotImplementedError

    def explained(self, case, figures, view):
        """The Condition with its reasons for one case."""
        raise NotImplementedError

    def condition(self, figures, required, actual, gap, share, why=""):
        return Condition(self.name, self.title, bool(self.holds(figures)), required, actual, gap, why, min(1.0, max(0.0, float(share))), self.clause, self.text)

    def with_reasons(self, figures, why, rows=(), earliest=None, todo="", helper="", outlook=""):
        return replace(self.told(figures), why=why, rows=tuple(rows), earliest=earliest, todo=todo, helper=helper, outlook=outlook)


def contact(case):
    """Who can help with a case: its unit, with the contact of the programme."""
    return " ".join(filter(None, (str(case.institution), case.programme.contact, case.programme.phone)))


def in_credits(tenths):
    """30 学分, 4.5 学分, from tenths of a credit."""
    whole, rest = divmod(int(tenths), 10)
    return f"{whole}.{rest} 学分" if rest else f"{whole} 学分"
