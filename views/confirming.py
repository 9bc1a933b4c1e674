"""Stage 3 in the office: the confirmation desk. One screen for one person, keyboard first; the next one by typing or scanning a number."""
from flask import abort, current_app, flash, get_flashed_messages, jsonify, redirect, request, url_for
from flask_admin import expose

from backoffice.actions import obstacles
from backoffice.grid import REFUSED, Grid
from models.applications import Application, Confirmation
from models.audit import note_reading
from models.base import writing
from models.clearing import forget_biometrics
from models.consents import record_consent, text_of
from models.files import SECRET, File
from models.fingerprints.templates import FINGERS, enrol, judged
from models.identity import normal_document
from models.parameters import value
from models.people import Person, User, holders
from models.photos import material
from models.sealed import blind
from models.workflow import Refused, Stale, held
from tasks.readers import readers
from views.queues import ahead, held_back

UPLOADS = {"scene": ("现场照片", "scene"), "finger_one": ("指纹一", "fingerprint"), "finger_two": ("指纹二", "fingerprint"), "form_scan": ("签字的资格审查表", "form")}
AHEAD = 8              # people shown who wait
NEVER_SAVED = -1       # the edition of a form that was opened before anybody had saved


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
        if request.method == "POST":
            return self._save(user, self._case(user, request.form.get("id")))
        number = request.args.get("q", "").strip()
        case = find(user, number) if number else self._case(user, request.args["id"]) if "id" in request.args else None
        if number and case is None:
            flash(f"本单位没有号码为“{number}”的待确认申请。请核对申请号或证件号", "bad")
        return self._desk(user, case)

    def _case(self, user, id):
        """The case to be confirmed, 404 when it is not seen; None, and said, when it is not waiting for that."""
        case = Application.seen(user, id) or abort(404)
        if case.state == "submitted":
            return case
        flash(f"{case.person}的申请现在是“{case.state_label}”，不在确认台办理", "bad")
        return None

    def _desk(self, user, case, refused=None, typed=None):
        if case is not None:
            note_reading(user, case)        # the number is compared with the original: it is shown whole
        confirmation, queue = case and standing(case), waiting(user).where(Application.id != (held_back() or 0))
        return self._show("office/confirm_desk.html", REFUSED if refused else 200, case=case, confirmation=confirmation, refused=refused, filled=filled(confirmation, typed),
                          originals=value("confirmation.originals", institution=user.institution_id), witnesses=witnesses(user, case) if case else [],
                          uploads=UPLOADS, asked=text_of("biometrics"), gaps=confirmation.gaps() if confirmation else [], demo=current_app.settings.demo, waiting=queue.count(),
                          ahead=list(queue.limit(AHEAD)), after=case and ahead(queue, Application.submitted_at, case))

    def _save(self, user, case):
        """What was captured is kept even where something still stands against confirming. The script of the page saves first (`held`), and has what it
        saved confirmed some seconds later (confirm=saved); it is answered as JSON."""
        by_script, form = request.accept_mimetypes.best == "application/json", request.form
        if case is None:
            return (jsonify(against=get_flashed_messages()), REFUSED) if by_script else redirect(url_for(".desk"))
        try:
            if form.get("confirm") == "saved":
                confirm_saved(user, case, form.get("edition", ""))
            else:
                self._keep(user, case, form)
        except Refused as refused:
            if not by_script:
                return self._desk(user, case, refused, form)
            kept = standing(case)
            return jsonify(against=[*map(str, refused.reasons), *refused.fields.values()], edition=kept.edition if kept else NEVER_SAVED), REFUSED
        if by_script:
            return jsonify(done=Application.confirm.done, edition=standing(case).edition)
        flash(f"{case.person}：现场确认完成，等待审核。" if "confirm" in request.form else f"已保存 {case.person} 的现场确认。", "ok")
        return redirect(url_for(".desk") if "confirm" in request.form else url_for(".desk", id=case.id))


    def _keep(self, user, case, form):
        """Write what the desk sent, and confirm where that is wanted at once; where the script holds it back, refused for what would stand against it."""
        with writing():
            poor = write(user, case, form, request.files)
        if poor:
            raise Refused(fields=poor)
        if "held" in form:
            if against := obstacles(Application.confirm, case, user):
                raise Refused(against)
        elif "confirm" in form:
            case.confirm(by=user)


def confirm_saved(user, case, edition):
    """Confirm a case by what was saved; refused where that was changed since."""
    with writing():
        kept = standing(case)
        now = kept and held(Confirmation, kept.id)
        if now is None or str(now.edition) != edition:
            raise Stale(now or case, {})
        case.confirm(by=user)


def waiting(user):
    """Query over the cases that wait for their confirmation, first come first served."""
    return Application.visible_to(user).where(Application.state == "submitted").order_by(Application.submitted_at, Application.id)


def find(user, number):
    """The waiting case with an application or document number."""
    index = blind(normal_document(number))
    return waiting(user).join(Person, on=Application.person == Person.id).where((Application.number == number) | (Person.document_index == index)).first()


def standing(case):
    """The valid confirmation of a case, or None."""
    return case.confirmations.where(Confirmation.valid).first()


def witnesses(user, case):
    """The colleagues of the user, with the case in sight, who may be the second person when prints cannot be taken."""
    return list(holders(("clerk", "reviewer"), case.college_id, institution=case.institution_id).where(User.id != user.id).order_by(User.name))


def filled(confirmation, typed=None):
    """What stands in the boxes: what was typed, else what was saved."""
    if typed is not None:
        return {"originals": typed.getlist("originals"), "biometric_consent": "biometric_consent" in typed, "biometric_refused": "biometric_refused" in typed,
                **{name: typed.get(name, "") for name in ("no_fingers_reason", "witness", "note")}}
    if confirmation is None:
        return {"originals": []}
    return {"originals": confirmation.originals, "biometric_consent": confirmation.biometric_consent,
            "biometric_refused": confirmation.biometric_refused, "no_fingers_reason": confirmation.no_fingers_reason,
            "witness": str(confirmation.witness_id or ""), "note": confirmation.note}


def write(user, case, form, files):
    """Add or change the confirmation of a case by what the desk sent; {field: sentence} of prints too poor to be kept, which alone were left out."""
    wanted = value("confirmation.originals", institution=case.institution_id)
    values = {"originals": [name for name in wanted if name in form.getlist("originals")],
              "biometric_consent": "biometric_consent" in form, "biometric_refused": "biometric_refused" in form,
              "no_fingers_reason": form.get("no_fingers_reason", "").strip(), "note": form.get("note", "").strip(),
              "witness": next((person for person in witnesses(user, case) if str(person.id) == form.get("witness")), None)}
    sent = {name: files[name].read() for name in UPLOADS if name in files and files[name].filename} | simulated(case, form)
    if not values["biometric_consent"] and any(UPLOADS[name][1] in SECRET for name in sent):
        raise Refused(fields={"biometric_consent": "本人没有同意采集，不能保存现场照片和指纹"})
    ready = clean(sent)
    prints, poor = read({name: ready[name][0] for name in FINGERS if name in ready})
    values |= {name: File.keep(*parts, institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)
               for name, parts in ready.items() if name not in poor}
    confirmation = standing(case)
    if values["biometric_refused"] and forget_biometrics(case, user, "撤回同意，销毁现场照片和指纹"):
        values |= {"scene": None, "finger_one": None, "finger_two": None}
    if confirmation is None:
        Confirmation.add(user, application=case, institution=case.institution_id, confirmed_by=user, **values)
    else:
        edition = form.get("edition", "")
        confirmation.change(user, edition=edition if edition.isdecimal() else NEVER_SAVED, **values)
    if values["biometric_consent"] or values["biometric_refused"]:
        record_consent(user, case.person, "biometrics", values["biometric_consent"])
    for name, found in prints.items():
        enrol(user, case, FINGERS[name], found)
    return poor


def simulated(case, form):
    """{field: capture} of both fingers where the desk of the demo asks its reader."""
    reader = readers(current_app.settings.demo).get(form.get("reader"))
    return {} if reader is None else {name: reader.capture(None, case.id, finger) for name, finger in FINGERS.items()}


def clean(sent):
    """{field: (bytes, name, kind, content type)} of the uploads, written anew. All that is wrong is said at once."""
    ready, wrong = {}, {}
    for name, data in sent.items():
        label, kind = UPLOADS[name]
        try:
            data, content_type, extension = material(data)
        except Refused as refused:
            wrong[name] = f"{label}：" + "；".join(map(str, refused.reasons))
            continue
        if kind in SECRET and content_type == "application/pdf":
            wrong[name] = f"{label}：要求 JPEG 或 PNG 图片，实际是 PDF"
        ready[name] = (data, f"{label}.{extension}", kind, content_type)
    if wrong:
        raise Refused(fields=wrong)
    return ready


def read(captures):
    """({field: Print} of the captures that are good enough, {field: sentence} of the others)."""
    prints, poor = {}, {}
    for name, data in captures.items():
        try:
            prints[name] = judged(data)
        except Refused as refused:
            poor[name] = f"{UPLOADS[name][0]}：" + "；".join(map(str, refused.reasons))
    return prints, poor
