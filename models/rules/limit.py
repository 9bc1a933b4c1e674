"""Stages 7 and 8: within the year limit. The last day counts; a request in time satisfies it for as long as it is under way."""
import datetime as dt

from peewee import Case, fn

from models.applications import Application
from models.rules.rule import Found, Rule, contact
from models.rules.sql import days_until, day_from


class Limit(Rule):
    name, title, clause = "limit", "在规定年限内", "同等学力申请硕士学位规定：自资格审查通过之日起，在规定的年限内完成；年限由学位授予单位规定"
    text = "自入册之日起，在入册时公布的年限内提出答辩申请，最后一天计入；在期限内提出的申请，办理期间视为满足。"
    parameters = ("Programme.year_limit",)

    def figures(self, view, tables):
        return {"entered": Application.registered_on, "deadline": view(Application.deadline), "asked": self.asked(view)}

    def derived(self, figures, view):
        deadline, asked = figures["deadline"], figures["asked"]
        return {"left": fn.COALESCE(days_until(Case(None, ((asked <= deadline, asked),), view.date), deadline), -1)}

    @staticmethod
    def asked(view):
        """The day of the request that is under way; none once the case is back on the register."""
        request = Application.defence_requests.rel_model
        found = (request.select(view(request.requested_on)).where(request.application == Application.id, view(request.state).in_(("submitted", "approved")))
                 .order_by(request.id.desc()).limit(1))
        return Case(None, ((view(Application.state) != "registered", found),), None)

    def holds(self, figures):
        return figures["left"] >= 0

    def told(self, figures):
        deadline, entered, left = day_from(figures["deadline"]), day_from(figures["entered"]), figures["left"]
        if deadline is None:
            return self.condition(figures, "已入册", "尚未入册", "尚未入册", 0)
        reckoned = deadline - dt.timedelta(days=left)
        return self.condition(figures, f"不晚于 {deadline}", str(reckoned), f"还余 {left} 天" if left >= 0 else f"超过 {-left} 天",
                              (reckoned - entered).days / max(1, (deadline - entered).days))

    def explained(self, case, figures, view):
        deadline, asked, left = day_from(figures["deadline"]), day_from(figures["asked"]), figures["left"]
        if deadline is None:
            return self.with_reasons(figures, "年限从入册之日起算。", todo="资格审核通过即入册，年限从那一天起算。", helper=contact(case), outlook="尚未入册")
        why = f"年限 {case.year_limit} 年，自 {case.registered_on} 入册起算，最后一天计入。"
        rows = [Found("入册", f"{case.year_limit} 年", str(case.registered_on))]
        for extension in sorted((row for row in case.extensions if row.state == "approved"), key=lambda row: row.id):
            counts = extension.decided_on <= view.day
            rows.append(Found("延长年限", f"至 {extension.until}", str(extension.decided_on), counts, "" if counts else "当时尚未批准"))
        if asked and left >= 0:
            why += f"已于 {asked} 在期限内提出申请。"
            rows.append(Found("答辩申请", "在期限内提出", str(asked)))
        if left < 0:
            return self.with_reasons(figures, why, rows, None, "有疾病、生育、服兵役等正当理由的，向单位申请延长年限；否则可退出后重新申请。", contact(case),
                                     f"学习年限已于 {deadline} 到期，须先延长")
        return self.with_reasons(figures, why, rows, view.day, "" if asked else f"请在 {deadline} 以前（含当天）提出答辩申请。", contact(case))


LIMIT = Limit()
