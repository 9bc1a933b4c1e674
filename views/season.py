"""Stage 10 in the office: 同力信息平台报送数据 - every unit of a term for the office and the centre, with reminders and filing of many at once."""
from flask import abort, flash, request
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models.reports import AnnualReport, Report, ReportTerm, remind
from models.reports.season import before_of, season

ROLES = {"officer", "centre"}


class Season(Guarded):
    def __init__(self):
        super().__init__(name="报送数据", category="报送", endpoint="season", url="/office/season", menu_icon_type="svg", menu_icon_value="send")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and bool(ROLES & set(current_user.role_names))

    @expose("/", methods=("GET", "POST"))
    def index(self):
        """The units of a term, by default the youngest that is open; what is posted are reminders to the units that are ticked."""
        terms = list(ReportTerm.select().where(ReportTerm.state != "draft").order_by(ReportTerm.award_from.desc()))
        term = self._chosen(terms)
        not_reminded = self._remind(request.form.getlist("id")) if request.method == "POST" else []
        units = season(term, self.user) if term else []
        states = {state: sum(1 for unit in units if unit.report.state == state) for state in Report.STATES}
        late = [unit for unit in units if unit.days_late and not unit.report.stands]
        shown = request.values.get("state", "")
        listed = late if shown == "late" else [unit for unit in units if shown in ("", unit.report.state)]
        return self.render("office/season.html", terms=terms, term=term, units=listed, all=len(units), states=states, late=len(late), shown=shown, not_reminded=not_reminded,
                           labels=Report.STATES, people=sum(unit.report.line_count for unit in units), left_out=sum(unit.left_out for unit in units),
                           before=term and before_of(term), files="officer" in self.user.role_names)

    @staticmethod
    def _chosen(terms):
        """The term that is asked for; 404 for one that is not there."""
        asked = request.values.get("term")
        if asked:
            return next((term for term in terms if str(term.id) == asked), None) or abort(404)
        return next((term for term in terms if term.state == "open"), terms[0] if terms else None)

    def _remind(self, asked):
        """[(unit, Reason)] of those that were not reminded; says how many were. Asked for are annual reports, as the rows are ticked for filing too."""
        found = AnnualReport.visible_to(self.user).where(AnnualReport.id.in_([int(id) for id in asked if id.isdecimal() and len(id) < 10]))
        rows = {row.report_id: row for row in found}
        if len(rows) < len(set(asked)):
            abort(404)
        if not rows:
            flash("还没有选择任何单位", "bad")
            return []
        refused = remind(list(rows), self.user)
        done = len(rows) - len(refused)
        flash(f"已催报 {done} 个单位。" if done else "没有催报任何单位。", "ok" if done else "bad")
        return [(rows[id].institution, reason) for id, reason in refused.items()]
