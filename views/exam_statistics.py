"""Stage 6 in the office: how a session went - by subject, province, unit - as a table with bars and as xlsx, over the results that one may see."""
from io import BytesIO

from flask import abort, request, send_file
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models.audit import note
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession
from models.exams.statistics import BY, lines, whole
from tasks.imports.styles import TYPE, formats
from tasks.sheets.book import new_book

ROLES = {"exam", "centre", "officer", "clerk", "reviewer"}
HEAD = ("有成绩", "参加考试", "合格", "不合格", "缺考", "违纪", "合格率", "平均分")


def figures(line):
    return line.total, line.sat, line.passed, line.failed, line.absent, line.breach, f"{line.rate:.1%}", (
        "—" if line.average is None else f"{line.average:.1f}")


class ExamStatistics(Guarded):
    """For whoever sees results; each sees the figures of the rows in his sight."""

    def __init__(self):
        super().__init__(name="成绩统计", category="国家统考", endpoint="exam_statistics", url="/office/exam_statistics", menu_icon_type="svg",
                         menu_icon_value="score")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and bool(ROLES & set(current_user.role_names))

    def _asked(self):
        """(the sessions that have results, the one asked for or None, by what)."""
        user, by = self.user, request.args.get("by", "subject")
        shown = ExamResult.visible_to(user).select(ExamResult.session)
        sessions = list(ExamSession.visible_to(user).where(ExamSession.id.in_(shown)).order_by(ExamSession.exam_on.desc()))
        asked = request.args.get("session")
        session = next((row for row in sessions if str(row.id) == asked), None) if asked else sessions[0] if sessions else None
        if by not in BY or (asked and session is None):
            abort(404)
        return sessions, session, by

    @expose("/")
    def index(self):
        """The table with its bars."""
        sessions, session, by = self._asked()
        found = lines(self.user, session, by) if session else []
        return self.render("office/exam_statistics.html", sessions=sessions, session=session, by=by, kinds=BY, head=HEAD, figures=figures,
                           lines=found, whole=whole(found) if found else None)

    @expose("/xlsx/")
    def xlsx(self):
        """The same as a workbook, all three tables."""
        _, session, _ = self._asked()
        if session is None:
            abort(404)
        data = BytesIO()
        with new_book(data) as book:
            looks, rate = formats(book), book.add_format({"num_format": "0.0%"})
            for by, title in BY.items():
                sheet, found = book.add_worksheet(title), lines(self.user, session, by)
                sheet.set_column(0, 0, 28)
                for column, name in enumerate((title, *HEAD)):
                    sheet.write_string(0, column, name, looks["head"])
                for place, line in enumerate([*found, whole(found)], 1):
                    sheet.write_string(place, 0, line.name)
                    for column, value in enumerate(figures(line)[:6], 1):
                        sheet.write_number(place, column, value)
                    sheet.write_number(place, 7, line.rate, rate)
                    if line.average is not None:
                        sheet.write_number(place, 8, round(line.average, 1))
        note(self.user, "export", f"导出成绩统计 {session}", "exam_result")
        return send_file(BytesIO(data.getvalue()), mimetype=TYPE, download_name=f"成绩统计_{session}.xlsx", as_attachment=True)
