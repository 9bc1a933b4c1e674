"""Stage 7: what the records of one case say must agree - the name in 合格库, the deadline, the results and their pass marks."""
from peewee import fn

from models.applications import Application
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.courses import CourseResult
from models.exams.results import PriorPass
from models.people import Person
from models.programmes import Course
from models.rules.rule import Found, Rule, contact
from models.rules.sql import flag, months_after

KINDS = {"name": "合格库中同一证件号的姓名不同", "deadline": "到期日与入册日期、年限不符，又没有批准延长", "result": "已公布的成绩与课程合格线不符"}


class Consistent(Rule):
    name, title, clause = "consistent", "数据一致", "平台规则：资格复核"
    text = "合格库、入册信息和课程成绩相互一致。"

    def figures(self, view, tables):
        former = DataChange.select(DataChange.old_name).where(DataChange.person == Person.id, DataChange.state == "approved")
        prior = (PriorPass.select(PriorPass.id).join(Person, on=Person.document_index == PriorPass.document_index)
                 .where(Person.id == Application.person, PriorPass.name != Person.name, PriorPass.name.not_in(former)))
        extended = Extension.select(Extension.id).where(Extension.application == Application.id, Extension.state == "approved")
        reckoned = months_after(Application.registered_on, Application.year_limit * 12)
        wrong = (CourseResult.select(CourseResult.id).join(Course)
                 .where(CourseResult.application == Application.id, CourseResult.state == "published", CourseResult.passed != (CourseResult.score >= Course.pass_mark)))
        return {"name": flag(fn.EXISTS(prior)), "deadline": flag((Application.deadline != reckoned) & ~fn.EXISTS(extended)), "result": flag(fn.EXISTS(wrong))}

    def holds(self, figures):
        return figures["name"] + figures["deadline"] + figures["result"] == 0

    def told(self, figures):
        found = sum(figures[name] for name in KINDS)
        return self.condition(figures, "0 处", f"{found} 处", f"{found} 处" if found else "无", not found, "；".join(words for name, words in KINDS.items() if figures[name]))

    def explained(self, case, figures, view):
        rows = [Found(words, "不一致", "", False) for name, words in KINDS.items() if figures[name]]
        return self.with_reasons(figures, self.told(figures).why or "没有发现矛盾。", rows, view.day, "请单位核对原始材料后更正。" if rows else "", contact(case))


CONSISTENT = Consistent()
