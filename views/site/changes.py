"""Stage 7 for the applicant: asking for a longer limit, for another programme of the unit, or for other personal data."""
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import CombinedMultiDict

from backoffice.actions import Upload
from backoffice.choices import Choice
from models.base import writing
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.identity import masked
from models.parameters import value
from models.programmes import Programme
from models.workflow import Refused
from views.site.boxes import box, email_fault, form_of, values_of
from views.site.mine import applicants_only, frozen_case, live_case, me

rooms = Blueprint("changes", __name__)
rooms.before_request(applicants_only)


class ById(Choice):
    """One of a few rows, by their ids."""

    def read(self, text):
        chosen = super().read(text)
        return chosen and int(chosen)


@dataclass(frozen=True)
class Change:
    """Something that can be asked for: `boxes(case)` are those of its form, `file` is the one that takes an upload. What is asked about
    a person stays with him when his case is cleared, and so does its file."""
    name: str
    kind: type
    title: str
    help: str
    file: str
    boxes: object

    @property
    def personal(self):
        """Whether it is about the person rather than the case."""
        return "person" in self.kind._meta.fields

    def closed(self, case):
        """Why it cannot be asked for now, or ''."""
        return "" if self.personal else self.kind(application=case).faults().get("application", "")

    def send(self, case, form):
        """Hand it in, with the file that was uploaded; Refused with what is wrong."""
        values = values_of(form, self.kind)
        upload = values.pop(self.file)
        if values.get("email"):
            fault = email_fault(values["email"], self.kind.email.verbose_name)
            if fault:
                raise Refused(fields={"email": fault})
        with writing():
            if upload:
                values[self.file] = self.keep(case, upload)
            about = {"person": case.person, "institution": case.institution_id} if self.personal else {"application": case}
            return self.kind.add(me(), **about, **values)

    def keep(self, case, upload):
        """The file that was uploaded, kept with the case or with the person."""
        return upload.keep("document", f"{self.title}证明", institution=case.institution_id, person_ref=case.person_id, case_ref=None if self.personal else case.id)


def proof(field, **more):
    """A box for a document that proves what is said."""
    return box(field, kind=Upload(), description=more.pop("description", "") + f"PDF、JPEG 或 PNG，不超过 {round(value('document.max_kb') / 1024, 1):g} MB",
               render_kw={"accept": "application/pdf,image/jpeg,image/png"}, **more)


def extension_boxes(case):
    return {"ground": box(Extension.ground, must=True), "until": box(Extension.until, must=True, description=f"晚于现在的到期日 {case.deadline}，最后一天计入"),
            "statement": box(Extension.statement), "document": proof(Extension.document, must=True)}


def programme_boxes(case):
    rows = (Programme.published().where(Programme.institution == case.institution_id, Programme.id != case.programme_id)
            .order_by(Programme.year.desc(), Programme.id))
    choices = [(row.id, f"{row.discipline}，{row.year} 年度，最低 {row.min_credits.normalize():f} 学分") for row in rows]
    return {"programme": box(ProgrammeChange.programme, must=True, kind=ById(ProgrammeChange.programme, choices)),
            "statement": box(ProgrammeChange.statement), "document": proof(ProgrammeChange.document)}


def data_boxes(case):
    person = case.person
    now = {"name": person.name, "name_pinyin": person.name_pinyin, "document_type": person.code_name("document_type"),
           "document_number": masked(person.document_number), "phone": masked(person.phone), "email": person.email}
    return {**{name: box(getattr(DataChange, name), description=f"现在是 {text}" if text else "") for name, text in now.items()},
            "statement": box(DataChange.statement), "evidence": proof(DataChange.evidence, description="改姓名或证件号须附公安机关的证明。")}


CHANGES = {change.name: change for change in (
    Change("extension", Extension, "延长学习年限", "疾病、生育、服兵役等正当理由，须附证明。同意之前，年限照原来的到期日计算。", "document", extension_boxes),
    Change("programme", ProgrammeChange, "变更学科", "改为本单位另一个已发布的学科。入册日期和到期日不变；学分按新学科的最低学分计算，已取得的成绩仍然计入。", "document", programme_boxes),
    Change("data", DataChange, "更正个人信息", "只填要改的，空着的不变。已经报送的学位信息保留当时的姓名和证件号。", "evidence", data_boxes),
)}


def subject():
    """The case that a change is about: the one under way, once it was submitted."""
    case = live_case()
    return frozen_case() if case is None else None if case.state == "draft" else case


@rooms.route("/me/changes/<any(extension, programme, data):change>", methods=("GET", "POST"))
def ask(change):
    """The form of one change; a POST hands it in."""
    change, case, reasons = CHANGES[change], subject(), []
    if case is None:
        return redirect(url_for("asked.show"))
    sent = CombinedMultiDict([request.files, request.form]) if request.method == "POST" else None
    form = form_of(change.boxes(case))(sent, user=me())
    if sent is not None and form.validate():
        try:
            change.send(case, form)
        except Refused as refused:
            reasons = [*refused.reasons, *form.show(refused)]
        else:
            flash(f"{change.kind.label}已提交，等待 {case.institution} 审核。", "ok")
            return redirect(url_for("asked.show"))
    open_one = change.kind.visible_to(me()).where(change.kind.state == "submitted", change.kind.person == case.person_id if change.personal else
                                                  change.kind.application == case.id).first()
    return render_template("site/change.html", case=case, change=change, form=form, reasons=reasons, closed=change.closed(case),
                           open_one=open_one), 422 if sent is not None else 200
