"""The book of rules: asked for a whole register in one statement, or for one case with every reason."""
from peewee import JOIN

from models.applications import APPLYING, Application
from models.memory import remembering
from models.parameters import standing
from models.programmes import Programme
from models.reference import Discipline
from models.rules.consistency import CONSISTENT
from models.rules.credits import CREDITS
from models.rules.exams import EXAMS
from models.rules.limit import LIMIT
from models.rules.sql import View
from models.rules.thesis import CLOCKS
from models.written import ask, blank

DEFENCE = (LIMIT, EXAMS, CREDITS)
REGISTER = (*DEFENCE, CONSISTENT)
RULES = {rule.name: rule for rule in (APPLYING, *REGISTER, *CLOCKS)}


class Figures:
    """The figures of one rule as columns of a register, and the unit of the case."""

    def __init__(self, register, rule):
        self.register, self.rule, self.institution = register, rule, register.institution

    def __getitem__(self, key):
        return self.register.columns[f"{self.rule.name}_{key}"]


class Register:
    """The cases, or what `where` leaves of them, with the figures of rules on a day: one statement that computes every figure once.

    `columns` are the figures by name, rule_figure; beside them stand id, institution and state. The programme and the discipline are
    those that a case had on the day, or its first ones before it was begun. `few` says that a handful of cases is asked for, which is found
    by index without building anything for a whole register."""

    def __init__(self, rules, view, *where, name="cases", few=False):
        picked = (self._with_its_own(view, Application.select(
            Application.id, Application.person, Programme.id.alias("programme"), Programme.exam_valid_years, Programme.course_valid_years,
            Discipline.id.alias("discipline_id"), Discipline.code.alias("discipline"))).where(True, *where).cte(f"{name}_picked", materialized=not few))
        tables = {key: query.alias(key) for rule in rules for key, query in rule.tables(view, picked).items()}
        figures = {f"{rule.name}_{key}": value for rule in rules for key, value in rule.figures(view, tables).items()}
        query = (Application.select(Application.id, Application.institution.alias("institution"), view(Application.state).alias("state"),
                                    *(value.alias(name) for name, value in figures.items()))
                 .join_from(Application, picked, on=picked.c.id == Application.id).join_from(Application, Programme, on=picked.c.programme == Programme.id)
                 .join_from(Application, Discipline, on=picked.c.discipline_id == Discipline.id))
        for table in tables.values():
            query = query.join_from(Application, table, JOIN.LEFT_OUTER, on=table.c.owner == Application.id)
        self.cases = query.cte(name, materialized=True)
        self.parts = picked, self.cases
        self.id, self.institution, self.state = self.cases.c.id, self.cases.c.institution, self.cases.c.state
        self.columns = {name: self.cases.c[name] for name in figures}
        for rule in rules:
            self.columns |= {f"{rule.name}_{key}": value for key, value in rule.derived(Figures(self, rule), view).items()}

    @staticmethod
    def _with_its_own(view, query):
        return (query.join(Programme, on=view.or_first(Application.programme) == Programme.id).switch(Application)
                .join(Discipline, on=view.or_first(Application.discipline) == Discipline.id))

    def holds(self, rule):
        """Whether a rule is met, as an expression."""
        return rule.holds(Figures(self, rule))

    def select(self, *columns):
        return Application.select(*columns).from_(self.cases).with_cte(*self.parts)

    def rows(self):
        """Query over id and all figures, as dictionaries that `read` takes."""
        return self.select(self.id, *(value.alias(name) for name, value in self.columns.items())).dicts()


def read(rule, row):
    """The figures of one rule out of a row of a register."""
    return {key.removeprefix(f"{rule.name}_"): value for key, value in row.items() if key.startswith(f"{rule.name}_")}


def figures_for(rules, case, view):
    """{rule: its figures} of one case, those that the view does not know yet asked for at once."""
    known = view.once(("figures", case.id), dict)
    if lacking := tuple(rule for rule in rules if rule not in known):
        with remembering():         # so that the parameters in the statement are those that it is known by
            named = standing([name for rule in lacking for name in rule.parameters if name[0].islower()], view.day)
            row, = ask(_of_one_case, lacking, *view.shape, repr(named), case=case.id)
        known |= {rule: read(rule, row) for rule in lacking}
    return {rule: known[rule] for rule in rules}


def _of_one_case(rules, day, past, named):
    return Register(rules, View.shaped(day, past), Application.id == blank("case"), few=True).rows()


def explain(rules, case, on=None):
    """The Conditions of one case on a day (default today) or from a view, in the order of the rules."""
    view = View.of(on)
    return [rule.explained(case, figures, view) for rule, figures in figures_for(rules, case, view).items()]
