"""Stage 9: the clocks of the thesis. They warn, or by parameter stand against the defence; they are never a condition of the request."""
from peewee import Case, fn

from models.applications import Application
from models.parameters import in_force
from models.reference import Discipline
from models.rules.credits import CREDITS
from models.rules.exams import EXAMS
from models.rules.rule import Found, Rule, contact
from models.rules.sql import day_from, days_until, last_of, months_after


class Clock(Rule):
    """Something is due so many months after a day; it does not run before that day is known."""

    def __init__(self, name, title, clause, text, parameter, since, until, what, rests_on=()):
        self.name, self.title, self.clause, self.text, self.parameters = name, title, clause, text, (parameter,)
        self.since, self.until, self.what, self.rests_on = since, until, what, rests_on

    def tables(self, view, cases):
        return {name: query for tables in self.rests_on for name, query in tables(view, cases).items()}

    def figures(self, view, tables):
        return {"since": self.since(view, tables), "done": self.until(view, tables)}

    def derived(self, figures, view):
        due = months_after(figures["since"], in_force(self.parameters[0], view.day, figures.institution))
        return {"due": due, "left": fn.COALESCE(days_until(fn.COALESCE(figures["done"], view.date), due), 0)}

    def holds(self, figures):
        return figures["left"] >= 0

    def told(self, figures):
        due, done, left = day_from(figures["due"]), day_from(figures["done"]), figures["left"]
        if due is None:
            return self.condition(figures, self.text, "尚未起算", "无", 0)
        return self.condition(figures, f"不晚于 {due}", str(done) if done else f"尚未{self.what}", f"还余 {left} 天" if left >= 0 else f"超过 {-left} 天", left >= 0)

    def explained(self, case, figures, view):
        since, due, done = (day_from(figures[name]) for name in ("since", "due", "done"))
        if since is None:
            return self.with_reasons(figures, "起算的条件尚未具备。")
        rows = [Found("起算", "", str(since))] + ([Found(self.what, "", str(done))] if done else [])
        return self.with_reasons(figures, f"自 {since} 起算。", rows, view.day if self.holds(figures) else None, "" if done else f"请在 {due} 以前{self.what}。", contact(case))


def all_passed(view, tables):
    """The day of the last of the passes that the request needs: papers and counted courses; NULL while one of them is missing."""
    first = tables["first_passes"].c
    papers = last_of(first.language, Case(None, ((Discipline.has_comprehensive_exam == True, first.comprehensive),), first.language))      # noqa: E712
    return Case(None, ((CREDITS.holds(CREDITS.figures(view, tables)), last_of(papers, tables["credits_last"].c.day)),), None)


def handed_in(view, tables):
    thesis = Application.theses.rel_model
    return thesis.select(view(thesis.handed_in_on)).where(thesis.application == Application.id, view(thesis.handed_in_on) <= view.date)


def defended(view, tables):
    defence = Application.defences.rel_model
    return defence.select(fn.MIN(defence.held_on)).where(defence.application == Application.id)


HANDING_IN = Clock("thesis_in", "按时提交论文", "同等学力申请硕士学位规定：通过全部考试后一年内提出学位论文", "通过全部考试之后规定的月数内提交论文。",
                   "thesis.months_after_exams", all_passed, handed_in, "提交论文", rests_on=(EXAMS.tables, CREDITS.tables, CREDITS.dated))
DEFENDING = Clock("thesis_defence", "按时答辩", "同等学力申请硕士学位规定：提交论文后半年内完成答辩", "提交论文之后规定的月数内答辩。",
                  "thesis.months_to_defence", handed_in, defended, "答辩")
CLOCKS = (HANDING_IN, DEFENDING)
