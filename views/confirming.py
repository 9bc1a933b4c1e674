"""Stage 3 in the office: the confirmation desk. One screen for one person, keyboard first; the next one by typing or scanning a number."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.grid import Grid
from models.applications import Application, Confirmation
from models.files import File
from models.identity import normal_document
from models.parameters import value
from models.people import Grant, Person, Role, User
from models.photos import material
from models.sealed import blind
from models.workflow import Refused

UPLOADS = {"scene": ("现场照片", "scene"), "finger_one": ("指纹一", "fingerprint"), "finger_two": ("指纹二", "fingerprint"), "form_scan": ("签字的资格审查表", "form")}
WRITTEN = ("no_fingers_reason", "note")


class ConfirmationGrid(Grid):
    """The list of confirmations, and the desk at which they are made."""

    def tools(self, user):
        return [("确认台", url_for(".desk"), "camera")] if "clerk" in user.role_names else []

    @expose("/desk/", methods=("GET", "POST"))
    def desk(self):
        """Find a person, check originals, take pictures and prints, save, and confirm at once."""
        user = self.user
        if "clerk" not in user.role_names:
            abort(403)
        waiting = Application.visible_to(user).where(Application.state == "submitted").order_by(Application.submitted_at, Application.id)
        if request.method == "POST":
            return self._save(user, waiting)
        q = request.args.get("q", "").strip()
        case = find(user, q) if q else Application.seen(user, request.args.get("id"))
        if q and case is None:
            flash(f"本单位没有号码为“{q}”的待确认申请。请核对申请号或证件号", "bad")
        return self._desk(user, waiting, case)

    def _desk(self, user, waiting, case, refused=None, typed=None, status=200):
        confirmation = case and case.confirmations.where(Confirmation.valid).first()
        return self.render("office/confirm_desk.html", screen=self.screen, user=user, case=case, confirmation=confirmation, refused=refused, typed=typed or {},
                           originals=value("confirmation.originals", institution=user.institution_id), witnesses=witnesses(user) if case else [], uploads=UPLOADS,
                           gaps=confirmation.gaps() if confirmation else [], waiting=waiting.count(), ahead=list(waiting.limit(8))), status

    def _save(self, user, waiting):
        case = Application.seen(user, request.form.get("id")) or abort(404)
        values = {name: request.form.get(name, "").strip() for name in WRITTEN}
        values |= {"originals": request.form.getlist("originals"), "biometric_consent": "biometric_consent" in request.form,
                   "witness": next((w for w in witnesses(user) if str(w.id) == request.form.get("witness")), None)}
        try:
            for name, (label, kind) in UPLOADS.items():
                upload = request.files.get(name)
                if upload and upload.filename:
                    values[name] = keep(upload, label, kind, case)
            confirmation = case.confirmations.where(Confirmation.valid).first()
            if confirmation is None:
                Confirmation.add(user, application=case, institution=case.institution_id, confirmed_by=user, **values)
            else:
                confirmation.change(user, edition=request.form.get("edition"), **values)
            if "confirm" in request.form:
                case.confirm(by=user)
                flash(f"{case.person}：现场确认完成，等待审核。", "ok")
                return redirect(url_for(".desk"))
        except Refused as refused:
            return self._desk(user, waiting, Application.seen(user, case.id), refused, request.form, 422)
        flash(f"已保存 {case.person} 的现场确认。", "ok")
        return redirect(url_for(".desk", id=case.id))


def witnesses(user):
    """The colleagues of the user who may be the second person when prints cannot be taken."""
    return list(User.select().where(User.institution == user.institution_id, User.id != user.id, User.state == "active", User.id.in_(
        Grant.select(Grant.user).join(Role).where(Role.name.in_(("clerk", "reviewer"))))).order_by(User.name))


def find(user, number):
    """The submitted case of the user's unit with an application or document number."""
    index = blind(normal_document(number))
    return (Application.visible_to(user).join(Person, on=Application.person == Person.id)
            .where(Application.state == "submitted", (Application.number == number) | (Person.document_index == index)).first())


def keep(upload, label, kind, case):
    """An uploaded picture or scan as a stored file: written anew, images and prints encrypted."""
    try:
        data, content_type, extension = material(upload.read())
    except Refused as refused:
        raise Refused(fields={upload.name: f"{label}：" + "；".join(str(reason) for reason in refused.reasons)}) from refused
    if kind != "form" and content_type == "application/pdf":
        raise Refused(fields={upload.name: f"{label}：要求 JPEG 或 PNG 图片，实际是 PDF"})
    return File.keep(data, f"{label}.{extension}", kind, content_type, institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)
