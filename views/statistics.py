"""Stage 10 in the office: what was awarded, reported and filed, by term, office, unit, discipline or state - table, chart, workbook."""
import secrets
from io import BytesIO

from flask import request, send_file
from flask_admin import expose
from flask_security import current_user

from backoffice.extract import Output
from backoffice.security import Guarded
from backoffice.sheets import XLSX, Workbook
from models import clock
from models.audit import note
from models.files import workroom
from models.reports import ReportTerm
from models.statistics import BY, Count, counts

ROLES = {"officer", "centre"}
FIGURES = {"units": "单位数", "awarded": "授予", "reported": "已报送", "filed": "已备案"}
CHARTED = 15            # rows that the chart shows: those with most degrees


class Statistics(Guarded):
    """One page for an office and for the centre, each within what it sees."""

    def __init__(self):
        super().__init__(name="报送统计", category="报送", endpoint="statistics", url="/office/statistics", menu_icon_type="svg", menu_icon_value="score")

    def is_accessible(self):
        return super().is_accessible() and bool(ROLES & {role for role, _ in current_user.powers()})

    @expose("/")
    def index(self):
        """The figures of one term, or of all that were opened; by term always all."""
        terms, term, by = self._asked()
        rows = counts(self._user, by, term and term.id)
        total = Count("", "合计", *(sum(getattr(row, name) for row in rows) for name in FIGURES)) if by not in ("term", "discipline") else None
        charted = sorted((row for row in rows if row.awarded or row.reported), key=_longest)[-CHARTED:][::-1]
        return self.render("office/statistics.html", rows=rows, total=total, charted=charted, longest=_longest(charted[0]) if charted else 1,
                           by=by, BY=BY, FIGURES=FIGURES, terms=terms, term=term, most=CHARTED)

    @expose("/sheet/")
    def sheet(self):
        """The same rows as a workbook; recorded."""
        _, term, by = self._asked()
        rows = counts(self._user, by, term and term.id)
        title = f"报送统计_按{BY[by]}_{term or '全部学期'}"
        labels = (("代码", "text"), (BY[by], "text"), *((label, "number") for label in FIGURES.values()))
        outputs = [Output(label, 0, form, None, None) for label, form in labels]
        with workroom(f"now-{secrets.token_hex(8)}") as folder:
            with Workbook(folder / "list.xlsx", "报送统计", outputs) as sheet:
                sheet.write([[getattr(row, name) for row in rows] for name in ("code", "name", *FIGURES)])
            note(self._user, "export", "导出", "report", f"{title}：{len(rows)} 行")
            data = (folder / "list.xlsx").read_bytes()
        return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"{title}_{clock.today():%Y%m%d}.xlsx")

    @property
    def _user(self):
        return current_user._get_current_object()

    def _asked(self):
        """(terms that were opened, the chosen one or None for all, by what): the last term where nothing is asked."""
        terms = list(ReportTerm.select().where(ReportTerm.state != "draft").order_by(ReportTerm.award_from.desc()))
        by, wanted = request.args.get("by", "unit"), request.args.get("term")
        by = by if by in BY else "unit"
        if by == "term" or wanted == "all":
            return terms, None, by
        return terms, next((term for term in terms if str(term.id) == wanted), terms[0] if terms else None), by


def _longest(row):
    return max(row.awarded, row.reported)
