"""The site's own words for notices, in the office: before they are saved they are shown with sample values, at the press of a button or while they are typed."""
from flask import request

from backoffice.editing import Editing
from backoffice.grid import Grid
from models.notices import NoticeTemplate


class NoticeTemplateGrid(Grid):
    """The form with 预览 beside it; a preview writes nothing."""
    form_template = "office/notice_template.html"

    def _edit(self, row):
        if request.form.get("act") != "preview":
            return super()._edit(row)
        editing = Editing(self.screen, self.user, row, request.form)
        given = NoticeTemplate(**{name: editing.form[name].data or "" for name in ("code", "subject", "body")})
        return self._show(self.form_template, row=row, editing=editing, locks=[], samples=[(given._meta.fields[name].verbose_name, *given.sample(name)) for name in ("subject", "body")])
