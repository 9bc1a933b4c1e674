"""Stage 2: filling the application page by page. Each page is saved while it is typed and when it is left; nothing that was typed is lost."""
from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from models import clock
from models.applications import Document
from models.base import writing
from models.files import File
from models.identity import normal_phone
from models.parameters import value
from models.photos import material, portrait
from models.workflow import Refused, Stale
from views.site.boxes import form_of, values_of
from views.site.mine import applicants_only, me, my_case
from views.site.pages import ORDER, PAGES, TITLES, completed, page_of

rooms = Blueprint("filling", __name__)
rooms.before_request(applicants_only)
OTHER = "其他材料"


@rooms.get("/apply/<int:id>")
def begin(id):
    """Go on with the first page that lacks something."""
    case = my_case(id)
    lacking = {page_of(name) for name in case.missing_fields()}
    return redirect(address(case, next((name for name in ORDER if name in lacking), "check" if case.submitted_at else ORDER[0])))


@rooms.route("/apply/<int:id>/<any(identity, degree, education, language, work):name>", methods=("GET", "POST"))
def fill(id, name):
    """A page of boxes."""
    case, page = open_case(id), PAGES[name]
    if case is None:
        return closed(id)
    row, code = page.row(case), 422 if request.method == "POST" else 200
    form, reasons = form_of(page.boxes(case))(request.form if request.method == "POST" else None, obj=row, user=me()), []
    if request.method == "POST" and request.accept_mimetypes.best == "application/json":
        return typed(row, page, form)
    if request.method == "POST" and form.validate():
        try:
            save(row, page, values_of(form, page.of))
        except Refused as refused:
            reasons = [*refused.reasons, *form.show(refused)]
            if isinstance(refused, Stale):
                row, code = refused.theirs, 409
        else:
            warn(case, page)
            return redirect(after(case, name))
    return render_template("site/fill.html", case=case, page=page, form=form, edition=row.edition, reasons=reasons, **progress(case, name),
                           hint=case.degree_too_young(None)), code


def save(row, page, values):
    """Write values of a page to its row; refused as they are wrong."""
    phone = values.get("phone")
    if phone and not normal_phone(phone):
        raise Refused(fields={"phone": f"手机：要求真实的号码，实际“{phone}”；境外号码以 + 和国家代码开头"})
    row.change(me(), edition=request.form.get("edition", type=int), **completed(page, values))


def typed(row, page, form):
    """Save what is right of a page that is still being filled; as JSON the new edition, the time, and what is wrong by field."""
    form.validate()
    wrong, values = {name: texts[0] for name, texts in form.errors.items()}, values_of(form, page.of)
    if "degree_ground" in wrong:
        wrong["degree_category"] = "请先选择学位"
    while True:
        try:
            save(row, page, {name: value for name, value in values.items() if name not in wrong})
        except Stale as stale:
            return jsonify(wrong={"": str(stale)}, at=f"{clock.now():%H:%M}"), 409
        except Refused as refused:
            if not set(refused.fields) - set(wrong):
                return jsonify(wrong=wrong | {"": str(refused)}, at=f"{clock.now():%H:%M}"), 422
            wrong |= refused.fields
        else:
            return jsonify(edition=row.edition, wrong=wrong, at=f"{clock.now():%H:%M}")


@rooms.route("/apply/<int:id>/photo", methods=("GET", "POST"))
def photo(id):
    """The identity photo: every rule that it breaks is said, a right one is kept without what else the file held."""
    case, reasons = open_case(id), []
    if case is None:
        return closed(id)
    sent = request.files.get("photo")
    if request.method == "POST":
        if not sent and case.photo_id:
            return redirect(after(case, "photo"))
        try:
            data = portrait(sent.read() if sent else b"")
            with writing():
                kept = keep(case, data, "photo.jpg", "photo", "image/jpeg")
                case.change(me(), edition=request.form.get("edition", type=int), photo=kept)
            flash("照片合格，已保存。", "ok")
            return redirect(address(case, "photo"))
        except Refused as refused:
            reasons = refused.reasons
    rules = {name: value(f"photo.{name}") for name in ("width", "height", "max_kb")}
    return render_template("site/photo.html", case=case, reasons=reasons, rules=rules, **progress(case, "photo")), 422 if reasons else 200


@rooms.route("/apply/<int:id>/materials", methods=("GET", "POST"))
def materials(id):
    """Scans of what is shown in the original on site; a new one takes the place of the old."""
    case, faults = open_case(id), {}
    if case is None:
        return closed(id)
    titles = [*value("confirmation.originals", institution=case.institution_id), OTHER]
    have = {document.title: document for document in Document.visible_to(me()).where(Document.application == case)}
    if request.method == "POST":
        for number, title in enumerate(titles):
            sent = request.files.get(f"file-{number}")
            if sent:
                try:
                    put(case, title, have.get(title), sent.read())
                except Refused as refused:
                    faults[title] = refused.reasons
        if not faults:
            return redirect(after(case, "materials"))
    return render_template("site/materials.html", case=case, titles=titles, have=have, faults=faults, most=value("document.max_kb"),
                           **progress(case, "materials")), 422 if faults else 200


def put(case, title, document, data):
    """Keep a scan under its title."""
    data, content_type, extension = material(data)
    with writing():
        kept = keep(case, data, f"{title}.{extension}", "document", content_type)
        if document is None:
            Document.add(me(), application=case, title=title, file=kept)
        else:
            document.change(me(), file=kept)


def keep(case, data, name, kind, content_type):
    return File.keep(data, name, kind, content_type, institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)


def open_case(id):
    """The case when it may still be filled, else None; 404 when it is nobody's of his."""
    case = my_case(id)
    return None if case.locks() else case


def closed(id):
    """A form that is with the unit is shown, not filled: what was sent to it meanwhile is refused."""
    case = my_case(id)
    for reason in case.locks():
        flash(str(reason), "bad" if request.method == "POST" else "wait")
    return redirect(address(case, "check"))


def warn(case, page):
    """Say at once what will stand against submitting, rather than on the last page."""
    reason = case.degree_too_young(None) if page.name == "degree" else None
    if reason:
        flash(f"已保存。但按现在的日期还不能提交：{reason}", "wait")


def address(case, name):
    return url_for(f"submitting.{name}" if name == "check" else f"filling.{name}", id=case.id) if name not in PAGES else url_for(
        "filling.fill", id=case.id, name=name)


def after(case, name):
    """Where a saved page leads: to the next one, or back to the last when it was opened from there."""
    if request.form.get("back") == "check":
        return address(case, "check")
    return address(case, ORDER[ORDER.index(name) + 1])


def progress(case, name):
    """What the head and the foot of a page show."""
    at = ORDER.index(name)
    return {"at": at + 1, "total": len(ORDER), "title": TITLES[name], "from_check": request.values.get("back") == "check",
            "previous": address(case, ORDER[at - 1]) if at else url_for("cases.me")}
