"""Stages 2 and 6: the bachelor's degree must be old enough by 31 March of the year - to apply, and to enter for the national exam."""
import datetime as dt

from peewee import Case, fn

from models import clock
from models.parameters import by_unit
from models.rules.rule import Found, Rule
from models.rules.sql import date_of, day_from, days_until


class OldEnough(Rule):
    """`year` is the year of the programme that the case is for, or that of the exam session where one is given."""
    clause = "同等学力申请硕士学位规定第六条：获得学士学位后工作三年以上"
    text = "以学士学位为依据的，到当年 3 月 31 日，取得学士学位应已满规定的年数；已有硕士、博士学位的不受此限。"

    def __init__(self, kind, name, title, parameter, year=None):
        self.kind, self.name, self.title, self.parameters, self.year = kind, name, title, (parameter,), year

    def figures(self, view):
        kind, given = self.kind, by_unit(self.parameters[0], view.day)
        general = given.pop(None)
        years = Case(kind.institution, tuple(given.items()), general) if given else general
        limit = date_of((self.year or kind.year) - years, 3, 31)
        judged = (kind.degree_ground == "bachelor") & kind.degree_date.is_null(False)
        return {"degree": kind.degree_date, "limit": limit, "left": Case(None, ((judged, days_until(kind.degree_date, limit)),), 0)}

    def holds(self, figures):
        return figures["left"] >= 0

    def told(self, figures):
        left = figures["left"]
        return self.condition(figures, f"学位日期不晚于 {day_from(figures['limit'])}", str(day_from(figures["degree"]) or "没有填写"),
                              f"{-left} 天" if left < 0 else "无", 1 if left >= 0 else 0)

    def explained(self, case, figures, view):
        degree, limit, left = case.degree_date, day_from(figures["limit"]), figures["left"]
        rows = [Found(f"{dict(case._meta.fields['degree_ground'].choices)[case.degree_ground]}学位", case.degree_unit, str(degree or ""))]
        if left >= 0:
            return self.with_reasons(figures, "学位已满规定的年数。" if case.degree_ground == "bachelor" else "已有硕士或博士学位，不受年数限制。", rows, view.day)
        year = degree.year + ((self.year or case.year) - limit.year) + (degree > dt.date(degree.year, 3, 31))
        return self.with_reasons(figures, f"学位日期晚了 {-left} 天。", rows, dt.date(year, 1, 1), f"最早可以参加 {year} 年度。", str(case.institution))

    def reason(self, case, on=None):
        """The Reason against one case, or None."""
        kind, day = self.kind, on or clock.today()
        found = kind.select(*(value.alias(name) for name, value in self.figures(_Now(day)).items())).where(kind.id == case.id).dicts().get()
        return None if self.holds(found) else self.told(found).reason


class _Now:
    """The view of a rule whose rows are not asked as they stood: what was filled in is what counts."""

    def __init__(self, day):
        self.day = day
