"""Stage 10 in the office: what follows after filing - a request with its list of persons, and the page on which the unit enters one of them."""
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from backoffice.grid import REFUSED, Grid
from models.record import BY_CODE, differences
from models.workflow import Refused
from views.recording import record_form, record_of, sections

FIXED = ("ZJHM", "XWZSBH", "ZP", "XWSYDWM")           # by these a line is known; 删除 and 补报 change them


class AmendmentGrid(Grid):
    details_template = "office/amendment.html"

    def details_extra(self, row):
        opened = row.state == "opened"
        return {"items": [(item, item.lacking() if opened else []) for item in row.items], "names": {code: field.name for code, field in BY_CODE.items()},
                "kind": dict(type(row).kind.choices)[row.kind]}


class AmendmentItemGrid(Grid):
    details_template = "office/amendment_item.html"

    def details_extra(self, row):
        line, amendment = row.standing() if row.values is None else row.line, row.amendment
        after = row.values or (row.proposal() if amendment.state == "opened" and amendment.kind in ("add", "change") else None)
        return {"line": line, "differing": differences(line.values if line and amendment.kind != "add" else {}, after) if after and amendment.kind != "remove" else {},
                "fields": BY_CODE, "lacking": row.lacking() if amendment.state == "opened" else [], "enters": self._enters(row)}

    def _enters(self, row):
        return row.amendment.state == "opened" and "clerk" in self.user.role_names and row.amendment.kind != "remove"

    @expose("/enter/", methods=("GET", "POST"))
    def enter(self):
        """Enter what changes for one person, or his new photo; kept at once, sent with the whole list."""
        row = self._row(request.values.get("id"))
        if not self._enters(row):
            abort(403)
        sent = request.form if request.method == "POST" else None
        if row.amendment.kind == "photo":
            return self._photo(row)
        recorded = row.recorded()
        form, reasons = record_form(row.proposal(), sent, self.user), []
        if sent is not None and form.validate():
            values = record_of(form)
            try:
                row.give(self.user, {code: text for code, text in values.items() if code not in FIXED and text != recorded[code]})
            except Refused as refused:
                reasons = refused.reasons + form.show(refused)
            else:
                flash(f"已保存“{row}”填写的内容。", "ok")
                return redirect(url_for(".details", id=row.id))
        return self._show("office/amendment_enter.html", REFUSED if sent is not None else 200, row=row, form=form, sections=sections(form, FIXED), recorded=recorded,
                          reasons=reasons)

    def _photo(self, row):
        """The new photo of a person."""
        reasons = []
        if request.method == "POST":
            upload = request.files.get("photo")
            try:
                row.replace_photo(self.user, upload.read() if upload else b"", (upload and upload.filename or "photo.jpg")[-120:])
            except Refused as refused:
                reasons = refused.reasons
            else:
                flash(f"已保存“{row}”的新照片。", "ok")
                return redirect(url_for(".details", id=row.id))
        return self._show("office/amendment_photo.html", REFUSED if reasons else 200, row=row, reasons=reasons)
