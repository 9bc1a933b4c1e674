"""Stages 2 and 6: the bachelor's degree must be old enough by 31 March of the year - to apply, and to enter for the national exam."""
import datetime as dt

from peewee import Case, Value

from models import clock
from models.parameters import in_force
from models.rules.rule import Found, Rule
from models.rules.sql import View, date_of, day_from, days_until
from models.workflow import Reason


class OldEnough(Rule):
    """`year` is that of the exam session; without one it is the year that the case is for. `by` is the last day of the degree where the
    session names one. What was filled in counts, whatever the day."""
    clause = "同等学力申请硕士学位规定第六条：获得学士学位后工作三年以上"
    text = "以学士学位为依据的，到当年 3 月 31 日，取得学士学位应已满规定的年数；已有硕士、博士学位的不受此限。"

    def __init__(self, kind, name, title, when, parameter, year=None, by=None):
        self.kind, self.name, self.title, self.when, self.parameters, self.year = kind, name, title, when, (parameter,), year
        self.by = by

    def figures(self, view, tables):
        kind = self.kind
        years = in_force(self.parameters[0], view.day, kind.institution)
        year = (Value(self.year) if self.year else kind.year) - years
        limit = date_of(Value(self.by.year), self.by.month, self.by.day) if self.by else date_of(year, 3, 31)
        judged = (kind.degree_ground == "bachelor") & kind.degree_date.is_null(False)
        return {"years": years, "limit": limit, "left": Case(None, ((judged, days_until(kind.degree_date, limit)),), 0), "degree": kind.degree_date}

    def holds(self, figures):
        return figures["left"] >= 0

    def told(self, figures):
        left, degree = figures["left"], day_from(figures["degree"])
        return self.condition(figures, f"学位日期不晚于 {day_from(figures['limit'])}", str(degree or "没有填写"), f"{-left} 天" if left < 0 else "无", left >= 0)

    def explained(self, case, figures, view):
        degree, years = case.degree_date, figures["years"]
        rows = [Found(f"{dict(case._meta.fields['degree_ground'].choices)[case.degree_ground]}学位", case.degree_unit, str(degree or ""))]
        if self.holds(figures):
            why = f"学位已满 {years} 年。" if case.degree_ground == "bachelor" else "已有硕士或博士学位，不受年数限制。"
            return self.with_reasons(figures, why, rows, view.day)
        first = degree.year + years + (degree > dt.date(degree.year, 3, 31))
        return self.with_reasons(figures, f"{self.when}当年 3 月 31 日时，取得学士学位未满 {years} 年。", rows, dt.date(first, 1, 1), f"最早可以参加 {first} 年度。",
                                 str(case.institution))

    def reason(self, case):
        """The Reason against one case as it is filled in today, or None."""
        figures = self.figures(View(clock.today()), {})
        found = self.kind.select(*(value.alias(name) for name, value in figures.items())).where(self.kind.id == case.id).dicts().get()
        if self.holds(found):
            return None
        told = self.told(found)
        rule = "取得学士学位的日期晚于这个批次的规定" if self.by else f"{self.when}当年 3 月 31 日时，取得学士学位应已满 {found['years']} 年"
        return Reason(rule, told.required, told.actual, told.gap)
