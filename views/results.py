"""Stage 6 in the office: results entered on one sheet per subject - score, or absent, or breach - for the paid entries that have none."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from peewee import JOIN, fn

from backoffice.grid import Grid
from backoffice.kinds import Number
from backoffice.paths import load_owners
from backoffice.telling import said
from models.base import writing
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.sessions import ExamSession, SessionSubject
from models.workflow import Refused

SCORE = Number(ExamResult.score)
WITHOUT_SCORE = (("absent", "缺考"), ("breach", "违纪"))
LINES = 50             # entries on one sheet


class ExamResultGrid(Grid):
    """The list of results, and the sheet on which they are entered."""

    def tools(self, user):
        return [("登记成绩", url_for(".sheet"), "score")] if self.screen.writable_by(user) else []

    @expose("/sheet/", methods=("GET", "POST"))
    def sheet(self):
        """The sheet of one subject; without one the subjects that have entries without a result."""
        if not self.screen.writable_by(self.user):
            abort(403)
        if "subject" not in request.values:
            return self._show("office/result_subjects.html", subjects=open_subjects())
        subject = SessionSubject.seen(self.user, request.values["subject"])
        if subject is None or subject.session.state != "closed":
            abort(404)
        entries, wrong = list(without_result(subject).limit(LINES)), {}
        if request.method == "POST":
            entries = sent(subject)          # somebody else may have entered some of them meanwhile: that is said, not passed over
            wrong = self._save(entries)
            if not wrong:
                return redirect(url_for(".sheet", subject=subject.id))
        load_owners(entries, [("application", "person"), ("institution",)])
        return self._show("office/result_sheet.html", 422 if wrong else 200, subject=subject, entries=entries, wrong=wrong, given=request.form,
                          left=without_result(subject).count(), outcomes=WITHOUT_SCORE)

    def _save(self, entries):
        """{entry id: [sentences]} of what is wrong; all that was filled in is written together or not at all."""
        wrong, done = {}, 0
        try:
            with writing():
                for entry in entries:
                    score, outcome = (request.form.get(f"{name}-{entry.id}", "").strip() for name in ("score", "outcome"))
                    if score or outcome:
                        wrong[entry.id] = enter(self.user, entry, score, outcome)
                        done += 1
                wrong = {id: texts for id, texts in wrong.items() if texts}
                if wrong:
                    raise Refused()
        except Refused:
            return wrong
        flash(said(f"已登记 {done} 科次成绩。", "登记完了，到统考批次公布", url_for("exam_session.index")) if done else "没有填写任何一行", "ok" if done else "bad")
        return {}


def open_subjects():
    """The subjects of closed sessions that have paid entries without a result; `left` says how many."""
    return list(SessionSubject.select(SessionSubject, fn.COUNT(ExamEntry.id).alias("left")).join(ExamSession).switch(SessionSubject).join(ExamEntry).join(
        ExamResult, JOIN.LEFT_OUTER, on=(ExamResult.entry == ExamEntry.id)).where(
        ExamSession.state == "closed", ExamEntry.state == "paid", ExamResult.id.is_null())
        .group_by(SessionSubject).order_by(SessionSubject.session.desc(), SessionSubject.id))


def without_result(subject):
    """Query over the paid entries of a subject that have no result yet, by unit."""
    return ExamEntry.select().join(ExamResult, JOIN.LEFT_OUTER, on=(ExamResult.entry == ExamEntry.id)).where(
        ExamEntry.subject == subject.id, ExamEntry.state == "paid", ExamResult.id.is_null()).order_by(ExamEntry.institution, ExamEntry.id)


def sent(subject):
    """The entries of the subject for which the sheet sent a line, as they stood on it."""
    ids = [int(id) for id in request.form.getlist("entry")[:LINES] if id.isdecimal() and len(id) < 10]
    found = {entry.id: entry for entry in ExamEntry.select().where(ExamEntry.id.in_(ids), ExamEntry.subject == subject.id)}
    return [found[id] for id in ids if id in found]


def enter(user, entry, score, outcome):
    """Add the result of one entry; the sentences against it."""
    try:
        value = SCORE.read(score)
        if value is not None and outcome:
            return ["有成绩就不选缺考或违纪"]
        ExamResult.add(user, entry=entry, score=value, outcome=outcome or None)
    except ValueError as error:
        return [str(error)]
    except Refused as refused:
        return [*map(str, refused.reasons), *refused.fields.values()]
    return []
